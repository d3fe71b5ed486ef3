"""`newsletter lists show`: how one list stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.lists.words import entry_json, offered_words, segments_asking_for, subscribed_words
from newsletter.cli.subscribers.person import day, lists_named
from newsletter.model.subscriber import SubscriptionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.model.subscriber import MailingList
    from newsletter.store.people.lists import Growth, Mailed

_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """`segments` are those of newsletter.toml that name the list."""

    list: MailingList
    counts: Mapping[SubscriptionStatus, int]
    #: of the subscribed
    suppressed: int
    pending_since: datetime | None
    growth: Growth
    last: Mailed | None
    segments: Sequence[str]
    #: why people left by a mail to it -> how many said so
    reasons: Mapping[str, int]
    #: in which the days are told
    zone: ZoneInfo


@click.command("show")
@click.argument("name")
@json_option
def show_(name: str, json_: bool) -> None:
    """Show one list: how many joined, wait and left, how it grows, its last mailing, and which segments ask for it.

    \b
    Example:
      newsletter lists show friends
    """
    from newsletter.store.people import leaving_reasons
    from newsletter.store.people import lists as stored

    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        (entry,) = lists_named(connection, [name])
        standing = _Standing(
            list=entry,
            counts=stored.counts(connection, entry.number).get(entry.number, {}),
            suppressed=stored.suppressed(connection, entry.number).get(entry.number, 0),
            pending_since=stored.pending_since(connection, entry.number),
            growth=stored.growth(connection, entry.number, now() - timedelta(days=_DAYS)),
            last=stored.last_mailing(connection, entry.number),
            segments=segments_asking_for(place.settings, name),
            reasons=leaving_reasons.counts(connection, entry.number),
            zone=ZoneInfo(place.settings.newsletter.timezone),
        )
    if json_:
        show.as_json(_as_json(standing))
        return
    for line in _lines(standing):
        click.echo(line)


def _as_json(standing: _Standing) -> dict[str, Any]:
    counts = {status.value: standing.counts.get(status, 0) for status in SubscriptionStatus}
    return entry_json(standing.list) | {
        **counts,
        "suppressed": standing.suppressed,
        "pending_since": standing.pending_since,
        "last_30_days": asdict(standing.growth),
        "last_mailing": asdict(standing.last) if standing.last else None,
        "segments": list(standing.segments),
        "reasons": dict(standing.reasons),
    }


def _lines(standing: _Standing) -> Iterator[str]:
    entry, counts = standing.list, standing.counts
    yield f"{entry.name}: {show.clean(entry.title)}"
    if entry.description:
        yield f"  {show.clean(entry.description)}"
    if entry.archived_at:
        yield f"  archived since {day(entry.archived_at, standing.zone)}: it takes nobody in and is not mailed"
    yield f"  {subscribed_words(counts.get(SubscriptionStatus.SUBSCRIBED, 0), standing.suppressed)}"
    for status, words in (
        (SubscriptionStatus.PENDING, "pending" + _since(standing)),
        (SubscriptionStatus.UNSUBSCRIBED, "left"),
    ):
        yield f"  {show.number(counts.get(status, 0)):>9} {words}"
    growth = standing.growth
    yield f"  in the last {_DAYS} days {show.number(growth.joined)} joined and {show.number(growth.left)} left"
    if standing.reasons:
        said = (f"{show.number(many)} {reason.replace('_', ' ')}" for reason, many in standing.reasons.items())
        yield f"  why they left, as far as they said: {', '.join(said)}"
    confirms = "confirm it by mail (double opt-in)" if entry.opt_in == "double" else "are on it at once (single opt-in)"
    yield f"  {offered_words(entry)}"
    yield f"  who joins by a page: they {confirms}"
    if last := standing.last:
        when = f", {day(last.started_at, standing.zone)}" if last.started_at else ""
        yield f"  last mailing: {last.number}, {last.issue}, {last.state}{when}, to {show.number(last.audience)}"
    else:
        yield "  no mailing yet"
    if standing.segments:
        yield f"  segments that ask for it: {', '.join(standing.segments)}"


def _since(standing: _Standing) -> str:
    since = standing.pending_since
    return f", the first since {day(since, standing.zone)}" if since else ""
