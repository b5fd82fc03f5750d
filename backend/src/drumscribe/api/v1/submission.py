"""Reads a new job from a request: an upload as multipart form, or a link as JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, Any, TypeVar, cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from drumscribe.api.v1.inputs import JobFromLink, JobOptions, SaidLink
from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.domain.wishing.kinds import BarMarks, ByInstrument
from drumscribe.errors import InvalidRequest

Model = TypeVar("Model", bound=BaseModel)

# A form has text fields only.
OBJECT_FIELDS = (
    "metadata",
    *(
        entry.name
        for entry in ALL_WISHES.values()
        if isinstance(entry.kind, BarMarks | ByInstrument)
    ),
)
_MAX_FIELDS = len(JobOptions.model_fields) + 10
_MAX_FIELD_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Submission:
    """A request for a job. link: as it was given. upload: the recording, spooled to disk."""

    options: JobOptions
    link: SaidLink | None
    upload: IO[bytes] | None
    filename: str | None


async def read_submission(request: Request) -> AsyncIterator[Submission]:
    """A dependency: what was sent, its spooled file closed when the request is done.

    Raises InvalidRequest or RequestValidationError.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        # The parser spools the file to disk, so that memory does not grow with it.
        form = request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
        async with form as fields:
            yield _upload(fields)
    elif kind == "application/json":
        link = _checked(JobFromLink, await _json(request))
        yield Submission(link, link.said_link, None, None)
    else:
        raise InvalidRequest(
            "Expected multipart/form-data with a field `file`, or application/json with "
            f"`youtube_url` or `source_url`; got {kind or 'no content type'}."
        )


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    # ValueError: not JSON, not UTF-8, or a number of more digits than Python reads.
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"The body is not JSON: {error}.") from None


def _upload(form: FormData) -> Submission:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidRequest("Expected the recording in the form field `file`.")
    fields: dict[str, Any] = {
        name: value for name, value in form.multi_items() if name != "file" and value != ""
    }
    for name in OBJECT_FIELDS:
        if name in fields:
            try:
                fields[name] = json.loads(str(fields[name]))
            except (ValueError, RecursionError):
                raise InvalidRequest(f"{name}: expected JSON.") from None
    options = _checked(JobOptions, fields)
    return Submission(options, None, cast(IO[bytes], file.file), file.filename)


def _checked(model: type[Model], body: Any) -> Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        ) from None
