"""The same wishes give the same transcript, by `drumscribe render` and by an edit over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api_client import JOBS, Api, make_api, short_recording
from bars_compared import changed_elsewhere
from drumscribe.domain.wishes import BeatWishes, PageWishes, Wishes
from drumscribe.domain.wishing.fields import Wish, wishes_of
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    Number,
    OneNumberOf,
    OneOf,
    Text,
    TimeSignature,
    Whole,
    YesNo,
)
from drumscribe.errors import InvalidOption
from drumscribe.library import Transcription
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.rerender import transcript_from_hits

# Of the first run; the time it took stands in the document.
NOT_COMPARED = ("compute_time_ms",)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    made = make_api(tmp_path_factory.mktemp("agree"), pdf_backend="none", rate_limit_per_minute=0)
    with made.client:
        yield made


@pytest.fixture(scope="module")
def url(api: Api, example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    recording = short_recording(example_song, tmp_path_factory.mktemp("s") / "song.flac", 5.0)
    return f"{JOBS}/{api.completed(recording)}"


@pytest.fixture(scope="module")
def machine(api: Api, url: str) -> bytes:
    """What the machine wrote, as anybody can download it."""
    return api.client.get(f"{url}/download/json").content


def values_of(wish: Wish) -> st.SearchStrategy[Any]:
    """Values of a wish in their JSON form, those that make sense for a short song."""
    match wish.kind:
        case Number(least, most):
            return st.floats(least, min(most, 300.0), allow_nan=False)
        case Whole(least, most):
            return st.integers(least, most)
        case OneNumberOf(choices):
            return st.sampled_from(choices)
        case OneOf():
            return st.sampled_from(wish.kind.choices)
        case YesNo():
            return st.booleans()
        case Text():
            return st.text(alphabet="aÖ 9", max_size=8)
        case TimeSignature():
            return st.sampled_from(["4/4", "3/4", "6/8", "7/8", "5/16", "2/2"])
        case BarMarks():
            metres = st.sampled_from(["2/4", "4/4", "7/8", None])
            mark = st.builds(
                lambda at, metre: {"at_seconds": at, "time_signature": metre},
                st.floats(0.0, 5.0),
                metres,
            )
            return st.lists(mark, max_size=2)
        case ByInstrument(number):
            return st.just({"kick": number.most})


SAID = st.fixed_dictionaries(
    {},
    optional={
        wish.name: values_of(wish)
        for subject in (BeatWishes, PageWishes)
        for wish in wishes_of(subject)
    },
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=SAID)
def test_render_and_edit_give_equal_transcripts(
    api: Api, url: str, machine: bytes, said: dict[str, Any]
) -> None:
    answer = api.client.patch(url, json={"revert": True, **said})
    try:
        found = transcript_from_hits(machine, Wishes.of(said))
    except InvalidOption:
        assert answer.status_code == 422
        return
    assert answer.status_code == 200, answer.text
    rendered = codec.transcript_to_dict(found, Transcription(found).score)
    edited = json.loads(api.client.get(f"{url}/download/json").content)
    for name in NOT_COMPARED:
        edited.pop(name)
        rendered.pop(name)
    assert edited == json.loads(json.dumps(rendered))


def test_hit_put_in_over_http_leaves_the_other_bars_and_is_taken_back_exactly(
    api: Api, url: str, machine: bytes
) -> None:
    api.client.patch(url, json={"revert": True})
    before = Transcription.from_json(machine.decode())
    hits = json.loads(machine)["hits"]
    time = 0.5 * (hits[0]["time"] + hits[1]["time"])

    put_in = {"time": time, "instrument": "tom_low"}
    answer = api.client.put(f"{url}/score", json={"hits": [*hits, put_in]})
    assert answer.status_code == 200, answer.text
    document = api.client.get(f"{url}/download/json").content
    after = Transcription.from_json(document.decode())
    assert json.loads(document)["first_hits"] == json.loads(machine)["first_hits"]
    assert changed_elsewhere(before.score, after.score, [time]) == []
    assert Transcription(transcript_from_hits(document)).score == after.score

    assert api.client.put(f"{url}/score", json={"hits": hits}).status_code == 200
    again = api.client.get(f"{url}/download/json").content.decode()
    assert Transcription.from_json(again).score == before.score
