"""drumscribe evaluate notation: pages against known scores."""

from __future__ import annotations

import json
from pathlib import Path

import click

from drumscribe.evaluation.notation.comparing import compare_folders
from drumscribe.evaluation.notation.comparison_report import comparison_dict, comparison_table

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option(
    "--reference", type=_FOLDER, required=True, help="Folder of true scores (MusicXML or JSON)."
)
@click.option(
    "--estimate",
    type=_FOLDER,
    required=True,
    help="Folder of transcriptions of the same names: hits as JSON, scores as JSON, or MusicXML.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def notation(reference: Path, estimate: Path, as_json: bool) -> None:
    """Compare written pages with known scores: the bar, place and drum of every note.

    Files of the same name (without suffix) in both folders are one page.
    docs/reference/evaluation.md says what is read and how it is counted.
    """
    score = compare_folders(reference, estimate)
    if as_json:
        click.echo(json.dumps(comparison_dict(score), ensure_ascii=False, indent=1))
    else:
        click.echo(comparison_table(score), nl=False)
