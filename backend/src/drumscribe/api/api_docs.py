"""/docs: the API to read and to try out, by Swagger UI from a package instead of from a network."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path as FilePath
from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from drumscribe.api.content_security import DOCS_POLICY
from drumscribe.api.v1.schemas.common import API_PREFIX

router = APIRouter(include_in_schema=False)

_KEPT_A_DAY: Final = {"Cache-Control": "public, max-age=86400"}
_FILES: Final = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png")
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>DrumScribe API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon.png">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
"""
_START: Final = f"""SwaggerUIBundle({{
  url: "{API_PREFIX}/openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
}});
"""


@router.get("/docs")
def docs() -> HTMLResponse:
    """The page."""
    headers = {"Content-Security-Policy": DOCS_POLICY, "Referrer-Policy": "same-origin"}
    return HTMLResponse(_PAGE, headers=headers)


@router.get("/docs/start.js")
def docs_start() -> Response:
    """What starts it: a file, so that the page needs no script of its own."""
    return Response(_START, media_type="text/javascript", headers=_KEPT_A_DAY)


@router.get("/docs/{name}")
def docs_file(name: Annotated[str, Path(pattern=f"^({'|'.join(_FILES)})$")]) -> FileResponse:
    """Its script, style and icon."""
    return FileResponse(_folder() / name, headers=_KEPT_A_DAY)


@router.get("/openapi.json")
def description() -> RedirectResponse:
    """Where tools look for the description of an API; ours stands beside the API's version."""
    return RedirectResponse(f"{API_PREFIX}/openapi.json", status_code=308)


@cache
def _folder() -> FilePath:
    """Where the package fastapi-offline keeps Swagger UI; its code is not run."""
    spec = find_spec("fastapi_offline")
    assert spec is not None, "a dependency of the server extra"
    assert spec.origin is not None
    return FilePath(spec.origin).parent / "static"
