"""The scores that go round: one with every sign that we write, and composed ones in every metre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Hairpin, HairpinKind, Loudness, Score
from drumscribe.notation.quantize import quantize
from lab.notation_study.composed.conditions import METRES
from lab.notation_study.composed.grooves import Feel
from lab.notation_study.composed.performing import Playing, perform
from lab.notation_study.composed.pieces import PieceWish, compose

_BPM = 96.0
_COMMON = Metre(4, 4)
_I, _A = Instrument, Articulation
# One bar each: a stroke per beat.
_SHEET: tuple[tuple[tuple[Instrument, Articulation | None], ...], ...] = (
    ((_I.KICK, None), (_I.SNARE, None), (_I.HIHAT_CLOSED, None), (_I.HIHAT_OPEN, None)),
    ((_I.HIHAT_CLOSED, None), (_I.RIDE, None), (_I.CRASH, None), (_I.TOM_HIGH, None)),
    ((_I.TOM_MID, None), (_I.TOM_LOW, None), (_I.SNARE, _A.CROSS_STICK), (_I.SNARE, _A.RIMSHOT)),
    ((_I.SNARE, _A.GHOST), (_I.SNARE, _A.ACCENT), (_I.SNARE, _A.ROLL), (_I.RIDE, _A.RIDE_BELL)),
    (
        (_I.HIHAT_OPEN, _A.HALF_OPEN),
        (_I.HIHAT_CLOSED, None),
        (_I.CRASH, _A.SPLASH),
        (_I.CRASH, _A.CRASH_2),
    ),
    ((_I.CRASH, _A.CHINA), (_I.CRASH, _A.CHOKE), (_I.HIHAT_CLOSED, _A.PEDAL), (_I.KICK, None)),
)
_FLAM_SECONDS = 0.030
_DRAG_SECONDS = 0.045


def sign_sheet() -> Score:
    """Every sound with its head and marks, flams, drags, triplets, and what stands over bars.

    But for the foot's splash of the hat, which takes the pedal's MIDI key: a piece that has both
    loses one of the heads in MuseScore.
    """
    n_bars = 12
    beats = 0.5 + np.arange(4 * n_bars + 2, dtype=np.float64) * (60.0 / _BPM)
    grid = BeatGrid(beats, (np.arange(beats.size) - 1) % 4 + 1, _COMMON)
    hits: list[Hit] = []

    def play(
        bar: int, place: Fraction | float, drum: Instrument, how: Articulation | None = None
    ) -> float:
        # The first beat of the grid is the pickup.
        time = float(grid.time_at(1 + 4 * (bar - 1) + float(place)))
        hits.append(Hit(time, drum, 0.7, 1.0, how))
        return time

    play(1, -1, _I.SNARE)
    play(1, -0.5, _I.SNARE)
    for bar, strokes in enumerate(_SHEET, start=1):
        for beat, (drum, how) in enumerate(strokes):
            play(bar, beat, drum, how)
    for beat, n_graces in enumerate((1, 2)):
        main = play(7, beat, _I.SNARE)
        for k in range(n_graces):
            before = (n_graces - k) * (_FLAM_SECONDS if n_graces == 1 else _DRAG_SECONDS)
            hits.append(Hit(main - before, _I.SNARE, 0.3))
    for k in range(6):
        play(7, 2 + Fraction(k, 3), (_I.TOM_HIGH, _I.TOM_LOW)[k // 3])
    for bar in range(8, n_bars + 1):
        for k in range(8):
            play(bar, k / 2, _I.HIHAT_CLOSED)
        for beat in range(4):
            play(bar, beat, (_I.KICK, _I.SNARE)[beat % 2])
    score = quantize(sorted(hits), grid, title="Every sign")
    return _with_form(score)


def _with_form(score: Score) -> Score:
    """Letters, dynamics, a hairpin and another tempo, where they do not come by themselves."""
    measures = [replace(m, rehearsal=None, dynamic=None, hairpin=None) for m in score.measures]
    measures[1] = replace(measures[1], rehearsal="A", dynamic=Loudness.MF)
    measures[8] = replace(measures[8], rehearsal="B", dynamic=Loudness.P)
    measures[9] = replace(measures[9], hairpin=Hairpin(HairpinKind.CRESCENDO, 2))
    measures[11] = replace(measures[11], dynamic=Loudness.F, tempo_mark=120.0)
    return replace(score, measures=tuple(measures))


def round_trip_scores(seed: int) -> Iterator[tuple[str, Score]]:
    """(name, score): the sheet of signs, then one composed piece per metre, swing and triplets."""
    yield "every sign", sign_sheet()
    rng = np.random.default_rng(seed)
    wishes = [(f"{metre}", PieceWish(metre=metre, ornaments=0.2, n_bars=8)) for metre in METRES]
    for feel in (Feel.SWUNG, Feel.TRIPLET):
        wish = PieceWish(metre=_COMMON, feels=(feel,), ornaments=0.2, n_bars=8)
        wishes.append((str(feel), wish))
    for name, wish in wishes:
        # Played as it is written, but for the swing of swung eighths.
        performance = perform(compose(wish, rng), Playing(), np.random.default_rng(seed))
        yield name, quantize(performance.hits, performance.grid, title=name)
