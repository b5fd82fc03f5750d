"""Every wish, with its limits, through every door: one place says them, so all doors agree."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import pytest

import drumscribe
from api_client import JOBS, Api, make_api, short_recording
from drumscribe.cli.main import cli
from drumscribe.cli.recordings.transcribe import transcribe
from drumscribe.cli.render import render
from drumscribe.domain.jobs import Edits
from drumscribe.domain.wishes import ALL_WISHES, HearingWishes, Wishes
from drumscribe.domain.wishing.fields import Wish, wishes_of
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    Number,
    OneNumberOf,
    OneOf,
    Text,
    TimeSignature,
    Whole,
    YesNo,
)
from drumscribe.errors import InvalidOption, SourceNotFound
from drumscribe.notation.styles.drum_maps import DRUM_MAPS
from drumscribe.notation.styles.drum_styles import STYLES
from places import ROOT

EVERY_WISH = pytest.mark.parametrize("wish", ALL_WISHES.values(), ids=list(ALL_WISHES))


def taken(wish: Wish) -> list[Any]:
    """Values at the limits, in their JSON form."""
    match wish.kind:
        case Number(least, most) | Whole(least, most):
            return [max(least, 0.5) if wish.name == "end_seconds" else least, most]
        case OneNumberOf(choices):
            return list(choices)
        case OneOf():
            return list(wish.kind.choices)
        case YesNo():
            return [True]
        case Text() if wish.name == "section_names":
            return ["A=Ö", "A=Verse, B=Chorus"]
        case Text(longest) if wish.name == "bar_texts":
            return ["0=Ö", "1=" + "x" * (longest - 2)]
        case Text(longest):
            return ["Ö", "x" * longest]
        case TimeSignature():
            return ["1/4", "3/16", "32/16", "7/8"]
        case BarMarks():
            first = {"at_seconds": 0.0, "time_signature": None}
            return [[first], [first, {"at_seconds": 2.0, "time_signature": "2/4"}]]
        case ByInstrument(number):
            return [{"kick": number.least, "hihat_open": number.most}]


def refused(wish: Wish) -> list[Any]:
    """Values just beyond the limits, in their JSON form."""
    match wish.kind:
        case Number(least, most):
            return [least - 0.01, most + 0.01]
        case Whole(least, most):
            return [least - 1, most + 1]
        case OneNumberOf():
            return [1.5]
        case OneOf():
            return ["crayons"]
        case YesNo():
            return []
        case Text(longest):
            return ["x" * (longest + 1)]
        case TimeSignature():
            return ["4/32", "2/16", "33/4", "4/3", "four"]
        case BarMarks(seconds, _, most):
            return [
                [{"at_seconds": seconds.least - 0.01}],
                [{"at_seconds": 1.0, "time_signature": "2/16"}],
                [{"time_signature": "2/4"}],
                [{"at_seconds": "soon"}],
                [{"at_seconds": 0.01 * k} for k in range(most + 1)],
            ]
        case ByInstrument(number):
            return [{"kick": number.most + 0.01}, {"gong": 0.5}]


def spoken(wish: Wish, value: Any) -> list[str]:
    """The arguments of the command line that say it."""
    if isinstance(wish.kind, YesNo):
        return [wish.option]
    if isinstance(wish.kind, BarMarks):
        return [
            f"{wish.option}={mark.get('at_seconds')}={mark.get('time_signature') or ''}"
            for mark in value
        ]
    if isinstance(wish.kind, ByInstrument):
        return [arg for name, number in value.items() for arg in (wish.option, f"{name}={number}")]
    return [f"{wish.option}={value}"]


def wishes_of_command(command: click.Command, arguments: list[str]) -> Wishes:
    """What the command would be handed."""
    # Below the program's own context: a command keeps the help option that its first one asks for.
    program = click.Context(cli, **cli.context_settings)
    with command.make_context(command.name, arguments, parent=program) as context:
        said = {name: context.params[name] for name in ALL_WISHES if name in context.params}
    return Wishes.of(said)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    made = make_api(
        tmp_path_factory.mktemp("doors"),
        pdf_backend="none",
        max_concurrent_jobs_per_user=10_000,
        rate_limit_per_minute=0,
        create_limit_per_minute=0,
    )
    with made.client:
        yield made


@pytest.fixture(scope="module")
def recording(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_recording(example_song, tmp_path_factory.mktemp("song") / "song.flac", 3.0)


@pytest.fixture(scope="module")
def finished(api: Api, recording: Path) -> str:
    """The address of a finished job."""
    return f"{JOBS}/{api.completed(recording)}"


@EVERY_WISH
def test_library_takes_a_wish_within_its_limits_only(wish: Wish, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.wav"
    for value in taken(wish):
        with pytest.raises(SourceNotFound):
            drumscribe.transcribe(nothing, **{wish.name: value})
    for value in refused(wish):
        with pytest.raises(InvalidOption, match=wish.name):
            drumscribe.transcribe(nothing, **{wish.name: value})


@EVERY_WISH
def test_command_line_takes_a_wish_within_its_limits_only(wish: Wish) -> None:
    commands = [(transcribe, ["song.wav"])]
    if wish not in wishes_of(HearingWishes):
        commands.append((render, ["hits.json"]))
    for command, arguments in commands:
        for value in taken(wish):
            wishes = wishes_of_command(command, [*arguments, *spoken(wish, value)])
            assert wishes.to_dict()[wish.name] == value
        for value in refused(wish):
            with pytest.raises((click.UsageError, InvalidOption)):
                wishes_of_command(command, [*arguments, *spoken(wish, value)])


@EVERY_WISH
def test_new_job_takes_a_wish_within_its_limits_only(wish: Wish, api: Api, recording: Path) -> None:
    for value in taken(wish):
        answer = posted(api, recording, wish, value)
        assert answer.status_code == 202, answer.text
        job = api.service.jobs.get(UUID(answer.json()["job_id"]))
        assert job is not None
        assert job.request.wishes.to_dict()[wish.name] == value
    for value in refused(wish):
        assert posted(api, recording, wish, value).status_code == 422


def posted(api: Api, recording: Path, wish: Wish, value: Any) -> Any:
    text = json.dumps(value) if isinstance(value, dict | list | bool) else str(value)
    with recording.open("rb") as file:
        return api.client.post(JOBS, files={"file": file}, data={wish.name: text})


@EVERY_WISH
def test_edit_takes_a_wish_within_its_limits_and_answers_it(
    wish: Wish, api: Api, finished: str
) -> None:
    if wish.needs_sound:
        answer = api.client.patch(finished, json={wish.name: taken(wish)[0]})
        assert answer.status_code == 422
        return
    # The whole way once; the others as far as what is refused.
    value = taken(wish)[-1]
    answer = api.client.patch(finished, json={"revert": True, wish.name: value})
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"][wish.name] == value
    for value in refused(wish):
        assert api.client.patch(finished, json={wish.name: value}).status_code == 422
    back = api.client.patch(finished, json={wish.name: None})
    assert back.json()["settings"][wish.name] == wish.write(wish.standard)


@EVERY_WISH
def test_stored_edit_reads_back_as_it_was_said(wish: Wish) -> None:
    for value in taken(wish):
        assert Edits.from_dict(Edits(said={wish.name: value}).to_dict()).said == {wish.name: value}
    for value in refused(wish):
        assert Edits.from_dict({wish.name: value}).said == {}


def test_library_and_page_name_every_wish_as_it_is() -> None:
    for script, target in (
        ("scripts/generate_said.py", "said_module"),
        ("frontend/scripts/generate_wishes.py", "wishes_module"),
    ):
        spec = importlib.util.spec_from_file_location("generator", ROOT / script)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        written = module.TARGET.read_text(encoding="utf-8")
        assert written == getattr(module, target)(), "run: make docs"


def test_every_style_and_map_that_can_be_asked_for_exists() -> None:
    assert list(STYLES) == list(ALL_WISHES["style"].kind.choices)  # type: ignore[union-attr]
    assert list(DRUM_MAPS) == list(ALL_WISHES["drum_map"].kind.choices)  # type: ignore[union-attr]
