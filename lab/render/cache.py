"""The prepared cache, mapped into memory, one split of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.render.performances import Event

SAMPLE_RATE = 44100


@dataclass(frozen=True, slots=True)
class Performance:
    """A drum part: events sorted by time, and the times alone for searching."""

    name: str
    kind: str
    bpm: float | None
    events: tuple[Event, ...]
    times: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Backing:
    """Music without drums: a stretch of backings.npy. In time with `performance` if not None.

    kind "real": a stretch of real.npy.
    """

    kind: str
    performance: str | None
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class RealExcerpt:
    """Produced music of others: the band and the drums (None without), both in real.npy.

    codes: what a teacher is sure of (lab/network/teacher.py), frames x classes at 100 a second.
    """

    name: str
    back: Backing
    drums: Backing | None
    codes: NDArray[np.uint8] | None


@dataclass
class Cache:
    """What the renderer draws from."""

    samples: NDArray[np.int16]
    backing_samples: NDArray[np.int16]
    kits: dict[str, dict[str, Any]]
    families: dict[str, dict[str, list[str]]]
    performances: dict[str, list[Performance]]
    weights: dict[str, NDArray[np.float64]]
    backings: list[Backing]
    layers: list[Backing]
    in_time: dict[str, list[Backing]]
    rooms: list[NDArray[np.float32]]
    small_rooms: list[int] = field(default_factory=list)
    real_samples: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    real: list[RealExcerpt] = field(default_factory=list)
    real_backs: list[Backing] = field(default_factory=list)
    drum_free: list[Backing] = field(default_factory=list)
    spoken: list[Backing] = field(default_factory=list)

    def sound(self, backing: Backing) -> NDArray[np.int16]:
        """The samples of a backing."""
        samples = self.real_samples if backing.kind == "real" else self.backing_samples
        return samples[backing.start : backing.start + backing.length]

    def sum_of(self, *backings: Backing) -> NDArray[np.float32]:
        """Backings of one length together, full scale 1."""
        sounds = [self.sound(backing).astype(np.float32) for backing in backings]
        return np.asarray(np.sum(sounds, axis=0) / np.float32(32768), np.float32)

    @property
    def taught(self) -> list[RealExcerpt]:
        """Real music with drums of which a teacher has said what it is sure of."""
        return [excerpt for excerpt in self.real if excerpt.codes is not None]


# Kinds of backings that are no bands.
_APART = ("voice", "strums", "spoken")
_SMALL_ROOMS = (
    "nice_drum", "small_drum", "ruby", "trig", "vocal_duo", "highly_damped", "derlon", "masonic",
    "block_inside", "right_glass", "bright", "medium", "dark",
)  # fmt: skip


def _load_real(folder: Path, split: str, cache: Cache) -> None:
    """Adds the excerpts of real music, where there are any."""
    if not (folder / "real.json").exists():
        return
    cache.real_samples = np.load(folder / "real.npy", mmap_mode="r")
    taught = folder / "taught.npz"
    codes = dict(np.load(taught)) if taught.exists() else {}
    for entry in json.loads((folder / "real.json").read_text()):
        if entry["split"] != split:
            continue
        back = Backing("real", None, *entry["back"])
        drums = Backing("real", None, *entry["drums"]) if entry["has_drums"] else None
        cache.real.append(RealExcerpt(entry["id"], back, drums, codes.get(entry["id"])))
        if drums is None:
            cache.drum_free.append(back)
        if entry["trusted"]:
            cache.real_backs.append(back)


def load(folder: Path, split: str) -> Cache:
    """The cache of one split ("train" or "val")."""
    index = json.loads((folder / "index.json").read_text())
    kits = {name: kit for name, kit in index["kits"].items() if kit["split"] == split}
    families: dict[str, dict[str, list[str]]] = {}
    for name, kit in kits.items():
        families.setdefault(kit["kind"], {}).setdefault(kit["family"], []).append(name)
    performances: dict[str, list[Performance]] = {"played": [], "programmed": []}
    for entry in index["performances"]:
        if entry["split"] == split:
            events = tuple(Event(*event) for event in entry["events"])
            times = np.array([event.time for event in events])
            performances[entry["kind"]].append(
                Performance(entry["name"], entry["kind"], entry["bpm"], events, times)
            )
    weights = {
        kind: np.cumsum([min(p.times[-1], 60.0) for p in group])
        for kind, group in performances.items()
    }
    backings: list[Backing] = []
    apart: dict[str, list[Backing]] = {kind: [] for kind in _APART}
    in_time: dict[str, list[Backing]] = {}
    for entry in index["backings"]:
        if entry["split"] != split:
            continue
        backing = Backing(entry["kind"], entry["performance"], *entry["at"])
        apart.get(backing.kind, backings).append(backing)
        if backing.performance:
            in_time.setdefault(backing.performance, []).append(backing)
    layers = sorted(apart["voice"] + apart["strums"], key=lambda layer: layer.start)
    room_samples = np.load(folder / "rooms.npy", mmap_mode="r")
    rooms = [np.array(room_samples[a : a + n]) for a, n in (r["at"] for r in index["rooms"])]
    small = [
        i for i, r in enumerate(index["rooms"]) if any(word in r["name"] for word in _SMALL_ROOMS)
    ]
    cache = Cache(
        samples=np.load(folder / "samples.npy", mmap_mode="r"),
        backing_samples=np.load(folder / "backings.npy", mmap_mode="r"),
        kits=kits, families=families, performances=performances, weights=weights,
        backings=backings, layers=layers, in_time=in_time, rooms=rooms, small_rooms=small,
        spoken=apart["spoken"],
    )  # fmt: skip
    _load_real(folder, split, cache)
    return cache
