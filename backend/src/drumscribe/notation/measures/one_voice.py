"""Hands and feet on one stem: a score as pop charts write it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from drumscribe.domain.score import Measure, Score, ScoreNote, VoiceRole
from drumscribe.notation.measures.bars import tuplet_beat
from drumscribe.notation.measures.voices import Chord, write_voice
from drumscribe.notation.styles.drum_styles import DrumStyle


def in_style(score: Score, style: DrumStyle) -> Score:
    """The score with its voices merged where the style has one voice, else as it is.

    Values, tuplets, rests and beams are decided anew; heads of a chord stand from low to high.
    """
    if not style.has_one_voice:
        return score
    return replace(score, measures=tuple(_merged(measure, style) for measure in score.measures))


def _merged(measure: Measure, style: DrumStyle) -> Measure:
    if len(measure.voices) == 1 and measure.voices[0].role is VoiceRole.HANDS:
        return measure

    def height(note: ScoreNote) -> tuple[int, str]:
        return style.drawing_of(note).staff_position, style.sound_of(note).key

    chords: dict[Fraction, Chord] = {}
    for voice in measure.voices:
        for event in voice.events:
            if event.is_rest:
                continue
            chord = chords.get(event.onset, Chord(()))
            chords[event.onset] = Chord(
                tuple(sorted((*chord.notes, *event.notes), key=height)),
                (*chord.graces, *event.graces),
            )
    voice = write_voice(
        VoiceRole.HANDS,
        chords,
        groups=measure.groups,
        beat_length=tuplet_beat(measure.metre),
        metre=measure.metre,
    )
    return replace(measure, voices=(voice,))
