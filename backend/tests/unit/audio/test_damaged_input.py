"""Damaged recordings of every format are refused in words or decoded; nothing else comes of them.

lab/bench/sound/fuzz_inputs.py does the same for as long as one likes.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.errors import DrumScribeError
from drumscribe.pipeline.context import LocalContext
from mutations import FORMATS, damaged, good_files


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return good_files(tmp_path_factory.mktemp("seeds"), seconds=0.5)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_recording_is_decoded_or_refused_in_words(
    name: str, seeds: dict[str, bytes], tmp_path: Path
) -> None:
    chance = random.Random(f"{name}-1")
    path = tmp_path / f"damaged.{name}"
    limits = DecodeLimits(min_seconds=0.1, max_seconds=60)
    outcomes = set()
    for _ in range(25):
        path.write_bytes(damaged(seeds[name], chance, list(seeds.values())))
        with LocalContext() as context:
            try:
                decode(path, context=context, limits=limits)
                outcomes.add("decoded")
            except DrumScribeError as error:
                outcomes.add(error.code if error.message else "silent refusal")
    assert outcomes & {"not_audio", "truncated_audio"}
    assert "silent refusal" not in outcomes


def test_webm_with_an_unknown_codec_is_refused(seeds: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "unknown.webm"
    path.write_bytes(seeds["webm"].replace(b"A_OPUS", b"A_OPUX"))
    with LocalContext() as context, pytest.raises(DrumScribeError) as caught:
        decode(path, context=context)
    assert caught.value.code == "not_audio"
