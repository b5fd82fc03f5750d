"""How long a page takes: hits to score, score to MusicXML, SVG pages and PDF.

    python -m lab.bench.engrave [--minutes 4 8] [--repeats 3] [--json]

No model runs. The song is made up (verse, chorus, fills; 480 strokes a minute, played with
10 ms of jitter), the same for every run. Prints the medians of the wall and the CPU seconds of
each rung (the engravers' processes too), and the machine's load. "An edit" is what the service
does when a stroke in the middle was edited, without database, storage and HTTP: read both documents
and the drawing, write the music down, draw the lines that changed. On a machine that is busy the
wall seconds say little; the CPU seconds grow much less.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import BeatWishes, PageWishes, Wishes
from drumscribe.notation.engravers.pdf import render_pdf
from drumscribe.notation.engravers.svg import render_svg
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.writers.lilypond import write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.pipeline.files.codec import transcript_from_json, transcript_to_json
from drumscribe.pipeline.files.formats import FORMATS, Engravers
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.revise import Current, revise
from drumscribe.services.songs.result_files import (
    SHOWN_FORMATS,
    sheet_of,
    write_renderings,
    write_transcript,
)

BPM = 120.0
JITTER_SECONDS = 0.010


def song(minutes: float) -> tuple[list[Hit], BeatGrid]:
    """Eight bars of hats, eight of ride, a fill before each change, ghosts in between."""
    rng = np.random.default_rng(0)
    n_bars = round(minutes * BPM / 4)
    beats = np.asarray(0.5 + np.arange(4 * n_bars + 1) * 60.0 / BPM, np.float64)
    grid = BeatGrid(beats, np.arange(beats.size) % 4 + 1, Metre(4, 4))
    hits: list[Hit] = []

    def play(drum: Instrument, bar: int, places: list[float], velocity: float) -> None:
        for place in places:
            at = float(grid.time_at(4 * bar + place)) + rng.normal(0.0, JITTER_SECONDS)
            hits.append(Hit(max(0.0, at), drum, float(np.clip(rng.normal(velocity, 0.04), 0, 1))))

    for bar in range(n_bars):
        fill = bar % 8 == 7
        end = 2 if fill else 4
        time_keeper = Instrument.RIDE if bar // 8 % 2 else Instrument.HIHAT_CLOSED
        play(Instrument.CRASH, bar, [0] if bar % 8 == 0 else [], 0.9)
        play(time_keeper, bar, [k / 2 for k in range(bar % 8 == 0, 2 * end)], 0.6)
        play(Instrument.KICK, bar, [0, 0.75] if fill else [0, 0.75, 2.5], 0.8)
        play(Instrument.SNARE, bar, [1] if fill else [1, 3], 0.8)
        play(Instrument.SNARE, bar, [1.75] if fill else [1.75, 2.25, 3.75], 0.2)
        play(Instrument.SNARE, bar, [2, 2.25, 2.5, 2.75] if fill else [], 0.7)
        play(Instrument.TOM_LOW, bar, [3, 3.25, 3.5, 3.75] if fill else [], 0.7)
    return sorted(hits), grid


def median_seconds(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The medians of so many runs: wall seconds, CPU seconds of this process and its children."""
    seconds: list[tuple[float, float]] = []
    for _ in range(repeats):
        start, cpu = time.perf_counter(), cpu_seconds()
        work()
        seconds.append((time.perf_counter() - start, cpu_seconds() - cpu))
    walls, cpus = zip(*seconds, strict=True)
    return statistics.median(walls), statistics.median(cpus)


def cpu_seconds() -> float:
    """Used so far by this process and the children that have ended."""
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, whom))


def write_files(
    transcript: Transcript, formats: Sequence[str], drawn_before: str = ""
) -> dict[str, bytes]:
    """The document of a result and these formats of it: kind -> content."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = sheet_of(transcript, PageWishes(), Engravers(), drawn_before=drawn_before)
        write_transcript(ArtifactKind.GRID, transcript, folder, sheet.score)
        made = write_renderings(sheet, folder, formats)
        return {file.kind: file.path.read_bytes() for file in made}


def edit(document: bytes, machine: bytes, drawing: bytes, stroke: int) -> None:
    """Take a stroke away. document, drawing: as they stand; machine: the document as heard."""
    now = transcript_from_json(document)
    current = Current(now.hits, now.grid, BeatWishes(), now.first_hits)
    heard = Heard.of(transcript_from_json(machine))
    hits = (*now.hits[:stroke], *now.hits[stroke + 1 :])
    written = revise(heard, Wishes(), current=current, hits=hits)
    write_files(written, SHOWN_FORMATS, drawing.decode())


def measure(minutes: float, repeats: int) -> dict[str, object]:
    """(wall, CPU) seconds per rung for a song of that length."""
    hits, grid = song(minutes)
    score = quantize(hits, grid)
    short = with_similes(score)
    duration = float(grid.beat_times[-1])
    transcript = Transcript(numbered(hits), grid, duration_seconds=duration, confidence=1.0)
    document = transcript_to_json(transcript)
    drawing = write_files(transcript, ("svg",))[ArtifactKind.SVG]
    rungs: dict[str, Callable[[], object]] = {
        "hits to score": lambda: quantize(hits, grid),
        "score to MusicXML": lambda: write_musicxml(score),
        "score to LilyPond source": lambda: write_lilypond(short),
        "score to SVG": lambda: render_svg(score),
        "score to PDF, repeat signs": lambda: render_pdf(short, backend="lilypond"),
        "score to PDF, every bar": lambda: render_pdf(score, backend="lilypond"),
        "an edit": lambda: edit(document, document, drawing, len(hits) // 2),
        "hits to every file": lambda: write_files(transcript, tuple(FORMATS)),
    }
    found: dict[str, object] = {"minutes": minutes, "hits": len(hits), "bars": len(score.measures)}
    return found | {name: median_seconds(work, repeats) for name, work in rungs.items()}


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, nargs="+", default=[4.0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    rows = [measure(minutes, arguments.repeats) for minutes in arguments.minutes]
    if arguments.json:
        print(json.dumps({"load": load, "cpus": os.cpu_count(), "rows": rows}, indent=1))
        return
    print(f"load {load:.1f} on {os.cpu_count()} CPUs (above the number of CPUs: read with care)")
    for row in rows:
        for name, value in row.items():
            shown = (
                "wall {:7.2f} s  CPU {:7.2f} s".format(*value)
                if isinstance(value, tuple)
                else value
            )
            print(f"  {name:28s} {shown}")


if __name__ == "__main__":
    main()
