"""The options of the command line by which a user says wishes, made from the wishes themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any

import click

from drumscribe.cli.arguments.params import (
    BarParam,
    ChosenNumber,
    DecimalRange,
    InstrumentNumber,
    MetreParam,
    TimeParam,
)
from drumscribe.domain.wishes import Wishes
from drumscribe.domain.wishing.fields import Subject, Wish, wishes_of
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    Number,
    OneNumberOf,
    OneOf,
    Seconds,
    Text,
    TimeSignature,
    Whole,
    YesNo,
)

Command = Callable[..., Any]


def wish_options(
    *subjects: type[Subject],
    only: Collection[str] | None = None,
    standards: Mapping[str, Any] = MappingProxyType({}),
) -> Callable[[Command], Command]:
    """One option per wish of these subjects; the command is handed `wishes`, whole and checked.

    only: the names of the wishes that the command can honour; None is all.
    standards: what holds here where nothing is said, in the place of the usual.
    """
    entries = [
        entry
        for subject in subjects
        for entry in wishes_of(subject)
        if only is None or entry.name in only
    ]

    def with_options(command: Command) -> Command:
        @wraps(command)
        def with_wishes(**values: Any) -> Any:
            said = {entry.name: values.pop(entry.name) for entry in entries}
            return command(wishes=Wishes.of(said), **values)

        decorated: Command = with_wishes
        for entry in reversed(entries):
            decorated = option_of(entry, standards.get(entry.name))(decorated)
        return decorated

    return with_options


def option_of(entry: Wish, default: Any = None) -> Callable[[Command], Command]:
    """The option of one wish; default: in the place of the usual standard."""
    known: dict[str, Any] = {"help": entry.says, "show_default": True}
    standard = entry.standard if default is None else default
    if standard not in (None, {}, ()):
        known["default"] = entry.write(standard)
    match entry.kind:
        case Seconds():
            known |= {
                "type": TimeParam(entry.kind),
                "help": f"{entry.says.rstrip('.')} (seconds or m:ss).",
            }
        case Number(least, most):
            known["type"] = DecimalRange(least, most)
        case Whole(least, most):
            known["type"] = click.IntRange(least, most)
        case OneNumberOf():
            known["type"] = ChosenNumber(entry.kind)
        case OneOf():
            known["type"] = click.Choice(list(entry.kind.choices))
        case YesNo():
            known["is_flag"] = True
        case Text():
            known["type"] = str
        case TimeSignature():
            known["type"] = MetreParam(entry.kind)
        case BarMarks():
            known |= {
                "type": BarParam(entry.kind),
                "multiple": True,
                "callback": lambda _context, _param, marks: marks or None,
                "help": "A bar begins at the beat nearest to this time, and bars of this metre "
                "follow up to the next one said: 1:02.5=2/4; without a metre they lie from there "
                "on as they are found. May be given several times.",
            }
        case ByInstrument():
            known |= {
                "type": InstrumentNumber(entry.kind),
                "multiple": True,
                "callback": lambda _context, _param, pairs: dict(pairs) or None,
                "help": f"{entry.says.rstrip('.')}: hihat_open=0.3. May be given several times.",
            }
    return click.option(entry.option, entry.name, **known)
