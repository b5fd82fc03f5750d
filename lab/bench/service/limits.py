"""Whether rate limits and quotas hold exactly while many clients push against them at once.

    python -m lab.bench.service.limits [--windows 2] [--clients 16] [--json]

One real API process without workers. From one address many connections ask as fast as they can,
from a second one many clients (each with a session of its own) send uploads, from a third one a
single client asks once a second, and at last twenty clients of one owner send a job each at the
same moment. Counted are answers per window of a minute: exactly the limit must be let through. The
exit code is 1 if anything is not as it must be. (Addresses 127.0.0.x: Linux.)
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from lab.bench.service.polls import serving

ANY_LIMIT, CREATE_LIMIT, QUOTA = 300, 20, 3
WINDOW_SECONDS = 60
UPLOAD = b"fLaC\x00\x00\x00\x22" + bytes(200_000)


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer. window: end of the window that the server says it counted in (Unix time)."""

    status: int
    code: str | None
    window: int
    limit: int
    remaining: int
    reset_seconds: int
    retry_after: int | None
    took_seconds: float


@dataclass
class Crowd:
    """Answers that one address got."""

    seen: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, send: Callable[[], httpx.Response]) -> None:
        began = time.time()
        try:
            answer = send()
        except httpx.HTTPError as error:
            self.errors.append(repr(error))
            return
        now = time.time()
        headers = answer.headers
        is_problem = answer.headers["content-type"].startswith("application/problem")
        reset = int(headers["ratelimit-reset"]) if "ratelimit-reset" in headers else -1
        self.seen.append(
            Seen(
                status=answer.status_code,
                code=answer.json()["code"] if is_problem else None,
                # The end of a window is a full minute; the seconds until it are rounded.
                window=round((now + reset) / WINDOW_SECONDS) * WINDOW_SECONDS,
                limit=int(headers.get("ratelimit-limit", -1)),
                remaining=int(headers.get("ratelimit-remaining", -1)),
                reset_seconds=reset,
                retry_after=int(headers["retry-after"]) if "retry-after" in headers else None,
                took_seconds=now - began,
            )
        )

    def by_window(self, windows: list[int]) -> Iterator[list[Seen]]:
        for window in windows:
            yield [seen for seen in self.seen if seen.window == window]

    def latency_ms(self, percent: float) -> float:
        return float(np.percentile([s.took_seconds for s in self.seen], percent) * 1000)


def client_from(address: str, base_url: str) -> httpx.Client:
    """A client whose connections come from that address of this machine."""
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=base_url, transport=transport, timeout=60)


def upload(client: httpx.Client) -> httpx.Response:
    """Send what looks like a recording."""
    return client.post("/api/v1/jobs", files={"file": ("song.flac", UPLOAD)})


