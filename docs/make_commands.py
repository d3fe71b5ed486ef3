"""Every command's --help -> docs/commands.md. Run it by `make docs`; tests/test_docs.py fails when the page is stale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).with_name("commands.md")
_WIDTH = 100
_INTRODUCTION = """\
# Commands

What `--help` says about each command. This page is made from the commands themselves: change their texts, then run
`make docs`. What the exit codes mean stands in [running.md](running.md#exit-codes).
"""


def commands(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """The command and all below it, each in its context, in the order in which --help lists them."""
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from commands(
                    below, click.Context(below, parent=context, info_name=name, **below.context_settings)
                )


def page() -> str:
    """The whole of commands.md."""
    root = click.Context(cli, info_name="newsletter", terminal_width=_WIDTH, **cli.context_settings)
    return "\n".join([_INTRODUCTION, *(_section(context) for context in commands(cli, root))])


def _section(context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{context.command.get_help(context)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
