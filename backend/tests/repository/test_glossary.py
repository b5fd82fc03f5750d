"""One word, one meaning: the glossary against the names that others see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase

from api_client import make_api
from drumscribe.core import metrics
from drumscribe.db.tables import metadata
from places import ROOT

# The specification's label of the metrics; the glossary says what its values are.
_FIXED_BY_THE_SPECIFICATION = {("label", "stage")}


def refused_words() -> dict[str, str]:
    """Word that is never used -> the word to use."""
    text = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \*\*(.+?)\*\*.* \| ([^|]*)\|$", text, flags=re.MULTILINE)
    return {
        refused.strip(): word
        for word, never in rows
        for refused in never.split(",")
        if never.strip()
    }


def names_of(document: object) -> Iterator[str]:
    """Properties and parameters anywhere in an OpenAPI document."""
    if isinstance(document, dict):
        properties = document.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        if isinstance(document.get("name"), str) and "in" in document:
            yield document["name"]
    values: Any = document.values() if isinstance(document, dict) else document
    if isinstance(document, dict | list):
        for value in values:
            yield from names_of(value)


def test_glossary_has_words_to_refuse() -> None:
    assert refused_words()["stage"] == "step"
    assert len(refused_words()) > 10


@pytest.mark.parametrize("kind", ["field", "column", "label"])
def test_names_are_those_of_the_glossary(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if kind == "field":
        api = make_api(tmp_path_factory.mktemp("api")).client
        names = set(names_of(api.get("/api/v1/openapi.json").json()))
    elif kind == "column":
        names = {column.key for table in metadata.tables.values() for column in table.columns}
    else:
        found = [value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)]
        names = {label for metric in found for label in metric._labelnames}
    assert len(names) > 3
    refused = refused_words()
    wrong = {
        f"{name}: {word} is called {refused[word]}"
        for name in names
        for word in refused
        if f"_{word}_" in f"_{name}_" and (kind, name) not in _FIXED_BY_THE_SPECIFICATION
    }
    assert wrong == set()
