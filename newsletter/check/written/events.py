"""Events: they end after they begin, and are still to come on the day of the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.body import typed_blocks
from newsletter.model.document import plain_words
from newsletter.model.moments import ends_before, read_moment
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content


@issue_rule("event-times", Level.ERROR)
def events_end_after_they_begin(content: Content) -> Iterator[Finding]:
    """An event that ends before it begins.

    Correct `start` or `end`.

    Bad:

        ::: event title="Open evening" start="2026-12-05T19:00" end="2026-12-05T18:00"
        Come and ask.
        :::

    Good:

        ::: event title="Open evening" start="2026-12-05T18:00" end="2026-12-05T19:00"
        Come and ask.
        :::
    """
    zone = ZoneInfo(content.settings.newsletter.timezone)
    for block in typed_blocks("event", content.issue.body):
        start, end = (read_moment(plain_words(block.attributes.get(name, ()))) for name in ("start", "end"))
        if start and end and ends_before(start, end, zone):
            place = block.attribute_places.get("end", block.at)
            yield Finding(at=place, message="this event ends before it begins", fix="Correct `start` or `end`.")


@issue_rule("event-past", Level.WARNING)
def events_are_to_come(content: Content) -> Iterator[Finding]:
    """An event that is over on the day of the issue.

    Mostly the year was forgotten, or the event was copied from an earlier issue. Correct `start` and `end`, or the `date` of
    the issue. Of what has been, tell in the text.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        date: 2026-12-01
        ---

        ::: event title="Open evening" start="2025-12-05T18:00" end="2025-12-05T19:00"
        Come and ask.
        :::

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        date: 2026-12-01
        ---

        ::: event title="Open evening" start="2026-12-05T18:00" end="2026-12-05T19:00"
        Come and ask.
        :::
    """
    day = content.issue.date
    for block in typed_blocks("event", content.issue.body) if day else ():
        start, end = (read_moment(plain_words(block.attributes.get(name, ()))) for name in ("start", "end"))
        last = f"{end or start or ''}"[:10]  # year-month-day, with a time or without
        if last and last < str(day):
            place = block.attribute_places.get("start", block.at)
            message = f"this event is over on the day of the issue, {day}"
            yield Finding(at=place, message=message, fix="Correct `start` and `end`, or the date of the issue.")


RULES = (events_end_after_they_begin, events_are_to_come)
