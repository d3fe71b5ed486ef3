"""How things look on a terminal: problems with their line marked, tallies, JSON."""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo

    from newsletter.model.mailing import Tally
    from newsletter.model.problem import Problem
    from newsletter.model.waiver import Waiver

T = TypeVar("T")

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.INFORMATION: "blue"}
_WIDTH = 100


def as_json(value: Any) -> None:  # noqa: ANN401 - anything that JSON can say
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    """Each problem with its place, the author's line marked, and what to do."""
    lines: list[str] = []
    sources: dict[str, list[str]] = {}
    for problem in problems:
        level = click.style(problem.level.value, fg=_COLOURS[problem.level], bold=True)
        lines.append(f"{_where(problem)}: {level} [{problem.code}] {clean(problem.message)}")
        lines += _marked(problem, sources)
        lines.append(f"    -> {clean(problem.fix)}")
    return lines


def count_line(problems: Sequence[Problem]) -> str:
    """Such as "2 errors, 1 warning"; "no problems" when there are none."""
    counts = [(sum(p.level is level for p in problems), level.value) for level in Level]
    said = [f"{n} {word if word == 'information' else plural(n, word)}" for n, word in counts if n]
    return ", ".join(said) or "no problems"


@contextmanager
def progress(items: Sequence[T], label: str, *, quiet: bool) -> Iterator[Iterable[T]]:
    """A bar on a terminal's standard error while the items are worked through; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield bar


def plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def number(value: int) -> str:
    return f"{value:,}"


def moment(at: datetime, zone: tzinfo) -> str:
    """A time as people of that zone tell it."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def folded(text: str, indent: str = "") -> str:
    """Broken into lines for a terminal of 80 columns; those behind the first begin with `indent`."""
    import textwrap

    return textwrap.fill(text, 80, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def span(length: timedelta) -> str:
    """Such as: 42 minutes, 5 hours, 3 days; rounded to what tells enough."""
    seconds = max(length.total_seconds(), 0.0)
    for unit, size, enough in (("second", 1, 90), ("minute", 60, 90 * 60), ("hour", 3600, 48 * 3600)):
        if seconds < enough:
            return _counted(round(seconds / size), unit)
    return _counted(round(seconds / 86_400), "day")


def _counted(count: int, word: str) -> str:
    return f"{number(count)} {plural(count, word)}"


def github_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Workflow commands of GitHub Actions
    (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
    """
    kinds = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFORMATION: "notice"}
    for problem in problems:
        place = problem.place
        facts = [f"file={_property(short(place.file))}"]
        facts += [f"line={place.line}", f"col={place.column}"] if place.line else []
        facts.append(f"title={_property(problem.code)}")
        words = f"{problem.message}\n{problem.fix}"
        yield f"::{kinds[problem.level]} {','.join(facts)}::{_data(words)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def tally_lines(tally: Tally) -> list[str]:
    """The sum that must hold, one outcome a line."""
    from newsletter.model.mailing import Outcome

    lines = []
    for outcome in Outcome:
        if not tally[outcome]:
            continue
        lines.append(f"  {outcome.value:<10} {number(tally[outcome]):>9}")
        if outcome is Outcome.EXCLUDED:
            reasons = sorted(tally.exclusions.items())
            lines += [f"    of them {reason}: {number(excluded)}" for reason, excluded in reasons]
    lines.append(
        f"  {'audience':<10} {number(tally.audience):>9}" + ("" if tally.holds else "  (the sum does not hold!)")
    )
    return lines


def waiver_lines(waivers: Iterable[Waiver]) -> list[str]:
    """What somebody lets stand, and why."""
    return [f"{one.kind.value}: {one.count} {one.code} ({clean(one.reason)})" for one in waivers]


def variant_lines(readers: Mapping[str, int]) -> list[str]:
    """How many get which variant, and which nobody gets; nothing where there is only one."""
    if set(readers) <= {""}:
        return []
    named = sorted(readers.items(), key=lambda entry: (entry[0] == "", entry[0]))
    lines = [f"{name or 'everybody else'}: {number(count)} {plural(count, 'reader')}" for name, count in named if count]
    nobody = [name for name, count in named if name and not count]
    return [*lines, f"nobody: {'; '.join(nobody)}"] if nobody else lines


def _where(problem: Problem) -> str:
    place = problem.place
    file = clean(short(place.file))
    return f"{file}:{place.line}:{place.column}" if place.line else file


def short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else file


def _marked(problem: Problem, sources: dict[str, list[str]]) -> list[str]:
    line = _source_line(problem, sources)
    if line is None:
        return []
    column = max(problem.place.column, 1)
    start = max(0, column - _WIDTH + 20)
    shown = clean(line[start : start + _WIDTH].replace("\t", " "))
    before = clean(line[start : column - 1].replace("\t", " "))
    gutter = f"{problem.place.line:>6} | "
    return [gutter + shown, " " * (len(gutter) - 2) + "| " + " " * display_width(before) + click.style("^", bold=True)]


def _source_line(problem: Problem, sources: dict[str, list[str]]) -> str | None:
    file, wanted = problem.place.file, problem.place.line
    if not wanted:
        return None
    if file not in sources:
        try:
            sources[file] = Path(file).read_text(encoding="utf-8-sig", errors="replace").splitlines()
        except OSError:
            sources[file] = []
    lines = sources[file]
    return lines[wanted - 1] if wanted <= len(lines) and lines[wanted - 1].strip() else None


def clean(text: str) -> str:
    """Without control characters: an issue file must not be able to steer the terminal."""
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else "\ufffd" for c in text)


def display_width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text
    )
