"""What the hits themselves say about beats and bars.

Used where no network can be asked, and as a second opinion where one can: drummers put kicks and
snares on beats, kicks and crashes on downbeats, snares on the beats between, and repeat themselves
bar by bar.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.features import FRAMES_PER_SECOND
from drumscribe.domain.drums import Articulation, Hit, Instrument

# How probable a beat is where an instrument is struck at full force, and how much of that chance
# is a downbeat's. Strokes on beats in the 4/4 performances of Groove MIDI: kick .50, snare .37,
# hats .44, ride .45, crash .61, toms .30; downbeats among them .41, .09, .25, .28, .52, .28.
# Cymbals stand lower here, since they mostly repeat what the drums beside them say, and with the
# bare counts twice the tempo is found too often.
_BEAT_CHANCE: dict[Instrument, tuple[float, float]] = {
    Instrument.KICK: (0.50, 0.40),
    Instrument.SNARE: (0.50, 0.08),
    Instrument.HIHAT_CLOSED: (0.25, 0.25),
    Instrument.HIHAT_OPEN: (0.20, 0.25),
    Instrument.RIDE: (0.30, 0.25),
    Instrument.CRASH: (0.70, 0.75),
    Instrument.TOM_HIGH: (0.20, 0.15),
    Instrument.TOM_MID: (0.20, 0.15),
    Instrument.TOM_LOW: (0.20, 0.20),
}
_NO_HIT_CHANCE = 0.03
_OPENING_DOWNBEAT_SHARE = 0.8
_TOGETHER_SECONDS = 0.03
_SLOTS_PER_BEAT = 4
# Cymbals keep time; what repeats bar by bar is told by kick, snare, toms and crashes.
_PATTERN_GROUPS: tuple[tuple[Instrument, ...], ...] = (
    (Instrument.KICK,),
    (Instrument.SNARE,),
    (Instrument.CRASH,),
    (Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW),
    (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE),
)
_GROUP_WEIGHTS = np.array([1.0, 1.0, 0.7, 0.5, 0.5])


def hit_activations(hits: Sequence[Hit], n_frames: int) -> NDArray[np.float32]:
    """The activations that networks would give, guessed from the hits alone.

    A kick or crash that opens the playing is taken for a downbeat more readily than a later one.

    hits: in the order of time. Returns float32 (n_frames, 2) at 50 frames per second: the chance
    of a beat that is no downbeat, and of a downbeat.
    """
    opening_ends = hits[0].time + _TOGETHER_SECONDS if hits else 0.0
    # Independent witnesses: the chance that all of them are wrong is the product.
    no_beat = np.full(n_frames, 1.0 - _NO_HIT_CHANCE)
    no_downbeat = np.full(n_frames, 1.0 - _NO_HIT_CHANCE / 4.0)
    no_plain_beat = np.ones(n_frames)
    for hit in hits:
        beat, downbeat_share = _BEAT_CHANCE[hit.instrument]
        if hit.time <= opening_ends and hit.instrument in (Instrument.KICK, Instrument.CRASH):
            downbeat_share = _OPENING_DOWNBEAT_SHARE
        force = _force(hit)
        centre = round(hit.time * FRAMES_PER_SECOND)
        for offset, near in ((-1, 0.4), (0, 1.0), (1, 0.4)):
            frame = centre + offset
            if 0 <= frame < n_frames:
                chance = beat * force * near
                no_beat[frame] *= 1.0 - chance
                no_downbeat[frame] *= 1.0 - chance * downbeat_share
                no_plain_beat[frame] *= 1.0 - chance * (1.0 - downbeat_share)
    any_beat = 1.0 - no_beat
    downbeat = 1.0 - no_downbeat
    plain = 1.0 - no_plain_beat + 0.75 * _NO_HIT_CHANCE
    share = downbeat / (downbeat + plain)
    return np.stack([any_beat * (1.0 - share), any_beat * share], axis=1).astype(np.float32)


def beat_patterns(hits: Sequence[Hit], beat_times: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is played in each beat: (beats - 1, groups * 4), struck force per quarter of a beat.

    Hits outside of the beats are left out.
    """
    n_beats = beat_times.size - 1
    patterns = np.zeros((n_beats, len(_PATTERN_GROUPS), _SLOTS_PER_BEAT))
    group_of = {member: g for g, members in enumerate(_PATTERN_GROUPS) for member in members}
    positions = np.interp(
        [hit.time for hit in hits], beat_times, np.arange(beat_times.size), left=-1.0, right=-1.0
    )
    for hit, position in zip(hits, positions, strict=True):
        slot = round(position * _SLOTS_PER_BEAT)
        beat = slot // _SLOTS_PER_BEAT
        if 0 <= beat < n_beats:
            cell = patterns[beat, group_of[hit.instrument]]
            cell[slot % _SLOTS_PER_BEAT] = max(cell[slot % _SLOTS_PER_BEAT], _force(hit))
    patterns *= _GROUP_WEIGHTS[:, None]
    return patterns.reshape(n_beats, -1)


def repetition(patterns: NDArray[np.float64], lag: int) -> float:
    """How alike beats `lag` beats apart are: mean cosine similarity, 0..1; 0 if nothing to compare.

    patterns: as beat_patterns gives them.
    """
    if patterns.shape[0] <= lag:
        return 0.0
    here, there = patterns[:-lag], patterns[lag:]
    norms = np.linalg.norm(here, axis=1) * np.linalg.norm(there, axis=1)
    played = norms > 0
    if not played.any():
        return 0.0
    return float(((here * there).sum(axis=1)[played] / norms[played]).mean())


def _force(hit: Hit) -> float:
    """How much a hit tells: soft, doubtful and ghost strokes tell little."""
    quiet = 0.4 if hit.articulation is Articulation.GHOST else 1.0
    return (0.3 + 0.7 * hit.velocity) * hit.confidence * quiet
