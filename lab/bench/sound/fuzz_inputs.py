"""Throw damaged recordings and documents at everything that reads what strangers send.

usage: python -m lab.bench.sound.fuzz_inputs [--minutes 10] [--seed 1] [--keep FOLDER]

Every input is read as the service reads it, in a child of its own that may be killed: a child that
dies or hangs, and every exception that is not of DrumScribe's own tree, is a finding (its input is
kept). Prints a table of what came of the inputs; the exit code is 1 if there was a finding.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing as mp
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.domain.service.outside_urls import parse_outside_url
from drumscribe.domain.service.video_links import canonical_video_url
from drumscribe.errors import DrumScribeError
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.files import codec
from lab.places import EXAMPLES
from mutations import damaged, good_files

SONG = EXAMPLES / "funk-rock.hits.json"
HANG_SECONDS = 60.0
MEMORY_BYTES = 3 << 30
BATCH = 200

Read = Callable[[Path], str]


def read_sound(path: Path) -> str:
    """Read sound as the step ingest_audio does."""
    with LocalContext() as context:
        limits = DecodeLimits(min_seconds=0.1, max_seconds=60)
        found = decode(path, context=context, limits=limits)
    return "decoded with a warning" if found.notices else "decoded"


def read_hits(path: Path) -> str:
    """Read hits as PUT /jobs/{id}/score and `drumscribe render` do."""
    content = path.read_bytes()
    codec.hits_from_json(content)
    codec.grid_from_json(content)
    return "parsed"


def read_link(path: Path) -> str:
    """Read links as POST /jobs does with youtube_url, source_url and webhook_url."""
    text = path.read_bytes().decode("utf-8", "replace")
    for parse in (canonical_video_url, partial(parse_outside_url, field="webhook_url")):
        try:
            parse(text)
        except DrumScribeError:
            continue
    return "parsed"


def outcome_of(read: Callable[[Path], str], path: Path) -> tuple[str, str]:
    """(what came of it, the finding or "")."""
    try:
        return read(path), ""
    except DrumScribeError as error:
        return error.code, ""
    except MemoryError:
        return "MemoryError", "MemoryError"
    except Exception as error:
        return type(error).__name__, f"{type(error).__name__}: {error}"


def work(
    read: Callable[[Path], str], inputs: list[Path], answers: mp.connection.Connection
) -> None:
    """Child: read one after the other, telling the parent of each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for index, path in enumerate(inputs):
        began = time.monotonic()
        outcome, finding = outcome_of(read, path)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answers.send((index, outcome, finding, time.monotonic() - began, peak_mb))
    answers.close()


def run_batch(
    read: Callable[[Path], str], inputs: list[Path]
) -> list[tuple[Path, str, str, float, float]]:
    """Read a batch in children; a child that dies or hangs takes one input with it."""
    done: list[tuple[Path, str, str, float, float]] = []
    while len(done) < len(inputs):
        rest = inputs[len(done) :]
        ours, theirs = mp.Pipe(duplex=False)
        child = mp.get_context("fork").Process(target=work, args=(read, rest, theirs))
        child.start()
        theirs.close()
        finished = 0
        try:
            while finished < len(rest):
                if not ours.poll(HANG_SECONDS):
                    child.kill()
                    done.append((rest[finished], "hang", "hang", HANG_SECONDS, 0.0))
                    break
                _, outcome, finding, seconds, peak = ours.recv()
                done.append((rest[finished], outcome, finding, seconds, peak))
                finished += 1
        except EOFError:
            child.join()
            died = f"died ({child.exitcode})"
            done.append((rest[finished], died, died, 0.0, 0.0))
        child.join()
    return done


def main() -> int:
    """Fuzz until the time is over."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    end = time.monotonic() + 60 * arguments.minutes
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    slowest: dict[str, float] = collections.defaultdict(float)
    largest: dict[str, float] = collections.defaultdict(float)
    findings = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        kinds: dict[str, tuple[Callable[[Path], str], bytes]] = {
            kind: (read_sound, content) for kind, content in good_files(folder).items()
        }
        kinds["json"] = (read_hits, json.dumps(json.loads(SONG.read_bytes())).encode())
        kinds["link"] = (read_link, b"https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=x#t=1s")
        others = [content for _, content in kinds.values()]
        while time.monotonic() < end:
            for kind, (read, content) in kinds.items():
                inputs = []
                for index in range(BATCH):
                    path = folder / f"{index}.{kind}"
                    path.write_bytes(damaged(content, chance, others))
                    inputs.append(path)
                for path, outcome, finding, seconds, peak in run_batch(read, inputs):
                    counts[kind][outcome] += 1
                    slowest[kind] = max(slowest[kind], seconds)
                    largest[kind] = max(largest[kind], peak)
                    if finding:
                        findings += 1
                        arguments.keep.mkdir(parents=True, exist_ok=True)
                        kept = arguments.keep / f"{findings:04}.{kind}"
                        kept.write_bytes(path.read_bytes())
                        print(f"{kept}: {finding}", flush=True)
    print("| input | number | slowest s | peak MB | outcomes |\n|---|---|---|---|---|")
    for kind, found in counts.items():
        shown = ", ".join(f"{name} {number}" for name, number in found.most_common(8))
        print(f"| {kind} | {found.total()} | {slowest[kind]:.2f} | {largest[kind]:.0f} | {shown} |")
    print(f"{sum(c.total() for c in counts.values())} inputs, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
