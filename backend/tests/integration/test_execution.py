"""What the networks run on: what is not there is an error at the start, in words."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import pytest

from drumscribe.errors import ProviderUnavailable
from drumscribe.models.execution import PROVIDERS, check_built_in, start_session
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.models import ModelSet
from service_processes import Command
from tiny_onnx import write_stand_in


@pytest.fixture
def absent() -> str:
    """A provider that the ONNX Runtime of this machine was not built for."""
    built_in = onnxruntime.get_available_providers()
    return str(next(p for p in PROVIDERS if not any(p in name.lower() for name in built_in)))


def test_processor_is_always_there(tmp_path: Path) -> None:
    check_built_in("cpu")
    path = write_stand_in(tmp_path / "n.onnx")
    session = start_session(str(path), onnxruntime.SessionOptions(), "cpu")
    assert session.get_providers() == ["CPUExecutionProvider"]


def test_accelerator_that_the_runtime_was_not_built_for_is_named(
    absent: str, tmp_path: Path
) -> None:
    models = ModelSet(ModelStore(tmp_path, offline=True), provider=absent)  # type: ignore[arg-type]
    with pytest.raises(ProviderUnavailable, match=rf"run on {absent}.*can only use.*cpu.*-gpu"):
        models.check_provider()


def test_session_that_falls_back_to_the_processor_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with an ONNX Runtime that was built for CUDA, on a machine without.
    path = write_stand_in(tmp_path / "n.onnx")
    names = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: names)
    with (
        pytest.warns(UserWarning, match="CUDAExecutionProvider"),
        pytest.raises(ProviderUnavailable, match="fallen back to the processor"),
    ):
        start_session(str(path), onnxruntime.SessionOptions(), "cuda")


@pytest.mark.parametrize("command", [("worker", "--queue", "heavy-compute"), ("serve",)])
def test_worker_of_networks_does_not_start_without_its_accelerator(
    absent: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    environment = {"INFERENCE_PROVIDER": absent, "DATA_DIR": str(tmp_path), "API_PORT": "0"}
    started = Command(*command, environment=environment, log=tmp_path / "log")
    assert started.process.wait(240) == 1
    assert "INFERENCE_PROVIDER=cpu" in " ".join(started.output().split())
    assert "Traceback" not in started.output()
