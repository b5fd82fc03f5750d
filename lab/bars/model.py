"""Makes drumscribe/beats/reading/bar_model.json: what the evidence for bars weighs.

    python -m lab.bars.model SONGS_FOLDER [--folds 1] [--cuts 3] [--made 2] [--composed 6]
        [--ruled 100] [--keep-weights] [--without NAMES.txt] [--keep FOLDER]

So that the pages chosen are worth most (lab/bars/fitting.py), near the weights that are shipped,
over pieces whose bars are known (lab/bars/pieces): cuts of songs, as they are and made into other
metres, half of them as a listener would hear them; composed pieces, parts made by rule in rare
metres, and plain music that says no bar line, which is to be read in 4/4. The network of strokes
has to be there already, and the folds must be ones that it has not learnt from: what it says of
songs that it knows is too good.
The weights of the walk through changes of metre stay as they are in the file: fitted like this they
choose whole pages better and find changes less well (lab/LOG.md, "Bars, two networks").
Then the curves of doubt, by logistic regression over the pages of pieces that the weights were not
fitted on: the folds are halved, and each half is read with weights of the other. A page is doubted
below the chance at which most of those doubted are wrong, judged by the curve of the other half.
Pages of plain music count as wrong there: they are guesses.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import drumscribe.beats.reading as reading_room
from drumscribe.beats.doubt import bar_evidence, page_evidence
from drumscribe.beats.reading.evidence import FEATURES
from drumscribe.beats.reading.model import MODEL_FILE, feature_weights, model_data
from drumscribe.domain.rhythm import COMMON_TIME
from lab.bars.cases import Case, bar_lines, case_of, counted
from lab.bars.fitting import Row, fit_by_worth, logistic
from lab.bars.pieces.composed_songs import COMPOSED, composed
from lab.bars.pieces.made_metres import Bars, any_making, whole_in
from lab.bars.pieces.plain_pieces import PLAIN, plain_pieces
from lab.bars.pieces.ruled_songs import RULED, ruled_parts
from lab.bars.pieces.songs import Floats, cut, read_songs
from lab.notation_study.judging.parts import RIGHT_PAGE_F, downbeat_f
from lab.notation_study.known_parts import KnownPart, as_heard

TARGET = Path(next(iter(reading_room.__path__))) / MODEL_FILE
MADE = "made"  # the group of songs made into other metres
_SECONDS = 45.0
_MADE_SEED = 77
_STRETCHED = 0.5  # octaves of tempo up and down, of songs made into other metres
_MOST_ODD = 0.3  # of the bars; songs with more are not made into anything
_SAME_LINE_SECONDS = 0.07
_RULED_SEED = 801
_PULL = 0.03
# Songs alone cannot say what sound weighs; a beat at half time over quarters is custom, and that
# plain music is in 4/4 is one too.
_BY_HAND = tuple(
    name.startswith(("heard", "half-time over", "four beats alike")) for name in FEATURES
)
# What is usual can only speak for a reading: our own pieces come at all tempi alike, and would have
# the unusual preferred.
_USUAL = ("tempo", "dotted tempo", "fast", "slow", "bar length", "off eighths", "off sixteenths")
_FITTING = ("finer", "likelihood", "likelihood against the best", "lone crashes")
_NEVER_NEGATIVE = tuple(
    name in (*_USUAL, *_FITTING) or name.startswith("learnt") for name in FEATURES
)
# Of the pages doubted, so many have to be wrong: .7 is wanted, and other songs differ a little.
_WRONG_OF_DOUBTED = 0.72
_LEVELS = np.arange(0.30, 0.80, 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class Doubts:
    """page: (pages, evidence) and whether each is right, and whether it is of a song (and not made
    by rule); bar: the same of bars, the odds of their page left out.
    """

    page: Floats
    page_right: NDArray[np.bool_]
    of_song: NDArray[np.bool_]
    bar_local: tuple[Floats, ...]
    bar_right: tuple[NDArray[np.bool_], ...]


def doubts(cases: Sequence[Case], weights: Floats) -> Doubts:
    """Evidence of the page that wins for each piece, and whether it and its bars are right."""
    evidence, right, of_song, local, bars_right = [], [], [], [], []
    for case in cases:
        pages = case.pages(weights)
        walk = case.walk(pages[0], weights)
        evidence.append(page_evidence(pages, walk, case.strokes, case.steps_of(pages[0])))
        f = downbeat_f(case.piece, bar_lines(counted(pages[0], walk)))
        right.append(f >= RIGHT_PAGE_F and case.piece.group != PLAIN)
        of_song.append(case.piece.group not in (PLAIN, RULED))
        lines = pages[0].best.grid.time_at(walk.starts[:-1].astype(np.float64))
        inside = (lines >= 0.0) & (lines <= case.piece.hits[-1].time)
        local.append(bar_evidence(0.0, walk)[inside, 2])
        away = np.abs(lines[inside, None] - case.piece.bars).min(axis=1)
        bars_right.append(away <= _SAME_LINE_SECONDS)
    return Doubts(
        np.array(evidence), np.array(right), np.array(of_song), tuple(local), tuple(bars_right)
    )


def curves(found: Sequence[Doubts]) -> tuple[Floats, Floats]:
    """Weights of doubt in a page, and in a bar."""
    evidence = np.concatenate([each.page for each in found])
    page = logistic(evidence, np.concatenate([each.page_right for each in found]))
    rows, right = [], []
    for each in found:
        for odds, local, is_right in zip(
            each.page @ page, each.bar_local, each.bar_right, strict=True
        ):
            rows.append(np.stack([np.ones(local.size), np.full(local.size, odds), local], axis=1))
            right.append(is_right)
    return page, logistic(np.concatenate(rows), np.concatenate(right), pull=0.001)


def doubted_below(found: Sequence[Doubts], wrong_share: float = _WRONG_OF_DOUBTED) -> float:
    """The highest chance below which pages can be doubted so that `wrong_share` of them are wrong.

    found: lots of pages; each is judged by the curve that fits the others, and those of songs
    count. Where no level will do, the lowest one.
    """
    chances = []
    for k, judged in enumerate(found):
        others = [each for j, each in enumerate(found) if j != k] or [judged]
        curve = logistic(
            np.concatenate([each.page for each in others]),
            np.concatenate([each.page_right for each in others]),
        )
        chances.append(1.0 / (1.0 + np.exp(-judged.page[judged.of_song] @ curve)))
    chance = np.concatenate(chances)
    is_wrong = ~np.concatenate([each.page_right[each.of_song] for each in found])
    for level in np.round(_LEVELS[::-1], 2).tolist():
        doubted = chance < level
        if doubted.any() and is_wrong[doubted].mean() >= wrong_share:
            return float(level)
    return float(round(_LEVELS[0], 2))


def cuts(folder: Path, folds: Sequence[int], each: int, without: frozenset[str]) -> list[KnownPart]:
    """So many cuts of every song, about half of them as heard; the same ones every time."""
    pieces = []
    for song in read_songs(folder, folds):
        for number in range(0 if song.name in without else each):
            rng = np.random.default_rng(zlib.crc32(song.name.encode()) + 1000 * number)
            piece = cut(song, _SECONDS, rng)
            if piece is not None:
                pieces.append(as_heard(piece, rng) if rng.random() < 0.5 else piece)
    return pieces


def made_cuts(
    folder: Path, folds: Sequence[int], each: int, without: frozenset[str]
) -> list[KnownPart]:
    """So many cuts of every song in 4/4, each made into another metre at another tempo, about half
    of them as heard; the same ones every time.
    """
    pieces = []
    for song in read_songs(folder, folds):
        bars = Bars.of(song)
        if song.name in without or bars.odd_share > _MOST_ODD:
            continue
        for number in range(each):
            rng = np.random.default_rng([_MADE_SEED, number, zlib.crc32(song.name.encode())])
            changed = whole_in(any_making(rng), bars)
            stretch = 2.0 ** rng.uniform(-_STRETCHED, _STRETCHED)
            changed = replace(changed, seconds=changed.seconds * stretch)
            piece = cut(changed.as_part(song.name, MADE, song.fold), _SECONDS, rng)
            if piece is not None:
                pieces.append(as_heard(piece, rng) if rng.random() < 0.5 else piece)
    return pieces


def read_all(pieces: Sequence[KnownPart], kept: Path | None) -> list[Case]:
    """Every piece read; kept: a file to keep that in, or to take it from."""
    if kept is not None and kept.exists():
        found: list[Case] = pickle.loads(kept.read_bytes())
        return found
    shipped, rng = feature_weights(), np.random.default_rng(0)
    is_learnt = np.array([name.startswith("learnt") for name in FEATURES])
    without_network = np.where(is_learnt, 0.0, shipped)
    cases = []
    for number, piece in enumerate(pieces, 1):
        case = case_of(piece, [shipped, without_network], rng)
        if case is not None:
            cases.append(case)
        if number % 50 == 0:
            print(f"{number} of {len(pieces)} pieces read", flush=True)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(cases))
    return cases


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a piece counts; songs in 4/4 count once.

    odd: songs in other metres; made: songs made into other metres; composed: our own pieces; ruled:
    parts made by rule; plain: music that says no bar line.
    """

    odd: float = 2.0
    made: float = 2.0
    composed: float = 8.0
    ruled: float = 2.0
    plain: float = 1.0

    def of(self, piece: KnownPart) -> float:
        """How much this one counts."""
        by_group = {
            MADE: self.made,
            COMPOSED: self.composed,
            RULED: self.ruled,
            PLAIN: self.plain,
        }
        return by_group.get(piece.group, 1.0 if piece.metre == COMMON_TIME else self.odd)


