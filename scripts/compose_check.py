#!/usr/bin/env python3
"""What scripts/compose_smoke.sh checks once the containers are up; standard library only.

usage: scripts/compose_check.py http://127.0.0.1:3000 PROJECT
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

SONG = Path(__file__).resolve().parents[1] / "examples" / "funk-rock.flac"
SERVICES = ("frontend", "api", "worker-default", "worker-heavy", "beat", "postgres", "redis")
STARTS_SECONDS, ENDS_SECONDS = 180.0, 300.0


class Stack:
    """The running containers of a project, and the page's address."""

    def __init__(self, address: str, project: str) -> None:
        self.address = address
        self.project = project
        self.cookie = ""

    def container(self, service: str) -> str:
        labels = [f"label=com.docker.compose.project={self.project}"]
        labels.append(f"label=com.docker.compose.service={service}")
        filters = [part for label in labels for part in ("--filter", label)]
        return docker("ps", "--quiet", *filters).split()[0]

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        line = ["docker", "exec", self.container(service), *command]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    def state(self, service: str) -> dict[str, Any]:
        return dict(json.loads(docker("inspect", self.container(service)))[0])

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        given = {"Cookie": self.cookie} | {k.replace("_", "-"): v for k, v in headers.items()}
        request = urllib.request.Request(self.address + path, data=data, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                if answer.headers["Set-Cookie"]:
                    self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def submit(self) -> str:
        mark = uuid.uuid4().hex
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="song.flac"\r\n'
            "Content-Type: audio/flac\r\n\r\n"
        ).encode()
        body += SONG.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        status, answer = self.ask(
            "/api/v1/jobs", body, Content_Type=f"multipart/form-data; boundary={mark}"
        )
        check(status == 202, f"a song is taken in ({status} {answer[:200]!r})", quiet=True)
        return str(json.loads(answer)["job_id"])

    def job(self, job_id: str) -> dict[str, Any]:
        status, answer = self.ask(f"/api/v1/jobs/{job_id}")
        return dict(json.loads(answer)) if status == 200 else {"status": f"({status})"}

    def end_of(self, job_id: str) -> dict[str, Any]:
        wait(
            lambda: self.job(job_id)["status"] in ("completed", "failed"),
            "a job's end",
            ENDS_SECONDS,
        )
        return self.job(job_id)


