"""How well hits become pages: composed scores, simulated and real players, parts of others.

    python -m lab.notation_study [--scores 3] [--condition TEXT] [--groove FOLDER] [--parts FOLDER]

docs/reference/notation-measures.md says what is measured and how.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from drumscribe.errors import DrumScribeError
from lab.notation_study.composed.conditions import conditions
from lab.notation_study.groove_midi import GrooveResult, run_performances, validation_files
from lab.notation_study.judging.parts import judge_parts, parts_rows
from lab.notation_study.known_parts import read_known_parts
from lab.notation_study.reports.report import build_report
from lab.notation_study.reports.tables import as_text, parts_dict, parts_table, worst_pieces
from lab.notation_study.round_trips.running import run_round_trips
from lab.notation_study.study import PieceResult, Task, run_study

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option(
    "--scores",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="Composed scores per condition.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all chance.")
@click.option(
    "--beats",
    type=click.Choice(["known", "tracked", "both"]),
    default="both",
    show_default=True,
    help="Write over the true beats, over beats found from the hits alone, or both.",
)
@click.option(
    "--condition",
    "names",
    multiple=True,
    metavar="TEXT",
    help="Only conditions whose name has this text; may be given several times.",
)
@click.option(
    "--groove",
    type=_FOLDER,
    envvar="DRUMSCRIBE_GROOVE",
    show_envvar=True,
    help="Folder of Groove MIDI (with info.csv): measure its validation performances as well.",
)
@click.option(
    "--performances",
    type=click.IntRange(1, 10_000),
    default=40,
    show_default=True,
    help="At most so many of them.",
)
@click.option(
    "--round-trips/--no-round-trips",
    default=None,
    help="Let music21, Verovio, MuseScore and LilyPond read our files, where they are installed "
    "(default: yes, but for a choice of conditions).",
)
@click.option(
    "--parts",
    type=_FOLDER,
    help="Folder of drum parts with their true bars (JSON): find bars from their hits alone "
    "instead of composing scores.",
)
@click.option(
    "--parts-as",
    type=click.Choice(["written", "later", "heard"]),
    default="written",
    show_default=True,
    help="Parts as written, begun anywhere in their first three bars, or with 10 % of hits lost, "
    "5 % made up and 8 ms of jitter.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    default=min(2, os.cpu_count() or 1),
    show_default="2, or 1 on a single core",
    help="Processes.",
)
@click.option(
    "--worst",
    type=click.IntRange(0, 100),
    default=0,
    metavar="N",
    help="Also list the N worst pieces of each condition.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON document.")
@click.option("--check", is_flag=True, help="Exit with code 1 if a bar is not reached.")
def notation_study(
    scores: int,
    seed: int,
    beats: str,
    names: tuple[str, ...],
    groove: Path | None,
    performances: int,
    round_trips: bool | None,
    parts: Path | None,
    parts_as: str,
    jobs: int,
    worst: int,
    as_json: bool,
    check: bool,
) -> None:
    """Measure how well pages are written.

    Scores are composed by chance (from --seed), played by players of all kinds, written down from
    the hits alone and compared with the truth. With --parts, bars are found in parts that others
    wrote instead.
    """
    if parts is not None:
        _judge_parts(parts, parts_as, seed, jobs, as_json=as_json)
        return

    pieces = _pieces(scores, seed, beats, names, jobs)
    performed = _performed(groove, performances, seed, jobs) if groove is not None else []
    goes_round = round_trips if round_trips is not None else not names
    report = build_report(pieces, performed, run_round_trips(seed) if goes_round else None)
    if as_json:
        document = {"scores": scores, "seed": seed, "passes": report.passes, **report.to_dict()}
        click.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        click.echo(as_text(report), nl=False)
        if worst:
            click.echo("\n" + worst_pieces(pieces, worst), nl=False)
    if check and not report.passes:
        sys.exit(1)


def _pieces(
    scores: int, seed: int, beats: str, names: tuple[str, ...], jobs: int
) -> list[PieceResult]:
    chosen = [c for c in conditions() if not names or any(name in c.name for name in names)]
    if not chosen:
        known = ", ".join(condition.name for condition in conditions())
        raise click.UsageError(
            f"No condition has {' or '.join(names)} in its name; there are {known}."
        )
    tasks = [
        Task(
            condition=condition,
            index=index,
            seed=seed,
            known=beats != "tracked",
            tracked=beats != "known",
        )
        for condition in chosen
        for index in range(scores)
    ]
    done = []
    for result in run_study(tasks, jobs=jobs):
        done.append(result)
        if sys.stderr.isatty() and len(done) % 10 == 0:
            click.echo(f"{len(done)} of {len(tasks)} scores\r", err=True, nl=False)
    return done


def _judge_parts(folder: Path, written_as: str, seed: int, jobs: int, *, as_json: bool) -> None:
    known = read_known_parts(folder)
    changed = None if written_as == "written" else written_as
    judged = []
    for judgement in judge_parts(known, changed=changed, seed=seed, jobs=jobs):
        judged.append(judgement)
        if sys.stderr.isatty() and len(judged) % 10 == 0:
            click.echo(f"{len(judged)} of {len(known)} parts\r", err=True, nl=False)
    rows = parts_rows(judged)
    if as_json:
        click.echo(json.dumps(parts_dict(rows, judged), ensure_ascii=False, indent=1))
    else:
        click.echo(parts_table(rows), nl=False)


def _performed(folder: Path, limit: int, seed: int, jobs: int) -> Sequence[GrooveResult]:
    return run_performances(folder, validation_files(folder, limit=limit, seed=seed), jobs=jobs)


def main() -> None:
    """Run the command; what is wrong with the input is said in one line."""
    try:
        notation_study()
    except DrumScribeError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
