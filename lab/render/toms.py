"""Toms of an assembled kit: one drum each, in the order of their pitch.

A kit's recordings of one tom may be of several drums (General MIDI has two notes for each), and
kits of one or two toms lack the others. On a real kit a tom has one pitch and all toms are of a
set, and whoever is to tell them apart by pitch must learn from such kits.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

HIGH_TO_LOW = ("tom_high", "tom_mid", "tom_low")
# How a source's name says which drum it is: the note of a soundfont, Tom2 and Tom3, tunings of a
# drum machine. Names that say nothing are all of one drum.
_DRUM = re.compile(r"^note (\d+) |^(\d\d)_v\d|-(Tom\d)-|^([LMH]T\d\d)\.|^tom-(ll?|hh?)\.")
# Semitones between neighbours, and between the highest and the lowest of three.
_STEPS = {1: (3.0, 5.0), 2: (7.0, 10.0)}

Entries = list[dict[str, Any]]


def of_one_drum(rng: random.Random, entries: Entries) -> Entries:
    """The recordings of one of the drums that `entries` are of."""
    drums: dict[str | None, Entries] = {}
    for entry in entries:
        said = _DRUM.search(entry["src"])
        drums.setdefault(said and next(filter(None, said.groups())), []).append(entry)
    return drums[rng.choice(list(drums))]


def distinct(pieces: Mapping[str, Entries]) -> dict[str, Entries]:
    """The toms among a kit's pieces, without those whose recordings are a higher tom's."""
    found: dict[str, Entries] = {}
    for name in HIGH_TO_LOW:
        if name in pieces:
            files = {entry["file"] for entry in pieces[name]}
            if all(files.isdisjoint(e["file"] for e in other) for other in found.values()):
                found[name] = pieces[name]
    return found


def stand_in(rng: random.Random, name: str, present: Mapping[str, Entries]) -> tuple[str, float]:
    """The tom that stands in for `name`, and how many semitones it is tuned up (down: negative)."""
    place = HIGH_TO_LOW.index
    nearest = min(present, key=lambda tom: (abs(place(tom) - place(name)), place(tom)))
    distance = place(nearest) - place(name)
    if distance == 0:
        return name, 0.0
    interval = rng.uniform(*_STEPS[abs(distance)])
    return nearest, interval if distance > 0 else -interval