def docker(*arguments: str) -> str:
    """What a docker command prints; fails with it."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout


def check(holds: bool, what: str, *, quiet: bool = False) -> None:
    """End with an error unless something is so."""
    if not holds:
        sys.exit(f"FAILED: {what}")
    if not quiet:
        print(f"ok    {what}", flush=True)


def wait(is_so: Callable[[], bool], what: str, seconds: float, *, every: float = 0.5) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    while True:
        try:
            if is_so():
                return time.monotonic() - began
        except (OSError, ValueError, KeyError):
            pass
        check(time.monotonic() - began < seconds, f"{what} within {seconds:g} s", quiet=True)
        time.sleep(every)


def memory(stack: Stack, title: str) -> None:
    """Print what each container uses."""
    print(f"## Memory {title}")
    for service in SERVICES:
        used = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", stack.container(service))
        print(f"{service}: {used.strip()}", flush=True)


def check_confinement(stack: Stack) -> None:
    """Users, capabilities, read-only roots and limits, as the engine has them."""
    print("## Confinement")
    for service in SERVICES:
        state = stack.state(service)
        host = state["HostConfig"]
        probe = stack.run(
            service,
            "sh",
            "-c",
            "touch /probe 2>&1; grep -E 'CapEff|NoNewPrivs' /proc/1/status; id -u",
        )
        check("Read-only" in probe.stdout, f"{service}: the root is read-only")
        check("CapEff:\t0000000000000000" in probe.stdout, f"{service}: no capability")
        check("NoNewPrivs:\t1" in probe.stdout, f"{service}: no new privileges")
        check(probe.stdout.split()[-1] != "0", f"{service}: user {probe.stdout.split()[-1]}")
        check(host["Memory"] > 0, f"{service}: at most {host['Memory'] // 2**20} MiB of memory")
    out = stack.run(
        "beat", "python", "-c", "import socket; socket.create_connection(('1.1.1.1', 443), 3)"
    )
    check(out.returncode != 0, "the network of database and queue has no way out")


def check_metrics(stack: Stack) -> None:
    """API and workers show metrics of what has happened."""
    print("## Metrics")
    text = stack.run(
        "api",
        "python",
        "-c",
        "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/metrics').read().decode())",
    ).stdout
    check("drumscribe_database_up 1.0" in text, "the API sees its database")
    check("drumscribe_disk_free_bytes" in text, "the API tells the room on its volumes")
    query = "up"
    request = f"http://127.0.0.1:9090/api/v1/query?query={query}"

    def all_up() -> bool:
        with urllib.request.urlopen(request, timeout=5) as answer:
            found = json.loads(answer.read())["data"]["result"]
        return {r["metric"]["job"] for r in found if r["value"][1] == "1"} == {
            "api",
            "worker-default",
            "worker-heavy",
        }

    took = wait(all_up, "Prometheus to reach the API and all workers", 90)
    check(True, f"Prometheus reaches the API and all workers (after {took:.0f} s)")
    with urllib.request.urlopen("http://127.0.0.1:9090/api/v1/rules", timeout=5) as answer:
        rules = json.loads(answer.read())["data"]["groups"][0]["rules"]
    check(
        all(rule["health"] in ("ok", "unknown") for rule in rules),
        f"{len(rules)} alert rules are evaluated",
    )


def main() -> None:
    """Check one thing after the other; the first that fails ends it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("project")
    parser.add_argument("--began", type=float, default=0.0, help="seconds that `up` took")
    given = parser.parse_args()
    stack = Stack(given.address, given.project)
    print("## Up")

    def healthy() -> bool:
        return all(
            stack.state(s)["State"].get("Health", {}).get("Status") == "healthy" for s in SERVICES
        )

    took = given.began + wait(healthy, "all containers to be healthy", STARTS_SECONDS)
    check(True, f"all {len(SERVICES)} containers are healthy after {took:.0f} s")
    check(stack.ask("/")[0] == 200, "the page is served")
    check(stack.ask("/metrics")[0] == 404, "metrics are not to be had from outside")
    status, answer = stack.ask("/api/v1/health")
    check(
        status == 200,
        f"health: {json.loads(answer)['status']}, {json.loads(answer)['checks']['pdf']['detail']}",
    )
    memory(stack, "at rest")

    print("## A song")
    stack.ask("/api/v1/session", b"")
    began = time.monotonic()
    job_id = stack.submit()
    job = stack.end_of(job_id)
    check(
        job["status"] == "completed",
        f"a song of 13 s goes to the end in {time.monotonic() - began:.0f} s ({job})"
        if job["status"] != "completed"
        else f"a song goes to its end in {time.monotonic() - began:.0f} s, from cold workers",
    )
    for name, head in (("pdf", b"%PDF"), ("musicxml", b"<?xml"), ("midi", b"MThd")):
        status, content = stack.ask(f"/api/v1/jobs/{job_id}/download/{name}")
        check(status == 200 and content.startswith(head), f"{name}: {len(content)} bytes")
    began = time.monotonic()
    check(stack.end_of(stack.submit())["status"] == "completed", "another song")
    print(f"      in {time.monotonic() - began:.0f} s, with models loaded")
    edit = json.dumps({"bpm": 100}).encode()
    request = urllib.request.Request(
        f"{given.address}/api/v1/jobs/{job_id}",
        data=edit,
        method="PATCH",
        headers={"Content-Type": "application/json", "Cookie": stack.cookie},
    )
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=60) as answer2:
        check(
            answer2.status == 200,
            f"the API engraves an edited page in {time.monotonic() - began:.1f} s",
        )
    memory(stack, "after work")

    print("## Accidents")
    job_id = stack.submit()
    wait(
        lambda: stack.job(job_id)["status"] == "predicting",
        "the heavy step",
        ENDS_SECONDS,
        every=0.02,
    )
    docker("kill", "--signal", "KILL", stack.container("worker-heavy"))
    check(stack.job(job_id)["status"] == "predicting", "a heavy worker is killed in the middle")
    began = time.monotonic()
    docker(
        "start",
        docker(
            "ps",
            "-aq",
            "--filter",
            f"label=com.docker.compose.project={given.project}",
            "--filter",
            "label=com.docker.compose.service=worker-heavy",
        ).split()[0],
    )
    check(
        stack.end_of(job_id)["status"] == "completed",
        f"a job outlives its worker: SIGKILL, and completed {time.monotonic() - began:.0f} s later",
    )
    docker("stop", stack.container("redis"))
    stopped = time.monotonic()
    job_id = stack.submit()
    check(True, f"a song is taken in without Redis ({time.monotonic() - stopped:.0f} s)")
    docker(
        "start",
        docker(
            "ps",
            "-aq",
            "--filter",
            f"label=com.docker.compose.project={given.project}",
            "--filter",
            "label=com.docker.compose.service=redis",
        ).split()[0],
    )
    began = time.monotonic()
    check(
        stack.end_of(job_id)["status"] == "completed",
        f"and completed {time.monotonic() - began:.0f} s after Redis is back",
    )
    check_confinement(stack)
    check_metrics(stack)
    print("## All of it held")


if __name__ == "__main__":
    main()
