"""drumscribe evaluate: measure hits and pages against known truth."""

from __future__ import annotations

import click

from drumscribe.cli.evaluate.hits import hits
from drumscribe.cli.evaluate.notation import notation
from drumscribe.cli.evaluate.phantoms import phantoms


@click.group()
def evaluate() -> None:
    """Measure transcriptions against known truth."""


evaluate.add_command(hits)
evaluate.add_command(notation)
evaluate.add_command(phantoms)
