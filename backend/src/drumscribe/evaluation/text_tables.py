"""Tables as plain text."""

from __future__ import annotations

from collections.abc import Sequence


def share(value: float | None) -> str:
    """Per cent with two places; "-" where nothing is known."""
    return "-" if value is None else f"{value:.2%}"


def three(value: float) -> str:
    """A share with three places."""
    return f"{value:.3f}"


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Columns of equal width; the first is text, the others stand right except long notes."""
    widths = [max(len(row[k]) for row in (head, *body)) for k in range(len(head))]
    out = []
    for row in (head, ["-" * width for width in widths], *body):
        cells = [
            cell.ljust(width) if k == 0 or head[k] in ("note", "page of") else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)
