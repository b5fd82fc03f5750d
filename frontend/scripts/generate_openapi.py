"""Write frontend/openapi.json from the service; a test fails when it is stale.

python frontend/scripts/generate_openapi.py
"""

from __future__ import annotations

import json
from pathlib import Path

from drumscribe.api.app import create_app
from drumscribe.core.config import Settings

TARGET = Path(__file__).parents[1] / "openapi.json"


def openapi_text() -> str:
    """The service's OpenAPI document, with sorted keys so that differences are small."""
    document = create_app(Settings(_env_file=None)).openapi()
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(openapi_text(), encoding="utf-8")
