"""The documentation keeps up with the code."""

from __future__ import annotations

import ast
import re
import runpy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DatabaseError

from newsletter.check.book import by_code, told_rules
from newsletter.cli.main import cli
from newsletter.cli.words import _ADVICE, explain_fault
from newsletter.settings.load import _OTHER_VARIABLES, _leaves, variable_name
from newsletter.settings.schema import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MAKERS = {
    "error",
    "warning",
    "information",
    "Fault",
    "issue_rule",
    "form_rule",
    "mail_rule",
    "online_rule",
    "judged_rule",
    "source_rule",
}
#: what newsletter/validate.py puts behind the prefix that it is handed
HANDED_A_PREFIX = {"problems_of", "check"}
SUFFIXES = ("unknown-key", "missing", "type", "value")
#: every code has a hyphen: that tells it from other words
CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    """Of the files that call something which takes a code; to read all would take long."""
    calls_one = re.compile(rf"\b(?:{'|'.join(MAKERS | HANDED_A_PREFIX)})\(")
    sources = {path: path.read_text("utf-8") for path in sorted((ROOT / "newsletter").rglob("*.py"))}
    return tuple((path, ast.parse(source)) for path, source in sources.items() if calls_one.search(source))


@cache
def calls(tree: ast.Module) -> list[tuple[str, ast.Call]]:
    """Of functions and methods, by their names alone."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [(node.func.id, node) for node in found if isinstance(node.func, ast.Name)]
    return named + [(node.func.attr, node) for node in found if isinstance(node.func, ast.Attribute)]


def literals(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@cache
def problem_codes() -> dict[str, Path]:
    """Code -> a file that uses it."""
    found = {code: path for path, tree in trees() for code in (*written_codes(tree), *prefixed_codes(tree))}
    families = {code.partition("-")[0] for code in found}
    for path, tree in trees():
        if hands_codes_on(tree) and path.name != "validate.py":
            found |= {c: path for c in literals(tree) if CODE.fullmatch(c) and c.partition("-")[0] in families}
    return found


def written_codes(tree: ast.Module) -> Iterator[str]:
    for name, call in calls(tree):
        if name in MAKERS and call.args and isinstance(call.args[0], ast.Constant):
            code = str(call.args[0].value)
            if CODE.fullmatch(code):  # else it is a logger's
                yield code


def prefixed_codes(tree: ast.Module) -> Iterator[str]:
    for name, call in calls(tree):
        if name in HANDED_A_PREFIX and len(call.args) > 2:
            yield from (f"{prefix}-{suffix}" for prefix in literals(call.args[2]) for suffix in SUFFIXES)


def hands_codes_on(tree: ast.Module) -> bool:
    """Whether a code reaches its maker in a variable: then all literals of the file that look like one are taken."""
    return any(
        name in MAKERS and call.args and not isinstance(call.args[0], ast.Constant) for name, call in calls(tree)
    )


def test_every_problem_code_has_a_page_in_the_rule_book() -> None:
    missing = {code: str(path) for code, path in problem_codes().items() if code not in by_code()}
    assert missing == {}


def test_every_code_of_the_rule_book_is_told_somewhere() -> None:
    assert {rule.code for rule in told_rules()} - problem_codes().keys() == set()


def test_the_pages_of_the_checks_are_fresh() -> None:
    """`make docs` writes them anew."""
    made = runpy.run_path(str(ROOT / "docs" / "make_checks.py"))["pages"]()
    stored = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "checks").iterdir()}
    assert stored == made


def pages() -> list[Path]:
    return [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in ("README.md", "CHANGELOG.md"))]


def links(page: Path) -> Iterator[str]:
    """Targets of links and pictures, not of those that are shown as code."""
    prose = re.sub(r"^(`{3,}).*?^\1|^    .*?$|`[^`\n]+`", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"\]\(<?([^)>\s]+)", prose)
    yield from re.findall(r"""(?:src|href)=["']([^"']+)""", prose)


def anchors(page: Path) -> set[str]:
    """Of its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or target.suffix != ".md" or anchor in anchors(target))


def test_every_relative_link_leads_somewhere() -> None:
    relative = [(page, link) for page in pages() for link in links(page) if not re.match(r"[a-z]+:", link)]
    assert len(relative) > 20
    assert [(page.name, link) for page, link in relative if not leads_somewhere(page, link)] == []


def test_every_page_stands_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    checks = ROOT / "docs" / "checks" / "README.md"
    linked = {(page.parent / link.partition("#")[0]).resolve() for page in (index, checks) for link in links(page)}
    assert [page.name for page in (ROOT / "docs").rglob("*.md") if page != index and page not in linked] == []


def test_the_page_of_commands_is_fresh() -> None:
    """Line breaks apart, which differ between versions of click: `make docs` writes it anew."""
    made = runpy.run_path(str(ROOT / "docs" / "make_commands.py"))["page"]()
    assert made.split() == (ROOT / "docs" / "commands.md").read_text("utf-8").split()


def command_paths(command: click.Command, path: str) -> Iterator[str]:
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from command_paths(below, f"{path} {name}")


def test_every_command_has_its_help_on_the_page() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    paths = set(command_paths(cli, "newsletter"))
    assert "newsletter mailings resolve" in paths
    assert paths == set(re.findall(r"^## (newsletter.*)$", page, re.MULTILINE))


def test_every_exit_code_is_documented() -> None:
    table = (ROOT / "docs" / "running.md").read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    faults = (OSError(), ValueError(), DatabaseError("", {}, Exception("gone")))
    used = {code for code, _ in _ADVICE.values()} | {explain_fault(fault)[1] for fault in faults}
    assert {int(code) for code in re.findall(r"^\| `(\d+)` \|", table, re.MULTILINE)} == {0, *used}


def test_every_variable_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    known = {variable_name(path) for path, _ in _leaves(Settings)} | _OTHER_VARIABLES
    assert {name for name in known if f"`{name}`" not in page and f"`{name}=" not in page} == set()
