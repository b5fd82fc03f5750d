"""What a fifth more or less of the numbers of a run costs: what is doubted, offered, heard anew.

    python -m lab.sweeps.pipeline --free FOLDER --annotated FOLDER --songs FOLDER [--only WORD]

Review: the recordings of `lab.measure.doubt`, heard once. Measured: how many of the flagged hits
are wrong and how many of the wrong ones are flagged, what share of the missed strokes is offered
and false offers a bar, and presses for four minutes (mean).

Hearing anew: each annotated mix is a page; half of what is wrong on it was taken away by hand, half
of what is missing put in, by chance of one seed. Then its drums alone are heard. Measured: F of the
page that comes out (nine classes, 50 ms, pooled).

Doubts: parts of whole songs (lab.bars.pieces.songs). Measured: the share that is warned of as it
was written, and the share that is warned of when nine in ten of its kicks, snares, cymbals or of
all strokes are lost; and the share of the recordings that are warned of for their mean confidence.

The budget of the decoding child is a limit against hostile files, not a matter of quality: nothing
here measures it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.pipeline import tuning
from drumscribe.pipeline.doubts import hardly_heard
from drumscribe.pipeline.refining.hand_work import heard_anew
from drumscribe.pipeline.reviewing.chances import chances_of_hits
from lab.bars.pieces.songs import read_songs
from lab.measure.doubt import Piece, actions, real_among, recordings, shown
from lab.measure.evaluate import read_reference
from lab.measure.onsets import Strokes
from lab.notation_study.known_parts import KnownPart
from lab.sweeps.turning import Knob, knobs_of, swept

_CYMBALS: Final = frozenset(
    {Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE, Instrument.CRASH}
)
_LOST: Final = (
    frozenset({Instrument.KICK}),
    frozenset({Instrument.SNARE}),
    _CYMBALS,
    frozenset(Instrument),
)
_LOSES_ONE_OF: Final = 10


def of_review(pieces: Sequence[Piece]) -> Mapping[str, float]:
    """How good flags and offers are."""
    flagged = wrong_flagged = wrong = offered = right = missed = bars = 0
    for piece in pieces:
        flags = chances_of_hits(piece.hits, piece.grid) < tuning.REVIEW.doubtful_below
        flagged += int(flags.sum())
        wrong_flagged += int((flags & ~piece.real).sum())
        wrong += int((~piece.real).sum())
        offers = shown(piece)
        offered += int(offers.sum())
        right += int((offers & piece.real_nearly).sum())
        missed += len(piece.missed)
        bars += piece.grid.downbeat_times.size
    return {
        "flags right": wrong_flagged / max(1, flagged),
        "wrong flagged": wrong_flagged / max(1, wrong),
        "missed offered": right / max(1, missed),
        "false a bar": (offered - right) / max(1, bars),
        "presses": float(np.mean([actions(piece) for piece in pieces])),
    }


def corrected_by_half(piece: Piece, true: Strokes, rng: random.Random) -> tuple[Hit, ...]:
    """A page of which half of the errors were put right by hand."""
    _, missed = real_among(piece.hits, true)
    stays = [
        hit for hit, real in zip(piece.hits, piece.real, strict=True) if real or rng.random() < 0.5
    ]
    put_in = [
        Hit(time, Instrument(name), confidence=1.0) for time, name in missed if rng.random() < 0.5
    ]
    return numbered(sorted([*stays, *put_in]))


def of_refining(
    pages: Sequence[tuple[Piece, tuple[Hit, ...], Piece, Strokes]],
) -> Mapping[str, float]:
    """F of pages with hand work after their drums were heard alone."""
    right = heard = played = 0
    for mix, page, stem, true in pages:
        hits = heard_anew(page, mix.hits, stem.hits).hits
        right += int(real_among(hits, true)[0].sum())
        heard += len(hits)
        played += len(true)
    return {"F": 2 * right / max(1, heard + played)}


def without(song: KnownPart, drums: frozenset[Instrument]) -> list[Hit]:
    """A part of which nine in ten strokes of some drums are lost."""
    own = iter(range(len(song.hits)))
    return [
        hit for hit in song.hits if hit.instrument not in drums or next(own) % _LOSES_ONE_OF == 0
    ]


def of_doubts(songs: Sequence[KnownPart], pieces: Sequence[Piece]) -> Mapping[str, float]:
    """How many parts are warned of rightly and wrongly, and recordings as unsure as a whole."""

    def is_warned(hits: Sequence[Hit], song: KnownPart) -> bool:
        return bool(hardly_heard(hits, float(song.bars[-1])))

    whole = [is_warned(song.hits, song) for song in songs]
    lost = [is_warned(without(song, drums), song) for song in songs for drums in _LOST]
    unsure = [
        np.mean([hit.confidence for hit in piece.hits]) < tuning.DOUBTS.low_confidence
        for piece in pieces
    ]
    return {
        "whole songs": float(np.mean(whole)),
        "drums lost": float(np.mean(lost)),
        "unsure": float(np.mean(unsure)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--free", type=Path, required=True, help="audio/*.opus, ref/*.txt")
    parser.add_argument("--annotated", type=Path, required=True, help="mix_proxy, drum_stem, ...")
    parser.add_argument("--songs", type=Path, required=True, help="songs.jsonl.xz")
    parser.add_argument("--only", default="", help="numbers whose name has this word")
    args = parser.parse_args()
    pieces = list(recordings(args.free, args.annotated))
    songs = list(read_songs(args.songs, range(6)))
    stems = {piece.name: piece for piece in pieces if piece.origin == "annotated stems"}
    rng = random.Random(0)
    pages = []
    for piece in pieces:
        if piece.origin == "annotated":
            true = read_reference(args.annotated / "annotations/subclass" / f"{piece.name}.txt")
            pages.append((piece, corrected_by_half(piece, true, rng), stems[piece.name], true))
    print(f"{len(pieces)} recordings, {len(pages)} pages, {len(songs)} songs")
    studies: dict[str, Callable[[], Mapping[str, float]]] = {
        "REVIEW": lambda: of_review(pieces),
        "REFINING": lambda: of_refining(pages),
        "DOUBTS": lambda: of_doubts(songs, pieces),
    }
    for name, study in studies.items():
        knobs: list[Knob] = [
            knob
            for knob in knobs_of({"pipeline": tuning})
            if f" {name}." in knob.name and args.only in knob.name
        ]
        print(swept(knobs, study), flush=True)


if __name__ == "__main__":
    main()
