"""How right bars are, on songs that were not fitted on and on recordings with known beats.

    python -m lab.bars.benchmark songs FOLDER [--folds 0] [--seconds 45] [--as heard]
    python -m lab.bars.benchmark recordings FOLDER --beats FOLDER

Songs (lab/bars/pieces/songs.py) are cut from anywhere, one cut each, or taken whole with
--seconds 0; bars are found from their hits alone. Recordings are heard and tracked as
`drumscribe transcribe` does; the beats of NAME.flac stand in NAME.beats, a line each: seconds,
number in the bar. For a folder of parts that others wrote there is
`drumscribe evaluate notation --parts`.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from drumscribe.domain.comparing.matching import f_measure
from lab.bars.pieces.songs import cut, read_songs
from lab.notation_study.judging.beats import BEAT_SECONDS
from lab.notation_study.judging.parts import CHANGED, judge_part, parts_row
from lab.notation_study.known_parts import KnownPart
from lab.notation_study.reports.tables import parts_table


def pieces(
    folder: Path, folds: Sequence[int], seconds: float, changed: str, without: frozenset[str]
) -> Iterator[KnownPart]:
    """One piece of every song, the same one every time. seconds: 0 for the whole song."""
    for song in read_songs(folder, folds):
        if song.name in without:
            continue
        rng = np.random.default_rng(zlib.crc32(song.name.encode()))
        piece = cut(song, seconds, rng) if seconds else song
        if piece is not None:
            yield CHANGED[changed](piece, rng) if changed in CHANGED else piece


def judge_songs(given: argparse.Namespace) -> None:
    """Print a row for songs in 4/4, for others, for those with and without changes, for all."""
    without = frozenset(given.without.read_text().split()) if given.without else frozenset()
    judged = []
    for piece in pieces(given.folder, given.folds, given.seconds, given.written_as, without):
        judged.append(judge_part(piece))
        if given.verbose:
            last = judged[-1]
            print(f"{last.name} {last.metre} {last.found} {last.downbeat_f:.2f}", flush=True)
        if given.at_most and len(judged) == given.at_most:
            break
    groups = {
        "4/4": [each for each in judged if str(each.metre) == "4/4"],
        "other metres": [each for each in judged if str(each.metre) != "4/4"],
        "one metre": [each for each in judged if not each.has_changes],
        "changes of metre": [each for each in judged if each.has_changes],
        "all": judged,
    }
    print(parts_table([parts_row(name, some) for name, some in groups.items() if some]), end="")


def judge_recordings(given: argparse.Namespace) -> None:
    """Print a line for every recording."""
    from drumscribe import transcribe

    for path in sorted(given.folder.iterdir()):
        beats_file = given.beats / f"{path.stem}.beats"
        if not beats_file.exists():
            continue
        known = np.loadtxt(beats_file, ndmin=2)
        grid = transcribe(path).transcript.grid
        first, last = known[0, 0] - BEAT_SECONDS, known[-1, 0] + BEAT_SECONDS
        inside = (grid.beat_times >= first) & (grid.beat_times <= last)
        times, numbers = grid.beat_times[inside], grid.beat_numbers[inside]
        beat_f = f_measure(known[:, 0].tolist(), times.tolist(), BEAT_SECONDS)
        downbeat_f = f_measure(
            known[known[:, 1] == 1, 0].tolist(), times[numbers == 1].tolist(), BEAT_SECONDS
        )
        warned = "" if grid.reliable else ", warned"
        print(
            f"{path.stem}: {grid.written_metre} at {grid.quarters_per_minute:.0f}, "
            f"beat F {beat_f:.3f}, downbeat F {downbeat_f:.3f}{warned}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    songs = commands.add_parser("songs")
    songs.add_argument("folder", type=Path)
    songs.add_argument("--folds", type=int, nargs="+", default=[0])
    songs.add_argument("--seconds", type=float, default=45.0, help="0: whole songs")
    songs.add_argument("--as", dest="written_as", choices=["written", *CHANGED], default="written")
    songs.add_argument("--without", type=Path, help="names of songs to leave out, one a line")
    songs.add_argument("--at-most", type=int, default=0, help="so many songs; 0: all")
    songs.add_argument("--verbose", action="store_true")
    songs.set_defaults(run=judge_songs)
    recordings = commands.add_parser("recordings")
    recordings.add_argument("folder", type=Path)
    recordings.add_argument("--beats", type=Path, required=True)
    recordings.set_defaults(run=judge_recordings)
    given = parser.parse_args()
    given.run(given)


if __name__ == "__main__":
    main()
