"""`newsletter check --explain` and `--list-codes`: the rule book on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.check.book import by_code
from newsletter.check.page_of_rule import page_of
from newsletter.cli import show
from newsletter.cli.check import unknown_code
from newsletter.cli.context import workspace
from newsletter.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.rulebook import Rule


def show_code(code: str, *, json_: bool) -> int:
    """One page of the book."""
    book = _book()
    if "*" in code:
        raise click.UsageError(
            f"--explain: `{code}` is no single code. `newsletter check --list-codes` names them all."
        )
    if code not in book:
        raise unknown_code("--explain", code, book)
    rule = book[code]
    if json_:
        show.as_json(_facts(rule))
    else:
        for line in _lines(rule):
            click.echo(line)
    return 0


def show_codes(*, json_: bool) -> int:
    """Every code with its level and what it means, by name."""
    rules = [rule for _, rule in sorted(_book().items())]
    if json_:
        show.as_json({"codes": [_facts(rule) for rule in rules]})
        return 0
    width = max(len(rule.code) for rule in rules)
    for rule in rules:
        click.echo(f"{rule.code:<{width}}  {rule.level.value:<11}  {page_of(rule).title}")
    return 0


def _book() -> Mapping[str, Rule[Any]]:
    """With the rules of the workspace where there is one; the book can be read anywhere."""
    from newsletter.pipeline.own_rules import rules_of

    try:
        return by_code(rules_of(workspace())[0])
    except WorkspaceNotFound:
        return by_code()


def _facts(rule: Rule[Any]) -> dict[str, Any]:
    page = page_of(rule)
    return {
        "code": rule.code,
        "level": rule.level.value,
        "looks_at": rule.scope.value,
        "must": rule.must,
        "title": page.title,
        "why": page.why,
        "bad": dict(page.bad),
        "good": dict(page.good),
    }


def _lines(rule: Rule[Any]) -> Iterator[str]:
    page = page_of(rule)
    yield f"{click.style(rule.code, bold=True)} ({rule.level.value}): {page.title}."
    if rule.must:
        yield "It can be neither lowered nor overridden."
    yield from ("", *page.why.splitlines())
    for kind, files in (("Bad", page.bad), ("Good", page.good)):
        for name, text in files.items():
            yield from ("", f"{kind} ({name}):", "")
            yield from (f"    {line}".rstrip() for line in text.splitlines())
