"""Rebuilds the PyTorch state of the released network from the ONNX stages that ship.

    python -m lab.network.restore --out runs/released [--cache runs/cache]

So the released weights can be trained on from the repository alone. The exporter folded each batch
norm of the front into its convolution. With a cache these norms get back the mean and spread of
what the convolutions say to rendered music (in evaluation nothing changes, in training the norms
behave as they did); without one they are the identity, and only fit to be exported again. Fails if
the restored network differs by more than 1e-4 from the ONNX stages.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from drumscribe.hearing.features import FeatureParams
from drumscribe.hearing.manifest import STAGES, released_manifest, released_weights
from lab.network.dataset import examples
from lab.network.export import check_same
from lab.network.model import DrumNet
from lab.network.train import save
from lab.render import cache as cached

_EXCERPTS = 96
_LARGEST_DIFFERENCE = 1e-4


def _tensors(graph: onnx.GraphProto) -> dict[str, Tensor]:
    return {i.name: torch.tensor(numpy_helper.to_array(i).copy()) for i in graph.initializer}


def _nodes(graph: onnx.GraphProto, kind: str) -> list[onnx.NodeProto]:
    return [node for node in graph.node if node.op_type == kind]


def _gates(weights: Tensor) -> Tensor:
    """ONNX orders a GRU's gates update, reset, new; PyTorch reset, update, new."""
    update, reset, new = weights.chunk(3, 0)
    return torch.cat([reset, update, new], 0)


def _restore_front(
    graph: onnx.GraphProto, state: dict[str, Tensor], put: Callable[[str, Tensor], None]
) -> None:
    front = _tensors(graph)
    folded = [node for node in _nodes(graph, "Conv") if node.input[1].startswith("onnx::")]
    places = [name for name in state if name.startswith("front.") and name.endswith("conv.weight")]
    for node, place in zip(folded, places, strict=True):
        norm = place.removesuffix("conv.weight") + "norm."
        put(place, front[node.input[1]])
        put(norm + "bias", front[node.input[2]])
        for name, value in (("weight", 1.0), ("running_mean", 0.0), ("running_var", 1.0 - 1e-5)):
            state[norm + name] = torch.full_like(state[norm + name], value)
    put("project.weight", front[_nodes(graph, "MatMul")[0].input[1]].T)


def _restore_recurrent(
    graphs: dict[str, onnx.GraphProto], put: Callable[[str, Tensor], None]
) -> None:
    for layer, (way, suffix) in itertools.product((0, 1), (("ahead", ""), ("back", "_reverse"))):
        graph = graphs[f"{way}_{layer + 1}"]
        values, node = _tensors(graph), _nodes(graph, "GRU")[0]
        end = f"_l{layer}{suffix}"
        put(f"context.weight_ih{end}", _gates(values[node.input[1]][0]))
        put(f"context.weight_hh{end}", _gates(values[node.input[2]][0]))
        of_input, of_state = values[node.input[3]][0].chunk(2, 0)
        put(f"context.bias_ih{end}", _gates(of_input))
        put(f"context.bias_hh{end}", _gates(of_state))


def restored(stages: dict[str, bytes], net: DrumNet) -> DrumNet:
    """`net` with the weights of exported stages; raises ValueError if the sizes differ."""
    graphs = {name: onnx.load_model_from_string(stages[name]).graph for name in STAGES}
    state = net.state_dict()

    def put(name: str, value: Tensor) -> None:
        if state[name].shape != value.shape:
            raise ValueError(f"{name}: {tuple(value.shape)} is not {tuple(state[name].shape)}")
        state[name] = value.float().contiguous()

    for stage in ("front", "heads"):
        for name, value in _tensors(graphs[stage]).items():
            if name.startswith("net."):
                put(name.removeprefix("net."), value)
    _restore_front(graphs["front"], state, put)
    _restore_recurrent(graphs, put)
    onsets, velocities = _nodes(graphs["heads"], "MatMul")
    heads = _tensors(graphs["heads"])
    put("onset.weight", heads[onsets.input[1]].T)
    put("velocity.weight", heads[velocities.input[1]].T)
    net.load_state_dict(state)
    net.eval()
    return net


@torch.no_grad()
def with_norms_of(net: DrumNet, spectrograms: Iterable[Tensor]) -> DrumNet:
    """The same network, its folded norms with the mean and variance that these batches give."""
    norms = [block.norm for block in net.front if hasattr(block, "norm")]
    sums = {norm: [0.0, torch.zeros_like(norm.bias), torch.zeros_like(norm.bias)] for norm in norms}

    def watch(norm: torch.nn.BatchNorm2d, inputs: tuple[Tensor, ...]) -> None:
        (x,) = inputs
        total = sums[norm]
        total[0] += x.numel() / x.shape[1]
        total[1] += x.sum((0, 2, 3))
        total[2] += x.square().sum((0, 2, 3))

    handles = [norm.register_forward_pre_hook(watch) for norm in norms]
    for spectrogram in spectrograms:
        net.eval()(spectrogram)
    for handle in handles:
        handle.remove()
    for norm, (count, total, squares) in sums.items():
        mean = total / count
        variance = (squares / count - mean.square()).clamp_min(1e-6)
        # y = x + bias stays what it is: weight * (x - mean) / spread + (bias + mean).
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/released"))
    parser.add_argument("--cache", type=Path, help="to give the folded norms their statistics")
    args = parser.parse_args()
    params = FeatureParams()
    stages = released_weights(released_manifest())
    net = restored(dict(stages), DrumNet(params.bands))
    if args.cache:
        stream = examples(cached.load(args.cache, "train"), 7, 5.0, params)
        some = [next(stream).features.astype(np.float32) for _ in range(_EXCERPTS)]
        batches = (torch.from_numpy(np.stack(some[i : i + 8])) for i in range(0, _EXCERPTS, 8))
        net = with_norms_of(net, batches)
    difference = check_same(net, dict(stages))
    if difference > _LARGEST_DIFFERENCE:
        raise SystemExit(f"the restored network differs by {difference:.1e} from what ships")
    args.out.mkdir(parents=True, exist_ok=True)
    save(args.out / "weights.pt", {"weights": net.state_dict(), "step": 0})
    print(f"{args.out}/weights.pt differs by {difference:.1e} from the shipped stages")


if __name__ == "__main__":
    main()
