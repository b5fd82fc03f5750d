"""Every number by which activations become strokes: its unit, and where it comes from.

What is chosen anew for each release (thresholds, refractory times, the curve of certainty) stands
in the manifest beside the weights and is made by lab/measure/thresholds.py and calibration.py. What
the network was trained with (the gates of loudness, lengths of chunks) stands where it is computed.
`python -m lab.sweeps.hearing` says what a fifth more or less of these costs; lab/LOG.md has the
last table. Unless a field says otherwise it is a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StrokeTuning:
    """What is one stroke, and how thresholds move.

    peak_radius_frames: a peak is the largest of so many frames on either side; a stroke peaks no
        farther apart in two columns.
    same_stroke_seconds: two sounds of one drum so near are one stroke.
    refractory_seconds: between strokes of a column of which the manifest does not say it.
    sensitivity_logits: by which thresholds move from a sensitivity of 0 to one of 1.
    certain: share beyond which a network that is sure would silence the other one altogether.
    silent_mix: drums may be too quiet for a mix to say anything of them: below this activation its
        silence is no evidence. That of the stem is: it holds nothing else.
    """

    peak_radius_frames: int = 2
    same_stroke_seconds: float = 0.03
    refractory_seconds: float = 0.03
    sensitivity_logits: float = 6.0
    certain: float = 1e-6
    silent_mix: float = 0.1


@dataclass(frozen=True, slots=True)
class CymbalTuning:
    """Hats and rides named by their neighbours.

    widths_heard: neighbours farther away than so many widths weigh less than a hundredth.
    fewest_neighbours: weight of those close by, with less of which there is no groove.
    floor: what a column says of a stroke that it does not hear at all.
    """

    widths_heard: float = 3.0
    fewest_neighbours: float = 1.5
    floor: float = 0.02


@dataclass(frozen=True, slots=True)
class TomTuning:
    """Toms named high, middle and low by their pitch.

    kits: what toms are played in a recording, by their places in TOMS, and how likely that is
        beforehand.
    usual_hz: what the toms of the training kits sound like; a kit as a whole is tuned higher or
        lower by kit_spread_octaves, each drum by drum_spread_octaves.
    stroke_spread_octaves: a drum's strokes scatter by less than a semitone; misheard_share of them
        may lie anywhere within range_octaves.
    error_correlation: the network errs alike on strokes alike: of its errors within one drum.
    least_activation: added to what the network says of each tom.
    fewest_strokes: with a pitch; with fewer the network's names stay.
    rounds: of expectation and maximisation at most.
    """

    kits: tuple[tuple[tuple[int, ...], float], ...] = (
        ((0, 1, 2), 0.30),
        ((0, 2), 0.25),
        ((2,), 0.12),
        ((0,), 0.10),
        ((0, 1), 0.10),
        ((1, 2), 0.10),
        ((1,), 0.03),
    )
    usual_hz: tuple[float, ...] = (150.0, 118.0, 85.0)
    kit_spread_octaves: float = 0.3
    drum_spread_octaves: float = 0.2
    stroke_spread_octaves: float = 0.07
    misheard_share: float = 0.15
    range_octaves: float = 2.6
    error_correlation: float = 0.1
    least_activation: float = 0.03
    fewest_strokes: int = 5
    rounds: int = 15


@dataclass(frozen=True, slots=True)
class PitchTuning:
    """The pitch of what begins to sound.

    floor: strokes of toms weaker than this are not hits at any sensitivity.
    window_seconds: of the spectrum; after_attack_seconds, before_attack_seconds: from the stroke to
        the window after it, and back to the one before it.
    range_hz: lowest and highest pitch of a tom. bin_hz: of the spectrum, at most.
    strong_partial: of the partials with this share of the strongest one's power, the lowest is the
        drum's pitch.
    """

    floor: float = 0.05
    window_seconds: float = 0.07
    after_attack_seconds: float = 0.005
    before_attack_seconds: float = 0.004
    range_hz: tuple[float, float] = (55.0, 330.0)
    bin_hz: float = 5.0
    strong_partial: float = 0.4


@dataclass(frozen=True, slots=True)
class NearlyTuning:
    """Peaks that are no hits, but may be offered to a reader.

    floor: activation from which a peak may be a stroke at all: where every bar like its own has
        the stroke, a trace is enough (lab/LOG.md, "Which bars speak for a stroke").
    refractory_seconds: of peaks nearer than this the higher one counts.
    apart_seconds: nearer to a hit of the same instrument a peak is that hit.
    """

    floor: float = 0.01
    refractory_seconds: float = 0.06
    apart_seconds: float = 0.05


STROKES = StrokeTuning()
CYMBAL = CymbalTuning()
TOM = TomTuning()
PITCH = PitchTuning()
NEARLY = NearlyTuning()
