"""The Kubernetes base: valid by the schemas of Kubernetes itself, and consistent in itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import promql_parser
import pytest
import yaml

from drumscribe.api.web_page import store_origins
from drumscribe.bootstrap import Service
from drumscribe.core.config import Settings, load_settings
from places import ROOT

FOLDER = ROOT / "infrastructure" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
OBJECTS: list[dict[str, Any]] = [
    document
    for name in KUSTOMIZATION["resources"]
    for document in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
]
PODS = [o for o in OBJECTS if o["kind"] in ("Deployment", "Job")]
_VERSION = "1.30"


def named(item: dict[str, Any]) -> str:
    return f"{item['kind']}-{item['metadata']['name']}"


@pytest.mark.parametrize("item", [o for o in OBJECTS if "keda" not in o["apiVersion"]], ids=named)
def test_object_meets_the_schema_of_kubernetes(item: dict[str, Any]) -> None:
    kubernetes_validate.validate(item, _VERSION, strict=True)


@pytest.mark.parametrize("item", PODS, ids=named)
def test_pod_has_no_rights_limits_and_known_settings(item: dict[str, Any]) -> None:
    pod = item["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    rights = container["securityContext"]
    assert rights["readOnlyRootFilesystem"] is True
    assert rights["capabilities"] == {"drop": ["ALL"]}
    assert "memory" in container["resources"]["limits"]
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}
    assert container["image"] in {image["name"] for image in KUSTOMIZATION["images"]}
    if item["kind"] == "Deployment":
        assert "livenessProbe" in container
    known = {field.upper() for field in Settings.model_fields}
    known |= {"SECRETS_DIR", "API_URL", "STORE_ORIGINS", "MODELS_TO_DOWNLOAD", "TMPDIR"}
    assert {variable["name"] for variable in container.get("env", [])} <= known


def test_settings_of_the_cluster_are_settings() -> None:
    lines = (FOLDER / "settings.env").read_text(encoding="utf-8").split()
    assert {line.partition("=")[0].lower() for line in lines} <= set(Settings.model_fields)


def test_page_may_fetch_from_the_store_that_the_api_redirects_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (FOLDER / "settings.env").read_text(encoding="utf-8").split():
        monkeypatch.setenv(*line.split("=", 1))
    secrets = {"secret_key": "k" * 32, "webhook_secret": "whsec_" + "eA" * 16}
    settings = load_settings(s3_access_key_id="key", s3_secret_access_key="secret", **secrets)
    (page,) = [item for item in PODS if item["metadata"]["name"] == "frontend"]
    (container,) = page["spec"]["template"]["spec"]["containers"]
    given = {variable["name"]: variable["value"] for variable in container["env"]}
    assert given["STORE_ORIGINS"].split() == list(store_origins(Service(settings)))


def test_nobody_reaches_our_pods_unasked_and_others_are_left_alone() -> None:
    (rule,) = [item for item in OBJECTS if item["metadata"]["name"] == "nobody"]
    assert "ingress" not in rule["spec"]
    (match,) = rule["spec"]["podSelector"]["matchExpressions"]
    apps = {item["spec"]["template"]["metadata"]["labels"]["app"] for item in PODS}
    assert (match["key"], match["operator"], set(match["values"])) == ("app", "In", apps)


def test_selectors_find_pods() -> None:
    apps = {item["spec"]["template"]["metadata"]["labels"]["app"] for item in PODS}
    for item in OBJECTS:
        spec = item.get("spec", {})
        chosen = spec.get("selector", {})
        app = (chosen.get("matchLabels") or chosen).get("app")
        assert app is None or app in apps, named(item)


def test_heavy_workers_are_scaled_by_a_metric_that_exists() -> None:
    (scaled,) = [item for item in OBJECTS if item["kind"] == "ScaledObject"]
    assert scaled["spec"]["scaleTargetRef"]["name"] in {p["metadata"]["name"] for p in PODS}
    (trigger,) = scaled["spec"]["triggers"]
    query: Any = promql_parser.parse(trigger["metadata"]["query"])
    assert query.expr.name == "drumscribe_queue_depth"
    (heavy,) = [p for p in PODS if p["metadata"]["name"] == "worker-heavy"]
    assert "replicas" not in heavy["spec"]
