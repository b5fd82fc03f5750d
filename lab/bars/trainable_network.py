"""The network of strokes as it is trained, and how it goes into the package and comes back.

What it says and how is told in drumscribe.beats.reading.learnt, which runs it without PyTorch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

import drumscribe.beats.reading as reading_room
from drumscribe.beats.reading.bar_kinds import METRES
from drumscribe.beats.reading.learnt import LOOK_FRAMES, LOOK_PERIODS, N_LISTENED, NETWORK_FILE
from drumscribe.domain.drums import Instrument
from lab.bars.pieces.made_metres import Bars
from lab.bars.stroke_examples import N_TEMPI, excerpt

TARGET = Path(next(iter(reading_room.__path__))) / NETWORK_FILE
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 1, 4, 16, 64)
LOOKS_BEFORE = (6, 11)  # the layers before which the network looks at all that is played
_HEADS = 4
_CHANNELS = 128
_DROPOUT = 0.1
_NORM_EXAMPLES = 48


class Look(nn.Module):
    """Self-attention over joined frames, as drumscribe.beats.reading.learnt.Look does it."""

    periods: torch.Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.asked = nn.Linear(channels, 3 * channels, bias=False)
        self.told = nn.Linear(channels, channels)
        nn.init.zeros_(self.told.weight)
        nn.init.zeros_(self.told.bias)
        shortest, longest = LOOK_PERIODS
        n = channels // _HEADS // 4
        periods = shortest * (longest / shortest) ** (torch.arange(n) / (n - 1))
        self.register_buffer("periods", periods, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, channels, _, frames = x.shape
        n = frames // LOOK_FRAMES
        joined = x[:, :, 0].transpose(1, 2).reshape(batch, n, LOOK_FRAMES, channels).mean(2)
        each = self.asked(self.norm(joined)).view(batch, n, 3, _HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(
            self._turned(each[0]), self._turned(each[1]), each[2].contiguous()
        )
        told = self.told(seen.transpose(1, 2).reshape(batch, n, channels))
        return x + told.repeat_interleave(LOOK_FRAMES, 1).transpose(1, 2)[:, :, None, :]

    def _turned(self, x: torch.Tensor) -> torch.Tensor:
        n = x.shape[-1] // 4
        angles = torch.arange(x.shape[2])[:, None] * (2.0 * torch.pi / self.periods)
        cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        u, v = x[..., :n], x[..., n : 2 * n]
        turned = [u * cosine - v * sine, u * sine + v * cosine, x[..., 2 * n :]]
        return torch.cat(turned, -1)


class StrokeNet(nn.Module):
    """(batch, 9 drums, frames) -> (batch, 2 + metres + tempi, frames / 2): log odds of downbeat and
    beat; metres and tempi before they are made chances.

    Convolutions over time, written as ones over images of one line with the channels last: on a
    CPU they take half as long as Conv1d.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(len(Instrument), _CHANNELS, (1, 7), stride=(1, 2), padding=(0, 3))
        self.convs = nn.ModuleList(
            nn.Conv2d(_CHANNELS, _CHANNELS, (1, 3), dilation=(1, d), padding=(0, d), bias=False)
            for d in DILATIONS
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(_CHANNELS) for _ in DILATIONS)
        self.mix = nn.ModuleList(nn.Conv2d(_CHANNELS, _CHANNELS, 1) for _ in DILATIONS)
        self.looks = nn.ModuleDict({str(before): Look(_CHANNELS) for before in LOOKS_BEFORE})
        self.head = nn.Conv2d(_CHANNELS, N_LISTENED + len(METRES) + N_TEMPI, 1)
        for layer in self.mix:
            layer.weight.data *= 0.3
        self.head.bias.data[:N_LISTENED] = torch.tensor([-3.5, -2.0])
        self.to(memory_format=torch.channels_last)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x[:, :, None, :].contiguous(memory_format=torch.channels_last)
        x = functional.relu(self.stem(x))
        for k, (conv, norm, mix) in enumerate(zip(self.convs, self.norms, self.mix, strict=True)):
            if str(k) in self.looks:
                x = self.looks[str(k)](x)
            seen = functional.relu(norm(conv(x)))
            x = x + mix(functional.dropout2d(seen, _DROPOUT, self.training))
        out: torch.Tensor = self.head(functional.relu(x))
        return out[:, :, 0, :].float()


