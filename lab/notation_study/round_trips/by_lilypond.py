"""What LilyPond plays of our source: its own MIDI, note for note, and what it complains of."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.limits import run_confined
from drumscribe.notation.engravers.pdf import find_lilypond
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI
from drumscribe.notation.writers.lilypond import HEADS_REPORT, head_count, write_lilypond

NAME = "LilyPond"
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Played:
    """notes: in the score, small ones too; right: played in their place (small ones: played).

    extra: played where the score has none. complaints: lines of LilyPond's log; heads: drawn heads
    minus heads that should be drawn.
    """

    notes: int
    right: int
    extra: int
    complaints: tuple[str, ...]
    heads: int


def version() -> str | None:
    """None where it is not installed."""
    program = find_lilypond()
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\d+\.\d+\.\d+", done.stdout)
    return found[0] if found else None


def play(score: Score) -> Played:
    """Let LilyPond engrave and play a score. Raises EngravingFailed where it makes no MIDI."""
    program = find_lilypond()
    if program is None:
        raise EngravingFailed("LilyPond is not installed.")
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder_name:
        folder = Path(folder_name)
        source = write_lilypond(score, midi=True)
        (folder / "score.ly").write_text(source, encoding="utf-8")
        finished = run_confined(
            [program, "--loglevel=WARNING", "-o", "score", "score.ly"],
            folder,
            timeout_seconds=_SECONDS,
        )
        made = next(iter(sorted(folder.glob("score.mid*"))), None)
        if finished.exit_code != 0 or made is None:
            raise EngravingFailed(f"LilyPond ended with code {finished.exit_code}.")
        played = _strokes(made.read_bytes())
    drawn = re.search(re.escape(HEADS_REPORT) + r"(\d+)", finished.log)
    said = [line for line in finished.log.splitlines() if line and HEADS_REPORT not in line]
    wanted, small = _wanted(score)
    right = _in_place(wanted, played)
    left = played.total() - right
    heads = (int(drawn[1]) if drawn else 0) - head_count(score)
    small_right = min(small, left)
    return Played(
        wanted.total() + small, right + small_right, left - small_right, tuple(said), heads
    )


def _wanted(score: Score) -> tuple[Counter[tuple[Fraction, int]], int]:
    """(quarter notes from the start, key) of every note as it is written; number of small notes."""
    wanted: Counter[tuple[Fraction, int]] = Counter()
    small = 0
    start = Fraction(0)
    for measure in score.measures:
        for voice in measure.voices:
            for event in voice.events:
                small += len(event.graces)
                for note in event.notes:
                    key = GENERAL_MIDI.key_of(note.instrument, note.articulation)
                    wanted[start + event.onset, key] += 1
        start += measure.length
    return wanted, small


def _strokes(content: bytes) -> Counter[tuple[Fraction, int]]:
    import mido

    midi = mido.MidiFile(file=io.BytesIO(content))
    strokes: Counter[tuple[Fraction, int]] = Counter()
    for track in midi.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                strokes[Fraction(tick, midi.ticks_per_beat), message.note] += 1
    return strokes


def _in_place(wanted: Counter[tuple[Fraction, int]], played: Counter[tuple[Fraction, int]]) -> int:
    """How many are where they should be; a small note before the first bar moves all of them."""
    first = min((place for place, _ in wanted), default=Fraction(0))
    starts = sorted({place for place, _ in played})[:4] or [first]
    shifts = {Fraction(0), *(place - first for place in starts)}
    return max(
        (Counter({(place - s, key): n for (place, key), n in played.items()}) & wanted).total()
        for s in shifts
    )
