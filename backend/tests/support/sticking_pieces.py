"""Pieces in which somebody said which hand plays."""

from __future__ import annotations

from dataclasses import replace

from drumscribe.domain.drums import Hit, Instrument, Sticking
from engraving_pieces import H, K, Piece, S, Writer, steady_grid

HAND = {"R": Sticking.RIGHT, "L": Sticking.LEFT, "B": Sticking.BOTH}
PARADIDDLE = "RLRRLRLL"


def paradiddles() -> Piece:
    """Two bars of paradiddles in sixteenths over a kick, then two of hats with a snare in the left.

    The last bar is without a word about hands, and its kick is played by the right foot.
    """
    w = Writer(steady_grid("4/4", 5, bpm=96))
    hands: dict[tuple[int, Instrument], str] = {}
    for bar in range(2):
        w.add(S, *(k / 4 for k in range(16)), bar=bar)
        w.add(K, 0, 2, bar=bar)
    for bar in (2, 3, 4):
        w.add(H, *(k / 2 for k in range(8)), bar=bar)
        w.add(S, 1, 3, bar=bar)
        w.add(K, 0, 2, bar=bar)
    piece = w.piece()
    sixteenths = [int(at * 4) for at in piece.at]
    for k, (at, hit) in enumerate(zip(sixteenths, piece.hits, strict=True)):
        if at < 32 and hit.instrument is S:
            hands[k, S] = PARADIDDLE[at % 8]
        elif 32 <= at < 64 and hit.instrument is not K:
            hands[k, hit.instrument] = "R" if hit.instrument is H else "L"
        elif at >= 64 and hit.instrument is K:
            hands[k, K] = "R"
    return replace(
        piece,
        hits=tuple(
            replace(hit, sticking=HAND.get(hands.get((k, hit.instrument), "")))
            for k, hit in enumerate(piece.hits)
        ),
    )


def hands_said(hits: tuple[Hit, ...]) -> list[Sticking | None]:
    """Stroke by stroke: hits are equal whoever plays them."""
    return [hit.sticking for hit in hits]
