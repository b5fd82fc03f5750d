"""drumscribe evaluate: measure hits and pages against known truth."""

from __future__ import annotations

import click


@click.group()
def evaluate() -> None:
    """Measure transcriptions against known truth."""
