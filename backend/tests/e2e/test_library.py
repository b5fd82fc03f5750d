"""The library as its README shows it."""

from pathlib import Path

import pytest

import drumscribe
from drumscribe.domain.wishes import HearingWishes, Wishes
from drumscribe.errors import InvalidOption, NoDrumsFound
from drumscribe.library import Transcriber, Transcription


@pytest.fixture(scope="module")
def transcription(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Transcription:
    cache = tmp_path_factory.mktemp("cache")
    transcriber = Transcriber(cache_dir=cache, offline=True)
    return transcriber.transcribe(example_song, Wishes(hearing=HearingWishes(end_seconds=8.0)))


def test_transcription_has_hits_beats_and_score(transcription: Transcription) -> None:
    times = [hit.time for hit in transcription.hits]
    assert times == sorted(times)
    assert transcription.beats.bpm > 40
    assert transcription.score.title == "funk-rock"
    assert len(transcription.score.placements) == len(transcription.hits)


def test_transcription_writes_itself(transcription: Transcription) -> None:
    assert transcription.to_musicxml().startswith("<?xml")
    assert transcription.to_midi().startswith(b"MThd")
    assert transcription.to_midi(performance=True).startswith(b"MThd")
    assert transcription.to_pdf().startswith(b"%PDF")
    assert all("<svg" in page for page in transcription.to_svg())


def test_transcription_read_from_its_json_is_the_same(transcription: Transcription) -> None:
    again = Transcription.from_json(transcription.to_json())
    assert again.hits == transcription.hits
    assert again.to_json() == transcription.to_json()
    assert again.to_musicxml() == transcription.to_musicxml()


def test_save_returns_the_paths_it_wrote(transcription: Transcription, tmp_path: Path) -> None:
    written = transcription.save(tmp_path, name="x.y", formats=["midi", "csv"])
    assert written == {"midi": [tmp_path / "x.y.mid"], "csv": [tmp_path / "x.y.csv"]}
    assert all(path.stat().st_size for paths in written.values() for path in paths)
    with pytest.raises(InvalidOption, match="docx"):
        transcription.save(tmp_path, formats=["docx"])


def test_higher_sensitivity_hears_at_least_as_much(
    transcription: Transcription, example_song: Path, tmp_path: Path
) -> None:
    transcriber = Transcriber(cache_dir=tmp_path, offline=True)
    counts = []
    for sensitivity in (0.1, 0.5, 0.9):
        options = Wishes(hearing=HearingWishes(end_seconds=8.0, sensitivity=sensitivity))
        counts.append(len(transcriber.transcribe(example_song, options).hits))
    assert counts == sorted(counts)
    assert counts[1] == len(transcription.hits)
    assert counts[0] < counts[2]


def test_progress_names_every_stage_and_ends_each_at_one_or_goes_on(
    example_song: Path, tmp_path: Path
) -> None:
    seen: list[tuple[str, float]] = []
    Transcriber(cache_dir=tmp_path, offline=True).transcribe(
        example_song,
        Wishes(hearing=HearingWishes(end_seconds=8.0)),
        on_progress=lambda stage, fraction: seen.append((stage, fraction)),
    )
    assert list(dict.fromkeys(stage for stage, _ in seen)) == [
        "decode",
        "detect",
        "beats",
        "engrave",
    ]
    for stage in ("decode", "detect", "beats"):
        fractions = [fraction for name, fraction in seen if name == stage]
        assert fractions == sorted(fractions)
        assert len(fractions) > 1


def test_cancel_stops_at_the_next_checkpoint(example_song: Path, tmp_path: Path) -> None:
    stages: list[str] = []
    with pytest.raises(drumscribe.DrumScribeError) as caught:
        Transcriber(cache_dir=tmp_path, offline=True).transcribe(
            example_song,
            on_progress=lambda stage, _: stages.append(stage),
            is_cancelled=lambda: "detect" in stages,
        )
    assert caught.value.code == "cancelled"
    assert "beats" not in stages


@pytest.mark.parametrize(
    "options",
    [
        {"bpm": 10},
        {"sensitivity": 2},
        {"time_signature": "x"},
        {"separation": "maybe"},
        {"start_seconds": -1},
        {"separation": "never", "stems": "out/song"},
    ],
)
def test_transcribe_with_impossible_option_is_refused_before_reading(
    options: dict[str, object],
) -> None:
    with pytest.raises(InvalidOption):
        drumscribe.transcribe("gone.wav", **options)  # type: ignore[arg-type]


def test_public_names_are_all_there() -> None:
    for name in drumscribe.__all__:
        assert getattr(drumscribe, name) is not None
    with pytest.raises(AttributeError):
        _ = drumscribe.nonesuch
    assert issubclass(NoDrumsFound, drumscribe.DrumScribeError)
