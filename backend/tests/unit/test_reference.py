"""The generated reference is not stale."""

import importlib.util

from conftest import ROOT


def test_command_line_reference_is_up_to_date() -> None:
    path = ROOT / "docs" / "reference" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text() == module.command_line_reference(), (
        "run: .venv/bin/python docs/reference/generate.py"
    )
