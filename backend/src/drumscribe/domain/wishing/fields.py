"""A field of a dataclass as a wish: what is known of it, and how its values are checked."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from drumscribe.domain.wishing.kinds import Kind
from drumscribe.errors import InvalidOption


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is known of one field.

    name: at every door; attribute: of the dataclass.
    standard: what holds where nothing is said.
    needs_sound: it cannot be changed on a finished page.
    option: of the command line.
    excludes: the name of another wish; of the two, the one that was said last holds.
    """

    name: str
    attribute: str
    kind: Kind
    says: str
    standard: Any
    needs_sound: bool
    option: str
    excludes: str | None

    def read(self, value: Any) -> Any:
        """The typed value; None is the standard. Raises InvalidOption."""
        if value is None:
            return self.standard
        try:
            return self.kind.read(value)
        except ValueError as error:
            raise InvalidOption(f"{self.name}: {error}.") from None

    def write(self, value: Any) -> Any:
        """The JSON form."""
        return None if value is None else self.kind.write(value)


def wish(
    kind: Kind,
    says: str,
    *,
    name: str | None = None,
    option: str | None = None,
    needs_sound: bool = False,
    excludes: str | None = None,
) -> dict[str, Any]:
    """What makes a field a wish; see Wish. name, option: where they are not those of the field."""
    return {
        "kind": kind,
        "says": says,
        "name": name,
        "option": option,
        "needs_sound": needs_sound,
        "excludes": excludes,
    }


def wishes_of(subject: type[Any]) -> tuple[Wish, ...]:
    """The wishes of one subject, in their order."""
    return tuple(_wish(entry) for entry in dataclasses.fields(subject))


def _wish(entry: dataclasses.Field[Any]) -> Wish:
    known = entry.metadata
    name = known["name"] or entry.name
    has_value = entry.default is not dataclasses.MISSING
    return Wish(
        name=name,
        attribute=entry.name,
        kind=known["kind"],
        says=known["says"],
        standard=entry.default if has_value else {},
        needs_sound=known["needs_sound"],
        option=known["option"] or f"--{name.removesuffix('_seconds').replace('_', '-')}",
        excludes=known["excludes"],
    )


class Subject:
    """Checks every field once, on construction."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for entry in wishes_of(type(self)):
            object.__setattr__(self, entry.attribute, entry.read(getattr(self, entry.attribute)))
