"""Small drum pieces with known rhythm: music that an engraver must get right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre

K, S, H, OH = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN
R, C = Instrument.RIDE, Instrument.CRASH
T1, T2, T3 = Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW


@dataclass(frozen=True)
class Piece:
    """at: position of every hit as played, in quarter notes from the first beat of the grid."""

    hits: tuple[Hit, ...]
    at: tuple[Fraction, ...]
    grid: BeatGrid

    @property
    def swung(self) -> tuple[Fraction, ...]:
        """The positions as they are written if the piece swings: pairs as straight eighths."""
        beats: dict[int, set[Fraction]] = {}
        for p in self.at:
            beats.setdefault(int(p), set()).add(p % 1)
        pairs = {b for b, phases in beats.items() if phases <= {Fraction(0), Fraction(2, 3)}}
        return tuple(
            int(p) + Fraction(1, 2) if p % 1 == Fraction(2, 3) and int(p) in pairs else p
            for p in self.at
        )


def steady_grid(
    metre: str, n_bars: int, *, bpm: float = 120.0, start: float = 0.5, pickup_beats: int = 0
) -> BeatGrid:
    m = Metre.parse(metre)
    n = n_bars * m.beats_per_bar + pickup_beats + 1
    numbers = (np.arange(n) - pickup_beats) % m.beats_per_bar + 1
    return BeatGrid(np.asarray(start + np.arange(n) * 60.0 / bpm, np.float64), numbers, m)


class Writer:
    """Collects strokes at musical positions and plays them on a grid."""

    def __init__(self, grid: BeatGrid, *, jitter_seconds: float = 0.0, seed: int = 0) -> None:
        self.grid = grid
        self._strokes: list[tuple[Fraction, float, Instrument, float, Articulation | None]] = []
        self._jitter = jitter_seconds
        self._random = np.random.default_rng(seed)

    def add(
        self,
        drum: Instrument,
        *positions: Fraction | float,
        velocity: float = 0.75,
        articulation: Articulation | None = None,
        bar: int = 0,
        seconds_before: float = 0.0,
    ) -> None:
        """positions: quarter notes from the start of the bar (bar 0 begins at the grid)."""
        offset = bar * self.grid.metre.bar_length
        for p in positions:
            at = offset + Fraction(p).limit_denominator(48)
            self._strokes.append((at, seconds_before, drum, velocity, articulation))

    def piece(self) -> Piece:
        hits = []
        for at, before, drum, velocity, articulation in self._strokes:
            time = float(self.grid.time_at(float(at / self.grid.metre.beat_length))) - before
            time += float(self._random.normal(0.0, self._jitter)) if self._jitter else 0.0
            hits.append(Hit(max(0.0, time), drum, velocity, 1.0, articulation))
        order = sorted(range(len(hits)), key=lambda i: hits[i].time)
        return Piece(
            tuple(hits[i] for i in order), tuple(self._strokes[i][0] for i in order), self.grid
        )


def eighths(n: int = 8) -> list[Fraction]:
    return [Fraction(k, 2) for k in range(n)]


def rock_beat() -> Piece:
    """Ghosts, accents, open hats, crash on one."""
    w = Writer(steady_grid("4/4", 4, bpm=104))
    for bar in range(4):
        opens = [3.5] if bar % 2 else []
        first_crash = bar == 0
        w.add(C, *([0] if first_crash else []), bar=bar)
        hats = [p for p in eighths() if float(p) not in opens and not (first_crash and p == 0)]
        w.add(H, *hats, velocity=0.55, bar=bar)
        w.add(OH, *opens, velocity=0.6, bar=bar)
        w.add(K, 0, 1.75, 2.5, bar=bar)
        w.add(S, 1, bar=bar, velocity=0.7)
        w.add(S, 3, bar=bar, velocity=0.95 if bar == 3 else 0.7)
        w.add(S, 0.75, 2.25, bar=bar, velocity=0.18)
    return w.piece()


def shuffle() -> Piece:
    w = Writer(steady_grid("4/4", 4, bpm=96))
    for bar in range(4):
        for beat in range(4):
            w.add(R, beat, beat + Fraction(2, 3), bar=bar)
        w.add(S, 1, 3, bar=bar)
        w.add(K, 0, 2, 2 + Fraction(2, 3), bar=bar)
        w.add(H, 1, 3, bar=bar, articulation=Articulation.PEDAL)
    for k in range(3):
        w.add(T1, 2 + Fraction(k, 3), bar=4)
        w.add(T3, 3 + Fraction(k, 3), bar=4)
    w.add(S, 0, 1, bar=4)
    return w.piece()


def six_eight() -> Piece:
    w = Writer(steady_grid("6/8", 4, bpm=60))
    for bar in range(4):
        w.add(H, *eighths(6), bar=bar, velocity=0.6)
        w.add(S, 1.5, bar=bar, articulation=Articulation.CROSS_STICK)
        w.add(K, 0, 1.25, bar=bar)
    w.add(S, 0, *[Fraction(k, 4) for k in range(6, 12)], bar=4)
    w.add(K, 0, bar=4)
    return w.piece()


def seven_eight() -> Piece:
    w = Writer(steady_grid("7/8", 4, bpm=280))
    for bar in range(4):
        w.add(R, *eighths(7), bar=bar, velocity=0.6)
        w.add(K, 0, 2, bar=bar)
        w.add(S, 1, 2.5, bar=bar)
    w.add(K, 0, 0.25, 0.5, 1.75, bar=4)
    w.add(S, 1, 2.75, bar=4)
    w.add(R, *eighths(7), bar=4)
    return w.piece()


def tom_fill() -> Piece:
    w = Writer(steady_grid("4/4", 2, bpm=110))
    w.add(H, *eighths(), velocity=0.6)
    w.add(K, 0, 2, 2.5)
    w.add(S, 1, 3)
    w.add(S, 0, seconds_before=0.03, velocity=0.3, bar=1)
    w.add(S, 0, 0.25, 0.5, 0.75, bar=1)
    w.add(T1, 1, 1.25, 1.5, 1.75, bar=1)
    w.add(T2, 2, 2.25, 2.5, 2.75, bar=1)
    w.add(T3, 3, 3.25, bar=1)
    w.add(T3, 3.5, seconds_before=0.035, velocity=0.35, bar=1)
    w.add(T3, 3.5, bar=1)
    w.add(K, 0, 1, 2, 3, bar=1)
    w.add(C, 0, bar=2)
    w.add(K, 0, bar=2)
    return w.piece()


def waltz_with_pickup() -> Piece:
    w = Writer(steady_grid("3/4", 4, bpm=140, pickup_beats=1))
    w.add(S, 0, 0.5, velocity=0.7)
    for bar in range(4):
        at = 1 + 3 * bar
        w.add(K, at)
        w.add(S, at + 1, at + 2, velocity=0.5)
        w.add(R, at, at + 1, at + 2)
        w.add(H, at + 1, articulation=Articulation.PEDAL)
    return w.piece()


def song(n_bars: int = 60, *, jitter_seconds: float = 0.008) -> Piece:
    """Verse, fills every eighth bar, chorus with open hats and crashes; a bar of silence."""
    w = Writer(steady_grid("4/4", n_bars + 2, bpm=118), jitter_seconds=jitter_seconds)
    for bar in range(2, n_bars + 2):
        chorus = (bar // 8) % 2 == 1
        fill = bar % 8 == 7
        if bar == 33:
            continue
        w.add(K, 0, 2.5, *([1.5] if chorus else []), bar=bar)
        if fill:
            w.add(H, 0, 0.5, 1, 1.5, bar=bar, velocity=0.6)
            w.add(S, 1, 2, 2.25, 2.5, 2.75, bar=bar)
            w.add(T1, 3, 3.25, bar=bar)
            w.add(T3, 3.5, 3.75, bar=bar)
        else:
            w.add(C, *([0] if bar % 8 == 0 else []), bar=bar)
            cymbal = R if chorus else H
            w.add(cymbal, *[p for p in eighths() if p or bar % 8], bar=bar, velocity=0.6)
            w.add(S, 1, 3, bar=bar)
            if not chorus:
                w.add(S, 1.75, bar=bar, velocity=0.2)
    return w.piece()


def song_with_form() -> Piece:
    """Two bars of rest, verse, chorus twice, a bridge on the toms, a crescendo, a chorus."""
    w = Writer(steady_grid("4/4", 47, bpm=118))
    parts = [("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8)]
    bar = 2
    for kind, n_bars in [*parts, ("bridge", 8), ("build", 4), ("chorus", 8)]:
        for k in range(n_bars):
            fill = k == n_bars - 1 and kind in ("verse", "chorus")
            time = [p for p in eighths(4 if fill else 8) if p or k or kind == "bridge"]
            w.add(C, *([0] if k == 0 and kind != "build" else []), bar=bar)
            if kind == "verse":
                w.add(H, *time, velocity=0.38, bar=bar)
                w.add(K, 0, *([] if fill else [2.5]), velocity=0.56, bar=bar)
                w.add(S, 1, *([] if fill else [3]), velocity=0.53, bar=bar)
            elif kind == "chorus":
                w.add(R, *time, velocity=0.7, bar=bar)
                w.add(K, 0, 0.5, *([] if fill else [2, 2.5]), velocity=0.85, bar=bar)
                w.add(S, 1, *([] if fill else [3]), velocity=0.9, bar=bar)
            elif kind == "bridge":
                w.add(T3, *time, velocity=0.55, bar=bar)
                w.add(K, 0, 2, velocity=0.8, bar=bar)
                w.add(H, 1, 3, articulation=Articulation.PEDAL, bar=bar)
            else:
                w.add(S, *eighths(), velocity=0.3 + 0.12 * k, bar=bar)
                w.add(K, 0, 1, 2, 3, velocity=0.35 + 0.12 * k, bar=bar)
            if fill:
                w.add(S, 2, 2.25, 2.5, 2.75, velocity=0.7, bar=bar)
                w.add(T1, 3, 3.25, bar=bar)
                w.add(T3, 3.5, 3.75, velocity=0.6, bar=bar)
            bar += 1
    w.add(C, 0, bar=bar)
    w.add(K, 0, bar=bar)
    return w.piece()


def phrases() -> Piece:
    """What signs for one bar, two and four bars are for: A A A A, A B A B, A A B D A A B D."""
    w = Writer(steady_grid("4/4", 16, bpm=100))
    kicks: dict[str, list[float]] = {"A": [0, 2], "B": [0, 2.5], "D": [0, 1]}
    snares: dict[str, list[float]] = {"A": [1, 3], "B": [1, 3], "D": [2, 2.5, 3, 3.5]}
    for bar, kind in enumerate("AAAAABABAABDAABD"):
        w.add(H, *eighths(), velocity=0.6, bar=bar)
        w.add(K, *kicks[kind], bar=bar)
        w.add(S, *snares[kind], bar=bar)
    return w.piece()


def every_sound() -> Piece:
    """Every instrument with every articulation that has a sound or a head of its own."""
    a = Articulation
    w = Writer(steady_grid("4/4", 6, bpm=90))
    strokes: Sequence[tuple[Instrument, Articulation | None]] = [
        *((drum, None) for drum in Instrument),
        (S, a.CROSS_STICK),
        (S, a.RIMSHOT),
        (S, a.GHOST),
        (S, a.ACCENT),
        (S, a.ROLL),
        (S, a.FLAM),
        (S, a.DRAG),
        (H, a.PEDAL),
        (OH, a.HALF_OPEN),
        (R, a.RIDE_BELL),
        (OH, a.SPLASH),
        (C, a.SPLASH),
        (C, a.CHINA),
        (C, a.CHOKE),
        (C, a.CRASH_2),
    ]
    for k, (drum, articulation) in enumerate(strokes):
        w.add(drum, k, articulation=articulation)
    return w.piece()


PIECES: dict[str, Callable[[], Piece]] = {
    "rock-beat": rock_beat,
    "shuffle": shuffle,
    "six-eight": six_eight,
    "seven-eight": seven_eight,
    "tom-fill": tom_fill,
    "waltz-with-pickup": waltz_with_pickup,
    "song": song,
    "song-with-form": song_with_form,
    "phrases": phrases,
    "every-sound": every_sound,
}
