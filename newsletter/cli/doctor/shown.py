"""Findings on a terminal, or as JSON. The marks are words, so that they do not depend on colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.pipeline.doctor.finding import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.pipeline.doctor.finding import Finding, Record

_MARKS = {State.OK: "ok", State.WARNING: "warning", State.WRONG: "WRONG", State.UNSEEN: "not seen"}
_COLOURS = {State.OK: "green", State.WARNING: "yellow", State.WRONG: "red", State.UNSEEN: "blue"}
_WIDTH = max(map(len, _MARKS.values()))
_INDENT = " " * (_WIDTH + 4)


def tell(found: Sequence[Finding], titles: Mapping[str, str], *, json_: bool) -> int:
    """Print them; the exit code."""
    wrong = any(one.state is State.WRONG for one in found)
    if json_:
        counts = {state.value: sum(one.state is state for one in found) for state in State}
        show.as_json({"ok": not wrong, "counts": counts, "findings": [one.as_json() for one in found]})
        return int(wrong)
    for area, title in titles.items():
        if own := [one for one in found if one.area == area]:
            click.echo(click.style(title, bold=True))
            for finding in own:
                for line in _lines(finding):
                    click.echo(line)
    click.echo(_sum(found))
    return int(wrong)


def _lines(finding: Finding) -> Iterator[str]:
    mark = click.style(f"{_MARKS[finding.state]:<{_WIDTH}}", fg=_COLOURS[finding.state])
    named = "" if finding.state is State.OK else f" ({finding.code})"  # docs/doctor.md explains it
    first, *more = show.folded(f"{_INDENT}{_sentence(finding.what)}{named}", _INDENT).splitlines()
    yield f"  {mark}  {first.removeprefix(_INDENT)}"
    yield from more
    if finding.fix:
        yield from show.folded(f"{_INDENT}-> {show.clean(finding.fix)}", f"{_INDENT}   ").splitlines()
    for record in finding.records:
        yield from _record(record)


def _record(record: Record) -> Iterator[str]:
    """Each on a line of its own and never broken: it is copied."""
    yield f"{_INDENT}   name   {show.clean(record.name)}"
    yield f"{_INDENT}   type   {show.clean(record.type)}"
    yield f"{_INDENT}   value  {show.clean(record.value)}"


def _sentence(text: str) -> str:
    text = show.clean(text)
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def _sum(found: Sequence[Finding]) -> str:
    counts = {state: sum(one.state is state for one in found) for state in State}
    parts = []
    if counts[State.WRONG]:
        parts.append(f"{counts[State.WRONG]} wrong")
    if counts[State.WARNING]:
        parts.append(f"{counts[State.WARNING]} {show.plural(counts[State.WARNING], 'warning')}")
    if counts[State.UNSEEN]:
        parts.append(f"{counts[State.UNSEEN]} not looked at")
    rest = f"{counts[State.OK]} fine"
    return f"{', '.join(parts)}, {rest}." if parts else f"All is well: {rest}."
