"""What a fifth more or less of each number of bringing scores back costs.

    python -m lab.sweeps.bringing [--only WORD]

One piece of each fourth condition of the study of pages (seed 0) and the pieces of the tests, over
their true beats. Of each page some notes are taken out, struck harder, put on another drum, and
some are added, by chance of one seed; what comes of it is written as MusicXML, as MusicXML without
its third bar, as MIDI as written, as MIDI as played, and as that begun 0.73 s later with all notes
on sixty-fourths of a quarter; each file is brought back onto the page as it was. Measured over each
kind: F of the strokes that come back against those that were written (same drum, 30 ms), the share
of the untouched ones that are exactly as they were, and how many sentences are said to the user.
"""

from __future__ import annotations

import argparse
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree as ET

import mido

from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Score
from drumscribe.domain.transcription import Transcript
from drumscribe.library import Transcription
from drumscribe.notation import tuning
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.bring_back import bring_back
from lab.notation_study.composed.conditions import conditions
from lab.notation_study.study import Task, piece_of
from lab.sweeps.pages import known_songs
from lab.sweeps.turning import knobs_of, swept

_LATER_SECONDS: Final = 0.73
_SAME_SECONDS: Final = 0.03
_CUT_BAR: Final = 3
_TOUCHED: Final = 0.04  # share of the strokes that each kind of change has


@dataclass(frozen=True, slots=True)
class File:
    """A page, what was made of it elsewhere, and the strokes that should come back."""

    kind: str
    transcript: Transcript
    score: Score
    content: bytes
    wanted: tuple[Hit, ...]
    untouched: frozenset[int]


def changed(hits: Sequence[Hit], grid: BeatGrid, rng: random.Random) -> list[Hit]:
    """What a copyist makes of a page; strokes that were changed are surely right."""
    out: list[Hit] = []
    for hit in hits:
        change = int(rng.random() / _TOUCHED)
        if change == 1:
            louder = min(1.0, hit.velocity + 0.2)
            out.append(replace(hit, velocity=louder, confidence=1.0))
        elif change == 2:
            other = rng.choice([one for one in Instrument if one is not hit.instrument])
            out.append(replace(hit, instrument=other, articulation=None, confidence=1.0))
        elif change == 3:
            beat = float(rng.choice(grid.beat_times[:-1]))
            out += [hit, Hit(beat, rng.choice(list(Instrument)), 0.7)]
        elif change > 3:
            out.append(hit)
    return out


def without_a_bar(written: str) -> bytes:
    """MusicXML without its third bar."""
    root = ET.fromstring(written)
    for part in root.iter("part"):
        measures = part.findall("measure")
        if len(measures) > _CUT_BAR:
            part.remove(measures[_CUT_BAR - 1])
    return ET.tostring(root)


def moved(content: bytes) -> bytes:
    """The same later, with all notes on sixty-fourths of a quarter."""
    midi = mido.MidiFile(file=io.BytesIO(content))
    first = next(m.tempo for m in midi.tracks[0] if m.type == "set_tempo")
    later = round(mido.second2tick(_LATER_SECONDS, midi.ticks_per_beat, first))
    step = midi.ticks_per_beat // 64
    now, timed = 0, []
    for message in midi.tracks[0]:
        now += message.time
        at = now + later if now or message.type in ("note_on", "note_off") else now
        timed.append((round(at / step) * step if "note" in message.type else at, message))
    timed.sort(key=lambda one: one[0])
    track, now = mido.MidiTrack(), 0
    for at, message in timed:
        track.append(message.copy(time=at - now))
        now = at
    midi.tracks[0] = track
    out = io.BytesIO()
    midi.save(file=out)
    return out.getvalue()


def files_of(hits: Sequence[Hit], grid: BeatGrid, rng: random.Random) -> Iterator[File]:
    """Everything that is made of a page."""
    page = numbered(sorted(hits))
    seconds = float(max(page[-1].time, grid.beat_times[-1])) + 1.0
    transcript = Transcript(page, grid, seconds, 0.8)
    score = quantize(page, grid)
    by_hand = numbered(sorted(changed(page, grid, rng)))
    other = Transcription(replace(transcript, hits=by_hand))
    was = {hit.id: hit for hit in page}
    untouched = frozenset(
        hit.id for hit in by_hand if hit.id is not None and was.get(hit.id) == hit
    )
    xml, played = other.to_musicxml(), other.to_midi(performance=True)
    third = frozenset(p.hit for p in other.score.placements if p.measure == _CUT_BAR - 1)
    for kind, content, gone in (
        ("xml", xml.encode(), frozenset()),
        ("cut", without_a_bar(xml), third),
        ("midi", other.to_midi(), frozenset()),
        ("played", played, frozenset()),
        ("later", moved(played), frozenset()),
    ):
        wanted = tuple(hit for hit in by_hand if hit.id not in gone)
        yield File(
            kind,
            transcript,
            score,
            content,
            wanted,
            frozenset(untouched & {hit.id for hit in wanted}),
        )


def measured(files: Sequence[File]) -> Mapping[str, float]:
    """How the strokes of each kind of file come back."""
    right: dict[str, list[int]] = {}
    said = 0
    for file in files:
        brought = bring_back(file.content, file.transcript, score=file.score)
        pairs = 0
        for instrument in Instrument:
            ours = sorted(h.time for h in file.wanted if h.instrument is instrument)
            theirs = sorted(h.time for h in brought.hits if h.instrument is instrument)
            pairs += len(match(ours, theirs, _SAME_SECONDS))
        was = {hit.id: hit for hit in file.transcript.hits}
        same = sum(hit.id in file.untouched and was[hit.id] == hit for hit in brought.hits)
        found = right.setdefault(file.kind, [0, 0, 0, 0])
        for k, count in enumerate(
            (pairs, len(file.wanted) + len(brought.hits), same, len(file.untouched))
        ):
            found[k] += count
        said += len(brought.notices)
    out: dict[str, float] = {}
    for kind, (pairs, all_of_both, same, untouched) in right.items():
        out[f"{kind} F"] = 2 * pairs / all_of_both
        out[f"{kind} same"] = same / untouched
    return {**out, "said": float(said)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="numbers whose name has this word")
    only = parser.parse_args().only
    played = [piece_of(Task(condition=one, index=0, seed=0))[1] for one in conditions()[::4]]
    songs = [*((one.hits, one.grid) for one in played), *known_songs()]
    rng = random.Random(0)
    files = [file for hits, grid in songs for file in files_of(hits, grid, rng)]
    print(f"{len(songs)} pages, {len(files)} files")
    knobs = knobs_of({"notation": tuning})
    print(
        swept(
            (k for k in knobs if " BRINGING." in k.name and only in k.name), lambda: measured(files)
        )
    )


if __name__ == "__main__":
    main()
