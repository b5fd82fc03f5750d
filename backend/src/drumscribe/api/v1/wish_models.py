"""The fields of requests and answers by which wishes go over the wire, made from the wishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from drumscribe.domain.drums import Instrument
from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.domain.wishing.fields import Wish
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    Kind,
    Number,
    OneNumberOf,
    OneOf,
    Text,
    TimeSignature,
    Whole,
    YesNo,
    printable,
    with_decimal_point,
)

Model = TypeVar("Model", bound=BaseModel)

_EXAMPLES: dict[type[Kind], list[Any]] = {
    TimeSignature: ["4/4", "7/8"],
    ByInstrument: [{"hihat_open": 0.3}],
    BarMarks: [[{"at_seconds": 12.5, "time_signature": "2/4"}]],
}


def asks(wishes: Iterable[Wish]) -> Callable[[type[Model]], type[Model]]:
    """A class decorator: the model has a field for each wish; null, and nothing, say nothing."""
    fields: dict[str, Any] = {
        entry.name: (
            wire_type(entry.kind) | None,
            Field(None, description=entry.says, examples=_EXAMPLES.get(type(entry.kind))),
        )
        for entry in wishes
    }
    return lambda model: _with_fields(model, fields)


def answers(wishes: Iterable[Wish]) -> Callable[[type[Model]], type[Model]]:
    """A class decorator: the model says what holds of each wish; null: it was found out."""
    fields: dict[str, Any] = {}
    for entry in wishes:
        annotation = wire_type(entry.kind)
        if entry.standard is None:
            annotation = annotation | None
        fields[entry.name] = (annotation, Field(description=entry.says))
    return lambda model: _with_fields(model, fields)


def said_in(model: BaseModel) -> dict[str, Any]:
    """The wishes that a request names, as JSON; None where it says null."""
    said = model.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in said.items() if name in ALL_WISHES}


def _with_fields(model: type[Model], fields: dict[str, Any]) -> type[Model]:
    return create_model(
        model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **fields
    )


def wire_type(kind: Kind) -> Any:
    """The type of the JSON form, with its limits."""
    match kind:
        case Number(least, most):
            limits = Field(ge=least, le=most, allow_inf_nan=False)
            return Annotated[float, BeforeValidator(with_decimal_point), limits]
        case Whole(least, most):
            return Annotated[int, Field(ge=least, le=most)]
        case OneNumberOf(choices):
            listed = Field(json_schema_extra={"enum": list(choices)})
            return Annotated[float, AfterValidator(kind.read), listed]
        case OneOf():
            return Literal[kind.choices]
        case YesNo():
            return bool
        case Text(longest):
            length = StringConstraints(max_length=longest)
            return Annotated[str, BeforeValidator(_without_controls), length]
        case TimeSignature(longest):
            checked = AfterValidator(lambda text: kind.write(kind.read(text)))
            return Annotated[str, StringConstraints(max_length=longest), checked]
        case BarMarks(seconds, metre, most):
            mark = create_model(
                "BarMark",
                __config__=ConfigDict(extra="forbid"),
                __doc__="A bar line that was set by hand.",
                at_seconds=(wire_type(seconds), ...),
                time_signature=(wire_type(metre) | None, None),
            )
            return Annotated[list[mark], Field(max_length=most)]  # type: ignore[valid-type]
        case ByInstrument(number):
            return dict[Instrument, wire_type(number)]  # type: ignore[misc]


def _without_controls(value: Any) -> Any:
    return printable(value) if isinstance(value, str) else value
