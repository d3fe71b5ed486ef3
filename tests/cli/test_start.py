"""The command as a whole: fast help, true help lines, examples, exit codes, no traceback."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from newsletter import errors
from newsletter.cli.main import COMMANDS, cli
from newsletter.cli.words import _ADVICE
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAVY = (
    *("premailer", "cssutils", "sqlalchemy", "alembic", "sendgrid", "pydantic", "jinja2", "citeproc", "starlette"),
    *("uvicorn", "PIL", "lxml", "markdown_it", "babel", "bibtexparser", "ruamel", "playwright"),
    *("importlib.metadata", "json", "logging", "newsletter.errors"),
)
NOT_TO_CHECK = ("sqlalchemy", "alembic", "sendgrid", "starlette", "uvicorn", "playwright", "bibtexparser")


def commands(group: click.Group = cli, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")


ALL = dict(commands())


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom newsletter.cli.main import cli\n"
        "try: cli(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "send" in done.stdout


def test_checking_an_issue_imports_neither_a_database_nor_a_sender_nor_a_web_server(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path)
    words = workspace.command("check", "walking")[3:]
    code = (
        f"import sys\nfrom newsletter.cli.main import cli\nassert cli({words!r}, standalone_mode=False) == 0\n"
        f"print([m for m in {NOT_TO_CHECK!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=workspace.env(), capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


#: commands that print nothing that a program would read
NO_OUTPUT = {"preview", "serve", "schema", "mailbox take"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_of_commands_is_the_commands_own(name: str) -> None:
    assert (ALL[name].help or "").splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize("name", ALL)
def test_every_command_shows_an_example(name: str) -> None:
    assert f"\b\nExample:\n  newsletter {name.split(maxsplit=1)[0]}" in inspect.cleandoc(ALL[name].help or "")


@pytest.mark.parametrize("name", [n for n, c in ALL.items() if not isinstance(c, click.Group) and n not in NO_OUTPUT])
def test_every_command_that_prints_has_json(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in ALL[name].params)


def leaves(kind: type[Exception] = errors.NewsletterError) -> set[type[Exception]]:
    children = kind.__subclasses__()
    return {kind} if not children else set().union(*(leaves(child) for child in children))


def test_every_error_has_advice_and_an_exit_code() -> None:
    assert leaves() | {errors.FileUnreadable} == set(_ADVICE)
    assert {code for code, _ in _ADVICE.values()} <= {1, 2, 3, 4, 5}


def test_every_error_is_drawn_in_the_tree() -> None:
    assert all(f"- {error.__name__} " in (errors.__doc__ or "") for error in leaves())


def test_outside_a_workspace_the_next_step_is_told(tmp_path: Path) -> None:
    done = workspaces.Workspace(tmp_path).run("check", "walking", code=5)
    assert "newsletter init DIR" in done.stderr


def test_an_error_under_json_is_json_as_well(tmp_path: Path) -> None:
    answer = workspaces.Workspace(tmp_path).json("lists", "list", code=5)
    assert (answer["error"], answer["problems"]) == ("WorkspaceNotFound", [])


def test_wrong_settings_are_told_with_file_line_and_key(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path)
    file = tmp_path / "newsletter.toml"
    file.write_text(file.read_text().replace('name = "Test Clinic"', 'nam = "Test Clinic"'))
    said = workspace.run("check", "walking", code=5).stderr
    assert "newsletter.toml:7:1" in said
    assert "Did you mean `name`?" in said


def test_an_unreachable_database_is_told_in_words(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path, NEWSLETTER_DATABASE_URL="postgresql://127.0.0.1:1/nothing")
    said = workspace.run("lists", "list", code=5).stderr
    assert "database" in said.lower()


def test_a_database_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path)
    workspace.database.write_text("this is a letter to my aunt, not a database at all" * 100)
    assert "not a database" in workspace.run("lists", "list", code=5).stderr


def test_an_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    assert "No such command" in workspaces.Workspace(tmp_path).run("sendd", code=2).stderr


def test_what_the_commands_of_a_group_do_is_told_to_the_end() -> None:
    for name in COMMANDS:
        told = CliRunner().invoke(cli, [name, "--help"]).stdout
        assert "...\n" not in told.partition("\nCommands:")[2], name
