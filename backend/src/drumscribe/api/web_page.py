"""The web page: a static export, served from the root of the service."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
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

from drumscribe.api.content_security import (
    PAGE_HEADERS,
    WORKER_FILE,
    page_policy,
    worker_policy,
)
from drumscribe.api.telemetry import ROUTE_NAME
from drumscribe.bootstrap import Service
from drumscribe.errors import Unavailable

# In a wheel the page lies inside the package, in a checkout it is built into frontend/out.
_PLACES: Final = (
    Path(__file__).resolve().parents[1] / "web",
    Path(__file__).resolve().parents[4] / "frontend" / "out",
)
_INDEX: Final = "index.html"
_HASHED: Final = "_next/static/"
# What compressing makes smaller; fonts and sound are compressed already.
_TEXTS: Final = ("", ".html", ".js", ".mjs", ".css", ".svg", ".txt", ".json")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
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
    return next((place for place in places if (place / _INDEX).is_file()), None)


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
            await _with_policy(HTMLResponse(_NO_PAGE), _NO_PAGE, ())(scope, receive, send)
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
        response.headers["Cache-Control"] = (
            _FOR_EVER if path.startswith(_HASHED) and response.status_code == 200 else _ASK_AGAIN
        )
        if path == WORKER_FILE:
            policy = await run_in_threadpool(lambda: worker_policy(stores=self._stores()))
            response.headers["Content-Security-Policy"] = policy
            return response
        if response.headers.get("content-type", "").startswith("text/html"):
            file = Path(str(getattr(response, "path", "")))
            return await run_in_threadpool(self._as_page, response, file)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return await run_in_threadpool(self._as_known_page, response, path)
        return response

    def _as_page(self, response: Response, file: Path) -> Response:
        return _with_policy(response, _text_of(file, file.stat().st_mtime_ns), self._stores())

    def _as_known_page(self, response: Response, path: str) -> Response:
        """Headers of a 304 replace those that the browser has kept: they are the page's again."""
        full_path, found = self.lookup_path(path)
        is_folder = found is not None and stat.S_ISDIR(found.st_mode)
        file = Path(full_path) / _INDEX if is_folder else Path(full_path)
        return self._as_page(response, file) if file.suffix == ".html" else response


def _with_policy(response: Response, html: str, stores: tuple[str, ...]) -> Response:
    response.headers.update(PAGE_HEADERS)
    response.headers["Content-Security-Policy"] = page_policy(html, stores=stores)
    return response


@lru_cache(maxsize=64)
def _text_of(file: Path, mtime_ns: int) -> str:
    del mtime_ns  # part of the key: the page may be built anew while the service runs
    return file.read_text(encoding="utf-8")


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
