"""Sticking goes out with a page and comes back with it, as other programs write it."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from brought_pages import brought, transcript_of, written
from drumscribe.domain.drums import Sticking
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import PageWishes, StickingLetters
from drumscribe.notation.bringing.changes import Changes
from sticking_pieces import hands_said, paradiddles


def song() -> Transcript:
    return transcript_of(paradiddles())


def as_words(root: ET.Element) -> None:
    """As MuseScore 4 writes its own text for sticking: words before the note, each its own."""
    for measure in root.iter("measure"):
        for note in measure.findall("note"):
            for lyric in note.findall("lyric"):
                note.remove(lyric)
                direction = ET.Element("direction", placement="below")
                words = ET.SubElement(ET.SubElement(direction, "direction-type"), "words")
                words.text = lyric.findtext("text")
                measure.insert(list(measure).index(note), direction)


def as_fingering(root: ET.Element) -> None:
    """On the heads themselves."""
    for note in root.iter("note"):
        for lyric in note.findall("lyric"):
            note.remove(lyric)
            technical = ET.SubElement(ET.SubElement(note, "notations"), "technical")
            ET.SubElement(technical, "fingering").text = lyric.findtext("text")


def without(root: ET.Element) -> None:
    for note in root.iter("note"):
        for lyric in note.findall("lyric"):
            note.remove(lyric)


def in_small_letters(root: ET.Element) -> None:
    for text in root.iter("text"):
        text.text = (text.text or "").lower()


@pytest.mark.parametrize(
    "change", [lambda root: None, as_words, as_fingering, in_small_letters, without]
)
def test_page_comes_back_with_the_hands_that_it_went_out_with(
    change: Callable[[ET.Element], None],
) -> None:
    """A file without a letter says nothing about hands: those of the page stay."""
    transcript = song()
    root = written(transcript)
    change(root)
    found = brought(root, transcript)
    assert found.changes == Changes(kept=len(transcript.hits))
    assert hands_said(found.hits) == hands_said(transcript.hits)


def test_page_that_hid_its_letters_keeps_them_when_it_comes_back() -> None:
    transcript = song()
    root = written(transcript, PageWishes(sticking=StickingLetters.HIDDEN))
    assert root.find(".//lyric") is None
    assert hands_said(brought(root, transcript).hits) == hands_said(transcript.hits)


def test_letters_that_somebody_changed_are_taken_over() -> None:
    transcript = song()
    root = written(transcript)
    first, second, third = [n for n in root.iter("note") if n.find("lyric") is not None][:3]
    for note, letter in ((first, "L"), (second, "B")):
        text = note.find("lyric/text")
        assert text is not None
        text.text = letter
    lyric = third.find("lyric")
    assert lyric is not None
    third.remove(lyric)
    found = brought(root, transcript)
    assert found.changes == Changes(kept=len(transcript.hits) - 3, changed=3)
    by_id = {f"hit-{hit.id}": hit for hit in found.hits}
    changed = [by_id[note.get("id", "")] for note in (first, second, third)]
    assert [hit.sticking for hit in changed] == [Sticking.LEFT, Sticking.BOTH, None]
    before = {f"hit-{hit.id}": hit for hit in transcript.hits}
    others = by_id.keys() - {note.get("id") for note in (first, second, third)}
    assert all(by_id[key].sticking is before[key].sticking for key in others)
    assert all(hit.confidence == before[f"hit-{hit.id}"].confidence for hit in changed)


@pytest.mark.parametrize(
    ("letters", "changed"),
    [
        ("RL", {}),
        ("LR", {"hihat_closed": Sticking.LEFT, "snare": Sticking.RIGHT}),
        ("RR", {"snare": Sticking.RIGHT}),
        ("BB", {"hihat_closed": Sticking.BOTH, "snare": Sticking.BOTH}),
    ],
)
def test_letters_of_a_chord_go_to_its_heads_from_the_highest_down(
    letters: str, changed: dict[str, Sticking]
) -> None:
    transcript = song()
    root = written(transcript)
    chord = next(n for n in root.iter("note") if len(n.findall("lyric")) == 2)
    for text, letter in zip(chord.iterfind("lyric/text"), letters, strict=True):
        text.text = letter
    found = {hit.id: hit for hit in brought(root, transcript).hits}
    assert {
        before.instrument.value: found[before.id].sticking
        for before in transcript.hits
        if found[before.id].sticking is not before.sticking
    } == changed
