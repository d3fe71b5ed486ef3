"""A comparison as people read it, and as programs do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from newsletter.check.finished.size import Light
from newsletter.cli import show
from newsletter.model.variants import readers_in_words
from newsletter.pipeline.comparing import State
from newsletter.pipeline.mail_facts import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.model.problem import Problem
    from newsletter.pipeline.comparing import Change, Changes, Comparison, Size
    from newsletter.probe.git import Commit

_COLOURS = {"-": "red", "+": "green", "~": "yellow", "@": "cyan"}
_TITLES = {Part.HTML: "HTML", Part.READERS: "Who gets it"}
_LIGHTS = {
    Light.GREEN: "Gmail shows all of it",
    Light.AMBER: "nearly too long for Gmail",
    Light.RED: "so long that Gmail cuts it, or all but",
}
#: longer lines of HTML are shortened to what differs, with this much around it
_LONGEST, _BESIDE = 160, 40
#: characters that are shown of one difference
_MOST = 500


def lines_of(
    found: Sequence[Comparison], commit: Commit, notes: Iterable[str], *, whole_html: bool = False
) -> Iterator[str]:
    """Everything that changed. The HTML of a new issue is left out unless it is asked for: its text says the same."""
    for note in notes:
        yield f"Note: {show.clean(note)}"
    if not found:
        yield f"No issue has changed since {commit.words}."
    for one in found:
        yield from _headline(one, commit)
        for group in one.changes:
            yield from _group(group, one, whole_html=whole_html)
        yield from _sizes(one)
        yield from _problems(one)


def as_json(found: Iterable[Comparison], commit: Commit, notes: Iterable[str]) -> dict[str, Any]:
    """Everything, with no line shortened."""
    against = {"revision": commit.named, "commit": commit.hash, "date": commit.day}
    return {"against": against, "notes": list(notes), "issues": [_facts(one) for one in found]}


def _facts(one: Comparison) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "former_slug": one.former_slug,
        "state": one.state.value,
        "changes": [_change_facts(change, group) for group in one.changes for change in group.changes],
        "sizes": [_size_facts(size) for size in one.sizes],
        "variants": {"now": one.variants, "new": one.variants_new, "gone": one.variants_gone},
        "problems": {
            "new": [problem.as_json() for problem in one.problems_new],
            "gone": [problem.as_json() for problem in one.problems_gone],
        },
    }


def _size_facts(size: Size) -> dict[str, Any]:
    light = size.light.value if size.light else None
    return {"variant": size.variant, "before": size.before, "after": size.after, "light": light}


def _change_facts(change: Change, group: Changes) -> dict[str, Any]:
    facts = {"part": change.part.value, "variants": group.variants, "what": change.what}
    if change.lines:
        place = {"file": change.at.file, "line": change.at.line} if change.at else None
        return {**facts, "where": change.where, "place": place, "lines": change.lines}
    return {**facts, "before": change.before, "after": change.after}


def _headline(one: Comparison, commit: Commit) -> Iterator[str]:
    name = click.style(show.clean(one.slug), bold=True)
    match one.state:
        case State.SAME:
            said = "no change in what readers get."
        case State.CHANGED:
            said = f"changed since {commit.words}."
        case State.NEW:
            said = f"new since {commit.words}; there was nothing that readers could have got."
        case State.DELETED:
            said = f"deleted since {commit.words}."
        case State.BROKEN:
            said = "cannot be rendered as it stands; see the problems below."
    renamed = f" It was called {show.clean(one.former_slug)}." if one.former_slug else ""
    yield f"{name}: {said}{renamed}"
    if one.state is State.CHANGED and not one.changes:
        yield "Nothing that a reader sees has changed, only white space in the HTML."
    yield from (_coloured(f"+variant for {readers_in_words(name)}") for name in one.variants_new)
    yield from (_coloured(f"-variant for {readers_in_words(name)}") for name in one.variants_gone)


def _group(group: Changes, one: Comparison, *, whole_html: bool) -> Iterator[str]:
    everywhere = {*group.variants} == {*one.variants, *one.variants_gone}
    if len(one.variants) > 1 or one.variants_gone:
        names = "every reader" if everywhere else "; ".join(map(readers_in_words, group.variants))
        yield ""
        yield click.style(f"For {show.clean(names)}", underline=True)
    for part, changes in groupby(group.changes, key=lambda change: change.part):
        yield ""
        yield click.style(_TITLES.get(part, part.value.capitalize()), bold=True)
        if part is Part.HTML and one.state is State.NEW and not whole_html:
            yield "All of it is new; --html shows it."
            continue
        for change in changes:
            yield from map(_coloured, _lines(change))


def _lines(change: Change) -> Iterable[str]:
    """As in a diff: `-` gone, `+` new, `~` changed, `@` where."""
    what, before, after = (show.clean(text or "") for text in (change.what, change.before, change.after))
    match change.part:
        case Part.TEXT | Part.HTML:
            return [_where(change), *map(show.clean, _shortened(change.lines))]
        case Part.LINKS:
            return [f"{'+' if after else '-'}{what}"]
        case Part.IMAGES:
            return [f"~{what}: another picture" if before and after else f"{'+' if after else '-'}{what}"]
        case Part.REFERENCES:
            return _counted(what, f"[{before}]" if before else "", f"[{after}]" if after else "")
        case Part.DISCLAIMERS:
            return _counted(what, f"version {before}" if before else "", f"version {after}" if after else "")
    of = f"{what}: " if what else ""
    return [*([f"-{of}{before}"] if before else []), *([f"+{of}{after}"] if after else [])]


def _counted(what: str, before: str, after: str) -> list[str]:
    if before and after:
        return [f"~{what}: {before} is now {after}"]
    return [f"+{what}, {after}" if after else f"-{what}, {before}"]


def _where(change: Change) -> str:
    if change.at is None:
        return change.where
    return f"{change.where} {show.clean(show.short(change.at.file))}:{change.at.line}"


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    """Long lines are cut: one that stands in another's place to where the two differ."""
    runs = [(sign, list(run)) for sign, run in groupby(lines, key=lambda line: line[0])]
    for (sign, run), (following, others) in zip(runs, [*runs[1:], ("", [])], strict=True):
        if (sign, following) == ("-", "+") and len(run) == len(others):
            pairs = [_to_the_difference(old, new) for old, new in zip(run, others, strict=True)]
            run[:], others[:] = [old for old, _ in pairs], [new for _, new in pairs]
        yield from map(_cut, run)


