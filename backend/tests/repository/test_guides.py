"""What the guides tell people to type exists: commands, options, settings, make targets, files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from drumscribe.cli.main import cli
from drumscribe.core.config import Settings
from drumscribe.core.metrics import every_metric
from places import ROOT

_AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "backend/README.md")
PAGES = [ROOT / name for name in _AT_THE_TOP] + sorted((ROOT / "docs").rglob("*.md"))
# Read by Compose, by scripts and by other programs, or placeholders.
_OTHER_VARIABLES = {
    "API_IMAGE", "API_URL", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL_S3", "COMPOSE_FILE",
    "DEFAULT_CONCURRENCY", "DRUMSCRIBE_API_KEY", "DRUMSCRIBE_GROOVE", "DRUMSCRIBE_REMOTE",
    "FRONTEND_IMAGE", "GS_ACCESS_KEY_ID",
    "GS_SECRET_ACCESS_KEY", "HEAVY_CPUS", "HTTP_PORT", "JOB_ID", "JOB_UUID", "ML_PIPELINE",
    "MODELS_TO_DOWNLOAD", "NEXT_PUBLIC_API_URL", "NPM_CONFIG_REGISTRY", "ORT_DISABLE_TELEMETRY",
    "DEPLOY_TO", "PORT", "RAILWAY_TOKEN", "SECRETS_DIR", "STORE_ORIGINS", "VIDEO_ID",
    "WORKER_IMAGE",
}  # fmt: skip
_FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
# The last one: `kubectl -n drumscribe exec ... drumscribe admin` has two.
_COMMAND = re.compile(r"(?:^|.*[\s/])drumscribe ([a-z].*)")


def code_lines(text: str) -> Iterator[str]:
    """Lines of code blocks, continued ones as one, and what stands between backticks."""
    indented = "\n".join(line.strip() for line in text.splitlines() if line.startswith("    "))
    for block in [*_FENCED.findall(text), indented]:
        yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", text)


def commands(path: Path) -> set[str]:
    """What is given to `drumscribe` on a page, without comments and pipes."""
    lines = code_lines(path.read_text(encoding="utf-8"))
    found = [_COMMAND.search(line) for line in lines if not re.match(r"from|import|Usage", line)]
    # `--username drumscribe drumscribe` and `-U drumscribe -c` are PostgreSQL's.
    return {re.split(r"\s[#|>]|\s\.\.\.", m[1])[0].strip() for m in found if m is not None}


def complaint(words: list[str]) -> str | None:
    """What is wrong with a command line, or None."""
    command: click.Command = cli
    given = click.Context(cli)
    while isinstance(command, click.Group):
        if not words or words[0].startswith("-"):
            return None
        name, *words = words
        chosen = command.get_command(given, name)
        if chosen is None:
            return f"there is no {command.name} {name}"
        command = chosen
    known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    options = {word.partition("=")[0].strip("[]") for word in words if word.startswith(("-", "[-"))}
    return f"{command.name} has no {options - known}" if options - known else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_of_a_page_exist_with_their_options(page: Path) -> None:
    wrong = {line: complaint(shlex.split(line)) for line in commands(page)}
    assert {line: why for line, why in wrong.items() if why} == {}


def test_commands_are_found_and_wrong_ones_noticed() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 60
    assert complaint(["admin", "requeue", "ID", "--step", "predict_hits"]) is None
    assert complaint(["admin", "purge"]) == "there is no admin purge"
    assert complaint(["transcribe", "song.mp3", "--louder"]) == "transcribe has no {'--louder'}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_names_on_a_page_are_names_of_something(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    variables = set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", text)) - _OTHER_VARIABLES
    assert {name for name in variables if name.lower() not in Settings.model_fields} == set()
    places = re.findall(
        r"`((?:backend|docs|scripts|infrastructure|examples|\.github)/[\w./-]+)`", text
    )
    assert [place for place in places if not (ROOT / place).exists()] == []
    targets = set(re.findall(r"\bmake ([a-z][a-z-]+)`", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets <= set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    metrics = {metric.name for metric in every_metric()}
    named = {
        re.sub(r"_(bucket|count|sum)$", "", n) for n in re.findall(r"\bdrumscribe_[a-z_]+", text)
    }
    assert named <= metrics


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "runbooks").glob("*.md")), ids=lambda page: page.stem
)
def test_commands_of_a_runbook_run_where_the_operator_sits(page: Path) -> None:
    # There is no `drumscribe` on the host, and without -f the development files would be read.
    for line in code_lines(page.read_text(encoding="utf-8")):
        if re.search(r"\bdrumscribe (?:admin|models)\b", line):
            assert re.search(r"^docker compose .* exec |^kubectl .* exec ", line), line
        if "docker compose" in line:
            assert "docker compose -f docker-compose.yml " in line, line
