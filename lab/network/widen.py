"""Grows a trained network into a wider one that says the same before it learns on.

What is new starts at random and is not listened to: every weight from a new channel to an old one
is zero (Chen, Goodfellow and Shlens 2016, "Net2Net", with zeros instead of copies, so that new
channels need not be told apart first).
"""

from __future__ import annotations

import torch
from torch import Tensor

from lab.network.model import DrumNet

_Places = list[int]


def _first(n: int) -> _Places:
    return list(range(n))


def _halves(n: int, half: int) -> _Places:
    """Two blocks of n that begin at 0 and at `half`."""
    return [*range(n), *range(half, half + n)]


def _grown(fresh: Tensor, old: Tensor, rows: _Places, columns: _Places | None = None) -> None:
    """Writes old into fresh at rows (and columns); the rest of those rows does not count."""
    if columns is None:
        fresh[rows] = old
        return
    fresh[rows] = 0
    fresh[torch.tensor(rows)[:, None], torch.tensor(columns)[None]] = old


@torch.no_grad()
def widened(weights: dict[str, Tensor], net: DrumNet) -> DrumNet:
    """net (new, wider or equal in every size) with the trained weights of a narrower DrumNet."""
    bands_left = net.project.in_features // net.front[-1].conv.out_channels
    width, units = weights["project.weight"].shape[0], weights["context.weight_hh_l0"].shape[1]
    new_width, new_units = net.project.out_features, net.context.hidden_size
    inner, both = _first(width), _halves(units, new_units)
    seen = 1
    fresh = net.state_dict()
    for name, value in fresh.items():
        old = weights[name]
        layer = name.rsplit(".", 1)[0]
        if old.dim() == 0:
            value.copy_(old)
        elif name.startswith("front.") and name.endswith("conv.weight"):
            _grown(value, old, _first(old.shape[0]), _first(seen))
            seen = old.shape[0]
        elif name == "project.weight":
            _grown(value, old, inner, _first(seen * bands_left))
        elif name.startswith("context."):
            rows = [gate * new_units + i for gate in range(3) for i in range(units)]
            if "bias" in name:
                _grown(value, old, rows)
            elif "weight_hh" in name:
                _grown(value, old, rows, _first(units))
            else:
                _grown(value, old, rows, inner if "_l0" in name else both)
        elif name == "fuse.weight":
            _grown(value, old, inner, [*inner, *(new_width + place for place in both)])
        elif layer.endswith(".conv") and name.startswith(("local.", "place.")):
            rows = _halves(width, new_width)
            _grown(value, old, rows, inner if name.endswith("weight") else None)
        elif old.dim() > 1:
            _grown(value, old, _first(old.shape[0]), inner)
        else:
            _grown(value, old, _first(old.shape[0]))
    net.load_state_dict(fresh)
    return net
