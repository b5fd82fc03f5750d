"""The finished example on the first view of the web page is what DrumScribe makes of it today."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from drumscribe.evaluation.hits import HitsOptions, evaluate_hits
from drumscribe.library import Transcriber, Transcription

PAGE = Path(__file__).resolve().parents[3] / "examples" / "page"


@pytest.fixture(scope="module")
def kept() -> Transcription:
    return Transcription.from_json((PAGE / "funk-rock.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("form", "name"), [("svg", "wide.svg"), ("svg-narrow", "narrow.svg")])
def test_example_page_has_the_bars_and_notes_of_today(
    kept: Transcription, tmp_path: Path, form: str, name: str
) -> None:
    (drawn,) = kept.save(tmp_path, name="page", formats=[form])[form]
    assert ids_of(drawn) == ids_of(PAGE / name)


def test_example_clock_is_that_of_today(kept: Transcription, tmp_path: Path) -> None:
    (written,) = kept.save(tmp_path, name="page", formats=["timemap"])["timemap"]
    assert json.loads(written.read_text()) == json.loads((PAGE / "timemap.json").read_text())


def test_example_is_heard_as_it_is_shown(
    kept: Transcription, example_song: Path, tmp_path: Path
) -> None:
    heard = Transcriber(cache_dir=tmp_path, offline=True).transcribe(example_song)
    # Arithmetic of another machine may move a hit by a hair, or tip one that was in doubt.
    report = evaluate_hits(
        {"song": kept.hits},
        {"song": heard.hits},
        HitsOptions(label_sets=("9",), tolerances_seconds=(0.01,)),
    )
    assert (report.scores[0].all.counts.f or 0) >= 0.98


def ids_of(drawing: Path) -> list[str]:
    """Names of the bars and of the heads that are hits, in the order of the drawing."""
    return re.findall(r'id="((?:bar|hit)-\d+)"', drawing.read_text(encoding="utf-8"))
