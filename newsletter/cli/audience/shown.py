"""An audience, and the lists and segments there are, as lines and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.cli import show
from newsletter.cli.audience.conditions import in_words
from newsletter.cli.audience.words import change_in_words, whom_in_words
from newsletter.pipeline.audience import numbers_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from newsletter.address.audience import Asked
    from newsletter.model.subscriber import Subscriber
    from newsletter.pipeline.audience import Choice, Look
    from newsletter.store.audiences.report import AudienceReport


def look_lines(seen: Look, asked: Asked, slug: str, most_change: int) -> Iterator[str]:
    addressed, report = seen.addressed, seen.report
    narrowed, excepted = addressed.audience.narrowed, addressed.audience.excepted
    lists = [entry.name for entry in addressed.lists]
    yield f"Audience  {whom_in_words(lists, narrowed, excepted)}: {_readers(report.audience)}"
    if addressed.assumed:
        yield f"          No list was named: {', '.join(lists)} is taken, {addressed.assumed}."
    for name, condition in (*narrowed.items(), *excepted.items()):
        yield f"          {name}: {in_words(condition, seen.lists, asked.zone)}"
    yield from _headed("Left out", _left_out(report, slug))
    yield f"To send   {show.number(report.to_send)}"
    yield from _headed("Variants", show.variant_lines(report.variants))
    yield from _headed("Not in it", _not_in_it(report, narrowed))
    if seen.before:
        stops = seen.before.differs_from(report.audience, most_change)
        advice = "; `send` asks for --audience-may-differ" if stops else ""
        yield f"Last time {change_in_words(seen.before, report.audience)}{advice}"
    yield from _headed("Examples", map(_example, seen.examples))


def _headed(head: str, lines: Any) -> Iterator[str]:  # noqa: ANN401 - any iterable of lines
    return (f"{'' if number else head:<9} {line}" for number, line in enumerate(lines))


def _readers(count: int) -> str:
    return f"{show.number(count)} {show.plural(count, 'reader')}"


def _left_out(report: AudienceReport, slug: str) -> Iterator[str]:
    """Those of the audience who get nothing all the same."""
    for reason, count in report.suppressed.items():
        yield f"{show.number(count)} suppressed: {reason}"
    if report.already_sent:
        yield f"{show.number(report.already_sent)} who have {slug} already"


def _not_in_it(report: AudienceReport, narrowed: Mapping[str, object]) -> Iterator[str]:
    if report.pending:
        yield f"{show.number(report.pending)} who have not agreed yet (pending)"
    if report.left:
        yield f"{show.number(report.left)} who left"
    if report.not_in_segments:
        yield f"{show.number(report.not_in_segments)} who are not in {' or '.join(narrowed)}"
    for name, count in report.excepted_by.items():
        yield f"{show.number(count)} excepted by {name}"
    if len(report.excepted_by) > 1:
        yield f"  (together {show.number(report.excepted)}: somebody may be in several)"


def _example(reader: Subscriber) -> str:
    return f"{show.clean(reader.address):<36} {show.clean(reader.name)}".rstrip()


def look_json(seen: Look, asked: Asked, most_change: int) -> dict[str, Any]:
    audience, report, before = seen.addressed.audience, seen.report, seen.before
    meant = {**audience.narrowed, **audience.excepted}
    return {
        "lists": [entry.name for entry in seen.addressed.lists],
        "segments": sorted(audience.narrowed),
        "excepted": sorted(audience.excepted),
        "meaning": {name: in_words(one, seen.lists, asked.zone) for name, one in meant.items()},
        "assumed": seen.addressed.assumed,
        **numbers_json(report),
        "before": before
        and {
            "mailing": before.mailing,
            "audience": before.readers,
            "stops": before.differs_from(report.audience, most_change),
        },
        "examples": [{"email": reader.address, "name": reader.name} for reader in seen.examples],
    }


def choice_lines(every: Sequence[Choice], zone: ZoneInfo) -> Iterator[str]:
    lists = {one.list.number: one.name for one in every if one.list}
    if not every:
        yield "No lists and no segments yet. Add a list: newsletter lists add friends"
    width = min(max(20, *(len(one.name) for one in every), 0), 40)
    for one in every:
        yield f"{_kind(one):<8} {one.name:<{width}} {show.number(one.readers):>9}   {_meaning(one, lists, zone)}"


def choice_json(every: Sequence[Choice], zone: ZoneInfo) -> dict[str, Any]:
    lists = {one.list.number: one.name for one in every if one.list}
    return {
        "audiences": [
            {
                "kind": _kind(one),
                "name": one.name,
                "readers": one.readers,
                "meaning": _meaning(one, lists, zone),
                "archived": bool(one.list and one.list.archived_at),
            }
            for one in every
        ]
    }


def _kind(one: Choice) -> str:
    return "list" if one.list else "segment"


def _meaning(one: Choice, lists: Mapping[int, str], zone: ZoneInfo) -> str:
    if one.list:
        return show.clean(one.list.title) + (" (archived)" if one.list.archived_at else "")
    return in_words(one.condition, lists, zone) if one.condition else ""
