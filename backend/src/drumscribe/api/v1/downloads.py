"""Files to clients: names, ranges, caching."""

from __future__ import annotations

import re

from fastapi import Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from drumscribe.domain.artifacts import Artifact
from drumscribe.errors import RangeNotSatisfiable
from drumscribe.ports import ArtifactStorage
from drumscribe.storage.disposition import content_disposition

# Numbers of more digits are no places in a file (and Python does not read very long ones).
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def serve_artifact(
    request: Request, storage: ArtifactStorage, artifact: Artifact, *, presigned_seconds: int
) -> Response:
    """The file, a part of it (206), not again (304), or a redirect to the store (307).

    Raises RangeNotSatisfiable, ArtifactMissing.
    """
    stored = artifact.stored
    if presigned_seconds > 0:
        url = storage.presigned_url(
            stored.key,
            filename=artifact.filename,
            media_type=artifact.media_type,
            expires_seconds=presigned_seconds,
        )
        if url is not None:
            return RedirectResponse(url, 307, headers={"Cache-Control": "no-store"})
    tag = f'"{stored.sha256}"'
    headers = {
        "ETag": tag,
        # The same address gives another file after an edit; the tag tells.
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition(artifact.filename),
    }
    if matches_tag(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    part = None
    if request.headers.get("if-range", tag) == tag:
        part = requested_range(request.headers.get("range"), stored.size_bytes)
    start, length = part or (0, stored.size_bytes)
    headers["Content-Length"] = str(length)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{stored.size_bytes}"
    status = 206 if part is not None else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=artifact.media_type)
    chunks = storage.open(stored.key, start=start, length=length)
    return StreamingResponse(chunks, status, headers, media_type=artifact.media_type)


def requested_range(header: str | None, size_bytes: int) -> tuple[int, int] | None:
    """(start, length) of a Range header; None for the whole (RFC 9110, section 14).

    Several ranges, or what is no range of bytes, mean the whole. Raises RangeNotSatisfiable.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(0, size_bytes - int(last)), size_bytes - 1
    else:
        start = int(first)
        end = min(int(last), size_bytes - 1) if last else size_bytes - 1
        if last and int(last) < start:
            return None
    if start >= size_bytes or (first == "" and int(last) == 0):
        raise RangeNotSatisfiable(f"The file has {size_bytes} bytes; asked for {header}.")
    return start, end - start + 1


def matches_tag(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match or If-Match header names the tag."""
    if header is None:
        return False
    tags = [entry.strip().removeprefix("W/") for entry in header.split(",")]
    return tag in tags or "*" in tags
