"""The network: convolutions over the spectrogram, dilated convolutions and a GRU over time."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

N_CLASSES = 10


class ConvBlock(nn.Module):
    """Convolution over (time, frequency), batch norm, rectifier."""

    def __init__(self, into: int, out: int, kernel: tuple[int, int], stride: int = 1) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2)
        self.conv = nn.Conv2d(into, out, kernel, (1, stride), padding, bias=False)
        self.norm = nn.BatchNorm2d(out)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu_(self.norm(self.conv(x)))


class GatedBlock(nn.Module):
    """A residual dilated convolution over time with a gate."""

    def __init__(self, width: int, dilation: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(width)
        self.conv = nn.Conv1d(width, 2 * width, 3, padding=dilation, dilation=dilation)
        self.out = nn.Conv1d(width, width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        gated = functional.glu(self.conv(self.norm(x)), 1)
        return x + self.dropout(self.out(gated))


class DrumNet(nn.Module):
    """Spectrogram (batch, frames, bands) -> onset and velocity logits (batch, frames, classes).

    A convolutional front end sees about 0.1 s in full time resolution; three gated blocks widen
    that to 0.3 s; a bidirectional GRU at a quarter of the frame rate brings in the context of
    seconds (what the groove is, what the guitar does); two more gated blocks place the onset.
    frames must be a multiple of `pool`.
    """

    def __init__(
        self,
        bands: int = 84,
        channels: tuple[int, int, int, int] = (24, 32, 48, 64),
        width: int = 192,
        recurrent: int = 160,
        pool: int = 4,
    ) -> None:
        super().__init__()
        a, b, c, d = channels
        self.pool = pool
        self.input_norm = nn.BatchNorm2d(1)
        self.front = nn.Sequential(
            ConvBlock(1, a, (3, 5), stride=2),
            ConvBlock(a, b, (3, 3)),
            nn.MaxPool2d((1, 2)),
            ConvBlock(b, c, (3, 3)),
            ConvBlock(c, c, (3, 3)),
            nn.MaxPool2d((1, 3)),
            ConvBlock(c, d, (3, 3)),
        )
        self.project = nn.Linear(d * (bands // 12), width)
        self.dropout = nn.Dropout(0.15)
        self.local = nn.Sequential(*[GatedBlock(width, dilation) for dilation in (1, 2, 4)])
        self.context = nn.GRU(width, recurrent, 2, batch_first=True, bidirectional=True)
        self.fuse = nn.Conv1d(width + 2 * recurrent, width, 1)
        self.place = nn.Sequential(*[GatedBlock(width, dilation) for dilation in (1, 4)])
        self.onset = nn.Linear(width, N_CLASSES)
        self.velocity = nn.Linear(width, N_CLASSES)
        # Onsets are rare: start from "nothing here".
        nn.init.constant_(self.onset.bias, -4.0)

    def local_features(self, spectrogram: Tensor) -> Tensor:
        """(batch, frames, bands) -> (batch, width, frames); sees 12 frames to either side."""
        x = self.front(self.input_norm(spectrogram[:, None]))
        x = self.dropout(functional.relu(self.project(x.permute(0, 2, 1, 3).flatten(2))))
        return self.local(x.transpose(1, 2))

    def pooled(self, local: Tensor) -> Tensor:
        """(batch, width, frames) -> (batch, frames / pool, width)."""
        return functional.avg_pool1d(local, self.pool).transpose(1, 2)

    def heads(self, local: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Logits from local features and context; sees 5 frames to either side."""
        context = torch.repeat_interleave(context.transpose(1, 2), self.pool, 2)
        x = self.fuse(torch.cat([local, context.to(local.dtype)], 1))
        x = self.place(x).transpose(1, 2)
        return self.onset(x).float(), self.velocity(x).float()

    def forward(self, spectrogram: Tensor) -> tuple[Tensor, Tensor]:
        local = self.local_features(spectrogram)
        pooled = self.pooled(local)
        # Recurrent layers lose too much in bfloat16.
        with torch.autocast(pooled.device.type, enabled=False):
            context = self.context(pooled.float())[0]
        return self.heads(local, context)


class FrontStage(nn.Module):
    """Shipped first stage: spectrogram -> local features and their pools."""

    def __init__(self, net: DrumNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, spectrogram: Tensor) -> tuple[Tensor, Tensor]:
        local = self.net.local_features(spectrogram)
        return local.transpose(1, 2), self.net.pooled(local)


class RecurrentStage(nn.Module):
    """Shipped stages between: one layer of the context, one way, with its state in and out.

    The way back is fed backwards. steps (batch, steps, width), state (batch, 1, units).
    """

    def __init__(self, net: DrumNet, layer: int, *, back: bool) -> None:
        super().__init__()
        whole = net.context
        width = whole.input_size if layer == 0 else 2 * whole.hidden_size
        self.recurrent = nn.GRU(width, whole.hidden_size, batch_first=True)
        suffix = f"_l{layer}{'_reverse' if back else ''}"
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(self.recurrent, f"{name}_l0").data.copy_(getattr(whole, name + suffix).data)

    def forward(self, steps: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        said, after = self.recurrent(steps, state.transpose(0, 1))
        return said, after.transpose(0, 1)


class HeadsStage(nn.Module):
    """Shipped last stage: local features and context -> probabilities and velocities in 0..1."""

    def __init__(self, net: DrumNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, local: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        onset, velocity = self.net.heads(local.transpose(1, 2), context)
        return torch.sigmoid(onset), torch.sigmoid(velocity)


class Probabilities(nn.Module):
    """All stages in one: what the shipped network answers."""

    def __init__(self, net: DrumNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, spectrogram: Tensor) -> tuple[Tensor, Tensor]:
        onset, velocity = self.net(spectrogram)
        return torch.sigmoid(onset), torch.sigmoid(velocity)
