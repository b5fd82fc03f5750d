"""Where the beats and bars lie: found from sound and hits, or counted anew as the user says."""

from drumscribe.beats.overrides import recounted, shifted
from drumscribe.beats.retracking import fits_tempo, recount_or_find
from drumscribe.beats.sound.listening import hear_beats
from drumscribe.beats.tracking import track_beats

__all__ = [
    "fits_tempo",
    "hear_beats",
    "recount_or_find",
    "recounted",
    "shifted",
    "track_beats",
]
