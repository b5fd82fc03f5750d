"""The service against its own OpenAPI: no 5xx, no answer that is not declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api_client import make_api, short_recording
from drumscribe.api.v1 import inputs
from drumscribe.api.v1.schemas import jobs, results, service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api_schema(tmp_path_factory: pytest.TempPathFactory, example_song: Path) -> Any:
    folder = tmp_path_factory.mktemp("openapi")
    api = make_api(
        folder,
        rate_limit_per_minute=0,
        create_limit_per_minute=0,
        max_concurrent_jobs_per_user=10_000,
        allowed_hosts="testserver",
    )
    job_id = api.completed(short_recording(example_song, folder / "song.flac", 2.0))
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.client.app)
    # Without a job that exists every answer would be 404.
    known = schema.raw_schema["paths"]
    for path, operations in known.items():
        if "{job_id}" in path:
            for operation in operations.values():
                for parameter in operation["parameters"]:
                    if parameter["name"] == "job_id":
                        parameter["schema"] = {"enum": [job_id, str(folder.name), job_id[::-1]]}
    return schema


def test_api_answers_only_what_it_declares(api_schema: Any) -> None:
    operations = [found.ok() for found in api_schema.get_all_operations()]
    assert len(operations) > 10
    for operation in operations:

        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS)

        check()


def test_openapi_names_every_path_of_the_contract(tmp_path: Path) -> None:
    document = make_api(tmp_path).client.get("/api/v1/openapi.json").json()
    operations = {
        (method.upper(), path) for path, entry in document["paths"].items() for method in entry
    }
    jobs = "/api/v1/jobs"
    assert {
        ("POST", jobs),
        ("GET", jobs),
        ("GET", f"{jobs}/{{job_id}}"),
        ("GET", f"{jobs}/{{job_id}}/events"),
        ("GET", f"{jobs}/{{job_id}}/result"),
        ("PUT", f"{jobs}/{{job_id}}/score"),
        ("PATCH", f"{jobs}/{{job_id}}"),
        ("GET", f"{jobs}/{{job_id}}/download/{{format}}"),
        ("DELETE", f"{jobs}/{{job_id}}"),
        ("GET", "/api/v1/health"),
    } <= operations
    for path, entry in document["paths"].items():
        for method, operation in entry.items():
            assert operation["summary"], (method, path)
            assert "422" in operation["responses"] or "429" in operation["responses"]


def test_examples_are_what_their_schemas_say() -> None:
    models = {
        name: model
        for module in (inputs, jobs, results, service)
        for name, model in vars(module).items()
        if isinstance(model, type) and issubclass(model, BaseModel)
    }
    shown = 0
    for model in models.values():
        extra = model.model_config.get("json_schema_extra")
        if isinstance(extra, dict) and "example" in extra:
            model.model_validate(extra["example"])
            shown += 1
    assert shown >= 7
