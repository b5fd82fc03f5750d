"""Documents of hits, edited by people or written by other programs, on their way to a page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drumscribe.domain.transcription import WarningCode
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import InvalidHits, InvalidOption
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.rerender import transcript_from_hits
from engraving_pieces import rock_beat


def document(**changes: Any) -> bytes:
    """What transcribe would have written of a rock beat, changed by hand."""
    piece = rock_beat()
    hits = json.dumps([codec.hit_to_dict(hit) for hit in piece.hits]).encode()
    return json.dumps(codec.transcript_to_dict(transcript_from_hits(hits)) | changes).encode()


def test_render_of_beats_that_are_certain_now_warns_no_more() -> None:
    beats = [0.75 * k for k in range(60)]  # 80 a minute; the piece has 104
    numbers = [k % 4 + 1 for k in range(60)]
    doubtful = document(
        bpm_unreliable=True,
        warnings=["bpm_unreliable"],
        beats=beats,
        beat_numbers=numbers,
        bar_confidences=[],
        bpm=80.0,
    )
    assert transcript_from_hits(doubtful).warnings == (WarningCode.BPM_UNRELIABLE,)

    found = transcript_from_hits(doubtful, Wishes.of({"bpm": 104.0}))

    assert found.grid.reliable
    assert found.warnings == ()


def test_render_of_edited_hits_judges_their_confidence_anew() -> None:
    content = json.loads(document())
    for hit in content["hits"]:
        hit["confidence"] = 0.25

    found = transcript_from_hits(json.dumps(content).encode())

    assert found.confidence == pytest.approx(0.25)
    assert WarningCode.LOW_CONFIDENCE in found.warnings


def test_render_keeps_what_the_document_says_of_the_recording() -> None:
    content = document(title="Song", artist="Band", source="song.mp3", duration_seconds=99.5)
    found = transcript_from_hits(content, Wishes.of({"artist": "Other"}))
    assert (found.title, found.artist, found.source) == ("Song", "Other", "song.mp3")
    assert found.duration_seconds == 99.5


@pytest.mark.parametrize("change", [{"title": 5}, {"duration_seconds": float("nan")}])
def test_render_of_a_document_that_was_broken_by_hand_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidHits, match=next(iter(change))):
        transcript_from_hits(document(**change))


def test_render_of_times_in_milliseconds_is_refused() -> None:
    with pytest.raises(InvalidHits, match="7200 s"):
        transcript_from_hits(b'[{"time": 1e9, "instrument": "kick"}]')


def test_render_of_first_hits_after_the_longest_recording_is_refused() -> None:
    content = json.loads(document())
    content["first_hits"]["times"][-1] = 1e9
    with pytest.raises(InvalidHits, match="7200 s"):
        transcript_from_hits(json.dumps(content).encode())


def test_render_of_hits_that_are_mostly_new_judges_from_them() -> None:
    content = json.loads(document())
    for hit in content["hits"]:
        hit["time"] += 0.03
    content["beats"] = [beat + 0.03 for beat in content["beats"]]
    found = transcript_from_hits(json.dumps(content).encode())
    assert found.first_hits == found.hits


def test_document_without_first_hits_is_judged_from_its_hits() -> None:
    content = json.loads(document())
    del content["first_hits"]
    found = transcript_from_hits(json.dumps(content).encode())
    assert found.first_hits == found.hits == transcript_from_hits(document()).hits


def test_render_over_beats_without_length_is_refused() -> None:
    content = document(beats=[0.5, 0.5 + 1e-9], beat_numbers=[1, 2])
    with pytest.raises(InvalidHits, match="no music"):
        transcript_from_hits(content)


def test_render_in_dotted_beats_at_a_tempo_that_nobody_plays_is_refused() -> None:
    beats = [0.25 * k for k in range(80)]
    fast = document(beats=beats, beat_numbers=[k % 4 + 1 for k in range(80)])
    with pytest.raises(InvalidOption, match="480 quarter notes"):
        transcript_from_hits(fast, Wishes.of({"time_signature": "6/8", "tempo_factor": 2.0}))


@pytest.mark.parametrize("metre", ["1/8", "1/32", "32/32", "2/16"])
def test_render_in_a_metre_that_nobody_counts_is_refused(metre: str) -> None:
    with pytest.raises(InvalidOption, match=metre):
        transcript_from_hits(document(), Wishes.of({"time_signature": metre}))


@pytest.mark.parametrize("metre", ["1/4", "3/16", "15/16", "4/1"])
def test_render_in_an_odd_metre_has_its_bars(metre: str) -> None:
    assert (
        str(transcript_from_hits(document(), Wishes.of({"time_signature": metre})).grid.metre)
        == metre
    )
