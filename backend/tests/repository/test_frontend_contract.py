"""The web page is built from the service's own description of itself."""

from __future__ import annotations

import importlib.util

from places import ROOT

FRONTEND = ROOT / "frontend"


def test_openapi_snapshot_of_the_web_page_is_up_to_date() -> None:
    path = FRONTEND / "scripts" / "generate_openapi.py"
    spec = importlib.util.spec_from_file_location("generate_openapi", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    snapshot = (FRONTEND / "openapi.json").read_text(encoding="utf-8")
    assert snapshot == module.openapi_text(), "run: make docs"
