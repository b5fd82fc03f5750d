"""Every number by which a pulse is found in sound: its unit, and where it comes from.

What the networks were trained with (rate, windows, bands) stands in features.py. Unless a field
says otherwise it is a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoundTuning:
    """What the networks of sound hear.

    mix_share: of the mix against the drum stem, where there is one.
    beats_per_minute: slowest and fastest; usual_beats_per_minute: what a walk prefers.
    least_chance: chances of beats are told apart from here on.
    audible: chances of a beat and a downbeat together below which nothing was heard.
    checked_beats: in a bar, of which the pulse is the walk through; fewer are no pulse.
    fewest_strokes: with fewer, what the networks hear gives steps as well. With more, steps of
        their own mislead more than they help: on eight real mixes and stems the strokes alone had
        every bar line right, and two of them were lost with the networks' steps among the others.
    """

    mix_share: float = 0.7
    beats_per_minute: tuple[float, float] = (55.0, 215.0)
    usual_beats_per_minute: float = 115.0
    least_chance: float = 0.003
    audible: float = 0.1
    checked_beats: int = 4
    fewest_strokes: int = 40


@dataclass(frozen=True, slots=True)
class WalkTuning:
    """The walk of a bar pointer through what is heard.

    beat_share: of a beat, from its start, in which "beat" may be said, and tempo_change, the
        exponent of the price of another tempo: as Krebs, Boeck and Widmer (ISMIR 2015) have them
        (lambda 100, observations of a sixteenth of a beat).
    largest_change: of the beat's length, between one beat and the next.
    preference_width: of log tempo, by which the usual one is preferred.
    floor: of chances. frames_per_checkpoint: after so many frames somebody may stop it.
    coarse_frames, fine_frames: the shortest beat in frames of the clock, for a wide and for a
        narrow range of tempi: a narrow one can afford a finer clock.
    """

    beat_share: float = 1.0 / 16.0
    tempo_change: float = 100.0
    largest_change: float = 0.15
    preference_width: float = 0.45
    floor: float = 1e-6
    frames_per_checkpoint: int = 2000
    coarse_frames: float = 8.0
    fine_frames: float = 24.0


@dataclass(frozen=True, slots=True)
class PulseTuning:
    """A pulse is steadier than the whole frames in which the walk counts.

    frame_spread_seconds, tempo_spread_seconds: how far a beat is from its frame, and the spacing of
        beats from evenness (standard deviations).
    """

    frame_spread_seconds: float = 0.010
    tempo_spread_seconds: float = 0.004


@dataclass(frozen=True, slots=True)
class LevelTuning:
    """Loudness of a recording.

    training_rms: of the music that the networks were trained on; silent_power: mean power of a
        second (full scale is 1) of which nothing can be heard. block_seconds: read at once.
    """

    training_rms: float = 0.1
    silent_power: float = 1e-10
    block_seconds: float = 10.0


SOUND = SoundTuning()
WALK = WalkTuning()
PULSE = PulseTuning()
LEVEL = LevelTuning()
