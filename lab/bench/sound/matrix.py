"""One song in some hundred kinds of files, each read and compared with the song.

usage: python -m lab.bench.sound.matrix [--song FILE] [--only WORD] [--hits]

For each variant: how far the sound lies from where players play it (the largest shift of its
beginning, middle and end, by cross-correlation, in ms), and what was said of it. With --hits, also
what the F-measure of the drum hits lacks of 1, judged by those heard in the song, for the files as
programs write them. The exit code is 1 if a variant is refused, further off than its kind allows,
or lacks more than 2 % of its hits though its kind takes hardly any sound away.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.domain.audio import Audio
from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import Hit
from drumscribe.errors import DrumScribeError
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.context import LocalContext
from lab.bench.sound.files import RATE, Sound
from lab.bench.sound.variants import Variant, healthy, odd
from lab.places import EXAMPLES

MOST_OTHER_HITS = 0.02
# A hit is the same one so near; half of what tells two strokes apart.
SAME_HIT_SECONDS = 0.03

SONG = EXAMPLES / "funk-rock.flac"


def shift_ms(found: Sound, song: Sound, expected: tuple[float, float, float]) -> float:
    """How much later than expected a stretch of the song is heard; found, song: (n,)."""
    begin, end, at = (round(seconds * RATE) for seconds in expected)
    margin = RATE // 5
    wanted = song[begin + margin : end - margin]
    room = RATE // 4
    start = max(0, at + margin - room)
    heard = found[start : at + margin + len(wanted) + room]
    n = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.rfft(heard, n) * np.fft.rfft(wanted, n).conj()
    correlation = np.abs(np.fft.irfft(product, n)[: len(heard)])
    place = start + int(np.argmax(correlation))
    return 1000.0 * (place - (at + margin)) / RATE


@dataclass(frozen=True)
class Ears:
    """What is heard in a song, to compare others with."""

    detector: Detector
    song: list[Hit]

    @classmethod
    def of(cls, song: Sound) -> Ears:
        detector = load_detector()
        return cls(detector, heard(detector, Audio(np.ascontiguousarray(song.T), RATE)))

    def others(self, audio: Audio, late_seconds: float) -> float:
        """What the F-measure of its hits, judged by the song's, lacks of 1."""
        found = heard(self.detector, audio)
        same = 0
        for instrument in {hit.instrument for hit in self.song}:
            reference = [hit.time for hit in self.song if hit.instrument == instrument]
            estimate = [hit.time - late_seconds for hit in found if hit.instrument == instrument]
            same += len(match(reference, estimate, SAME_HIT_SECONDS))
        return 1.0 - 2 * same / (len(self.song) + len(found))


def heard(detector: Detector, audio: Audio) -> list[Hit]:
    """The hits in some sound."""
    with LocalContext() as context:
        activations = detect(audio, detector, context)
    return pick(activations, detector.picking)


def judged(variant: Variant, song: Sound, folder: Path, ears: Ears | None) -> tuple[str, bool]:
    """(the cells of its row, whether it is as it should be)."""
    path = folder / f"{variant.name}{variant.suffix}"
    path.write_bytes(variant.make(song))
    mono = song[:, 0]
    seconds = len(mono) / RATE
    try:
        with LocalContext() as context:
            found = decode(path, context=context, limits=DecodeLimits(min_seconds=1.0))
    except DrumScribeError as error:
        return f"refused | {error.message}", False
    sound = found.audio.mono()
    stretches = variant.expected or (
        (0.0, seconds / 3, 0.0),
        (seconds / 3, 2 * seconds / 3, seconds / 3),
        (2 * seconds / 3, seconds, 2 * seconds / 3),
    )
    shifts = [shift_ms(sound, mono, stretch) for stretch in stretches]
    worst = max(shifts, key=abs)
    said = " ".join(str(notice.code) for notice in found.notices)
    is_right = abs(worst) <= variant.allowed_ms
    cells = f"{worst:+.2f} ms | {said}"
    if ears is not None:
        others = ears.others(found.audio, worst / 1000.0)
        is_right &= others <= MOST_OTHER_HITS or variant.is_lossy
        cells += f" | {others:.1%}{' (lossy)' if variant.is_lossy else ''}"
    return cells, is_right


def main() -> int:
    """Print a row for each variant."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--song", type=Path, default=SONG)
    parser.add_argument("--only", default="")
    parser.add_argument("--hits", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    song, rate = soundfile.read(arguments.song, dtype="float32", always_2d=True)
    if rate != RATE or song.shape[1] != 1 or len(song) < 10 * RATE:
        parser.error("the song must be mono, at 44.1 kHz, and ten seconds long")
    # Odd files hold other parts of the song than its first ten seconds, or the same twice.
    kinds = healthy() if arguments.hits else [*healthy(), *odd()]
    variants = [variant for variant in kinds if arguments.only in variant.name]
    ears = Ears.of(song) if arguments.hits else None
    song = song if arguments.hits else song[: 10 * RATE]
    wrong = 0
    print(f"| variant | largest shift | said |{' other hits |' if ears else ''}")
    print(f"|---|---|---|{'---|' if ears else ''}")
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder:
        for variant in variants:
            cells, is_right = judged(variant, song, Path(folder), ears)
            wrong += not is_right
            print(f"| {variant.name} | {cells} |{'' if is_right else ' WRONG'}", flush=True)
    print(f"{len(variants)} variants, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
