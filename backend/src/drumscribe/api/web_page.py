"""The web page: a static export, served from the root of the service.

Its build writes headers.json beside the pages: rules of paths (`*` stands for anything) and the
headers of their files; a later rule beats an earlier one. `{$STORE_ORIGINS}` in them stands for the
origins that downloads may be redirected to. The container that serves the page alone has the same
headers from the same build (frontend/scripts/write_headers.mjs, frontend/server/Caddyfile).
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from drumscribe.api.telemetry import ROUTE_NAME
from drumscribe.bootstrap import Service
from drumscribe.errors import Unavailable

# In a wheel the page lies inside the package, in a checkout it is built into frontend/out.
_PLACES: Final = (
    Path(__file__).resolve().parents[1] / "web",
    Path(__file__).resolve().parents[4] / "frontend" / "out",
)
_INDEX: Final = "index.html"
_HEADERS: Final = "headers.json"
_STORES: Final = "{$STORE_ORIGINS}"
# What compressing makes smaller; fonts and sound are compressed already.
_TEXTS: Final = ("", ".html", ".js", ".mjs", ".css", ".svg", ".txt", ".json")
_NO_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>DrumScribe</title>
<h1>DrumScribe is running</h1>
<p>The web page has not been built here. In a checkout, <code>make web</code> builds it.</p>
<p><a href="/docs">The API and its documentation</a></p>
</html>
"""


def find_web_root(chosen: Path | None) -> Path | None:
    """The folder of the page; None if there is none."""
    places = _PLACES if chosen is None else (chosen,)
    return next(
        (place for place in places if (place / _INDEX).is_file() and (place / _HEADERS).is_file()),
        None,
    )


class WebPage:
    """Answers whatever no route of the API answers.

    root: the folder of a static export (Next.js); looked for at each start of a process.
    stores: origins that downloads may be redirected to.
    """

    def __init__(self, root: Path | None, *, stores: Callable[[], tuple[str, ...]]) -> None:
        self._files = None if root is None else _Export(root, stores)
        self._packed = None if self._files is None else GZipMiddleware(self._files, 500, 6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path == "/api" or path.startswith("/api/"):
            raise HTTPException(404)
        if self._files is not None and self._packed is not None:
            scope[ROUTE_NAME] = "page"
            is_text = PurePosixPath(path).suffix in _TEXTS
            await (self._packed if is_text else self._files)(scope, receive, send)
        elif path == "/" and scope["method"] in ("GET", "HEAD"):
            await HTMLResponse(_NO_PAGE)(scope, receive, send)
        else:
            raise HTTPException(404)


class _Export(StaticFiles):
    """Static files with the addresses that a Next.js export has, and headers to match."""

    def __init__(self, root: Path, stores: Callable[[], tuple[str, ...]]) -> None:
        super().__init__(directory=root, html=True)
        self._root = root
        self._stores = stores

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        full_path, found = super().lookup_path(path)
        has_index = (self._root / path / _INDEX).is_file()
        if found is None or (stat.S_ISDIR(found.st_mode) and not has_index):
            # Without trailing slashes the export has jobs.html for /jobs.
            page, its_stat = super().lookup_path(f"{path}.html")
            return (page, its_stat) if its_stat is not None else (full_path, found)
        return full_path, found

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if isinstance(response, RedirectResponse):
            # To the same path with a slash: relative, so that no proxy has to be known.
            target = urlsplit(response.headers["location"])
            query = f"?{target.query}" if target.query else ""
            response.headers["location"] = f"/{target.path.lstrip('/')}{query}"
        headers = await run_in_threadpool(self._headers_of, self._sent_for(path, response))
        response.headers.update(headers)
        return response

    def _sent_for(self, path: str, response: Response) -> str:
        """The address of the file that is sent, from the root of the page: of a page its own.

        Headers of a 304 replace those that the browser has kept, so they are the file's again.
        """
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            file, found = self.lookup_path(path)
            if found is not None and stat.S_ISDIR(found.st_mode):
                file = str(Path(file) / _INDEX)
        else:
            file = str(getattr(response, "path", self._root / path))
        return f"/{Path(file).relative_to(self._root).as_posix()}"

    def _headers_of(self, address: str) -> dict[str, str]:
        rules = self._root / _HEADERS
        headers: dict[str, str] = {}
        for paths, values in _rules_of(rules, rules.stat().st_mtime_ns):
            if any(fnmatchcase(address, path) for path in paths):
                headers |= values
        if not any(_STORES in value for value in headers.values()):
            return headers
        stores = " ".join(self._stores())
        # A field's value may not end with a blank, as it would where there is no store.
        return {name: value.replace(_STORES, stores).strip() for name, value in headers.items()}


@lru_cache(maxsize=4)
def _rules_of(file: Path, mtime_ns: int) -> list[tuple[list[str], dict[str, str]]]:
    del mtime_ns  # part of the key: the page may be built anew while the service runs
    rules = json.loads(file.read_text(encoding="utf-8"))
    return [(rule["paths"], rule["headers"]) for rule in rules]


def store_origins(service: Service) -> tuple[str, ...]:
    """Origins that downloads are redirected to; none where files are passed through."""
    seconds = service.settings.s3_presigned_seconds
    if seconds <= 0:
        return ()
    try:
        url = service.storage.presigned_url(
            f"jobs/{UUID(int=0)}/x", filename="x", media_type="text/plain", expires_seconds=seconds
        )
    except Unavailable:
        return ()
    if url is None:
        return ()
    parts = urlsplit(url)
    return (f"{parts.scheme}://{parts.netloc}",)
