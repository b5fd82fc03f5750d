"""Writes trained weights as the package carries them: an ONNX file and its manifest.

python -m training.export --run runs/v0 --version 0.1.0
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
from drumscribe.ml.detector_manifest import RELEASED, DetectorManifest
from drumscribe.ml.features import FeatureParams
from drumscribe.ml.picking import PickingOptions

from training.model import DrumNet, Probabilities
from training.performances import CLASSES

WEIGHTS = Path(__file__).resolve().parents[1] / "backend/src/drumscribe/ml/weights"
# Chosen by one rule for all classes, see LOG.md.
THRESHOLD = 0.45
THRESHOLDS: dict[str, float] = {}
REFRACTORY_SECONDS = {
    "kick": 0.05,
    "crash": 0.06,
    "hihat_closed": 0.03,
    "hihat_open": 0.05,
}
CONTEXT_FRAMES = 800


def to_onnx(net: DrumNet) -> bytes:
    """The network with its sigmoids as ONNX, any number of frames."""
    shipped = Probabilities(net).eval()
    buffer = io.BytesIO()
    torch.onnx.export(
        shipped, (torch.zeros(1, 400, net_bands(net)),), buffer, dynamo=False, opset_version=17,
        input_names=["spectrogram"], output_names=["onsets", "velocities"],
        dynamic_axes={
            "spectrogram": {1: "frames"}, "onsets": {1: "frames"}, "velocities": {1: "frames"},
        },
    )  # fmt: skip
    return buffer.getvalue()


def net_bands(net: DrumNet) -> int:
    """How many bands a network was built for."""
    return net.project.in_features // net.front[-1].conv.out_channels * 12


def check_same(net: DrumNet, content: bytes) -> float:
    """The largest difference between PyTorch and ONNX Runtime on random input."""
    features = torch.rand(1, 1200, net_bands(net)) * 3
    with torch.no_grad():
        expected = Probabilities(net).eval()(features)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    found = session.run(None, {"spectrogram": features.numpy()})
    return max(
        float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, found, strict=True)
    )


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
    parser.add_argument("--calibration", type=Path, help="written by training.evaluate")
    parser.add_argument("--notes", default="", help="how long it was trained, in words")
    args = parser.parse_args()

    params = FeatureParams()
    state = torch.load(args.run / "weights.pt", weights_only=True)
    net = DrumNet(params.bands)
    net.load_state_dict(state["weights"])
    content = to_onnx(net)
    difference = check_same(net, content)
    assert difference < 1e-4, difference
    calibration = json.loads(args.calibration.read_text()) if args.calibration else {}
    data = (args.cache / "data-manifest.json").read_bytes()
    sources = json.loads(data)
    manifest = DetectorManifest(
        name=RELEASED, version=args.version, file=f"{RELEASED}.onnx",
        sha256=hashlib.sha256(content).hexdigest(), classes=CLASSES, fps=params.fps, pool=net.pool,
        context_frames=CONTEXT_FRAMES, features=params,
        picking=PickingOptions(
            thresholds={name: THRESHOLDS.get(name, THRESHOLD) for name in CLASSES},
            refractory_seconds=REFRACTORY_SECONDS,
            calibration_slope=calibration.get("slope", 1.0),
            calibration_intercept=calibration.get("intercept", 0.0),
        ),
        training={
            "steps": state["step"], "notes": args.notes,
            "data_manifest_sha256": hashlib.sha256(data).hexdigest(),
            "licences": sorted({source["licence"] for source in sources}),
            "real_recordings": "none",
        },
    )  # fmt: skip
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out / manifest.file, content)
    write(args.out / f"{RELEASED}.json", manifest.to_json().encode())
    print(
        f"{manifest.ref}: {len(content) / 1e6:.2f} MB, differs by {difference:.1e} from PyTorch"
    )


if __name__ == "__main__":
    main()
