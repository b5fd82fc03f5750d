"""The grooves that test scores are composed of: what drummers play, as data.

A groove is one or two bars. Each row is an instrument and one character per slot of the bar:
x a stroke, X an accent, g a ghost note, f a flam, d a drag, . nothing. Spaces are for the eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from drumscribe.domain.rhythm import Metre


class Feel(StrEnum):
    """How a beat divides."""

    STRAIGHT = "straight"
    SWUNG = "swung"  # written as even eighths, played long-short
    TRIPLET = "triplet"  # three in a beat of a simple metre, all of them played
    COMPOUND = "compound"  # the beat is dotted: three is its own division


@dataclass(frozen=True, slots=True)
class Groove:
    """A pattern that repeats.

    bpm: slowest and fastest beat of the metre (dotted quarters in 6/8, eighths in 7/8) at which
        it is played.
    bars: one or two bars; each a mapping as text, "H x.x. | K x...", instruments by letter.
    other_metres: metres in which a copyist could as well write it.
    stands_alone: it tells its tempo by itself. Half-time does not: without another section beside
        it, it is the usual groove at half the tempo.
    """

    name: str
    metre: Metre
    feel: Feel
    bpm: tuple[int, int]
    bars: tuple[str, ...]
    other_metres: tuple[Metre, ...] = ()
    stands_alone: bool = True


def _groove(
    name: str,
    metre: str,
    feel: Feel,
    bpm: tuple[int, int],
    *bars: str,
    also: tuple[str, ...] = (),
    alone: bool = True,
) -> Groove:
    others = tuple(Metre.parse(other) for other in also)
    return Groove(name, Metre.parse(metre), feel, bpm, bars, others, alone)


_S, _W, _T, _C = Feel.STRAIGHT, Feel.SWUNG, Feel.TRIPLET, Feel.COMPOUND

GROOVES: tuple[Groove, ...] = (
    # --- 4/4, straight -------------------------------------------------------------------------
    _groove("rock", "4/4", _S, (70, 190),
        "H x.x. x.x. x.x. x.x. | S .... x... .... x... | K x... .... x.x. ...."),
    _groove("rock two bars", "4/4", _S, (70, 160),
        "H x.x. x.x. x.x. x.x. | S .... x... .... x... | K x... ..x. x... ....",
        "H x.x. x.x. x.x. x.O. | S .... x... .... x... | K x.x. .... ..x. ...."),
    _groove("slow ballad", "4/4", _S, (50, 76),
        "H x.x. x.x. x.x. x.x. | S .... c... .... c... | K x... ...x x... ...."),
    _groove("sixteenth hats", "4/4", _S, (60, 112),
        "H xxxx xxxx xxxx xxxx | S .... x... .... x... | K x..x ..x. ..x. ...x"),
    _groove("funk with ghosts", "4/4", _S, (80, 120),
        "H x.x. x.x. x.x. x.x. | S .... x..g .g.. x..g | K x.x. .... ..x. .x..",
        "H x.x. x.x. x.x. x.O. | S .... x..g .g.g x... | K x..x .... ..x. .x.."),
    _groove("disco", "4/4", _S, (104, 134),
        "H x... x... x... x... | O ..x. ..x. ..x. ..x. | S .... x... .... x... "
        "| K x... x... x... x..."),
    _groove("ride rock", "4/4", _S, (90, 180),
        "R x.x. x.x. x.x. x.x. | S .... x... .... x... | K x... ..x. x.x. ...."),
    _groove("crash ride chorus", "4/4", _S, (90, 200),
        "C x... x... x... x... | S .... x... .... x... | K x.x. ..x. x... ..x."),
    _groove("half-time rock", "4/4", _S, (110, 180),
        "H x... x... x... x... | S .... .... x... .... | K x... ..x. .... ..x.",
        alone=False),
    _groove("double kick", "4/4", _S, (120, 190),
        "R x... x... x... x... | S .... x... .... x... | K xxxx xxxx xxxx xxxx"),
    _groove("gallop", "4/4", _S, (120, 200),
        "H x... x... x... x... | S .... x... .... x... | K x.xx x.xx x.xx x.xx"),
    _groove("punk", "4/4", _S, (160, 220),
        "H x.x. x.x. x.x. x.x. | S .... x... .... x... | K x... ..x. x... ...."),
    _groove("motown", "4/4", _S, (100, 150),
        "H x.x. x.x. x.x. x.x. | S x... x... x... x... | K x... ..x. x... ..x."),
    _groove("bossa nova", "4/4", _S, (110, 160),
        "H x.x. x.x. x.x. x.x. | S c... ..c. .... c... | K x... ..x. x... ..x.",
        "H x.x. x.x. x.x. x.x. | S ..c. .... c... ..c. | K x... ..x. x... ..x."),
    _groove("one drop", "4/4", _S, (64, 90),
        "H x.x. x.x. x.x. x.x. | S .... .... c... .... | K .... .... x... ...."),
    _groove("hip-hop", "4/4", _S, (76, 104),
        "H x.x. x.x. x.x. x.x. | S .... x... .... x... | K x..x ...x ..x. ...."),
    _groove("train", "4/4", _S, (90, 130),
        "S xxXx xxXx xxXx xxXx | K x... x... x... x... | P ..x. ..x. ..x. ..x."),
    _groove("floor tom", "4/4", _S, (90, 150),
        "L x.x. x.x. x.x. x.x. | S .... x... .... x... | K x... .... x.x. ...."),
    _groove("linear", "4/4", _S, (80, 112),
        "H x.xx ..x. .xx. ..xx | S .... x..g .... x... | K .x.. .x.. x..x .x.."),
    # --- 4/4, swung and triplets ---------------------------------------------------------------
    _groove("shuffle", "4/4", _W, (80, 160),
        "H xx xx xx xx | S .. x. .. x. | K x. .x x. .."),
    _groove("texas shuffle", "4/4", _W, (90, 150),
        "R xx xx xx xx | S gg xg gg xg | K x. x. x. x."),
    _groove("swing ride", "4/4", _W, (110, 220),
        "R x. xx x. xx | P .. x. .. x. | K x. .. .. .x",
        "R x. xx x. xx | P .. x. .. x. | S .g .. .x .. | K .. .. x. .."),
    _groove("swung rock", "4/4", _W, (76, 130),
        "H xx xx xx xx | S .. x. .. x. | K x. .. xx .x"),
    _groove("half-time shuffle", "4/4", _T, (70, 110),
        "H x.x x.x x.x x.x | S .g. .g. xg. .g. | K x.. ..x ..x ...",
        also=("12/8",)),
    _groove("slow triplets", "4/4", _T, (50, 84),
        "H xxx xxx xxx xxx | S ... x.. ... x.. | K x.. ..x x.. ...",
        also=("12/8",)),
    # --- 2/4 -----------------------------------------------------------------------------------
    _groove("polka", "2/4", _S, (112, 140),
        "H ..x. ..x. | S ..x. ..x. | K x... x..."),
    _groove("march", "2/4", _S, (96, 126),
        "S X.gg x.gg | K x... x... | P ..x. ..x."),
    _groove("samba", "2/4", _S, (96, 130),
        "R x.xx x.xx | S ..c. .c.c | K x..x X..x | P ..x. ..x."),
    _groove("train in two", "2/4", _S, (104, 136),
        "S xxXx xxXx | K x... ..x."),
    # --- 3/4 -----------------------------------------------------------------------------------
    _groove("waltz", "3/4", _S, (80, 180),
        "H .... x... x... | S .... x... x... | K x... .... ...."),
    _groove("rock waltz", "3/4", _S, (70, 160),
        "H x.x. x.x. x.x. | S .... .... x... | K x... ..x. ...."),
    _groove("three with backbeat", "3/4", _S, (80, 150),
        "R x.x. x.x. x.x. | S .... x... x... | K x... ..x. ..x."),
    _groove("jazz waltz", "3/4", _W, (110, 190),
        "R x. xx x. | P .. x. .. | K x. .. .x | S .. .x .."),
    # --- 5/4 -----------------------------------------------------------------------------------
    _groove("five rock", "5/4", _S, (80, 160),
        "H x.x. x.x. x.x. x.x. x.x. | S .... .... x... .... x... | K x... ..x. .... x... ...."),
    _groove("five riding", "5/4", _S, (90, 170),
        "R x... x... x... x... x... | S .... x... .... .... x... | K x... .... ..x. x... ...."),
    _groove("swing in five", "5/4", _W, (130, 190),
        "R x. xx x. x. xx | P .. x. .. .. x. | K x. .. .x x. .. | S .. .. .. .. .x"),
    # --- 6/8 -----------------------------------------------------------------------------------
    _groove("six-eight ballad", "6/8", _C, (40, 76),
        "H x.x.x. x.x.x. | S ...... x..... | K x...x. ......"),
    _groove("six-eight rock", "6/8", _C, (56, 100),
        "R x.x.x. x.x.x. | S ...... x..... | K x..... ..x.x."),
    _groove("six-eight with sixteenths", "6/8", _C, (40, 60),
        "H x.xxx. x.xxx. | S ...... x....g | K x...x. ......"),
    _groove("afro six", "6/8", _C, (90, 130),
        "R x.x.x. ..x.x. | S ....c. ....c. | K x..... x..... | P x..... x....."),
    # --- 7/8 -----------------------------------------------------------------------------------
    _groove("seven, 2+2+3", "7/8", _S, (180, 320),
        "H xx xx xxx | S .. x. x.. | K x. .. ..x"),
    _groove("seven rock, 2+2+3", "7/8", _S, (180, 300),
        "H x. x. x.x | S .. x. .x. | K xx .. x.."),
    _groove("seven, 3+2+2", "7/8", _S, (180, 300),
        "R x.x x. x. | S ... x. x. | K x.. .x .."),
    # --- 12/8 ----------------------------------------------------------------------------------
    _groove("twelve-eight blues", "12/8", _C, (44, 84),
        "H xxx xxx xxx xxx | S ... x.. ... x.. | K x.. ..x x.. ...", also=("4/4",)),
    _groove("twelve-eight ballad", "12/8", _C, (44, 76),
        "R xxx xxx xxx xxx | S ... x.. ... x.. | K x.. ... x.x ..x", also=("4/4",)),
    _groove("twelve-eight shuffle", "12/8", _C, (80, 140),
        "H x.x x.x x.x x.x | S ... x.. ... x.. | K x.. ..x x.x ...", also=("4/4",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fill:
    """What replaces the end of a bar.

    beats: how many beats of the metre it takes.
    """

    name: str
    feel: Feel
    beats: int
    bar: str


# Rows as in grooves; the slots of one fill divide its beats evenly.
FILLS: tuple[Fill, ...] = (
    Fill("snare sixteenths", Feel.STRAIGHT, 1, "S xxxX"),
    Fill("round the toms", Feel.STRAIGHT, 2, "S xxxx .... | T .... xx.. | M .... ..xx"),
    Fill("long way down", Feel.STRAIGHT, 2,
         "S xx.. .... | T ..xx .... | M .... xx.. | L .... ..xx"),
    Fill("eighths", Feel.STRAIGHT, 2, "S x.x. .... | L .... x.x."),
    Fill("flammed eighths", Feel.STRAIGHT, 1, "S f.f. | K x.x."),
    Fill("drag and stroke", Feel.STRAIGHT, 1, "S d.x. | L ...x"),
    Fill("syncopated", Feel.STRAIGHT, 2, "S x..x ..x. | L .... ...x"),
    Fill("swung strokes", Feel.SWUNG, 2, "S xx x. | L .. .x"),
    Fill("triplets", Feel.TRIPLET, 1, "S x.. | M .x. | L ..x"),
    Fill("triplets down", Feel.TRIPLET, 2, "S xx. ... | T ..x x.. | L ... .xx"),
    Fill("six strokes", Feel.TRIPLET, 1, "S xx.... | T ..xx.. | L ....xx"),
    Fill("compound down", Feel.COMPOUND, 1, "S x.. | M .x. | L ..x"),
    Fill("compound sixteenths", Feel.COMPOUND, 1, "S xx.... | T ..xx.. | L ....xx"),
    Fill("compound flam", Feel.COMPOUND, 1, "S f.x | L .x."),
)  # fmt: skip


def rows_of(bar: str) -> dict[str, str]:
    """'H x.x. | K x...' -> {'H': 'x.x.', 'K': 'x...'}; every row has the same number of slots."""
    rows: dict[str, str] = {}
    for row in bar.split("|"):
        letter, _, slots = row.strip().partition(" ")
        rows[letter] = slots.replace(" ", "")
    if len({len(slots) for slots in rows.values()}) != 1:
        raise ValueError(f"rows of different length: {bar}")
    return rows