def fitted(cases: Sequence[Case], counts: Counts, pull: float = _PULL) -> Floats:
    """Weights near those that are shipped, by what pages are worth."""
    rows = [
        Row(case.features.astype(np.float64), case.worth, counts.of(case.piece)) for case in cases
    ]
    free, bounded = ~np.array(_BY_HAND), np.array(_NEVER_NEGATIVE)
    return fit_by_worth(rows, feature_weights(), free, bounded, pull)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", type=Path)
    parser.add_argument("--folds", type=int, nargs="+", default=[1], help="not the network's")
    parser.add_argument("--cuts", type=int, default=3, help="of each song")
    parser.add_argument("--made", type=int, default=2, help="cuts of each in another metre")
    parser.add_argument("--composed", type=int, default=6, help="pieces per condition")
    parser.add_argument("--ruled", type=int, default=100, help="parts made by rule")
    parser.add_argument("--times", type=float, default=1.0, help="all weights, in the end: fitted "
                        "by worth they can be too sure of themselves")  # fmt: skip
    parser.add_argument("--keep-weights", action="store_true", help="fit the curves of doubt alone")
    parser.add_argument("--without", type=Path, help="names of songs to leave out, one a line")
    parser.add_argument("--keep", type=Path, help="keep what was read in this folder, and use it")
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args(arguments)
    without = frozenset(given.without.read_text().split()) if given.without else frozenset()

    def read(name: str, pieces: list[KnownPart]) -> list[Case]:
        return read_all(pieces, given.keep / f"{name}.pickle" if given.keep else None)

    halved = [
        *read("unseen", cuts(given.songs, given.folds, given.cuts, without)),
        *read("made", made_cuts(given.songs, given.folds, given.made, without)),
        *read("ruled", ruled_parts(given.ruled, _RULED_SEED)),
        *read("plain", plain_pieces()),
    ]
    own = read("composed", composed(given.composed))
    counts = Counts()

    def weighed(cases: Sequence[Case]) -> Floats:
        return feature_weights() if given.keep_weights else fitted(cases, counts)

    found, of_halves = [], []
    for half in (0, 1):
        others = [case for case in halved if _half_of(case) != half]
        of_halves.append(given.times * weighed([*own, *others]))
        found.append(doubts([case for case in halved if _half_of(case) == half], of_halves[-1]))
    page, bar = curves(found)
    is_right = np.concatenate([each.page_right for each in found])
    print(f"{is_right.mean():.3f} of {is_right.size} pages right, each by the other half's weights")
    document = dict(model_data())
    weights = np.asarray(np.mean(of_halves, axis=0))
    document["weights"] = dict(zip(FEATURES, np.round(weights, 3).tolist(), strict=True))
    document["doubt"] = {
        **document["doubt"],
        "page": np.round(page, 3).tolist(),
        "bar": np.round(bar, 3).tolist(),
        "least_chance": doubted_below(found),
    }
    given.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _half_of(case: Case) -> int:
    return zlib.crc32(case.piece.name.encode()) % 2


if __name__ == "__main__":
    main()
