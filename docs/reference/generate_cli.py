"""Write docs/reference/cli.md from the command line itself; a test fails when it is stale.

python docs/reference/generate_cli.py
"""

from __future__ import annotations

from pathlib import Path

import click

from drumscribe.cli import exit_codes
from drumscribe.cli.main import cli

TARGET = Path(__file__).with_name("cli.md")

EXIT_CODES = {
    exit_codes.OK: "all went well",
    exit_codes.RUNTIME_ERROR: "something failed while running (no model, disk full, ...)",
    exit_codes.USAGE: "the command was not understood, or an option cannot be used",
    exit_codes.BAD_INPUT: "the recording or document is bad or not supported",
    exit_codes.NO_DRUMS: "no drums were heard",
    exit_codes.BATCH_PARTLY_FAILED: "some recordings of a batch failed",
    exit_codes.INTERRUPTED: "interrupted (Ctrl-C)",
}


def command_line_reference() -> str:
    """The page: every command with its help, then the exit codes."""
    # As the command sets it up; a context made here has to be told.
    context = click.Context(
        cli, info_name="drumscribe", max_content_width=98, help_option_names=["-h", "--help"]
    )
    parts = ["# Command line\n\n<!-- Written by docs/reference/generate_cli.py; do not edit. -->\n"]
    parts.append(_help(cli, context))
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, max_content_width=98)
        parts.append(f"## {name}\n\n{_help(command, inner)}")
        if isinstance(command, click.Group):
            for sub_name in command.list_commands(inner):
                sub = command.get_command(inner, sub_name)
                assert sub is not None
                sub_context = click.Context(
                    sub, info_name=sub_name, parent=inner, max_content_width=98
                )
                parts.append(f"### {name} {sub_name}\n\n{_help(sub, sub_context)}")
    rows = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    parts.append(f"## Exit codes\n\n| code | meaning |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _help(command: click.Command, context: click.Context) -> str:
    # A fixed width, so that the page does not depend on the terminal that it was made in.
    context.terminal_width = 98
    return f"```\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(command_line_reference())
