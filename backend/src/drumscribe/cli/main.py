"""The `drumscribe` command, and the one place where errors become exit codes."""

from __future__ import annotations

import logging
import os
import sys

import click
from click.core import ParameterSource

import drumscribe
from drumscribe.cli import exit_codes
from drumscribe.errors import DrumScribeError

# The matrices here are small: more threads of BLAS burn twice the CPU for the same result. NumPy
# reads this when it is first imported, so it stands before anything that imports NumPy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Where each command stands, and what it is for.
_COMMANDS = {
    "transcribe": ("recordings.transcribe", "Write down the drums of recordings."),
    "render": ("render", "Engrave a page from a hits document."),
    "separate": ("recordings.separate", "Split recordings into drums and backing track."),
    "evaluate": ("evaluate.group", "Measure hits and pages against known truth."),
    "models": ("models", "List, download or verify models."),
    "serve": ("service.serve", "Run the service: API and workers."),
    "worker": ("service.worker", "Do the steps of jobs."),
    "admin": ("service.admin", "Look after jobs and API keys."),
    "doctor": ("doctor", "Say what works on this machine."),
}


class LazyGroup(click.Group):
    """Commands are imported when used: `drumscribe --help` loads no audio library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module

        module = import_module(f"drumscribe.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(drumscribe.__version__, prog_name="drumscribe")
@click.option(
    "--log-level",
    envvar="LOG_LEVEL",
    type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
    default="error",
    show_default=True,
    show_envvar=True,
    help="What to log on stderr.",
)
@click.option(
    "--remote",
    envvar="DRUMSCRIBE_REMOTE",
    metavar="URL",
    show_envvar=True,
    help="Have `transcribe` done by the DrumScribe service at this address.",
)
@click.option(
    "--api-key",
    envvar="DRUMSCRIBE_API_KEY",
    metavar="KEY",
    show_envvar=True,
    help="Who you are to that service; better given in the environment.",
)
@click.pass_context
def cli(context: click.Context, log_level: str, remote: str | None, api_key: str | None) -> None:
    """A song in, drum sheet music out."""
    from drumscribe.cli.notices import set_up_logging

    set_up_logging(getattr(logging, log_level.upper()))
    if remote is not None:
        was_typed = context.get_parameter_source("remote") is ParameterSource.COMMANDLINE
        if was_typed and context.invoked_subcommand != "transcribe":
            raise click.UsageError("--remote is for `transcribe` only.")
        from drumscribe.cli.common import Remote

        context.obj = Remote(remote, api_key)


def invoke(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    from drumscribe.cli.common import console

    try:
        code = cli.main(args=arguments, prog_name="drumscribe", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        error.show()
        return exit_codes.USAGE
    except (KeyboardInterrupt, click.Abort):
        console.print("Interrupted.", style="yellow")
        return exit_codes.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return exit_codes.RUNTIME_ERROR
    except DrumScribeError as error:
        console.print(error.message, style="red", markup=False)
        return exit_codes.exit_code_of(error)
    except BrokenPipeError:
        # The reader of stdout went away (`drumscribe ... | head`); that is no failure of ours.
        sys.stderr.close()
        return exit_codes.OK
    return code if isinstance(code, int) else exit_codes.OK
