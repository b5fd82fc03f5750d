"""The wishes as keywords. Written by scripts/generate_said.py; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.rhythm import Metre


class Said(TypedDict, total=False):
    """What somebody said; None, and what is left out, says nothing."""

    # Take the drums out of the mix and hear both: much slower, hears more in dense mixes. auto does
    # it where hardly anything is heard without, if the separation model has been downloaded, or
    # where stems are wanted.
    separation: str | None
    # Higher writes down more doubtful hits, lower fewer.
    sensitivity: float | None
    # The sensitivity of single instruments, in the place of `sensitivity`.
    sensitivity_by_instrument: Mapping[str, float] | None
    # The part to hear begins here.
    start_seconds: float | None
    # The part to hear ends here.
    end_seconds: float | None
    # Which track of sound to hear, counted from 1, if the file has several.
    audio_track: int | None
    # Hear what is there, however much of the recording is missing.
    accept_damaged: bool | None
    # The tempo in quarter notes per minute.
    bpm: float | None
    # The metre: 4/4, 3/4, 6/8, 7/8 ...
    time_signature: Metre | str | None
    # A bar begins at the beat nearest to this time.
    bar_one_at_seconds: float | None
    # 0.5 counts half as many beats as are found, 2 twice as many. Not with bpm.
    tempo_factor: float | None
    # Bars begin so many beats later (negative: earlier).
    shift_beats: int | None
    # Bar lines set by hand: a bar begins at the beat nearest to `at_seconds`, and bars of
    # `time_signature` follow up to the next one that is set; without a time signature bars lie from
    # there on as they are found.
    bars: Sequence[BarMark | Mapping[str, Any]] | None
    # Title on the page.
    title: str | None
    # Artist on the page.
    artist: str | None
    # Drum key of the page: which line and head each drum has, one voice or two.
    style: str | None
    # Which keys the MIDI files play.
    drum_map: str | None
    # The full transcription, or a chart for the stand: each groove once, then slashes and repeats,
    # fills written out (PDF, SVG, MusicXML).
    form: str | None
    # Names for sections, by their letter or the second at which they begin: A=Verse, 42.5=Chorus.
    section_names: str | None
    # Words over bars, by the second at which each begins: 12.5=Watch the stop; 47=Half time.
    bar_texts: str | None
    # Where repeated bars become repeat signs: in the PDF, in the MusicXML too, or nowhere.
    similes: str | None
    # Paper of the PDF.
    paper: str | None
    # How large the notes of the PDF are: staves of 5.6, 6.7 or 8.1 mm.
    staff_size: str | None
    # Bars on a line of the PDF, fewer where they would not fit; as many as read well where nothing
    # is said.
    bars_a_line: int | None
    # Whether the PDF says above the music what each head means.
    drum_key: str | None
    # Whether the page says which hand plays (R, L, B for both), where that was said.
    sticking: str | None
