"""The generated pages of the reference are not stale."""

import importlib.util

import pytest

from places import ROOT

REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize(
    ("generator", "page"),
    [
        ("generate_cli", "command_line_reference"),
        ("generate_api", "api_page"),
        ("generate_metrics", "metrics_page"),
        ("generate_errors", "errors_page"),
        ("generate_drum_maps", "drum_maps_page"),
        ("generate_drum_styles", "drum_styles_page"),
    ],
)
def test_generated_page_is_up_to_date(generator: str, page: str) -> None:
    spec = importlib.util.spec_from_file_location(generator, REFERENCE / f"{generator}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text() == getattr(module, page)(), "run: make docs"
