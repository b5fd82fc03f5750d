"""A bar in a metre that its length does not say: 6/8 among bars of 4/4, and all that writes it."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from xml.etree import ElementTree as ET

import mido
import pytest

from brought_pages import brought, is_unchanged, transcript_of, written
from drumscribe.domain.bars.laying import with_bars
from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Beam, Score
from drumscribe.domain.transcription import Transcript
from drumscribe.library import Transcription
from drumscribe.notation.measures.one_voice import in_style
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_styles import ONE_VOICE
from drumscribe.notation.writers.midi import performance_midi, score_midi
from drumscribe.notation.writers.timemap import time_map
from drumscribe.pipeline.bring_back import with_brought
from drumscribe.pipeline.files import codec
from engraving_pieces import H, K, Piece, S, Writer, steady_grid

SIGNATURES = ["4/4", "6/8", "3/4", "4/4"]


def mixed(*, silent_half: bool = False) -> Piece:
    """Eighths over bars of 4/4, 6/8, 3/4, 4/4; the bar of 6/8 may be silent from its middle on."""
    grid = steady_grid("4/4", 6, bpm=120)
    said = [(4, "6/8"), (7, "3/4"), (10, "4/4")]
    laid = with_bars(grid, [BarMark(grid.beat_times[b], Metre.parse(m)) for b, m in said])
    w = Writer(laid)
    for eighth in range(2 * 18):
        if silent_half and 11 <= eighth < 14:
            continue
        w.add(H, eighth / 2)
    for beat in (0, 2, 4, 7, 10, 12, 14):
        w.add(K, beat)
    w.add(S, 1, 3, 8, 9, 11, 13)
    return w.piece()


def page_of(piece: Piece) -> tuple[Transcript, Score]:
    transcript = transcript_of(piece)
    return transcript, quantize(transcript.hits, transcript.grid)


def signatures(content: bytes) -> list[tuple[Fraction, str]]:
    """Quarters from the start, and each signature that is another than the one before."""
    file = mido.MidiFile(file=io.BytesIO(content))
    tick = 0
    found: list[tuple[Fraction, str]] = []
    for message in file.tracks[0]:
        tick += message.time
        if message.type == "time_signature":
            text = f"{message.numerator}/{message.denominator}"
            if not found or found[-1][1] != text:
                found.append((Fraction(tick, file.ticks_per_beat), text))
    return found


def test_bars_of_six_eighths_and_three_quarters_are_told_apart_on_the_page() -> None:
    _, score = page_of(mixed())
    assert [str(measure.metre) for measure in score.measures[:4]] == SIGNATURES
    six, three = score.measures[1:3]
    assert six.length == three.length == 3
    assert six.groups == (Fraction(3, 2),) * 2
    assert three.groups == (Fraction(1),) * 3
    hands = six.voices[0].events
    begin, on, end = (Beam.BEGIN,), (Beam.CONTINUE,), (Beam.END,)
    assert [event.beams for event in hands] == [begin, on, end] * 2


def test_silent_half_of_six_eighths_is_a_dotted_rest_in_hands_and_on_one_stem() -> None:
    _, score = page_of(mixed(silent_half=True))
    for page in (score, in_style(score, ONE_VOICE)):
        hands = page.measures[1].voices[0].events
        assert [event.is_rest for event in hands] == [False, False, False, True]
        rest = hands[-1].value
        assert rest is not None
        assert (rest.base, rest.dots) == (1, 1)


def test_music_xml_midi_and_json_say_the_same_metres() -> None:
    transcript, score = page_of(mixed())
    root = written(transcript)
    times = [
        (bar.get("number"), f"{time.findtext('beats')}/{time.findtext('beat-type')}")
        for bar in root.iter("measure")
        for time in bar.iter("time")
    ]
    assert times == [("1", "4/4"), ("2", "6/8"), ("3", "3/4"), ("4", "4/4")]
    starts = [(Fraction(at), metre) for at, metre in zip((0, 4, 7, 10), SIGNATURES, strict=True)]
    assert signatures(score_midi(score)) == starts
    played = signatures(performance_midi(transcript.hits, transcript.grid))
    assert [metre for _, metre in played][-4:] == SIGNATURES

    document = codec.transcript_to_json(transcript)
    again = codec.transcript_from_json(document)
    assert again.grid.bar_metres == transcript.grid.bar_metres
    assert again.grid.has_bars_of(transcript.grid)


def test_bar_of_six_eighths_has_two_beats_in_the_time_map() -> None:
    transcript, score = page_of(mixed())
    made = time_map(score, transcript.hits, transcript.grid, duration_seconds=20.0)
    assert [len(bar.beats) for bar in made.measures[:4]] == [4, 2, 3, 4]
    six = made.measures[1]
    middle = (six.start_seconds + six.end_seconds) / 2
    assert six.beats == pytest.approx((six.start_seconds, middle), abs=1e-5)


def test_score_with_six_eighths_that_is_brought_back_keeps_its_metres() -> None:
    transcript, _ = page_of(mixed())
    root = written(transcript)
    assert is_unchanged(brought(root, transcript), transcript)

    # Onto a page that has nothing but bars of 4/4, and onto one where the bar is 3/4.
    grid = steady_grid("4/4", 6, bpm=120)
    threes = [BarMark(grid.beat_times[4], Metre(3, 4)), BarMark(grid.beat_times[10], Metre(4, 4))]
    for other in (grid, with_bars(grid, threes)):
        page = Transcript(transcript.hits, other, transcript.duration_seconds, 1.0)
        after, found = with_brought(ET.tostring(root), page)
        made = Transcription(after).score
        assert [str(measure.metre) for measure in made.measures[:4]] == SIGNATURES
        assert after.hits == transcript.hits
        assert [str(mark.metre) for mark in found.bars][:4] == SIGNATURES
        laid = with_bars(other, found.bars)
        assert laid.bar_metres[:4] == (None, Metre(6, 8), None, None)


def test_document_without_metres_of_bars_opens_as_before() -> None:
    transcript, _ = page_of(mixed())
    document = codec.transcript_to_dict(transcript)
    assert document.pop("bar_time_signatures")[:3] == [None, "6/8", None]
    old = codec.transcript_from_json(json.dumps(document).encode())
    score = quantize(old.hits, old.grid)
    assert [str(measure.metre) for measure in score.measures[:4]] == ["4/4", "3/4", "3/4", "4/4"]
