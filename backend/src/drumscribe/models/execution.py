"""On what the networks run: the processor, or an accelerator that ONNX Runtime was built for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal, get_args

from drumscribe.errors import ProviderUnavailable

if TYPE_CHECKING:
    import onnxruntime

# From 1.29 on, ONNX Runtime's wheels tell Microsoft about each process and session, and keep an id
# of the machine on the disk. Nothing leaves this machine: the variable must stand before the first
# import of onnxruntime, and it does, as all modules that import it import this one first. Whoever
# sets it otherwise has chosen so. https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

Provider = Literal["cpu", "cuda", "tensorrt", "migraphx", "openvino", "directml", "coreml"]
PROVIDERS: Final = get_args(Provider)

_OF_NVIDIA: Final = ("cuda", "tensorrt")
_NAMES: Final[dict[Provider, str]] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}


def start_session(
    model: bytes | str, options: onnxruntime.SessionOptions, provider: Provider
) -> onnxruntime.InferenceSession:
    """A session of a network (its content or its path) on that provider.

    Operators that an accelerator does not know run on the processor, but a session none of which
    runs on it is an error: ONNX Runtime would go on without a word.

    Raises ProviderUnavailable, and what onnxruntime raises for a network that it cannot read.
    """
    import onnxruntime

    check_built_in(provider)
    if provider in _OF_NVIDIA and hasattr(onnxruntime, "preload_dlls"):
        # Those that came as Python packages beside it (onnxruntime-gpu[cuda,cudnn]).
        onnxruntime.preload_dlls()
    wanted = [_NAMES[provider]] + ([] if provider == "cpu" else [_NAMES["cpu"]])
    session = onnxruntime.InferenceSession(model, options, providers=wanted)
    if session.get_providers()[0] != wanted[0]:
        raise ProviderUnavailable(
            f"The networks shall run on {provider}, and it cannot be started here: ONNX Runtime "
            "has fallen back to the processor. Are its driver and libraries installed, in versions "
            "that fit, and is the device visible to this process? INFERENCE_PROVIDER=cpu does "
            "without it."
        )
    return session


def check_built_in(provider: Provider) -> None:
    """Raise ProviderUnavailable unless the installed ONNX Runtime was built for it."""
    import onnxruntime

    available = onnxruntime.get_available_providers()
    if _NAMES[provider] not in available:
        known = ", ".join(name for name, full in _NAMES.items() if full in available)
        raise ProviderUnavailable(
            f"The networks shall run on {provider}, and the ONNX Runtime that is installed "
            f"({onnxruntime.__version__}) can only use {known}. CUDA and TensorRT need the package "
            "onnxruntime-gpu in the place of onnxruntime. INFERENCE_PROVIDER=cpu does without."
        )
