"""JSON with indents, as `json.dumps(value, indent=1)` writes it, in a third of the time.

Python's encoder is written in C, but not the one that indents, and a document has thousands of
strokes of seven fields. So the one in C writes whatever is flat, with the line break and its indent
for a separator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache


def indented_json(value: object, *, margin: str = "\n") -> str:
    """Any value that JSON has, keys being text, as text with an indent of a space a level.

    margin: the line break and the indent of the value's own level.
    Raises ValueError where a number is infinite or not a number.
    """
    if not isinstance(value, dict | list | tuple) or not value:
        return _encoder(", ").encode(value)
    inner = f"{margin} "
    if _is_flat(value.values() if isinstance(value, dict) else value):
        text = _encoder(f",{inner}").encode(value)
        return f"{text[0]}{inner}{text[1:-1]}{margin}{text[-1]}"
    if isinstance(value, dict):
        entries = [
            f"{_encoder(', ').encode(key)}: {indented_json(one, margin=inner)}"
            for key, one in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(entries)}{margin}}}"
    if all(isinstance(one, dict) and one and _is_flat(one.values()) for one in value):
        return _flat_objects(value, margin)
    return f"[{inner}{f',{inner}'.join(indented_json(o, margin=inner) for o in value)}{margin}]"


def _flat_objects(objects: Sequence[object], margin: str) -> str:
    """A list of objects, none of them empty, without lists and objects in them."""
    inner, inmost = f"{margin} ", f"{margin}  "
    text = _encoder(f",{inmost}").encode(objects)
    # The only line breaks in it are those of the separator: in texts they are escaped.
    entries = text[2:-2].replace(f"}},{inmost}{{", f"{inner}}},{inner}{{{inmost}")
    return f"[{inner}{{{inmost}{entries}{inner}}}{margin}]"


def _is_flat(values: Iterable[object]) -> bool:
    return not any(isinstance(value, dict | list | tuple) and value for value in values)


@cache
def _encoder(separator: str) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(separator, ": "))
