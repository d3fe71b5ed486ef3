"""`newsletter check`: what is wrong with issues, for people, for programs, for pull requests."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.model.problem import Level, has_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsletter.model.problem import Problem
    from newsletter.pipeline import Prepared
    from newsletter.settings import Workspace

#: so many issues take long enough for a bar
_BAR_FROM = 4


@click.command()
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option("--online", is_flag=True, help="Also look whether links can be reached.")
@click.option("--strict", is_flag=True, help="Warnings count as errors do: exit code 1.")
@click.option("--select", "selected", multiple=True, metavar="CODE", help="Tell only these codes (`link-*` works).")
@click.option("--ignore", "ignored", multiple=True, metavar="CODE", help="Do not tell these codes.")
@click.option("--explain", metavar="CODE", help="Show what a code means, with examples, and check nothing.")
@click.option("--list-codes", is_flag=True, help="List all codes, and check nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as marks beside the lines on GitHub.",
)
@json_option
def check(
    issues: tuple[str, ...],
    online: bool,
    strict: bool,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    explain: str | None,
    list_codes: bool,
    form: str,
    json_: bool,
) -> int:
    """Tell what is wrong with issues, and what to do about it.

    ISSUE is a slug, a folder or a file; without one, all issues are checked. Exit code 1 when there are errors.

    \b
    Example:
      newsletter check running-after-hip-resurfacing
      newsletter check running-after-hip-resurfacing --online --strict
      newsletter check issues/*/issue.md --format github
      newsletter check --explain subject-long
    """
    if explain or list_codes:
        from newsletter.cli.explain import show_code, show_codes

        return show_code(explain, json_=json_) if explain else show_codes(json_=json_)
    place = workspace(near=issues[0] if issues else None)
    wanted = _filter(place, selected, ignored)
    prepared = _prepared(place, issues, online=online, quiet=json_ or form != "text")
    problems = [*dict.fromkeys(p for one in prepared for p in one.problems if wanted(p.code))]
    _tell("json" if json_ else form, prepared, problems)
    return 1 if has_errors(problems) or (strict and any(p.level is Level.WARNING for p in problems)) else 0


def _prepared(place: Workspace, names: Sequence[str], *, online: bool, quiet: bool) -> list[Prepared]:
    from newsletter import pipeline, wiring
    from newsletter.read import every_issue, find_issues

    paths = find_issues(place, names) if names else every_issue(place.folder)
    outside = wiring.outside(place, online=online)
    with show.progress(paths, "Checking", quiet=quiet or len(paths) < _BAR_FROM) as going:
        return [pipeline.prepare(place, path, now(), outside) for path in going]


def _filter(place: Workspace, selected: Iterable[str], ignored: Iterable[str]) -> Callable[[str], bool]:
    """Whether a code is to be told."""
    yes, no = _patterns("--select", place, selected), _patterns("--ignore", place, ignored)

    def wanted(code: str) -> bool:
        return (not yes or any(fnmatchcase(code, one) for one in yes)) and not any(fnmatchcase(code, one) for one in no)

    return wanted


def _patterns(option: str, place: Workspace, given: Iterable[str]) -> list[str]:
    """Codes may be given one by one or with commas; a slip would silently tell nothing, so it is refused."""
    patterns = [pattern.strip() for text in given for pattern in text.split(",") if pattern.strip()]
    book = _codes(place) if patterns else {}
    for pattern in patterns:
        if not any(fnmatchcase(code, pattern) for code in book):
            raise unknown_code(option, pattern, book)
    return patterns


def _codes(place: Workspace) -> Iterable[str]:
    from newsletter.check.book import by_code
    from newsletter.pipeline.own_rules import rules_of

    rules, _ = rules_of(place)
    return by_code(rules)


def unknown_code(option: str, code: str, book: Iterable[str]) -> click.UsageError:
    from newsletter.validate import nearest

    guess = nearest(code, book)
    hint = f"Did you mean {guess}?" if guess else "See `newsletter check --list-codes`."
    return click.UsageError(f"{option}: there is no check `{code}`. {hint}")


def _tell(form: str, prepared: Sequence[Prepared], problems: Sequence[Problem]) -> None:
    waivers = [(one.slug, waiver) for one in prepared for waiver in one.waivers]
    if form == "json":
        told = [{"issue": slug, **waiver.as_json()} for slug, waiver in waivers]
        show.as_json({"problems": [problem.as_json() for problem in problems], "waivers": told})
    elif form == "github":
        for line in show.github_lines(problems):
            click.echo(line)
    else:
        for line in [*show.problem_lines(problems), *show.waiver_lines(waiver for _, waiver in waivers)]:
            click.echo(line)
        click.echo(_verdict(len(prepared), problems))


def _verdict(count: int, problems: Sequence[Problem]) -> str:
    checked = f"{count} {show.plural(count, 'issue')} checked: {show.count_line(problems)}."
    if has_errors(problems):
        return f"{checked} Errors have to be corrected before it can be sent."
    return (
        f"{checked} It could be sent like this; please look at the rest first."
        if problems
        else f"{checked} Ready to send."
    )
