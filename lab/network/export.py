"""Writes trained weights as the package carries them: an ONNX file and its manifest.

python -m lab.network.export --run runs/v0 --version 0.1.0
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from drumscribe.hearing.features import FeatureParams
from drumscribe.hearing.manifest import RELEASED, DetectorManifest, weights_digest
from drumscribe.hearing.recurrence import LAYERS, remembered
from lab.network.described import real_recordings, rules, sources_of
from lab.network.model import DrumNet, FrontStage, HeadsStage, Probabilities, RecurrentStage
from lab.places import REPOSITORY
from lab.render.performances import CLASSES

WEIGHTS = REPOSITORY / "backend/src/drumscribe/hearing/weights"
# How far the stages look, rounded up to whole pools (front: 12 frames, heads: 5).
FRONT_CONTEXT_FRAMES, HEADS_CONTEXT_FRAMES = 16, 8


def _exported(
    stage: nn.Module,
    inputs: dict[str, Tensor],
    outputs: tuple[str, ...],
    fixed: tuple[str, ...] = (),
) -> bytes:
    """A stage as ONNX, any number of frames (axis 1 of everything that is not fixed)."""
    buffer = io.BytesIO()
    torch.onnx.export(
        stage.eval(), tuple(inputs.values()), buffer, dynamo=False, opset_version=17,
        input_names=list(inputs), output_names=list(outputs),
        dynamic_axes={
            name: {1: f"{name}_frames"} for name in (*inputs, *outputs) if name not in fixed
        },
    )  # fmt: skip
    return buffer.getvalue()


def to_onnx(net: DrumNet) -> dict[str, bytes]:
    """The stages of the network, in the order in which they run."""
    spectrogram = torch.zeros(1, 400, net_bands(net))
    with torch.no_grad():
        local, pooled = FrontStage(net).eval()(spectrogram)
        context = net.context(pooled)[0]
    recurrent: dict[str, bytes] = {}
    for layer, (ahead, back) in enumerate(LAYERS):
        inputs = {
            "steps": pooled if layer == 0 else context,
            "state": torch.zeros(1, 1, net.context.hidden_size),
        }
        for name in (ahead, back):
            stage = RecurrentStage(net, layer, back=name == back)
            recurrent[name] = _exported(stage, inputs, ("said", "after"), fixed=("state", "after"))
    return {
        "front": _exported(FrontStage(net), {"spectrogram": spectrogram}, ("local", "pooled")),
        **recurrent,
        "heads": _exported(
            HeadsStage(net),
            {"local": local, "context": context},
            ("onsets", "velocities"),
        ),
    }


def net_bands(net: DrumNet) -> int:
    """How many bands a network was built for."""
    bands: int = net.project.in_features // net.front[-1].conv.out_channels * 12
    return bands


def check_same(net: DrumNet, stages: dict[str, bytes]) -> float:
    """The largest difference between PyTorch and ONNX Runtime on random input."""
    features = torch.rand(1, 1200, net_bands(net)) * 3
    with torch.no_grad():
        expected = Probabilities(net).eval()(features)
    sessions = {
        name: onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        for name, content in stages.items()
    }

    def run_stage(stage: str, **inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        answer = sessions[stage].run(None, {name: array[None] for name, array in inputs.items()})
        return [output[0] for output in answer]

    local, pooled = run_stage("front", spectrogram=features[0].numpy())
    context = remembered(run_stage, pooled, units=net.context.hidden_size, steps_at_once=70)
    found = run_stage("heads", local=local, context=context)
    return max(float(np.abs(a[0].numpy() - b).max()) for a, b in zip(expected, found, strict=True))


def write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".part")
    temporary.write_bytes(content)
    temporary.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("runs/v0"))
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--thresholds", type=Path, help="written by lab.measure.thresholds")
    parser.add_argument("--picking-of", type=Path, help="a manifest whose rules are taken over")
    parser.add_argument(
        "--calibration", type=Path, help="written by lab.measure.validation or .calibration"
    )
    parser.add_argument("--notes", default="", help="how long it was trained, in words")
    args = parser.parse_args()

    params = FeatureParams()
    state = torch.load(args.run / "weights.pt", weights_only=True)
    net = DrumNet(params.bands)
    net.load_state_dict(state["weights"])
    stages = to_onnx(net)
    difference = check_same(net, stages)
    assert difference < 1e-4, difference
    calibration = json.loads(args.calibration.read_text()) if args.calibration else {}
    ways = json.loads(args.thresholds.read_text()) if args.thresholds else {}
    picking, picking_by_listening = rules(args.picking_of, ways, calibration)
    data, licences = sources_of(args.cache)
    manifest = DetectorManifest(
        name=RELEASED, version=args.version,
        files={stage: f"{RELEASED}.{stage}.onnx" for stage in stages},
        sha256=weights_digest(stages), classes=CLASSES, fps=params.fps, pool=net.pool,
        units=net.context.hidden_size,
        front_context_frames=FRONT_CONTEXT_FRAMES, heads_context_frames=HEADS_CONTEXT_FRAMES,
        features=params,
        picking=picking, picking_by_listening=picking_by_listening,
        training={
            "steps": state["step"], "notes": args.notes,
            "data_manifest_sha256": hashlib.sha256(data).hexdigest(),
            "licences": licences, "real_recordings": real_recordings(args.cache),
        },
    )  # fmt: skip
    args.out.mkdir(parents=True, exist_ok=True)
    for stage, content in stages.items():
        write(args.out / manifest.files[stage], content)
    write(args.out / f"{RELEASED}.json", manifest.to_json().encode())
    size = sum(map(len, stages.values())) / 1e6
    print(f"{manifest.ref}: {size:.2f} MB, differs by {difference:.1e} from PyTorch")


if __name__ == "__main__":
    main()
