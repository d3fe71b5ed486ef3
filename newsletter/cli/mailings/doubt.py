"""Deliveries that nobody can tell about: what is known, how long to wait for a report, and then three choices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.cli import show
from newsletter.cli.mailings.words import NO_ANSWER, deliveries
from newsletter.model.mailing import MailingState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.cli.mailings.standing import Standing
    from newsletter.model.delivery import Doubt
    from newsletter.settings import Settings

#: providers report within minutes; after this a person has to choose
PATIENCE = timedelta(minutes=30)
#: attempts that are shown one by one; the others are counted
_MOST = 5


def doubt_lines(standing: Standing, settings: Settings, zone: ZoneInfo) -> Iterator[str]:
    """Nothing where there is no doubt."""
    if not standing.doubts:
        return
    count = sum(doubt.count for doubt in standing.doubts)
    yield f"In doubt: nobody can say whether {deliveries(count)} arrived."
    for alike in _alike(standing.doubts):
        yield from _together(alike, standing.at, zone)
    settles = _settles_at(standing, settings)
    if settles and settles > standing.at:
        yield f"A report of the provider may settle it: wait until {show.moment(settles, zone)}."
        return
    if settles:
        yield "No report has settled it within 30 minutes."
    restored = not all(doubt.attempt for doubt in standing.doubts) and reports(settings, standing.mailing.sender)
    if restored:
        yield "What went out after the backup is reported all the same: wait for the"
        yield "provider's reports first (newsletter events list), they settle it."
    yield from choices(standing, reported=restored or settles is not None)


def _alike(doubts: Sequence[Doubt]) -> list[list[Doubt]]:
    """Those of one sender with the same words together, the oldest first."""
    found: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in doubts:
        found.setdefault((doubt.sender, doubt.detail), []).append(doubt)
    return [*found.values()]


def _together(doubts: Sequence[Doubt], now: datetime, zone: ZoneInfo) -> Iterator[str]:
    first, count = doubts[0], sum(doubt.count for doubt in doubts)
    if not first.attempt:
        yield f"  {deliveries(count)}, planned or under way when a backup was restored"
        return
    when = f", since {show.moment(first.since, zone)} ({show.span(now - first.since)})" if first.since else ""
    yield f"  {deliveries(count)} through {first.sender}{when}:"
    yield show.folded(f"    {show.clean(first.detail or NO_ANSWER)}", "    ")
    for doubt in doubts[:_MOST]:
        its_own = f"; {doubt.sender}'s own id {show.clean(doubt.provider_id)}" if doubt.provider_id else ""
        yield f"    attempt {doubt.attempt}, {_numbers(doubt)}{its_own}"
    if others := doubts[_MOST:]:
        left = sum(doubt.count for doubt in others)
        yield f"    {show.number(len(others))} more {show.plural(len(others), 'attempt')} with {deliveries(left)}: --json"


def _numbers(doubt: Doubt) -> str:
    """Such as: 50 of deliveries 101 to 200."""
    if doubt.first == doubt.last:
        return f"delivery {doubt.first}"
    part = "" if doubt.count == doubt.last - doubt.first + 1 else f"{doubt.count} of "
    return f"{part}deliveries {doubt.first} to {doubt.last}"


def _settles_at(standing: Standing, settings: Settings) -> datetime | None:
    """Until when a report is waited for; None where none can come."""
    moments = [doubt.since for doubt in standing.doubts if doubt.since and reports(settings, doubt.sender)]
    return max(moments) + PATIENCE if moments else None


def reports(settings: Settings, sender: str) -> bool:
    """Whether something tells us what became of mail through this sender."""
    if sender == "sendgrid":
        return bool(settings.events.public_key)
    return sender == "smtp" and bool(settings.mailbox.address)


def choices(standing: Standing, *, reported: bool) -> Iterator[str]:
    number = standing.mailing.number
    over = standing.mailing.state in {MailingState.CANCELLED, MailingState.MISSED}
    again = "count as cancelled" if over else "are planned again; whoever has it\n      after all gets it twice"
    yield "Find out: look into the provider's log for that time, or ask somebody who is on"
    yield "the list. Then choose:"
    yield f"  newsletter mailings resolve {number} --accepted"
    yield "      They have it: they count as accepted, and are not sent to again."
    yield f"  newsletter mailings resolve {number} --not-sent"
    yield f"      They do not have it: they {again}."
    yield "  or leave it"
    yield "      Nobody is sent to again, and some may never get it. That does less harm"
    yield f"      than two copies.{' A late report still settles it.' if reported else ''}"
