"""Whoever meets a word of the program finds it in a page that a person wrote."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
import pytest
from pydantic import BaseModel

from newsletter.check.book import by_code
from newsletter.cli.main import cli
from newsletter.esp.sendgrid.events import BOUNCES, DROPS, KINDS
from newsletter.model.audit import Action
from newsletter.model.event import EventKind, Fate
from newsletter.model.mailing import CHUNK_MOVES, MAILING_MOVES, ChunkState, Exclusion, MailingState, Outcome
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.settings.schema import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOCS = Path(__file__).parent.parent / "docs"
SOURCE = DOCS.parent / "newsletter"
#: written by tools from the program itself
MADE = {"commands.md"}


@cache
def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@cache
def written() -> str:
    """All pages that people write, the README of the project too, with spaces for line breaks."""
    pages = [path for path in sorted(DOCS.glob("*.md")) if path.name not in MADE]
    return re.sub(r"\s+", " ", " ".join(path.read_text("utf-8") for path in [*pages, DOCS.parent / "README.md"]))


def commands(command: click.Command, path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from commands(below, f"{path} {name}")


def test_every_command_is_shown_at_work() -> None:
    """By its whole name: `newsletter mailings resolve`, or `mailings resolve` as the first words of code."""
    all_commands = list(commands(cli, "newsletter"))
    assert len(all_commands) > 60
    assert [name for name in all_commands if not is_shown(name.removeprefix("newsletter "))] == []


def is_shown(name: str) -> bool:
    """Where the word `make` can be left out, it is."""
    name = name.removesuffix(" make")
    return any(re.search(rf"{before}{name}(?![\w-])", written()) for before in ("newsletter ", "`"))


def typed_lines() -> Iterator[tuple[str, str]]:
    """(page, command line) of what pages show to be typed: a line of code that begins with the command."""
    for path in [*sorted(DOCS.glob("*.md")), DOCS.parent / "README.md"]:
        if path.name not in MADE:
            lines = re.sub(r" *\\\n *", " ", path.read_text("utf-8")).splitlines()
            for line in lines:
                if found := re.match(r"(?: {4,}|)\$? ?((?:newsletter|nl) [^#;|&>]+?)(?:  .*)?$", line.split("  #")[0]):
                    yield path.name, found[1].strip()


def test_what_pages_show_to_be_typed_is_understood() -> None:
    """Commands and options; whether a file or a number is there, only a run can say."""
    lines = list(typed_lines())
    assert len(lines) > 150
    assert [(name, line) for name, line in lines if not is_understood(line)] == []


def is_understood(line: str) -> bool:
    try:
        words = shlex.split(line)[1:]
    except ValueError:  # prose, with an apostrophe
        return True
    command: click.Command = cli
    while words and words[0] == "-C":
        words = words[2:]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        # of `newsletter evidence 3`, the word `make` is left out
        name = "make" if "make" in command.commands and words[0] not in command.commands else words.pop(0)
        below = command.get_command(click.Context(command), name)
        if below is None:
            return False
        command = below
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    given = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return all(option in {*options, "--help", "-h"} for option in given)


def keys(
    model: type[BaseModel], path: tuple[str, ...] = (), around: tuple[type[BaseModel], ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Of all sections, those without a variable too. A segment holds segments: told once."""
    for name, field in model.model_fields.items():
        shown = field.alias or name
        below = section_of(field.annotation)
        yield (*path, shown)
        if below is not None and below not in (model, *around):
            yield from keys(below, (*path, shown), (model, *around))


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that stands under a key, once or under names of the workspace's own."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def sections_of(text: str) -> Mapping[str, str]:
    """Heading of a section of settings -> what stands below it, up to the next one."""
    parts = re.split(r"^##+ `([a-z_.]+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_has_its_row() -> None:
    sections = sections_of(page("settings.md"))
    missing = [".".join(path) for path in keys(Settings) if not has_a_row(path, sections)]
    assert missing == []


def has_a_row(path: tuple[str, ...], sections: Mapping[str, str]) -> bool:
    """Its heading, its row in the table of its section, or the row of `dark` that names the keys below it."""
    if ".".join(path) in sections:
        return True
    for depth in range(len(path) - 1, 0, -1):
        rows = "".join(re.findall(r"^\| .*\|$", sections.get(".".join(path[:depth]), ""), re.MULTILINE))
        if re.search(rf"\| [^|]*`{path[-1]}`[^|]*\|", rows):
            return True
    return False


def test_every_code_of_a_check_has_its_page() -> None:
    """They are printed from the rule book, which people write."""
    index = page("checks/README.md")
    assert [code for code in by_code() if f"({code}.md)" not in index] == []


def test_every_finding_about_the_database_has_its_row() -> None:
    sources = [*(SOURCE / "store" / "upkeep").glob("*.py"), *(SOURCE / "cli" / "db").glob("*.py")]
    written = r'\bcode="([a-z-]+)"|\(\s*"([a-z]+(?:-[a-z]+)+)",'
    codes = {"".join(code) for path in sources for code in re.findall(written, path.read_text("utf-8"))}
    table = page("running.md").partition("## Is the database in order?")[2].partition("\n## ")[0]
    assert len(codes) > 25
    assert codes - rows(table, 1) == set()


def rows(text: str, column: int) -> set[str]:
    """What stands in a column of any table, as words between commas and in code."""
    cells = [line.split("|")[column] for line in text.splitlines() if line.startswith("|") and line.count("|") > column]
    return {re.sub(r"[`*]", "", word).strip() for cell in cells for word in re.split(r", | or ", cell)}


def test_every_event_has_a_row_that_says_what_follows() -> None:
    table = page("events.md").partition("## What follows from what")[2].partition("\n## ")[0]
    assert {kind.value for kind in EventKind} - rows(table, 2) == set()
    assert {name for name in KINDS if name != "blocked"} - rows(table, 1) == set()  # told with the bounces
    assert [name for name in BOUNCES if f"type `{name}`" not in table and name != "expired"] == []
    assert {reason for reason in DROPS if reason not in table.casefold()} == set()


@pytest.mark.parametrize(
    ("name", "heading", "words"),
    [
        ("glossary.md", "States", MailingState),
        ("glossary.md", "States", ChunkState),
        ("glossary.md", "States", Outcome),
        ("glossary.md", "States", Fate),
        ("glossary.md", "Sending", Exclusion),
        ("readers.md", "", SuppressionReason),
        ("notices.md", "", NoticeKind),
        ("audit.md", "", Action),
    ],
    ids=["mailing", "chunk", "outcome", "fate", "exclusion", "suppression", "notice", "audit"],
)
def test_every_word_for_how_things_stand_is_explained(name: str, heading: str, words: Any) -> None:
    """In the section of the page, or anywhere in it, as a word of its own."""
    text = page(name).partition(f"## {heading}")[2].partition("\n## ")[0] if heading else page(name)
    assert [word.value for word in words if not re.search(rf"(?<![\w-]){word.value}(?![\w-])", text)] == []


@pytest.mark.parametrize(("word", "moves"), [("mailing", MAILING_MOVES), ("chunk", CHUNK_MOVES)])
def test_every_move_stands_in_the_table_of_states(word: str, moves: Mapping[Any, frozenset[Any]]) -> None:
    table = page("ledger.md").partition(f"| {word} is |")[2].partition("\n\n")[0]
    found: dict[str, set[str]] = {}
    state = ""
    for line in table.splitlines()[2:]:
        first, to = (cell.strip() for cell in line.split("|")[1:3])
        state = first or state
        for one in state.split(", "):
            found.setdefault(one, set()).update(filter(None, to.split(", ")))
    assert found == {str(before): {str(after) for after in afters} for before, afters in moves.items()}


def test_a_help_text_that_stands_in_a_page_is_an_answer_that_a_tool_wrote() -> None:
    found = {path.name: by_hand(path.read_text("utf-8")) for path in DOCS.glob("*.md") if path.name not in MADE}
    assert {name: times for name, times in found.items() if times} == {}


def by_hand(text: str) -> int:
    """How many help texts stand there that docs/play_pages.py does not renew."""
    played = re.findall(r"^<!-- play.*-->\n((?:\n|    .*\n)*)", text, re.MULTILINE)
    return text.count("Usage: newsletter") - "".join(played).count("Usage: newsletter")
