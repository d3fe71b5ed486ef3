"""docs/privacy.md: its commands exist, and its table of what is stored forgets nothing."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from newsletter.cli.main import cli

PAGE = (Path(__file__).parent.parent / "docs" / "privacy.md").read_text("utf-8")
COMMANDS = [line.strip() for line in PAGE.splitlines() if line.startswith("    newsletter ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_its_commands_can_be_typed(line: str) -> None:
    """Their words and options are parsed; nothing is run."""
    command: click.Command = cli
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    command.make_context(command.name, words)


@pytest.mark.parametrize(
    "thing",
    ["subscriptions", "tags", "consent", "suppression", "opens and clicks", "mailings", "single mails", "IP address"],
)
def test_what_the_tables_hold_stands_on_it(thing: str) -> None:
    assert thing in PAGE.partition("## How to answer")[0]
