"""Running services, embedded and on Celery, that are sent what breaks decoders: they stay up."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from job_worlds import short_song
from service_houses import House
from service_processes import lengthened

DECODER = "drumscribe.pipeline.decoding.child"
# Interpreter and FFmpeg's libraries take 380 of it: five minutes fit beside, fifteen do not.
HOUSE = {"DECODE_MEMORY_MB": "460"}
TRIES = 10


@pytest.fixture(scope="module")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@pytest.fixture(scope="module")
def long_song(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("long") / "song.flac"
    return lengthened(example_song, target, seconds=300)


@pytest.fixture(scope="module")
def longest_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small file of a quarter of an hour."""
    target = tmp_path_factory.mktemp("longest") / "song.flac"
    second = np.sin(np.arange(44_100, dtype=np.float32) * 0.01)[:, None].repeat(2, axis=1)
    soundfile.write(target, np.tile(second, (890, 1)), 44_100)
    return target


def ended_with_its_decoder_sent(
    house: House, song: Path, number: signal.Signals, *, times: int = 1
) -> dict[str, Any]:
    """The end of a job whose decoder gets a signal; a decoder that was too quick is tried again."""
    for _ in range(TRIES):
        url = house.submit(song)
        sent: set[int] = set()
        while len(sent) < times and _is_ingesting(house, url):
            for process_id, command in house.workers().items():
                if DECODER in command and process_id not in sent:
                    with suppress(ProcessLookupError):
                        os.kill(process_id, number)
                        sent.add(process_id)
            time.sleep(0.02)
        if len(sent) == times:
            return house.ended(url)
        house.client.delete(url)
    raise AssertionError(f"{TRIES} decoders were too quick")


def _is_ingesting(house: House, url: str) -> bool:
    return house.client.get(url).json()["status"] in ("queued", "processing")


def lasting(house: House) -> set[int]:
    """The processes of the service that are no decoders and no engravers."""
    return {number for number, command in house.workers().items() if " worker" in command}


def test_decoder_that_segfaults_ends_its_job_and_nothing_else(
    house: House, clip: Path, long_song: Path
) -> None:
    assert house.ended(house.submit(clip))["status"] == "completed"
    before = lasting(house)
    assert before
    state = ended_with_its_decoder_sent(house, long_song, signal.SIGSEGV)
    assert (state["status"], state["error"]["code"]) == ("failed", "decoder_crashed")
    assert lasting(house) == before
    assert house.ended(house.submit(clip))["status"] == "completed"


def test_recording_that_needs_more_memory_than_allowed_ends_its_job_and_nothing_else(
    house: House, clip: Path, longest_song: Path
) -> None:
    assert house.ended(house.submit(clip))["status"] == "completed"
    before = lasting(house)
    assert before
    state = house.ended(house.submit(longest_song))
    assert (state["status"], state["error"]["code"]) == ("failed", "decoder_limit_exceeded")
    assert lasting(house) == before
    assert house.ended(house.submit(clip))["status"] == "completed"
