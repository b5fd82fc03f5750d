"""Labels of music in which a separator finds what may be drums, or a bass, or a synthesiser.

Where what it took out strikes, nothing is said; everywhere else there is silence to be learnt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from lab.network.targets import IGNORED
from lab.render.cache import SAMPLE_RATE
from lab.render.performances import CLASSES
from lab.render.records import levels

Samples = NDArray[np.float32]
_HOP = SAMPLE_RATE // 100
# A rise of so much within 30 ms is an attack, where it is not 18 dB or more below the rest: such
# strokes are neither asked for nor punished anywhere (targets.py).
_RISE_DB, _INAUDIBLE_DB = 6.0, -18.0
_RISE_FRAMES = 3
_FRAMES_BEFORE, _FRAMES_AFTER = 4, 8


def _levels_db(samples: Samples) -> NDArray[np.float64]:
    """Level of each frame of 10 ms, in dB."""
    return np.asarray(20 * np.log10(levels(samples, _HOP)))


def attacks(band: Samples, drums: Samples) -> NDArray[np.bool_]:
    """The frames of 10 ms in which the drums strike, audibly beside the band, low or bright.

    band, drums: mono, full scale 1, of one length.
    """
    struck = np.zeros(len(drums) // _HOP, dtype=np.bool_)
    # As they are, and their slope, in which treble weighs more: a hat does not raise the level.
    for of_drums, of_band in ((drums, band), (np.diff(drums), np.diff(band))):
        own, beside = _levels_db(of_drums), _levels_db(of_band)
        before = np.pad(own, (_RISE_FRAMES, 0), mode="edge")[: len(own)]
        rises = (own - before >= _RISE_DB) & (own - beside >= _INAUDIBLE_DB)
        struck[: len(rises)] |= rises
    return struck


def codes_of_doubtful(band: Samples, drums: Samples) -> NDArray[np.uint8]:
    """IGNORED around each attack of the drums, 0 elsewhere: frames x classes at 100 a second."""
    width = _FRAMES_BEFORE + _FRAMES_AFTER + 1
    # The window lies around its frame; moved back, it finds attacks that are longer ago.
    late = (_FRAMES_AFTER - _FRAMES_BEFORE) // 2
    near = maximum_filter1d(attacks(band, drums), width, origin=late)
    codes = np.zeros((len(near), len(CLASSES)), dtype=np.uint8)
    codes[near] = IGNORED
    return codes
