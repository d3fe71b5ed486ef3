"""The rule book -> docs/checks: one page for each code, and an index. Run it by `make docs`; a test fails when a page is stale."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.check.book import by_code
from newsletter.check.page_of_rule import ISSUE, page_of
from newsletter.check.rulebook import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.rulebook import Rule

FOLDER = Path(__file__).with_name("checks")
_LANGUAGES = {".toml": "toml", ".md": "markdown", ".json": "json", ".py": "python", ".j2": "jinja", ".bib": "bibtex"}
_LOOKS_AT = {
    Scope.ISSUE: "the issue as its author wrote it",
    Scope.FORM: "the issue as each variant has it",
    Scope.MAIL: "the finished mail, each variant by itself",
    Scope.ONLINE: "what links answer; only with `newsletter check --online`",
    Scope.SPAM: "what SpamAssassin says, where it is installed",
    Scope.TOLD: "files, while they are read and rendered",
}
_INDEX = """\
# All codes

One page for each finding: what it means, what to do, an example of it and one without. They are made from the rules
themselves (`make docs`), and the tests run their examples. How levels, ignoring and overriding work stands in
[Checks](../checks.md).
"""


def pages() -> Mapping[str, str]:
    """The name of each file in docs/checks, and what stands in it."""
    rules = [rule for _, rule in sorted(by_code().items())]
    return {f"{rule.code}.md": _page(rule) for rule in rules} | {"README.md": "\n".join(_index(rules))}


def _page(rule: Rule[Any]) -> str:
    page = page_of(rule)
    must = " It can be neither lowered nor overridden." if rule.must else ""
    lines = [f"# {rule.code}", "", f"**{page.title}.**", ""]
    lines += [f"Level: {rule.level.value}.{must} It looks at {_LOOKS_AT[rule.scope]}.", "", page.why, ""]
    for heading, files in (("What it finds", page.bad), ("How it is right", page.good)):
        if files:
            lines += [f"## {heading}", "", *_example(files)]
    return "\n".join([*lines, "[All codes](README.md)", ""])


def _example(files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        if len(files) > 1 or name != ISSUE:
            yield from (f"`{name}`:", "")
        fence = "````" if "```" in text else "```"
        yield from (f"{fence}{_LANGUAGES.get(Path(name).suffix, '')}", text.rstrip("\n"), fence, "")


def _index(rules: list[Rule[Any]]) -> Iterator[str]:
    yield _INDEX
    yield from ("| code | level | what it finds |", "|---|---|---|")
    for rule in rules:
        title = page_of(rule).title.replace("|", "\\|")
        yield f"| [`{rule.code}`]({rule.code}.md) | {rule.level.value} | {title} |"
    yield ""


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")
