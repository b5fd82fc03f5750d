"""Trains the released model. The defaults are the release.

    python -m lab.network.train --cache runs/cache --out runs/v0

Writes checkpoint.pt (everything needed to go on), weights.pt (the averaged weights), log.csv and
arguments.json. Ctrl-C or the file OUT/stop ends a run after the current step; --resume goes on.
"""

from __future__ import annotations

import argparse
import copy
import csv
import itertools
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from drumscribe.domain.drums import Activations
from drumscribe.hearing.features import FeatureParams
from drumscribe.hearing.picking import PickingOptions, pick
from lab.measure.onsets import f_measure
from lab.network.dataset import Example, RenderedStream, examples
from lab.network.model import DrumNet, Probabilities
from lab.network.targets import IGNORED, UNNAMED
from lab.network.teacher import GROUPS
from lab.network.widen import widened
from lab.render import cache as cached
from lab.render.performances import CLASSES
from lab.render.recipe import MEASURED, RELEASE, WITH, WITHOUT

# How much a frame with an attack counts against one without, per class: rare pieces more.
POSITIVE_WEIGHTS = (1.5, 1.5, 1.5, 2.5, 2.0, 2.5, 2.5, 2.5, 2.5, 2.5)
# Columns that may share an UNNAMED stroke: cymbals, toms (lab/network/teacher.py).
UNNAMED_GROUPS = [[CLASSES.index(name) for name in group] for group in GROUPS]
UNNAMED_WEIGHT = 2.0
# Rides and crashes, which are heard alone and not beside a hat (LOG.md, run v5).
_CYMBALS, _SOUNDING_ON = UNNAMED_GROUPS[0], [CLASSES.index("ride"), CLASSES.index("crash")]
# A snare, and what a soft one is taken for (LOG.md, runs v5 and v6).
_SNARE = CLASSES.index("snare")
_TOMS = UNNAMED_GROUPS[1]
# Share of a run after which excerpts are --long-seconds long.
_LONG_FROM = 0.67
PLAIN_PICKING = PickingOptions(thresholds=dict.fromkeys(CLASSES, 0.45))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--val-cache", type=Path, help="held-out kits and bands; default: --cache")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--out", type=Path, default=Path("runs/v0"))
    parser.add_argument("--minutes", type=float, default=75.0, help="length by the clock")
    parser.add_argument("--steps", type=int, default=0, help="length in steps; 0: by the clock")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of an excerpt")
    parser.add_argument(
        "--long-seconds", type=float, default=0.0, help="of the last third; 0: the same"
    )
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--warm-up", type=int, default=100, help="steps")
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--average", type=float, default=0.997, help="decay of averaged weights")
    parser.add_argument("--uses", type=int, default=1, help="times each excerpt is learnt from")
    parser.add_argument("--workers", type=int, default=1, help="rendering processes")
    parser.add_argument("--threads", type=int, default=1, help="of the network (README.md)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save-minutes", type=float, default=3.0)
    parser.add_argument("--validate-minutes", type=float, default=12.0)
    parser.add_argument("--validation-excerpts", type=int, default=60)
    parser.add_argument("--velocity-weight", type=float, default=4.0)
    parser.add_argument(
        "--at-once-weight", type=float, default=2.5,
        help="of a ride or crash in a frame with another cymbal",
    )  # fmt: skip
    parser.add_argument(
        "--no-tom-weight", type=float, default=2.5,
        help="of the silence of the toms in a frame with a snare and no tom",
    )  # fmt: skip
    parser.add_argument("--start-from", type=Path, help="weights.pt, also of a narrower net")
    levers = parser.add_mutually_exclusive_group()
    levers.add_argument("--without", choices=sorted(WITHOUT), help="an ablation: one lever less")
    levers.add_argument("--with", dest="more", choices=sorted(WITH), help="one lever more")
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args()


