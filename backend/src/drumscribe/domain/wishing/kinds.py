"""The kinds of values that a user may say: how each is read, checked and written as JSON.

`read` takes a value as it was said (typed, or in its JSON form) and gives the typed one; it raises
ValueError that says what was expected and what came. `write` gives the JSON form.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre

MOST_BEATS: Final = 32
FINEST_BEAT: Final = 16
SHORTEST_BAR: Final = Fraction(3, 4)

Value = TypeVar("Value", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`, both allowed."""

    least: float
    most: float

    def read(self, value: Any) -> float:
        number = finite_number(value)
        if not self.least <= number <= self.most:
            raise ValueError(f"must lie in {self.least:g}..{self.most:g}, got {number:g}")
        return number

    def write(self, value: float) -> float:
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`, both allowed."""

    least: int
    most: int

    def read(self, value: Any) -> int:
        number = finite_number(value)
        if not number.is_integer() or not self.least <= number <= self.most:
            raise ValueError(f"must be a whole number in {self.least}..{self.most}, got {number:g}")
        return int(number)

    def write(self, value: int) -> int:
        return value


@dataclass(frozen=True, slots=True)
class Seconds(Number):
    """A time in the recording."""


@dataclass(frozen=True, slots=True)
class OneNumberOf:
    """One of a few numbers."""

    choices: tuple[float, ...]

    def read(self, value: Any) -> float:
        number = finite_number(value)
        if number not in self.choices:
            known = ", ".join(f"{choice:g}" for choice in self.choices)
            raise ValueError(f"must be one of {known}, got {number:g}")
        return number

    def write(self, value: float) -> float:
        return value


@dataclass(frozen=True, slots=True)
class OneOf(Generic[Value]):
    """One of a few words."""

    words: type[Value]

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(word.value for word in self.words)

    def read(self, value: Any) -> Value:
        try:
            return self.words(value)
        except ValueError:
            raise ValueError(f"must be one of {', '.join(self.choices)}, got {value!r}") from None

    def write(self, value: Value) -> str:
        return value.value


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"must be true or false, got {value!r}")
        return value

    def write(self, value: bool) -> bool:
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; see printable."""

    longest: int

    def read(self, value: Any) -> str | None:
        if not isinstance(value, str):
            raise ValueError(f"must be a text, got {value!r}")
        text = printable(value).strip()
        if len(text) > self.longest:
            raise ValueError(f"must have at most {self.longest} characters, got {len(text)}")
        return text or None

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class TimeSignature:
    """A metre that somebody counts; beats of 32nds would make tens of thousands of bars."""

    longest: int = len("32/16")

    def read(self, value: Any) -> Metre:
        metre = value if isinstance(value, Metre) else Metre.parse(str(value))
        if metre.denominator > FINEST_BEAT or metre.bar_length < SHORTEST_BAR:
            raise ValueError(
                f"{metre} cannot be counted: beats may be sixteenths at the finest, and a bar "
                "lasts at least three of them"
            )
        return metre

    def write(self, value: Metre) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class BarMarks:
    """Bar lines that somebody set, in any order; at most so many."""

    seconds: Seconds
    metre: TimeSignature
    most: int

    def read(self, value: Any) -> tuple[BarMark, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise ValueError(f"must be a list of bar lines, got {value!r}")
        if len(value) > self.most:
            raise ValueError(f"must be at most {self.most} bar lines, got {len(value)}")
        return tuple(sorted(map(self.read_one, value), key=lambda mark: mark.at_seconds))

    def read_one(self, value: Any) -> BarMark:
        """One of them."""
        if isinstance(value, BarMark):
            value = {"at_seconds": value.at_seconds, "time_signature": value.metre}
        if not isinstance(value, Mapping) or not (
            {"at_seconds"} <= set(value) <= {"at_seconds", "time_signature"}
        ):
            raise ValueError(
                f"must each have at_seconds and, if bars are counted otherwise from there on, "
                f"time_signature; got {value!r}"
            )
        metre = value.get("time_signature")
        return BarMark(
            self.seconds.read(value["at_seconds"]),
            None if metre is None else self.metre.read(metre),
        )

    def write(self, value: Sequence[BarMark]) -> list[dict[str, Any]]:
        return [
            {
                "at_seconds": mark.at_seconds,
                "time_signature": None if mark.metre is None else self.metre.write(mark.metre),
            }
            for mark in value
        ]


@dataclass(frozen=True, slots=True)
class ByInstrument:
    """A number for each of some instruments."""

    number: Number

    def read(self, value: Any) -> dict[Instrument, float]:
        if not isinstance(value, Mapping):
            raise ValueError(f"must name instruments and numbers, got {value!r}")
        return {_instrument(name): self.number.read(entry) for name, entry in value.items()}

    def write(self, value: Mapping[Instrument, float]) -> dict[str, float]:
        return {instrument.value: number for instrument, number in value.items()}


Kind = (
    Number
    | Whole
    | Seconds
    | OneNumberOf
    | OneOf[Any]
    | YesNo
    | Text
    | TimeSignature
    | ByInstrument
    | BarMarks
)


def printable(text: str) -> str:
    """Without control characters: a page cannot show them, and PostgreSQL refuses NUL."""
    return "".join(c for c in text if unicodedata.category(c) != "Cc")


def finite_number(value: Any) -> float:
    """A value of a document as a float. Raises ValueError: what is wrong, without a subject."""
    if type(value) is float and math.isfinite(value):  # nearly all of thousands
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"must be a number, got {value!r}")
    try:
        number = float(value)
    except OverflowError:  # an integer of hundreds of digits
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"must be a finite number, got {number}")
    return number


def with_decimal_point(value: Any) -> Any:
    """92,5 as 92.5, as a good part of the world writes it; everything else as it is."""
    if isinstance(value, str) and value.count(",") == 1 and "." not in value:
        return value.replace(",", ".")
    return value


def _instrument(name: Any) -> Instrument:
    try:
        return Instrument(name)
    except ValueError:
        raise ValueError(f"names {name!r}; the instruments are {', '.join(Instrument)}") from None
