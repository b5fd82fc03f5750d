"""Which sounds a score uses."""

from __future__ import annotations

from drumscribe.domain.score import Score
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import DrumStyle


def sounds_of(score: Score, style: DrumStyle) -> list[Sound]:
    """The sounds that occur, in the order of the style table (from the top of the kit down)."""
    found = {
        style.sound_of(note)
        for measure in score.measures
        for voice in measure.voices
        for event in voice.events
        for note in (*event.notes, *event.graces)
    }
    return [sound for sound in style.drawings if sound in found]