def _to_the_difference(old: str, new: str) -> tuple[str, str]:
    """Both without what they have in common far from the difference."""
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    limit = min(len(old), len(new))
    head = next((i for i in range(1, limit) if old[i] != new[i]), limit)
    tail = next((i for i in range(limit - head) if old[-1 - i] != new[-1 - i]), limit - head)
    first, last = max(1, head - _BESIDE), max(0, tail - _BESIDE)
    return _window(old, first, last), _window(new, first, last)


def _window(line: str, first: int, last: int) -> str:
    middle = line[first : len(line) - last]
    return f"{line[0]}{'…' if first > 1 else ''}{middle}{'…' if last else ''}"


def _cut(line: str) -> str:
    most = _LONGEST if line[0] == " " else _MOST
    return line if len(line) <= most else f"{line[:most]}… ({show.number(len(line) - most)} more characters)"


def _coloured(line: str) -> str:
    colour = _COLOURS.get(line[0])
    return click.style(line, fg=colour) if colour else line


def _sizes(one: Comparison) -> Iterator[str]:
    if one.state in {State.CHANGED, State.NEW}:
        yield ""
        several = len(one.sizes) > 1
        for size in one.sizes:
            readers = f" for {show.clean(readers_in_words(size.variant))}" if several else ""
            yield f"Size of the HTML{readers}: {_size_words(size)}"


def _size_words(size: Size) -> str:
    before, after = (None if count is None else f"{count / 1024:.1f} KB" for count in (size.before, size.after))
    if size.before is None or size.after is None:
        return f"{after}, {_verdict(size)}." if after else f"gone, it was {before}."
    return f"{before} before, {after} now ({size.after - size.before:+,} bytes), {_verdict(size)}."


def _verdict(size: Size) -> str:
    return _LIGHTS[size.light] if size.light else "gone"


def _problems(one: Comparison) -> Iterator[str]:
    if one.problems_new:
        yield ""
        yield click.style(f"New problems: {show.count_line(one.problems_new)}", bold=True)
        yield from show.problem_lines(one.problems_new)
    if one.problems_gone:
        yield ""
        yield click.style(f"Problems that are gone: {show.count_line(one.problems_gone)}", bold=True)
        yield from map(_gone, one.problems_gone)
    yield ""


def _gone(problem: Problem) -> str:
    """Without its line: the file has other lines now."""
    return f"-{problem.level.value} [{problem.code}] {show.clean(problem.message)}"
