"""Option types of the command line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    OneNumberOf,
    Seconds,
    TimeSignature,
    with_decimal_point,
)


class DecimalRange(click.FloatRange):
    """A number, with a decimal point or a decimal comma."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        return float(super().convert(with_decimal_point(value), param, ctx))


class TimeParam(click.ParamType[float]):
    """Seconds, or m:ss, or h:mm:ss, with decimals."""

    name = "time"

    def __init__(self, kind: Seconds) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds = 0.0
        try:
            for part in str(value).split(":"):
                seconds = seconds * 60.0 + float(with_decimal_point(part))
        except ValueError:
            self.fail(f"{value!r} is not a time; write 95, 95.5 or 1:35.", param, ctx)
        try:
            return self.kind.read(seconds)
        except ValueError as error:
            self.fail(f"{value!r}: a time {error}.", param, ctx)


class MetreParam(click.ParamType[Metre]):
    """A time signature such as 4/4 or 7/8."""

    name = "metre"

    def __init__(self, kind: TimeSignature) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Metre:
        try:
            return self.kind.read(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class ChosenNumber(click.ParamType[float]):
    """One of a few numbers; halves may be written as 1/2."""

    name = "number"

    def __init__(self, kind: OneNumberOf) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            return self.kind.read(float(Fraction(str(value))))
        except (ValueError, ZeroDivisionError):
            known = ", ".join(f"{choice:g}" for choice in self.kind.choices)
            self.fail(f"{value!r} is none of {known}.", param, ctx)


class InstrumentNumber(click.ParamType[tuple[Instrument, float]]):
    """INSTRUMENT=NUMBER, such as hihat_open=0.3."""

    name = "instrument=0..1"

    def __init__(self, kind: ByInstrument) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Instrument, float]:
        if isinstance(value, tuple):
            return value
        name, _, number = str(value).partition("=")
        try:
            said = {name.strip(): float(with_decimal_point(number))}
            (pair,) = self.kind.read(said).items()
        except ValueError as error:
            self.fail(f"{value!r} is not like kick=0.3: {error}.", param, ctx)
        return pair


class BarParam(click.ParamType[BarMark]):
    """TIME=METRE, such as 1:02.5=2/4; TIME alone: as found from there on."""

    name = "time=metre"

    def __init__(self, kind: BarMarks) -> None:
        self.kind = kind

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> BarMark:
        time, _, metre = str(value).partition("=")
        return BarMark(
            TimeParam(self.kind.seconds).convert(time.strip(), param, ctx),
            MetreParam(self.kind.metre).convert(metre, param, ctx) if metre.strip() else None,
        )


class FormatsParam(click.ParamType[tuple[str, ...]]):
    """Comma-separated output formats, or all."""

    name = "formats"

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = [name.strip().lower() for name in str(value).split(",") if name.strip()]
        if "all" in names:
            return self.known
        unknown = [name for name in names if name not in self.known]
        if unknown or not names:
            self.fail(
                f"unknown format {', '.join(unknown) or value!r}; "
                f"choose from {', '.join(self.known)}, all.",
                param,
                ctx,
            )
        return tuple(dict.fromkeys(names))
