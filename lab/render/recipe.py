"""What an excerpt is made of: the share of everything, and recipes with one lever taken away."""

from __future__ import annotations

import random
from typing import NamedTuple


class Levels(NamedTuple):
    """Drums against the band: uniform in dB; in a share of excerpts they are far ahead."""

    usual_db: tuple[float, float] = (-11.0, 6.0)
    ahead_db: tuple[float, float] = (6.0, 30.0)
    ahead_share: float = 0.25
    drumless_share: float = 0.10

    def choose(self, rng: random.Random) -> float:
        """dB of the drums above the band."""
        return rng.uniform(*(self.usual_db if rng.random() >= self.ahead_share else self.ahead_db))


class Recipe(NamedTuple):
    """How often an excerpt gets what (0..1). The defaults are the release's.

    Every share is compared with a number that is drawn in any case, so that recipes differ in what
    they say and in nothing else until the first difference.
    """

    levels: Levels = Levels()
    programmed_share: float = 0.22  # the rest was played by a drummer
    backed_share: float = 0.76
    in_time_share: float = 0.45  # of the backed: the band plays the drummer's song
    layer_share: float = 0.45  # of the backed: a singer or strummed strings on top
    # Of the backed: strums or chords on the drummer's grid. Learnt from, they cost hats in real
    # mixes and bought nothing (lab/LOG.md, run v1).
    interference_share: float = 0.0
    # Of the backed: what somebody said, sung over the band. Fewer hats are
    # invented under singers; not in the release (lab/LOG.md, "Consonants, stereo, between frames").
    spoken_share: float = 0.0
    noise_strokes_share: float = 0.25  # of the backed: unpitched strokes that are none
    ringing_share: float = 0.9  # of strokes that make something else ring or buzz
    distractors: bool = True  # tambourine, cowbell, shaker, claps
    kit_swap_share: float = 0.3  # of pieces that come from another kit than the rest
    kit_variation: float = 1.2  # factor on the spread of pitch and of level from kit to kit
    layered_share: float = 0.35  # of drums and cymbals (no toms): a second kit's on top
    one_drum_per_tom: bool = True  # and all toms of one set (lab/render/toms.py)
    room_share: float = 0.65
    compressor_share: float = 0.45
    saturation_share: float = 0.30
    codec_share: float = 0.10
    rare_pieces: bool = True  # re-voicing, fills, crashes, open hats
    hats_as_toms: bool = False  # closed hats played on a tom at their level
    # How records are played and made (styles.py, records.py). Nothing is drawn for a share of 0.
    ridden_crash_share: float = 0.12
    sloshing_hat_share: float = 0.16
    ride_share: float = 0.14
    floor_tom_share: float = 0.08
    flam_share: float = 0.10
    crash_share: float = 0.45  # excerpts with single crashes added
    fill_share: float = 0.32  # excerpts with a run over the toms
    # Kits that come whole from a General MIDI soundfont: what programmed songs sound of.
    general_midi_share: float = 0.25
    soft_snare_share: float = 0.15  # of kits: a brushed snare or an orchestra's
    two_cymbals_share: float = 0.15  # excerpts in which a ride or crash is struck with hats
    narrow_share: float = 0.15  # recordings without treble
    crushed_share: float = 0.35  # of drum buses
    # Of the backed. More of it costs velocities: how hard a stroke was is lost in it.
    mastered_share: float = 0.45
    low_strokes_share: float = 0.40  # of the backed: bass or low pads with the kick
    real_band_share: float = 0.55  # of the backed that are not in time: bands of real records
    taught_share: float = 0.20  # of all: real records, with what a teacher is sure of
    between_frames: bool = True  # targets say where between two frames an attack was


RELEASE = Recipe()

# What releases are measured on. It stays as it is when RELEASE changes, so that figures compare.
AS_IT_WAS = RELEASE._replace(
    levels=Levels((-9.0, 10.0), (10.0, 30.0)), hats_as_toms=True, ridden_crash_share=0.0,
    sloshing_hat_share=0.0, ride_share=0.0, floor_tom_share=0.0, flam_share=0.0,
    crash_share=0.30, fill_share=0.25, general_midi_share=0.0, soft_snare_share=0.0,
    two_cymbals_share=0.0, crushed_share=0.0, mastered_share=0.0, low_strokes_share=0.0,
    real_band_share=0.0, taught_share=0.0,
)  # fmt: skip
MEASURED = AS_IT_WAS._replace(
    interference_share=0.35, one_drum_per_tom=False, layered_share=0.0, kit_variation=1.0
)

# One lever of ../docs/reference/model-card.md taken away each, to see what it buys.
WITHOUT = {
    "bands": RELEASE._replace(backed_share=0.0),
    "layers": RELEASE._replace(layer_share=0.0),
    "drummers": RELEASE._replace(programmed_share=1.0),
    "one-drum-per-tom": RELEASE._replace(one_drum_per_tom=False),
    "mixed-kits": RELEASE._replace(kit_swap_share=0.0, kit_variation=0.0, layered_share=0.0),
    "distractors": RELEASE._replace(noise_strokes_share=0.0, ringing_share=0.0, distractors=False),
    "rooms-and-bus": RELEASE._replace(
        room_share=0.0, compressor_share=0.0, saturation_share=0.0, codec_share=0.0
    ),
    "rare-pieces": RELEASE._replace(rare_pieces=False),
    "records": AS_IT_WAS._replace(hats_as_toms=False, real_band_share=0.55, taught_share=0.2),
    "real-bands": RELEASE._replace(real_band_share=0.0),
    "teacher": RELEASE._replace(taught_share=0.0),
    "between-frames": RELEASE._replace(between_frames=False),
}
# One lever more each, of those that the release does without.
WITH = {"spoken": RELEASE._replace(spoken_share=0.35)}