def push(base_url: str, clients: int, until: float) -> dict[str, Crowd]:
    """All crowds at once until then."""
    crowds = {name: Crowd() for name in ("many", "uploads", "one")}

    def read() -> None:
        with client_from("127.0.0.2", base_url) as client:
            while time.time() < until:
                crowds["many"].ask(lambda: client.get("/api/v1/jobs"))

    def create() -> None:
        with client_from("127.0.0.3", base_url) as client:
            client.post("/api/v1/session")
            while time.time() < until:
                crowds["uploads"].ask(lambda: upload(client))
                time.sleep(2.5)  # so that the limit of all requests is not met first

    def visit() -> None:
        with client_from("127.0.0.4", base_url) as client:
            while time.time() < until:
                crowds["one"].ask(lambda: client.get("/api/v1/jobs"))
                time.sleep(1)

    work = [read] * clients + [create] * (clients // 2) + [visit]
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return crowds


def one_owner(base_url: str) -> Crowd:
    """Twenty clients of one session send a job each at once."""
    crowd = Crowd()
    with client_from("127.0.0.5", base_url) as first:
        first.post("/api/v1/session")
        cookies = dict(first.cookies)
    barrier = threading.Barrier(CREATE_LIMIT)

    def send(_: int) -> None:
        with client_from("127.0.0.5", base_url) as client:
            client.cookies.update(cookies)
            barrier.wait()
            crowd.ask(lambda: upload(client))

    with ThreadPoolExecutor(CREATE_LIMIT) as pool:
        list(pool.map(send, range(CREATE_LIMIT)))
    return crowd


def judged(crowd: Crowd, limit: int, windows: list[int]) -> dict[str, Any]:
    """What came of a crowd in the windows that it pushed for from beginning to end."""
    admitted, wrong = [], 0
    for seen in crowd.by_window(windows):
        through = [s for s in seen if s.code != "rate_limited"]
        refused = [s for s in seen if s.code == "rate_limited"]
        admitted.append(len(through))
        # Every place in the window is given away once, and the headers say which.
        wrong += sorted(s.remaining for s in through) != list(range(limit))
        wrong += sum(s.limit != limit for s in seen)
        wrong += sum(s.status != 429 or s.remaining != 0 for s in refused)
        wrong += sum(s.retry_after != s.reset_seconds or s.reset_seconds < 1 for s in refused)
    return {
        "limit": limit,
        "admitted_per_window": admitted,
        "answers": len(crowd.seen),
        "wrong_headers": wrong,
        **totals(crowd),
    }


def totals(crowd: Crowd) -> dict[str, Any]:
    """Answers by kind, and how long they took."""
    statuses = collections.Counter(
        f"{seen.status} {seen.code or ''}".strip() for seen in crowd.seen
    )
    return {
        "statuses": dict(sorted(statuses.items())),
        "server_errors": sum(seen.status >= 500 for seen in crowd.seen),
        "broken_lines": len(crowd.errors),
        "p50_ms": round(crowd.latency_ms(50)),
        "p99_ms": round(crowd.latency_ms(99)),
    }


def measure(windows: int, clients: int) -> dict[str, Any]:
    """Start a server, push against its limits for so many whole windows, tell what came of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "DATA_DIR": str(folder / "data"),
            "RATE_LIMIT_PER_MINUTE": str(ANY_LIMIT),
            "CREATE_LIMIT_PER_MINUTE": str(CREATE_LIMIT),
            "MAX_CONCURRENT_JOBS_PER_USER": str(QUOTA),
            "LOG_LEVEL": "WARNING",
        }
        with serving(environment, folder) as (_, base_url):
            first = int(time.time() // WINDOW_SECONDS + 1) * WINDOW_SECONDS
            ends = [first + (number + 1) * WINDOW_SECONDS for number in range(windows)]
            crowds = push(base_url, clients, until=ends[-1] + 1)
            quota = one_owner(base_url)
    accepted = sum(seen.status == 202 for seen in quota.seen)
    return {
        "load_average": os.getloadavg(),
        "windows": windows,
        "many readers, one address": judged(crowds["many"], ANY_LIMIT, ends),
        "many uploads, one address": judged(crowds["uploads"], CREATE_LIMIT, ends),
        "one reader, another address": totals(crowds["one"]),
        "twenty uploads of one owner at once": {"accepted": accepted, **totals(quota)},
    }


def faults(found: dict[str, Any]) -> list[str]:
    """What is not as it must be."""
    parts = {name: part for name, part in found.items() if isinstance(part, dict)}
    said = []
    for name, part in parts.items():
        if part["server_errors"] or part["broken_lines"] or part.get("wrong_headers"):
            said.append(f"{name}: server errors, broken lines or wrong headers")
        if set(part.get("admitted_per_window", ())) - {part.get("limit")}:
            said.append(f"{name}: not exactly {part['limit']} let through")
    if set(found["one reader, another address"]["statuses"]) != {"200"}:
        said.append("the other address was disturbed")
    if found["twenty uploads of one owner at once"]["accepted"] != QUOTA:
        said.append(f"not exactly {QUOTA} jobs of one owner accepted")
    return said


def main() -> int:
    """Measure and print; 1 if a limit did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--windows", type=int, default=2)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.windows, arguments.clients)
    wrong = faults(found)
    if arguments.json:
        print(json.dumps({**found, "faults": wrong}, indent=1))
    else:
        for name, value in found.items():
            print(f"{name}: {value}")
        print("faults:", "; ".join(wrong) or "none")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