def export(net: StrokeNet, target: Path) -> None:
    """Half floats, taps first, as drumscribe.beats.reading.learnt reads them.

    What the norms do is put into the convolutions before them.
    """

    def half(tensor: torch.Tensor) -> NDArray[np.float16]:
        return np.asarray(tensor.detach().numpy(), np.float16)

    arrays: dict[str, NDArray[np.generic]] = {
        "dilations": np.array(DILATIONS),
        "looks": np.array([(before, _HEADS) for before in LOOKS_BEFORE]),
        "metres": np.array([str(metre) for metre in METRES]),
        "stem": half(net.stem.weight[:, :, 0].permute(2, 1, 0)),
        "stem_bias": half(net.stem.bias),
        "head": half(net.head.weight[:, :, 0, 0].T),
        "head_bias": half(net.head.bias),
    }
    for k, (conv, norm, mix) in enumerate(zip(net.convs, net.norms, net.mix, strict=True)):
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        arrays[f"conv{k}"] = half((conv.weight[:, :, 0] * gain[:, None, None]).permute(2, 1, 0))
        arrays[f"conv{k}_bias"] = half(norm.bias - norm.running_mean * gain)
        arrays[f"mix{k}"], arrays[f"mix{k}_bias"] = half(mix.weight[:, :, 0, 0].T), half(mix.bias)
    for k, look in enumerate(net.looks.values()):
        arrays[f"look{k}_norm"] = half(look.norm.weight)
        arrays[f"look{k}_norm_bias"] = half(look.norm.bias)
        arrays[f"look{k}_asked"] = half(look.asked.weight.T)
        arrays[f"look{k}_told"] = half(look.told.weight.T)
        arrays[f"look{k}_told_bias"] = half(look.told.bias)
    with target.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def restored(songs: Sequence[Bars], source: Path = TARGET) -> StrokeNet:
    """The network of the package, to go on from: what its norms did is in the convolutions before
    them, so the norms are set to undo what they do over excerpts of songs.
    """
    net = StrokeNet()
    with np.load(source, allow_pickle=False) as file:
        arrays = {
            name: torch.tensor(file[name].astype(np.float32)) for name in file if name != "metres"
        }
    rng = np.random.default_rng(0)
    some = [songs[k] for k in rng.integers(len(songs), size=_NORM_EXAMPLES)]
    frames = torch.tensor(np.stack([excerpt(song, rng).frames for song in some]))
    with torch.no_grad():
        net.stem.weight[:, :, 0] = arrays["stem"].permute(2, 1, 0)
        net.stem.bias.copy_(arrays["stem_bias"])
        net.head.weight[:, :, 0, 0] = arrays["head"].T
        net.head.bias.copy_(arrays["head_bias"])
        for k, look in enumerate(net.looks.values()):
            look.norm.weight.copy_(arrays[f"look{k}_norm"])
            look.norm.bias.copy_(arrays[f"look{k}_norm_bias"])
            look.asked.weight.copy_(arrays[f"look{k}_asked"].T)
            look.told.weight.copy_(arrays[f"look{k}_told"].T)
            look.told.bias.copy_(arrays[f"look{k}_told_bias"])
        x = functional.relu(net.stem(frames[:, :, None, :]))
        for k, (conv, norm, mix) in enumerate(zip(net.convs, net.norms, net.mix, strict=True)):
            if str(k) in net.looks:
                x = net.looks[str(k)](x)
            conv.weight[:, :, 0] = arrays[f"conv{k}"].permute(2, 1, 0)
            mix.weight[:, :, 0, 0] = arrays[f"mix{k}"].T
            mix.bias.copy_(arrays[f"mix{k}_bias"])
            seen = conv(x)
            variance, mean = torch.var_mean(seen, dim=(0, 2, 3), unbiased=False)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_(torch.sqrt(variance + norm.eps))
            norm.bias.copy_(arrays[f"conv{k}_bias"] + mean)
            x = x + mix(functional.relu(seen + arrays[f"conv{k}_bias"][:, None, None]))
    return net
