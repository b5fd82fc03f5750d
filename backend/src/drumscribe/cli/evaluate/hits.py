"""drumscribe evaluate hits: hits against known truth."""

from __future__ import annotations

import json
from pathlib import Path

import click

from drumscribe.evaluation import report as reports
from drumscribe.evaluation.hit_files import read_pair
from drumscribe.evaluation.hits import HitsOptions, evaluate_hits
from drumscribe.evaluation.labels import LABEL_SETS
from drumscribe.evaluation.strokes import SideStick


class WordsParam(click.ParamType[tuple[str, ...]]):
    """Comma-separated words."""

    name = "list"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(word.strip() for word in str(value).split(",") if word.strip())


class MillisecondsParam(click.ParamType[tuple[float, ...]]):
    """Comma-separated times in milliseconds, converted to seconds."""

    name = "ms"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(float(word) / 1000 for word in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not a list of milliseconds such as 50,25.", param, ctx)


@click.command()
@click.argument("reference", type=click.Path(path_type=Path), metavar="REF")
@click.argument("estimate", type=click.Path(path_type=Path), metavar="EST")
@click.option(
    "--sets",
    "label_sets",
    type=WordsParam(),
    default=tuple(LABEL_SETS),
    show_default=",".join(LABEL_SETS),
    help="How many classes to tell apart.",
)
@click.option(
    "--tolerance",
    "tolerances",
    type=MillisecondsParam(),
    default=(0.05, 0.025),
    show_default="50,25",
    help="How far a pair may lie apart, in milliseconds.",
)
@click.option("--tracks", type=WordsParam(), help="Only these tracks.")
@click.option(
    "--missing",
    type=click.Choice(["skip", "empty"]),
    default="skip",
    show_default=True,
    help="What a reference without an estimate counts as.",
)
@click.option(
    "--sidestick",
    type=click.Choice([choice.value for choice in SideStick]),
    default=SideStick.SNARE.value,
    show_default=True,
    help="Cross-sticks are snares, or left out on both sides.",
)
@click.option(
    "--coarse",
    is_flag=True,
    help="In nine classes, read an estimate's hihat as closed, cymbal as crash, tom as middle.",
)
@click.option(
    "--dedupe",
    type=click.FloatRange(0, 1000),
    default=20.0,
    show_default=True,
    help="Strokes of one class closer than this are one, in milliseconds.",
)
@click.option(
    "--dedupe-any",
    type=click.FloatRange(0, 1000),
    default=30.0,
    show_default=True,
    help="The same for the set of one class.",
)
@click.option(
    "--offset",
    type=click.FloatRange(-1000, 1000),
    default=0.0,
    show_default=True,
    help="Added to the time of every estimate, in milliseconds.",
)
@click.option("--per-track", "shows_tracks", is_flag=True, help="Also every track by itself.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def hits(
    reference: Path,
    estimate: Path,
    label_sets: tuple[str, ...],
    tolerances: tuple[float, ...],
    tracks: tuple[str, ...] | None,
    missing: str,
    sidestick: str,
    coarse: bool,
    dedupe: float,
    dedupe_any: float,
    offset: float,
    shows_tracks: bool,
    as_json: bool,
) -> None:
    """Compare hits with known truth: precision, recall and F of onsets, and what lies behind them.

    REF is a file or folder of annotations: .txt (seconds and a label of MDB Drums), .mid (General
    MIDI percussion) or .json (hits). EST is a file or folder of .json (what transcribe wrote, or
    bare lists of hits) or .mid. In folders, files of one name are one track.
    """
    options = HitsOptions(
        label_sets=label_sets,
        tolerances_seconds=tolerances,
        side_stick=SideStick(sidestick),
        coarse_has_a_place=coarse,
        double_seconds=dedupe / 1000,
        double_any_seconds=dedupe_any / 1000,
        offset_seconds=offset / 1000,
        missing_is_empty=missing == "empty",
    )
    true, said = read_pair(
        reference, estimate, only=tracks, reads_all_references=options.missing_is_empty
    )
    report = evaluate_hits(true, said, options)
    if as_json:
        click.echo(json.dumps(reports.to_dict(report), ensure_ascii=False, indent=1))
    else:
        click.echo(reports.to_text(report, shows_tracks=shows_tracks), nl=False)