def half_pays(device: str) -> bool:
    """Whether bfloat16 is quicker: where a processor emulates it, a step takes twice as long."""
    if device != "cpu":
        return True
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def as_batch(group: list[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Features, onset targets and velocity targets as float tensors."""
    features = torch.from_numpy(np.stack([e.features for e in group]).astype(np.float32))
    onsets = torch.from_numpy(np.stack([e.onsets for e in group]))
    velocities = torch.from_numpy(np.stack([e.velocities for e in group])).float() / 127
    return features, onsets, velocities


def augmented(rng: random.Random, features: Tensor, log_gain: float) -> Tensor:
    """Another level (exactly: the logarithm is undone), and sometimes a band missing."""
    gains = torch.tensor([10 ** (rng.gauss(0, 2.0) / 20) for _ in features])[:, None, None]
    magnitude = torch.expm1(features * math.log(10)) / log_gain
    features = torch.log1p(log_gain * magnitude * gains) / math.log(10)
    for one in features:
        if rng.random() < 0.3:
            width = rng.randint(1, 8)
            low = rng.randint(0, one.shape[1] - width)
            one[:, low : low + width] = one.mean()
    return features


def losses(
    onset_logits: Tensor, velocity_logits: Tensor, onsets: Tensor, velocities: Tensor,
    at_once_weight: float = 1.0, no_tom_weight: float = 1.0,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Weighted cross entropy of the onsets (times 10), squared error of velocities at onsets.

    at_once_weight: how much more a ride or a crash counts in a frame with another cymbal.
    no_tom_weight: how much more the silence of the toms counts in a frame with a snare alone.

    Where a frame says UNNAMED in some columns, that one of them sounds is all that is asked for.
    """
    unnamed = onsets == UNNAMED
    counted = ((onsets != IGNORED) & ~unnamed).float()
    wanted = torch.where(onsets <= UNNAMED, 0, onsets).float() / 255
    weights = (
        torch.where(wanted > 0.1, torch.tensor(POSITIVE_WEIGHTS, device=onsets.device), 1.0)
        * counted
    )
    at_once = (wanted[..., _CYMBALS] > 0.1).sum(-1, keepdim=True) > 1
    weights[..., _SOUNDING_ON] *= torch.where(
        at_once & (wanted[..., _SOUNDING_ON] > 0.1), at_once_weight, 1.0
    )
    snare_alone = (wanted[..., _SNARE, None] > 0.1) & ~(wanted[..., _TOMS] > 0.1).any(-1, True)
    weights[..., _TOMS] *= torch.where(snare_alone, no_tom_weight, 1.0)
    entropy = functional.binary_cross_entropy_with_logits(onset_logits, wanted, reduction="none")
    total = (entropy * weights).sum()
    for columns in UNNAMED_GROUPS:
        asked = unnamed[..., columns]
        silent = (functional.logsigmoid(-onset_logits[..., columns]) * asked).sum(-1)
        sounding = -torch.log(-torch.expm1(silent.clamp_max(-1e-4)))
        total = total + UNNAMED_WEIGHT * (sounding * asked.any(-1)).sum()
    struck = (velocities > 0).float()
    error = torch.square(torch.sigmoid(velocity_logits) - velocities) * struck
    return 10 * total / onsets.numel(), error.sum() / (struck.sum() + 1)


@torch.no_grad()
def average_into(averaged: DrumNet, net: DrumNet, decay: float) -> None:
    """Exponential moving average of weights and of batch-norm statistics."""
    pairs = zip(
        itertools.chain(averaged.parameters(), averaged.buffers()),
        itertools.chain(net.parameters(), net.buffers()),
        strict=True,
    )
    for mean, value in pairs:
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)


@torch.no_grad()
def validate(net: DrumNet, held_out: list[Example], fps: float) -> dict[str, float]:
    """F at 50 ms on held-out renders, picked as the product picks."""
    shipped = Probabilities(net).eval()
    device = next(net.parameters()).device
    found, true = [], []
    for i, example in enumerate(held_out):
        features = torch.from_numpy(example.features.astype(np.float32))[None].to(device)
        onsets, velocities = (answer[0].cpu().numpy() for answer in shipped(features))
        activations = Activations(onsets, velocities, fps, CLASSES)
        found += [(i * 100 + h.time, h.instrument.value) for h in pick(activations, PLAIN_PICKING)]
        true += [
            (i * 100 + label.time, "snare" if label.name == "sidestick" else label.name)
            for label in example.labels
        ]
    return f_measure(true, found)


def save(path: Path, content: object) -> None:
    """torch.save by way of a temporary file, so that an interruption leaves the old one."""
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.replace(path)


def main() -> None:
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    params = FeatureParams()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)

    net = DrumNet(params.bands).to(memory_format=torch.channels_last)
    if args.start_from:
        net = widened(torch.load(args.start_from, weights_only=True)["weights"], net)
    averaged = copy.deepcopy(net).eval()
    net, averaged = net.to(args.device), averaged.to(args.device)
    optimiser = torch.optim.AdamW(
        net.parameters(),
        args.learning_rate,
        betas=(0.9, 0.98),
        weight_decay=args.weight_decay,
    )
    step, spent = 0, 0.0
    if args.resume:
        state = torch.load(args.out / "checkpoint.pt", map_location=args.device, weights_only=True)
        net.load_state_dict(state["net"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        step, spent = state["step"], state["seconds"]
    else:
        plain = {name: str(value) for name, value in vars(args).items()}
        (args.out / "arguments.json").write_text(json.dumps(plain, indent=1))

    def rendered(seconds: float) -> RenderedStream:
        return RenderedStream(
            args.cache, seed=args.seed + step, seconds=seconds, params=params,
            workers=args.workers, uses=args.uses,
            recipe=(WITHOUT | WITH).get(args.without or args.more, RELEASE),
        )  # fmt: skip

    seconds, batch = args.seconds, args.batch
    half = half_pays(args.device)
    stream = rendered(seconds)
    held_out = list(
        itertools.islice(
            examples(
                cached.load(args.val_cache or args.cache, "val"), 1, args.seconds, params, MEASURED
            ),
            args.validation_excerpts,
        )
    )
    log = (args.out / "log.csv").open("a", newline="")
    rows = csv.writer(log)
    n_weights = sum(p.numel() for p in net.parameters())
    print(f"{n_weights} weights, {len(held_out)} held-out excerpts", flush=True)

    started = time.monotonic() - spent
    saved = validated = spent
    waited, recent = 0.0, []
    while True:
        spent = time.monotonic() - started
        share = step / args.steps if args.steps else spent / (60 * args.minutes)
        if share >= 1 or (args.out / "stop").exists():
            break
        if args.long_seconds and seconds < args.long_seconds and share >= _LONG_FROM:
            stream.close()
            # As much music in a step as before, in longer pieces.
            batch = max(1, round(batch * seconds / args.long_seconds))
            seconds = args.long_seconds
            stream = rendered(seconds)
        before = time.monotonic()
        group = [stream.next() for _ in range(batch)]
        waited += time.monotonic() - before
        features, onsets, velocities = as_batch(group)
        features = augmented(rng, features, params.log_gain).to(args.device)
        onsets, velocities = onsets.to(args.device), velocities.to(args.device)
        rate = min(1, (step + 1) / args.warm_up) * (
            0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2
        )
        for parameters in optimiser.param_groups:
            parameters["lr"] = args.learning_rate * rate
        net.train()
        with torch.autocast(features.device.type, torch.bfloat16, enabled=half):
            onset_logits, velocity_logits = net(features)
        onset_loss, velocity_loss = losses(
            onset_logits, velocity_logits, onsets, velocities,
            args.at_once_weight, args.no_tom_weight,
        )  # fmt: skip
        optimiser.zero_grad(set_to_none=True)
        (onset_loss + args.velocity_weight * velocity_loss).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        average_into(averaged, net, min(args.average, (1 + step) / (10 + step)))
        recent.append((onset_loss.item(), velocity_loss.item()))

        if step % 50 == 0:
            hours = step * args.batch * args.seconds / 3600
            onset_mean, velocity_mean = np.mean(recent, axis=0)
            recent.clear()
            rows.writerow([step, f"{hours:.2f}", f"{onset_mean:.4f}", f"{velocity_mean:.4f}", ""])
            log.flush()
            print(
                f"{spent / 60:.1f} min, step {step}, {hours:.1f} h heard, onset loss "
                f"{onset_mean:.4f}, velocity loss {velocity_mean:.4f}, "
                f"waited {waited / (time.monotonic() - started):.2f}",
                flush=True,
            )
        if spent - validated > 60 * args.validate_minutes:
            validated = spent
            scores = validate(averaged, held_out, params.fps)
            rows.writerow([step, "", "", "", json.dumps(scores)])
            print("validation", json.dumps(scores), flush=True)
        if spent - saved > 60 * args.save_minutes:
            saved = spent
            save_all(args.out, net, averaged, optimiser, step, spent)
    save_all(args.out, net, averaged, optimiser, step, spent)
    print("validation", json.dumps(validate(averaged, held_out, params.fps)), flush=True)
    print(f"done: {step} steps in {spent / 60:.1f} min", flush=True)
    stream.close()


def save_all(
    out: Path, net: DrumNet, averaged: DrumNet, optimiser: torch.optim.Optimizer,
    step: int, seconds: float,
) -> None:  # fmt: skip
    """The checkpoint and the averaged weights."""
    save(
        out / "checkpoint.pt",
        {
            "net": net.state_dict(), "averaged": averaged.state_dict(),
            "optimiser": optimiser.state_dict(), "step": step, "seconds": seconds,
        },
    )  # fmt: skip
    save(out / "weights.pt", {"weights": averaged.state_dict(), "step": step})


if __name__ == "__main__":
    main()
