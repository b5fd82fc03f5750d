"""Reads a new job from a request: an upload as multipart form, or a link as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO, Any, TypeVar, cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from drumscribe.api.v1.schemas import JobFromLink, JobOptions
from drumscribe.errors import InvalidRequest

Model = TypeVar("Model", bound=BaseModel)

_MAX_FIELDS = 20
_MAX_FIELD_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Submission:
    """A request for a job. upload: the recording, spooled to disk; None for a link."""

    options: JobOptions
    youtube_url: str | None
    upload: IO[bytes] | None
    filename: str | None


async def read_submission(request: Request) -> Submission:
    """Raises InvalidRequest or RequestValidationError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _upload(request)
    if kind == "application/json":
        body = await _json(request)
        link = _checked(JobFromLink, body)
        return Submission(link, link.youtube_url, None, None)
    raise InvalidRequest(
        "Expected multipart/form-data with a field `file`, or application/json with "
        f"`youtube_url`; got {kind or 'no content type'}."
    )


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body is not JSON: {error}.") from None


async def _upload(request: Request) -> Submission:
    # The parser spools the file to disk, so that memory does not grow with it; the request closes
    # it when the answer is out.
    form = await request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidRequest("Expected the recording in the form field `file`.")
    fields: dict[str, Any] = {
        name: value for name, value in form.multi_items() if name != "file" and value != ""
    }
    if "metadata" in fields:
        try:
            fields["metadata"] = json.loads(str(fields["metadata"]))
        except (json.JSONDecodeError, RecursionError):
            raise InvalidRequest("metadata: expected a JSON object.") from None
    options = _checked(JobOptions, fields)
    return Submission(options, None, cast(IO[bytes], file.file), file.filename)


def _checked(model: type[Model], body: Any) -> Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        ) from None
