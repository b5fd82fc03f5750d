"""Averages the weights of two runs of one network.

    python -m lab.network.average --first runs/v2 --second runs/v3 --share 0.85 --out runs/mean

A run that goes on from another moves away from what both hear well; a little of the start keeps
it (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). A narrower first run is grown
as the second was (`widen.py`, with the second's --seed), so that both are ends of one path.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from drumscribe.hearing.features import FeatureParams
from lab.network.model import DrumNet
from lab.network.train import average_into, save
from lab.network.widen import widened


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=Path, required=True, help="folder of a run")
    parser.add_argument("--second", type=Path, required=True, help="folder of a run")
    parser.add_argument("--share", type=float, default=0.85, help="of the second run, 0..1")
    parser.add_argument("--seed", type=int, default=0, help="the second run's, if it was grown")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    first, second = (
        torch.load(folder / "weights.pt", weights_only=True) for folder in (args.first, args.second)
    )
    torch.manual_seed(args.seed)
    mean = widened(first["weights"], DrumNet(FeatureParams().bands))
    end = DrumNet(FeatureParams().bands)
    end.load_state_dict(second["weights"])
    average_into(mean, end, 1 - args.share)
    args.out.mkdir(parents=True, exist_ok=True)
    steps = first["step"] + second["step"]
    save(args.out / "weights.pt", {"weights": mean.state_dict(), "step": steps})


if __name__ == "__main__":
    main()
