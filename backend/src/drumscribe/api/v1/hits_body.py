"""Reads the hits of an edited score from a request, as many as a score may have and no further.

The framework would parse and check a whole body on the event loop, where everybody waits: a body of
eight megabytes took it a third of a second, and one of wrong names eight and a half. Here strokes
are counted before any of them is read, and read one by one in a thread, up to the first wrong one.
"""

from __future__ import annotations

import re
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from drumscribe.api.v1.deps import OwnJob
from drumscribe.api.v1.inputs import HitIn, ScoreEditIn
from drumscribe.domain.drums import Hit
from drumscribe.errors import InvalidRequest
from drumscribe.services.songs.edit_score import check_number_of_hits

_SPACE: Final = rb"[ \t\r\n]*"
_OPENING: Final = re.compile(rb'%s\{%s"hits"%s:%s\[%s' % ((_SPACE,) * 5))
# A stroke is flat and short: nothing in it can be nested, so its end is the first brace.
_STROKE: Final = re.compile(rb"(\{[^{}]{0,1000}\})%s(,?)%s" % (_SPACE, _SPACE))
_CLOSING: Final = re.compile(rb"\]%s\}%s\Z" % (_SPACE, _SPACE))


def hits_body() -> dict[str, Any]:
    """What the OpenAPI document says of the body."""
    schema = ScoreEditIn.model_json_schema(ref_template="#/components/schemas/{model}")
    known = schema.pop("$defs")
    # Instruments and articulations are components already: answers name them.
    schema["properties"]["hits"]["items"] = known["HitIn"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def read_hits(request: Request, job: OwnJob) -> tuple[Hit, ...]:
    """A dependency: the hits in the body, sorted by time; asked of nobody but the owner.

    Raises InvalidHits, InvalidRequest or RequestValidationError.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise InvalidRequest(f"Expected application/json, got {kind or 'no content type'}.")
    content = await request.body()
    return await run_sync(hits_of, content, job.facts.duration_seconds)


def hits_of(content: bytes, duration_seconds: float | None) -> tuple[Hit, ...]:
    """The hits of the document `{"hits": [...]}`, sorted by time.

    Raises InvalidHits, InvalidRequest or RequestValidationError.
    """
    opening = _OPENING.match(content)
    if opening is None:
        raise InvalidRequest('body: expected a JSON object {"hits": [...]} and nothing else in it.')
    place = opening.end()
    is_empty = content[place : place + 1] == b"]"
    # Each stroke opens one brace; where that is not so, reading stops before the end.
    check_number_of_hits(0 if is_empty else max(1, content.count(b"{") - 1), duration_seconds)
    hits: list[Hit] = []
    is_last = False
    while not is_last:
        found = _STROKE.match(content, place)
        if found is None:
            raise InvalidRequest(
                f"body.hits.{len(hits)}: expected a stroke, an object with time and instrument."
            )
        hits.append(_hit(found[1], len(hits)))
        place = found.end()
        is_last = not found[2]
    if _CLOSING.match(content, place) is None:
        raise InvalidRequest(
            f"body: expected the end of the hits and of the document after {len(hits)} hits."
        )
    return tuple(sorted(hits))


def _hit(content: bytes, number: int) -> Hit:
    try:
        hit = HitIn.model_validate_json(content)
    except ValidationError as error:
        raise RequestValidationError(
            [{**entry, "loc": ("body", "hits", number, *entry["loc"])} for entry in error.errors()]
        ) from None
    return Hit(**hit.model_dump())
