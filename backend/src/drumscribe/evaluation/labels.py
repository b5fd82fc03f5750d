"""Names of drums: from the label of a file to one fine name, and from there to label sets.

Every source (MDB Drums annotations, General MIDI keys, our own documents) is first read into the
same fine names. A label set then says which fine names it tells apart and which have no place in
it: what has no place is left out on both sides, so nothing is gained or lost for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drumscribe.domain.drums import Instrument
from drumscribe.errors import InvalidHits

SIDE_STICK: Final = "sidestick"
# Names that do not tell the finer instruments apart.
HIHAT: Final = "hihat"
CYMBAL: Final = "cymbal"
TOM: Final = "tom"

NINE: Final[tuple[str, ...]] = tuple(instrument.value for instrument in Instrument)
_HIHATS: Final = (HIHAT, "hihat_closed", "hihat_open")
_CYMBALS: Final = (CYMBAL, "ride", "crash")
TOMS: Final = (TOM, "tom_high", "tom_mid", "tom_low")

# Southall, Wu, Lerch, Hockman: "MDB Drums: an annotated subset of MedleyDB for automatic drum
# transcription", ISMIR late-breaking 2017. None: sounds that nobody is asked to write down.
_MDB_SUBCLASSES: Final[dict[str, str | None]] = {
    "KD": "kick",
    **dict.fromkeys(("SD", "SDB", "SDD", "SDF", "SDG", "SDNS"), "snare"),
    "SST": SIDE_STICK,
    **dict.fromkeys(("CHH", "PHH"), "hihat_closed"),
    "OHH": "hihat_open",
    **dict.fromkeys(("RDC", "RDB"), "ride"),
    **dict.fromkeys(("CRC", "CHC", "SPC"), "crash"),
    "HIT": "tom_high",
    "MHT": "tom_mid",
    **dict.fromkeys(("HFT", "LFT"), "tom_low"),
    "TMB": None,
}
# KD and SD stand above; OT holds side stick and tambourine, which cannot be told apart.
_MDB_CLASSES: Final[dict[str, str | None]] = {"HH": HIHAT, "CY": CYMBAL, "TT": TOM, "OT": None}
_OWN: Final[dict[str, str | None]] = {
    **{name: name for name in (*NINE, SIDE_STICK, HIHAT, CYMBAL, TOM)},
    "hihat_pedal": "hihat_closed",
}
_FINE: Final[dict[str, str | None]] = {**_MDB_SUBCLASSES, **_MDB_CLASSES, **_OWN}

# General MIDI Level 1 percussion keys; keys that are missing here are no drums of interest.
_GENERAL_MIDI: Final[dict[int, str]] = {
    **dict.fromkeys((35, 36), "kick"),
    37: SIDE_STICK,
    **dict.fromkeys((38, 40), "snare"),
    **dict.fromkeys((42, 44), "hihat_closed"),
    46: "hihat_open",
    **dict.fromkeys((49, 52, 55, 57), "crash"),
    **dict.fromkeys((51, 53, 59), "ride"),
    50: "tom_high",
    **dict.fromkeys((47, 48), "tom_mid"),
    **dict.fromkeys((41, 43, 45), "tom_low"),
}

# How a coarse name is read in nine classes where that is asked for.
COARSE_AS: Final[dict[str, str]] = {HIHAT: "hihat_closed", CYMBAL: "crash", TOM: "tom_mid"}


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Classes that a score tells apart.

    classes: in the order of the report. class_of: fine name -> class; what is missing has no place.
    """

    name: str
    classes: tuple[str, ...]
    class_of: Mapping[str, str]


def _label_set(name: str, members: Mapping[str, tuple[str, ...]]) -> LabelSet:
    class_of = {fine: cls for cls, fines in members.items() for fine in fines}
    return LabelSet(name, tuple(members), class_of)


ANY: Final = "any"
_DRUMS: Final[dict[str, tuple[str, ...]]] = {"kick": ("kick",), "snare": ("snare",)}

LABEL_SETS: Final[dict[str, LabelSet]] = {
    one.name: one
    for one in (
        _label_set("1", {ANY: ("kick", "snare", *_HIHATS, *TOMS, *_CYMBALS)}),
        _label_set("3", {**_DRUMS, "hihat": _HIHATS}),
        _label_set("5", {**_DRUMS, "tom": TOMS, "hihat": _HIHATS, "cymbal": _CYMBALS}),
        _label_set(
            "6",
            {**_DRUMS, "tom": TOMS, "hihat": _HIHATS, "ride": ("ride",), "crash": ("crash",)},
        ),
        _label_set("9", {name: (name,) for name in NINE}),
    )
}


def fine_name(label: str) -> str | None:
    """The fine name of a label of an annotation or document; None if it is no drum of interest.

    Raises InvalidHits for a label that is not known: a misspelt one must not vanish silently.
    """
    if label not in _FINE:
        raise InvalidHits(f"Unknown instrument label {label!r}.")
    return _FINE[label]


def fine_name_of_key(key: int) -> str | None:
    """The fine name of a General MIDI percussion key; None if it is no drum of interest."""
    return _GENERAL_MIDI.get(key)
