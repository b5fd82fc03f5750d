"""A model file from a web address; an interrupted transfer goes on where it ended."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping

from drumscribe.errors import ModelUnavailable
from drumscribe.models.sources.task import (
    BLOCK_BYTES,
    RETRYABLE_STATUS,
    FetchTask,
    PassingTrouble,
    with_retries,
)

_TIMEOUT_SECONDS = 30.0


def fetch_address(
    task: FetchTask, address: str, headers: Mapping[str, str] | None = None, /
) -> None:
    """Put what stands at the address at task.target, going on where an earlier try ended.

    headers: sent to this address only, not to where it may redirect.
    Raises ModelUnavailable, OSError if the target cannot be written, what a report raises.
    """

    def attempt() -> None:
        try:
            _transfer_http(task, address, headers or {})
        except urllib.error.HTTPError as error:
            reason = f"the server answered {error.code} {error.reason}"
            if error.code not in RETRYABLE_STATUS:
                raise ModelUnavailable(f"{task.uri} cannot be fetched: {reason}.") from error
            raise PassingTrouble(reason) from error
        except urllib.error.URLError as error:
            raise PassingTrouble(str(error.reason)) from error
        except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
            raise PassingTrouble(str(error) or type(error).__name__) from error

    with_retries(task, attempt)


def _transfer_http(task: FetchTask, address: str, headers: Mapping[str, str]) -> None:
    """One request, going on behind what an earlier one has left in the target."""
    have = task.target.stat().st_size if task.target.exists() else 0
    if have >= task.most_bytes:
        task.target.unlink()
        have = 0
    request = urllib.request.Request(address, headers={"User-Agent": "drumscribe"})  # noqa: S310
    for name, value in headers.items():
        # Not to where the server may send us on: headers may hold a token.
        request.add_unredirected_header(name, value)
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if have and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            # What is there is as long as the file, or longer: only a new start can tell.
            task.target.unlink()
            raise PassingTrouble("the file there has another length") from error
        raise
    with response:
        resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
        done = have if resumed else 0
        announced = response.headers.get("Content-Length")
        end = None if announced is None else done + int(announced)
        with task.target.open("ab" if resumed else "wb") as out:
            while block := _read_block(response):
                out.write(block)
                done += len(block)
                task.report(done)
                if done > task.most_bytes:
                    return  # Another file than expected: the sha256 will say so.
    if end is not None and done < end:
        raise ConnectionError(f"the connection ended after {done} of {end} bytes")


def _read_block(response: http.client.HTTPResponse) -> bytes:
    try:
        # What has come, and not until a whole block is there: on a slow line the report, which may
        # cancel, would come too seldom.
        return response.read1(BLOCK_BYTES)
    except OSError as error:
        # TLS errors are bare OSErrors, as a full disk is: tell them apart here.
        raise ConnectionError(str(error)) from error
