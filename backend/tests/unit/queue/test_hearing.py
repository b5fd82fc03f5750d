"""A worker that hears nothing although steps wait notices it; one that is idle or busy does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from drumscribe.errors import QueueUnavailable
from drumscribe.queue.hearing import Hearing, HearingTest, Watchdog

PATIENCE = 120.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def looks(
    seconds: float,
    *,
    ticking: bool = True,
    every: Callable[[HearingTest], None] = lambda test: None,
    **seen: Any,
) -> list[Hearing]:
    """What a worker thinks while it sees the same for so long."""
    clock = Clock()
    test = HearingTest(PATIENCE, clock=clock)
    found = []
    for _ in range(int(seconds / 10)):
        clock.now += 10
        if ticking:
            test.ticked()
        every(test)
        given = {"queue_answers": True, "steps_wait": True, "is_working": False, **seen}
        found.append(test.look(**given))
    return found


def test_idle_worker_that_sees_steps_wait_doubts_and_then_gives_up() -> None:
    found = looks(150)
    assert found[5] is Hearing.GOOD
    assert found[6] is Hearing.DOUBTFUL
    assert found[11] is Hearing.DOUBTFUL
    assert found[12] is Hearing.LOST


def test_worker_without_waiting_steps_or_with_work_or_without_a_queue_hears_well() -> None:
    cases: tuple[dict[str, Any], ...] = (
        {"steps_wait": False},
        {"is_working": True},
        {"queue_answers": False},
    )
    for seen in cases:
        assert set(looks(600, **seen)) == {Hearing.GOOD}
    assert set(looks(600, every=lambda test: test.heard())) == {Hearing.GOOD}


def test_event_loop_that_stands_still_is_noticed_even_with_a_step_in_hand() -> None:
    found = looks(400, ticking=False, is_working=True, steps_wait=False)
    assert found[5] is Hearing.GOOD
    assert found[-1] is Hearing.LOST
    # While the broker is away the loop stands still by right.
    assert set(looks(400, ticking=False, queue_answers=False)) == {Hearing.GOOD}


def test_broker_that_comes_back_after_hours_gives_the_worker_its_full_time() -> None:
    clock = Clock()
    test = HearingTest(PATIENCE, clock=clock)
    for _ in range(360):
        clock.now += 10
        test.look(queue_answers=False, steps_wait=False, is_working=False)
    clock.now += 10
    assert test.look(queue_answers=True, steps_wait=True, is_working=False) is Hearing.GOOD


def _watching(**changes: Any) -> tuple[list[str], threading.Event]:
    done: list[str] = []
    over = threading.Event()

    def end() -> None:
        done.append("end")
        over.set()

    given: dict[str, Any] = {
        "queue_answers": lambda: None,
        "steps_wait": lambda: True,
        "is_working": lambda: False,
        "call_again": lambda: done.append("call again"),
        "end": end,
        **changes,
    }
    watchdog = Watchdog(HearingTest(0.6), patience_seconds=0.6, **given)
    watchdog.start()
    over.wait(2.0 if changes else 30.0)
    watchdog.stop()
    return done, over


def test_watchdog_calls_again_before_it_ends_the_worker() -> None:
    done, _ = _watching()
    assert done == ["call again", "end"]


def test_watchdog_waits_while_the_queue_is_away() -> None:
    def away() -> None:
        raise QueueUnavailable("The message queue does not answer.")

    done, over = _watching(queue_answers=away)
    assert done == []
    assert not over.is_set()
