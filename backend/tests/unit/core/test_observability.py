"""Alerts and dashboards ask for metrics and labels that the service really has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from drumscribe.core.metrics import every_metric
from drumscribe.errors import InputError, InvalidOption, NoDrumsFound, SourceNotFound
from places import ROOT

FOLDER = ROOT / "infrastructure"
ALERTS = yaml.safe_load((FOLDER / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
DASHBOARDS = sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
# Prometheus adds these to every series itself.
_OF_PROMETHEUS = {"up": {"job", "instance"}}
_ADDED_LABELS = {"job", "instance"}


def expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield f"alert {rule['alert']}", rule["expr"]
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target["expr"]


EXPRESSIONS = list(expressions())


def known_series() -> dict[str, set[str]]:
    """Name of a series -> its labels."""
    found = dict(_OF_PROMETHEUS)
    for metric in every_metric():
        labels = {*metric.labels, *_ADDED_LABELS}
        found[metric.name] = labels
        if metric.kind == "histogram":
            found[f"{metric.name}_bucket"] = {*labels, "le"}
            found[f"{metric.name}_sum"] = found[f"{metric.name}_count"] = labels
    return found


def selectors(node: Any) -> Iterator[promql_parser.VectorSelector]:
    """Every selector of a parsed expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("expr", "lhs", "rhs", "vector_selector", "vs"):
        if hasattr(node, name):
            yield from selectors(getattr(node, name))
    for argument in getattr(node, "args", None) or ():
        yield from selectors(argument)


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[w for w, _ in EXPRESSIONS])
def test_expression_asks_for_series_and_labels_that_exist(where: str, expression: str) -> None:
    known = known_series()
    asked = list(selectors(promql_parser.parse(expression)))
    # A selector that the walk overlooks would be a test that tests nothing.
    assert len(asked) == len(re.findall(r"\b(?:drumscribe_\w+|up)\b", expression)), where
    labels: set[str] = set()
    for selector in asked:
        assert selector.name in known, selector.name
        labels |= known[selector.name]
        matched = {matcher.name for matcher in selector.matchers.matchers}
        assert matched <= known[selector.name], (selector.name, matched)
    grouped = re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression)
    assert {name.strip() for names in grouped for name in names.split(",")} <= labels


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_alert_has_a_runbook_a_severity_and_a_unit_test(rule: dict[str, Any]) -> None:
    runbook = ROOT / rule["annotations"]["runbook"]
    assert f"# {rule['alert']}" in runbook.read_text(encoding="utf-8") or rule[
        "alert"
    ] in runbook.read_text(encoding="utf-8")
    assert rule["labels"]["severity"] in ("page", "ticket")
    tests = (FOLDER / "prometheus" / "tests" / "alerts_test.yml").read_text(encoding="utf-8")
    assert f"alertname: {rule['alert']}" in tests


def codes_below(tree: type[InputError]) -> set[str]:
    return {tree.code}.union(*(codes_below(kind) for kind in tree.__subclasses__()))


def test_failures_in_users_files_wake_nobody() -> None:
    (rule,) = [rule for rule in RULES if rule["alert"] == "JobsFail"]
    # The same in what is counted as a share and in what is counted at all.
    (left_out,) = set(re.findall(r'code!~"([^"]*)"', rule["expr"]))
    # A source that is gone was lost by us.
    theirs = codes_below(InputError) - {InputError.code, SourceNotFound.code}
    for code in (*theirs, InvalidOption.code, NoDrumsFound.code):
        assert re.fullmatch(left_out, code), code
    known = theirs | {InvalidOption.code, NoDrumsFound.code, "link_.*"}
    assert set(left_out.split("|")) <= known


def test_list_of_runbooks_names_every_alert() -> None:
    listed = (ROOT / "docs" / "runbooks" / "README.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert rule["alert"] in listed
        assert f"({Path(rule['annotations']['runbook']).name})" in listed


def test_alerts_pass_their_own_unit_tests(tmp_path: Path) -> None:
    # Their format is checked everywhere; promtool, where it is there (CI has it), runs them.
    tests = FOLDER / "prometheus" / "tests" / "alerts_test.yml"
    document = yaml.safe_load(tests.read_text(encoding="utf-8"))
    asked = {case["alertname"] for t in document["tests"] for case in t["alert_rule_test"]}
    assert asked == {rule["alert"] for rule in RULES}
    for promtool in filter(None, [shutil.which("promtool")]):
        done = subprocess.run(
            [promtool, "test", "rules", str(tests)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_asks_the_ports_that_the_containers_have() -> None:
    config = yaml.safe_load((FOLDER / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    for job in config["scrape_configs"]:
        assert job["job_name"] in compose["services"]
        (asked,) = job["dns_sd_configs"]
        is_api = job["job_name"] == "api"
        image = (FOLDER / f"{'api' if is_api else 'worker'}.Dockerfile").read_text(encoding="utf-8")
        assert f"EXPOSE {asked['port']}\n" in image
        assert is_api or f"PROMETHEUS_PORT={asked['port']}" in image
