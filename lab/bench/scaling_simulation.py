"""How many workers a load needs: a queueing simulation of the two queues.

    python -m lab.bench.scaling_simulation [--jobs-per-day N ...] [--workers N ...] [--json]

Jobs arrive as a day has them (busiest hour PEAK times the mean), go through the four steps, and
wait for workers of `default` and `heavy-compute`. Service times are measured (STEPS below), for
one core a worker. Events are simulated one by one over the busiest hours.

Tables: for each load the fewest heavy workers that keep the wait of 95 % of the jobs below a
minute, with costs; and for each number of workers the jobs per day that they carry at most.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
from collections import deque
from dataclasses import asdict, dataclass

HEAVY, DEFAULT = "heavy-compute", "default"
# The queue of each step, and its CPU-seconds: a constant and a part per second of music. Measured
# with lab.bench.transcribe and on four mixes with separation, on one thread of a server core.
STEPS = (
    ("ingest_audio", DEFAULT, 0.4, 0.002),
    ("separate_drums", HEAVY, 1.0, 1.2),
    ("predict_hits", HEAVY, 0.5, 0.010),
    ("transcribe_and_export", DEFAULT, 2.0, 0.004),
)
SEPARATION = "separate_drums"
MEAN_SONG_SECONDS, SPREAD, LONGEST_SONG_SECONDS = 225.0, 0.35, 900.0
PEAK = 2.0
HOURS = 3.0
_TARGET_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What comes in.

    jobs_per_day: on average over the day. separated_share: songs whose drums are taken out.
    """

    jobs_per_day: float
    separated_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the busiest hours looked like. Waiting: the time that a job stood in queues in all."""

    jobs: int
    heavy_workers: int
    default_workers: int
    wait_p50_seconds: float
    wait_p95_seconds: float
    total_p50_seconds: float
    heavy_busy_share: float
    claims_per_second: float


def song_seconds(rng: random.Random) -> float:
    """Log-normal: most songs last three to four minutes."""
    mu = math.log(MEAN_SONG_SECONDS) - SPREAD**2 / 2
    return min(LONGEST_SONG_SECONDS, rng.lognormvariate(mu, SPREAD))


def mean_cpu_seconds(load: Load, queue: str) -> float:
    """What one job takes on one queue."""
    return sum(
        (constant + each * MEAN_SONG_SECONDS)
        * (load.separated_share if step == SEPARATION else 1.0)
        for step, of, constant, each in STEPS
        if of == queue
    )


def simulate(load: Load, heavy: int, default: int, *, seed: int = 0) -> Outcome:
    """The busiest HOURS of a day, begun with empty queues; the first tenth is not counted."""
    rng = random.Random(seed)
    end = HOURS * 3600
    rate = load.jobs_per_day * PEAK / 86_400
    free = {HEAVY: heavy, DEFAULT: default}
    waiting: dict[str, deque[tuple[float, int, int]]] = {HEAVY: deque(), DEFAULT: deque()}
    events: list[tuple[float, int, int, int]] = [(rng.expovariate(rate), 0, -1, 0)]
    songs: list[tuple[float, float, bool]] = []
    waited: list[float] = []
    finished: dict[int, float] = {}
    busy = claims = 0.0
    order = 1

    def begin(now: float, job: int, step: int, since: float) -> None:
        nonlocal busy, claims, order
        name, queue, constant, each = STEPS[step]
        _, seconds, separated = songs[job]
        needed = constant + each * seconds
        if name == SEPARATION and not separated:
            needed = 0.02
        waited[job] += now - since
        free[queue] -= 1
        busy += needed if queue == HEAVY else 0.0
        claims += 1
        heapq.heappush(events, (now + needed, order, job, step))
        order += 1

    while events:
        now, _, job, step = heapq.heappop(events)
        if job < 0:
            songs.append((now, song_seconds(rng), rng.random() < load.separated_share))
            waited.append(0.0)
            following = now + rng.expovariate(rate)
            if following < end:
                heapq.heappush(events, (following, order, -1, 0))
                order += 1
            job, done = len(songs) - 1, -1
        else:
            free[STEPS[step][1]] += 1
            done = step
            if step == len(STEPS) - 1:
                finished[job] = now
        if done < len(STEPS) - 1:
            waiting[STEPS[done + 1][1]].append((now, job, done + 1))
        for queue, line in waiting.items():
            while line and free[queue]:
                since, other, its_step = line.popleft()
                begin(now, other, its_step, since)

    counted = [job for job, (at, _, _) in enumerate(songs) if at > end / 10]
    waits = sorted(waited[job] for job in counted)
    totals = sorted(finished[job] - songs[job][0] for job in counted)
    last = max(finished.values(), default=end)

    def at_share(values: list[float], share: float) -> float:
        return round(values[min(len(values) - 1, int(share * len(values)))], 1) if values else 0.0

    return Outcome(
        jobs=len(songs), heavy_workers=heavy, default_workers=default,
        wait_p50_seconds=at_share(waits, 0.5), wait_p95_seconds=at_share(waits, 0.95),
        total_p50_seconds=at_share(totals, 0.5), heavy_busy_share=round(busy / heavy / last, 3),
        claims_per_second=round(claims / last, 2),
    )  # fmt: skip


def default_workers_for(load: Load) -> int:
    """Twice what the mean of the busiest hour needs: they are cheap and must not be short."""
    needed = load.jobs_per_day * PEAK / 86_400 * mean_cpu_seconds(load, DEFAULT)
    return max(1, math.ceil(2 * needed))


def fewest_workers(load: Load, *, seed: int = 0) -> Outcome:
    """The smallest number of heavy workers with which 95 % of the jobs wait less than a minute."""
    needed = load.jobs_per_day * PEAK / 86_400 * mean_cpu_seconds(load, HEAVY)
    low, high = max(1, math.floor(needed)), max(2, math.ceil(needed * 1.5) + 3)
    default = default_workers_for(load)
    best = simulate(load, high, default, seed=seed)
    while low < high:
        middle = (low + high) // 2
        outcome = simulate(load, middle, default, seed=seed)
        if outcome.wait_p95_seconds <= _TARGET_SECONDS:
            best, high = outcome, middle
        else:
            low = middle + 1
    return best


def cents_per_song(load: Load, cents_per_core_hour: float) -> float:
    """What computing alone costs, if the workers were busy all the time."""
    seconds = mean_cpu_seconds(load, HEAVY) + mean_cpu_seconds(load, DEFAULT)
    return seconds / 3600 * cents_per_core_hour


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs-per-day", type=float, nargs="+", default=[1e3, 1e4, 1e5, 1e6])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 10, 100, 1000])
    parser.add_argument("--separated-share", type=float, nargs="+", default=[0.0, 1.0])
    parser.add_argument("--cents-per-core-hour", type=float, default=4.0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = []
    for share in args.separated_share:
        for jobs in args.jobs_per_day:
            load = Load(jobs_per_day=jobs, separated_share=share)
            rows.append({
                "jobs_per_day": int(jobs), "separated_share": share,
                "cents_per_song": round(cents_per_song(load, args.cents_per_core_hour), 3),
                **asdict(fewest_workers(load)),
            })  # fmt: skip
    carried = [
        {
            "heavy_workers": workers, "separated_share": share,
            # At 85 % of what they can do in the busiest hour: above that queues grow without end.
            "jobs_per_day": int(
                0.85 * workers * 86_400
                / PEAK / mean_cpu_seconds(Load(jobs_per_day=1, separated_share=share), HEAVY)
            ),
        }
        for share in args.separated_share
        for workers in args.workers
    ]  # fmt: skip
    if args.json:
        print(json.dumps({"loads": rows, "workers": carried}, indent=1))
        return
    for table in (rows, carried):
        print("| " + " | ".join(table[0]) + " |")
        print("|" + "---|" * len(table[0]))
        for row in table:
            print("| " + " | ".join(f"{value:,}" for value in row.values()) + " |")
        print()


if __name__ == "__main__":
    main()
