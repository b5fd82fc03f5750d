"""Any number of channels folded down to two, and two that cancel each other put right."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_HALF_POWER: Final = 0.5**0.5
# FFmpeg's name of a place -> gains on the left and on the right. Centre and surround at -3 dB
# (ITU-R BS.775); the bass channel takes part, as a kick drum may be there.
_GAINS: Final = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (_HALF_POWER, _HALF_POWER),
    "LFE": (_HALF_POWER, _HALF_POWER),
    "BL": (_HALF_POWER, 0.0),
    "BR": (0.0, _HALF_POWER),
    "SL": (_HALF_POWER, 0.0),
    "SR": (0.0, _HALF_POWER),
    "BC": (0.5, 0.5),
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "DL": (1.0, 0.0),
    "DR": (0.0, 1.0),
    "WL": (1.0, 0.0),
    "WR": (0.0, 1.0),
    "TFL": (_HALF_POWER, 0.0),
    "TFR": (0.0, _HALF_POWER),
    "TBL": (_HALF_POWER, 0.0),
    "TBR": (0.0, _HALF_POWER),
}
# Where a file does not say which channel is where: the order of WAV and FLAC (RFC 9639, 9.1.3).
_USUAL_PLACES: Final = {
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "BL", "BR"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
# Uncorrelated channels have as much power in their difference as in their sum; a little more is
# chance, this much (2 dB) is a channel with its poles swapped.
_SIDE_OVER_MID: Final = 1.6


def folded(samples: NDArray[np.float32], places: tuple[str, ...]) -> NDArray[np.float32]:
    """(n, channels) -> (n, at most 2 channels); one or two channels stay as they are.

    places: of the channels, as FFmpeg names them. Where they are unknown, three to eight channels
    stand in the usual order of speakers; more are tracks of a session, which are averaged. The
    gains of each side sum to 1, so nothing can clip.
    """
    channels = samples.shape[1]
    if channels <= 2:
        return samples
    if places and places[0].startswith("AMBI"):
        return samples[:, :1]  # the sound from all sides; the others tell the direction
    if not set(places) <= set(_GAINS):
        places = _USUAL_PLACES.get(channels, ())
    gains = np.array([_GAINS[place] for place in places], dtype=np.float32)
    if not len(gains) or not gains.sum(axis=0).all():
        gains = np.ones((channels, 2), dtype=np.float32)
    return np.asarray(samples @ (gains / gains.sum(axis=0)), dtype=np.float32)


def cancels_itself(samples: NDArray[np.float32]) -> bool:
    """Whether two channels cancel each other where they are added: one has its poles swapped.

    samples: (channels, n).
    """
    if samples.shape[0] != 2:
        return False
    left, right = (np.asarray(channel) for channel in samples)
    # |l - r|^2 against |l + r|^2; float32 dot products of blocks are summed in float64.
    own = cross = 0.0
    for start in range(0, samples.shape[1], 1 << 20):
        a, b = left[start : start + (1 << 20)], right[start : start + (1 << 20)]
        own += float(np.dot(a, a)) + float(np.dot(b, b))
        cross += 2 * float(np.dot(a, b))
    return own - cross > _SIDE_OVER_MID * (own + cross)
