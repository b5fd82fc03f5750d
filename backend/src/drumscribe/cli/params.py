"""Option types of the command line."""

from __future__ import annotations

import click

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre


class TimeParam(click.ParamType[float]):
    """Seconds, or m:ss, or h:mm:ss, with decimals."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, int | float):
            return float(value)
        try:
            seconds = 0.0
            for part in str(value).split(":"):
                seconds = seconds * 60.0 + float(part)
        except ValueError:
            self.fail(f"{value!r} is not a time; write 95, 95.5 or 1:35.", param, ctx)
        if not 0.0 <= seconds < float("inf"):
            self.fail(f"{value!r} is not a time; it must not be negative.", param, ctx)
        return seconds


class MetreParam(click.ParamType[Metre]):
    """A time signature such as 4/4 or 7/8."""

    name = "metre"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Metre:
        if isinstance(value, Metre):
            return value
        try:
            return Metre.parse(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class TempoFactorParam(click.ParamType[float]):
    """How the beats are counted: 0.5, 1 or 2."""

    name = "factor"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        factors = {"0.5": 0.5, "1/2": 0.5, "1": 1.0, "1.0": 1.0, "2": 2.0, "2.0": 2.0}
        if str(value) not in factors:
            self.fail(f"{value!r} is no factor of the tempo; choose 0.5, 1 or 2.", param, ctx)
        return factors[str(value)]


class SensitivityOfParam(click.ParamType[tuple[Instrument, float]]):
    """INSTRUMENT=NUMBER, such as hihat_open=0.3."""

    name = "instrument=0..1"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Instrument, float]:
        if isinstance(value, tuple):
            return value
        name, _, number = str(value).partition("=")
        try:
            return Instrument(name.strip()), float(number)
        except ValueError:
            self.fail(
                f"{value!r} is not like kick=0.3; the instruments are {', '.join(Instrument)}.",
                param,
                ctx,
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
