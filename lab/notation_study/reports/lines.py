"""One line of a report: a measure with its bar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measure with its bar.

    value: None where nothing was measured. at_least, at_most: the bar; one of them at most.
    """

    measure: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def passes(self) -> bool | None:
        """None where there is no bar or no value."""
        if self.value is None or (self.at_least is None and self.at_most is None):
            return None
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.at_most is None or self.value <= self.at_most
