"""Turns the fields of tuning instances, one at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from types import ModuleType
from typing import Any

from drumscribe.evaluation.text_tables import table

FACTORS = (0.8, 1.2)


@dataclass(frozen=True, slots=True)
class Knob:
    """A number of a tuning instance. index: its place in a field of two; None in a plain one."""

    owner: object
    name: str
    field: str
    index: int | None

    @property
    def value(self) -> float:
        """What the product has."""
        value = getattr(self.owner, self.field)
        return float(value if self.index is None else value[self.index])

    def turned_to(self, factor: float) -> Any:
        """The field with the number a share larger or smaller; whole numbers by at least one."""
        value = getattr(self.owner, self.field)
        old = value if self.index is None else value[self.index]
        new: float = old * factor
        if isinstance(old, int):
            new = old + max(1, round(abs(new - old))) * (1 if factor > 1 else -1)
        if self.index is None:
            return new
        return tuple(new if k == self.index else one for k, one in enumerate(value))


def knobs_of(modules: Mapping[str, ModuleType]) -> Iterator[Knob]:
    """Every number of every default instance in modules of tuning. modules: by the word to show."""
    for word, module in modules.items():
        for name, owner in vars(module).items():
            if not is_dataclass(owner) or isinstance(owner, type):
                continue
            for one in fields(owner):
                value = getattr(owner, one.name)
                shown = f"{word} {name}.{one.name}"
                if isinstance(value, bool):
                    continue
                if isinstance(value, int | float):
                    yield Knob(owner, shown, one.name, None)
                elif isinstance(value, tuple):
                    for index, number in enumerate(value):
                        if isinstance(number, int | float):
                            yield Knob(owner, f"{shown}[{index}]", one.name, index)


@contextmanager
def turned(knob: Knob, factor: float) -> Iterator[None]:
    """The product with a number turned in the instance that all of the product's code holds."""
    before = getattr(knob.owner, knob.field)
    # Frozen for everybody else: a sweep has to reach the one instance that was imported everywhere.
    object.__setattr__(knob.owner, knob.field, knob.turned_to(factor))
    _forget()
    try:
        yield
    finally:
        object.__setattr__(knob.owner, knob.field, before)
        _forget()


def _forget() -> None:
    """What the product keeps because it never changes was computed with other numbers."""
    for name, module in list(sys.modules.items()):
        if name.startswith("drumscribe."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear") and hasattr(kept, "cache_info"):
                    kept.cache_clear()


def swept(knobs: Iterable[Knob], measured: Callable[[], Mapping[str, float]]) -> str:
    """A table: what is measured as it is, and how much more or less with each number turned.

    The first row has what the product reaches; each other one a number, what it is, and for each
    measure the difference with a fifth less and with a fifth more ("." for none).
    """
    before = measured()
    rows = [("as it is", "", *(f"{value:.4g}" for value in before.values()))]
    for knob in knobs:
        after = []
        for factor in FACTORS:
            with turned(knob, factor):
                after.append(measured())
        differences = (
            " ".join(_signed(one[name] - was) for one in after) for name, was in before.items()
        )
        rows.append((knob.name, f"{knob.value:.4g}", *differences))
        print("  ".join(rows[-1]), file=sys.stderr, flush=True)
    return table(("number", "is", *before), rows)


def _signed(difference: float) -> str:
    return "." if abs(difference) < 0.5e-4 else f"{difference:+.3g}"
