"""drumscribe transcribe: recordings in, sheet music out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from drumscribe.audio.decode import DecodeLimits
from drumscribe.cli import exit_codes
from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.arguments.params import FormatsParam
from drumscribe.cli.arguments.sources import expand_sources
from drumscribe.cli.arguments.wish_options import wish_options
from drumscribe.cli.chosen_model import model_from_environment
from drumscribe.cli.common import (
    Remote,
    console,
    engraver_options,
    model_options,
    output_option,
)
from drumscribe.cli.recordings.batch import run_jobs
from drumscribe.cli.recordings.job import Job, LinkOptions, Outcome
from drumscribe.cli.recordings.links import check_links_work
from drumscribe.domain.audio import LONGEST_RECORDING_SECONDS
from drumscribe.domain.wishes import BeatWishes, HearingWishes, PageWishes, Wishes
from drumscribe.pipeline.files.formats import DEFAULT_FORMATS, FORMATS, STEMS, Engravers

_USUAL: Final = DecodeLimits()


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@output_option(may_be_file=True)
@click.option(
    "-f",
    "--formats",
    type=FormatsParam((*FORMATS, STEMS)),
    show_default=",".join(DEFAULT_FORMATS),
    help=f"Comma-separated: {', '.join(FORMATS)}, {STEMS}, or all.",
)
@wish_options(HearingWishes, BeatWishes, PageWishes)
@click.option(
    "--min-duration",
    type=click.FloatRange(0.1, 900),
    default=_USUAL.min_seconds,
    show_default=True,
    help="Refuse recordings shorter than this, in seconds.",
)
@click.option(
    "--max-duration",
    envvar="MAX_DURATION_SECONDS",
    type=click.FloatRange(1, LONGEST_RECORDING_SECONDS),
    default=_USUAL.max_seconds,
    show_default=True,
    show_envvar=True,
    help="Refuse recordings longer than this, in seconds.",
)
@click.option("--skip-existing", is_flag=True, help="Leave out recordings with all results there.")
@click.option(
    "-j",
    "--jobs",
    "job_count",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Recordings to work on at once.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON per recording on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@click.option(
    "--link-cookies",
    envvar="YOUTUBE_COOKIES_FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_envvar=True,
    help="Links: cookies in Netscape form, where the site asks for a login.",
)
@click.option(
    "--link-proxy", envvar="YOUTUBE_PROXY", show_envvar=True, help="Links: proxy of the download."
)
@engraver_options
@model_options
@click.pass_context
def transcribe(
    context: click.Context,
    sources: tuple[str, ...],
    output: Path,
    formats: tuple[str, ...] | None,
    wishes: Wishes,
    min_duration: float,
    max_duration: float,
    skip_existing: bool,
    job_count: int,
    as_json: bool,
    quiet: bool,
    link_cookies: Path | None,
    link_proxy: str | None,
    engravers: Engravers,
    model_cache_dir: Path | None,
    offline: bool,
) -> int:
    """Write down the drums of recordings.

    SRC is an audio file, a folder of them, or a link to a YouTube video or a sound file. Each
    recording gives files named after it in the output folder: NAME.musicxml, NAME.pdf, NAME.mid,
    NAME.json ...
    With `drumscribe --remote URL` a service does the work, one recording after the other.
    """
    destination = Destination.of(output)
    wanted = destination.formats(formats, DEFAULT_FORMATS)
    limits = DecodeLimits(min_seconds=min_duration, max_seconds=max_duration)
    detector = model_from_environment()
    # What runs every night may find an empty folder.
    found = expand_sources(sources, destination, may_be_empty=skip_existing)
    remote = context.find_object(Remote)
    if remote is None:
        check_links_work([source.link for source in found if source.link], offline=offline)
    fetching = LinkOptions(cookies_file=link_cookies, proxy=link_proxy)
    jobs = [
        Job(
            source=source.path,
            link=source.link,
            fetching=fetching,
            output_stem=source.output_stem,
            is_named=destination.name is not None,
            formats=wanted,
            wishes=wishes,
            limits=limits,
            engravers=engravers,
            model_cache_dir=model_cache_dir,
            offline=offline,
            detector=detector,
        )
        for source in found
    ]
    skipped = [job for job in jobs if skip_existing and job.is_done()]
    for job in skipped:
        _tell(Outcome.skipped(job), as_json=as_json)
    due = [job for job in jobs if job not in skipped]
    outcomes = []
    for outcome in _run(due, remote, job_count=job_count, quiet=quiet):
        _tell(outcome, as_json=as_json)
        outcomes.append(outcome)
    return _exit_code(outcomes, batch_size=len(jobs))


def _run(
    jobs: list[Job], remote: Remote | None, *, job_count: int, quiet: bool
) -> Iterator[Outcome]:
    if remote is None:
        return run_jobs(jobs, job_count=job_count, quiet=quiet)
    from drumscribe.cli.recordings.remote import run_remotely

    return run_remotely(jobs, remote, quiet=quiet)


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(outcome.to_dict(), ensure_ascii=False))
    if outcome.error_message:
        _say(outcome, outcome.error_message, style="red")
    elif not as_json:
        for notice in outcome.notices:
            _say(outcome, notice, style="yellow")
        _say(outcome, "already done, skipped" if outcome.is_skipped else in_words(outcome.summary))
        for paths in outcome.outputs.values():
            for path in paths:
                click.echo(path)


def _say(outcome: Outcome, message: str, *, style: str | None = None) -> None:
    # Messages about a recording mostly name it themselves.
    named = Path(outcome.source).name in message
    text = message if named else f"{outcome.source}: {message}"
    console.print(text, style=style, markup=False)


def in_words(summary: dict[str, Any]) -> str:
    """What was heard, in one line; the metre is that of the page.

    summary: as in Outcome.
    """
    n_hits = sum(summary["hit_summary"].values())
    reliable = " (the tempo is a guess)" if summary["bpm_unreliable"] else ""
    # A service of before says the second one alone.
    metre = summary.get("written_time_signature") or summary["time_signature"]
    return (
        f"{n_hits} hit{'' if n_hits == 1 else 's'}, {summary['bpm']:.0f} BPM in "
        f"{metre}{reliable}, {_to_check(summary)} to check, "
        f"heard in {summary['compute_time_ms'] / 1000:.1f} s"
    )


def _to_check(summary: dict[str, Any]) -> int:
    """Hits that are likelier wrong than one in three."""
    groups = summary.get("review") or []
    return sum(len(group["ids"]) for group in groups if group["kind"] == "doubtful")


def _exit_code(outcomes: list[Outcome], *, batch_size: int) -> int:
    """The code of a single recording is its own; a batch answers 5 if some part of it failed."""
    codes = [outcome.exit_code for outcome in outcomes]
    if batch_size == 1 and codes:
        return codes[0]
    return exit_codes.OK if not any(codes) else exit_codes.BATCH_PARTLY_FAILED
