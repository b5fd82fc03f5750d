"""drumscribe evaluate notation: pages against known scores."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumscribe.cli import exit_codes
from drumscribe.cli.common import console
from drumscribe.errors import InvalidOption

if TYPE_CHECKING:
    from drumscribe.evaluation.notation.comparing import FolderScore
    from drumscribe.evaluation.notation.groove_midi import GrooveResult
    from drumscribe.evaluation.notation.study import PieceResult

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
@click.option("--reference", type=_FOLDER, help="Folder of true scores (MusicXML or JSON).")
@click.option(
    "--estimate",
    type=_FOLDER,
    help="Folder of transcriptions of the same names: hits as JSON, scores as JSON, or MusicXML.",
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
def notation(
    scores: int,
    seed: int,
    beats: str,
    names: tuple[str, ...],
    groove: Path | None,
    performances: int,
    round_trips: bool | None,
    parts: Path | None,
    parts_as: str,
    reference: Path | None,
    estimate: Path | None,
    jobs: int,
    worst: int,
    as_json: bool,
    check: bool,
) -> int:
    """Measure how well pages are written.

    Scores are composed by chance (from --seed), played by players of all kinds, written down from
    the hits alone and compared with the truth. With --reference and --estimate, two folders of
    files are compared instead: anybody's transcriptions with anybody's scores. With --parts, bars
    are found in parts that others wrote.

    docs/reference/notation-measures.md says what is measured and how.
    """
    if (reference is None) != (estimate is None):
        raise click.UsageError("--reference and --estimate go together.")
    if reference is not None and estimate is not None:
        from drumscribe.evaluation.notation.comparing import compare_folders

        _print_comparison(compare_folders(reference, estimate), as_json=as_json)
        return exit_codes.OK
    if parts is not None:
        _judge_parts(parts, parts_as, seed, jobs, as_json=as_json)
        return exit_codes.OK

    from drumscribe.evaluation.notation.report import build_report
    from drumscribe.evaluation.notation.round_trips.running import run_round_trips
    from drumscribe.evaluation.notation.tables import as_text, worst_pieces

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
    return exit_codes.RUNTIME_ERROR if check and not report.passes else exit_codes.OK


def _pieces(
    scores: int, seed: int, beats: str, names: tuple[str, ...], jobs: int
) -> list[PieceResult]:
    from drumscribe.evaluation.notation.conditions import conditions
    from drumscribe.evaluation.notation.study import Task, run_study

    chosen = [c for c in conditions() if not names or any(name in c.name for name in names)]
    if not chosen:
        known = ", ".join(condition.name for condition in conditions())
        raise InvalidOption(
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
        if console.is_terminal and len(done) % 10 == 0:
            console.print(f"{len(done)} of {len(tasks)} scores", end="\r")
    return done


def _judge_parts(folder: Path, written_as: str, seed: int, jobs: int, *, as_json: bool) -> None:
    from drumscribe.evaluation.notation.judging_parts import judge_parts, parts_rows
    from drumscribe.evaluation.notation.known_parts import read_known_parts
    from drumscribe.evaluation.notation.tables import parts_dict, parts_table

    known = read_known_parts(folder)
    changed = None if written_as == "written" else written_as
    judged = []
    for judgement in judge_parts(known, changed=changed, seed=seed, jobs=jobs):
        judged.append(judgement)
        if console.is_terminal and len(judged) % 10 == 0:
            console.print(f"{len(judged)} of {len(known)} parts", end="\r")
    rows = parts_rows(judged)
    if as_json:
        click.echo(json.dumps(parts_dict(rows, judged), ensure_ascii=False, indent=1))
    else:
        click.echo(parts_table(rows), nl=False)


def _performed(folder: Path, limit: int, seed: int, jobs: int) -> Sequence[GrooveResult]:
    from drumscribe.evaluation.notation.groove_midi import run_performances, validation_files

    return run_performances(folder, validation_files(folder, limit=limit, seed=seed), jobs=jobs)


def _print_comparison(score: FolderScore, *, as_json: bool) -> None:
    from drumscribe.evaluation.notation.tables import comparison_dict, comparison_table

    if as_json:
        click.echo(json.dumps(comparison_dict(score), ensure_ascii=False, indent=1))
    else:
        click.echo(comparison_table(score), nl=False)
