"""What ESPs and bounce mails report, recorded: each event once, with all that follows from it, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newsletter.keys import NOTICES
from newsletter.model.event import EventKind
from newsletter.model.recording import Clicks, Received
from newsletter.model.segment import Engagement
from newsletter.pipeline.consequences import Consequences
from newsletter.pipeline.identities import Identities
from newsletter.pipeline.mailed_links import MailedLinks
from newsletter.record import following
from newsletter.record.fates import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.event import Event
    from newsletter.store.database import Store
    from newsletter.store.events.people import People

_SEEN = {EventKind.OPENED: Engagement.OPENED, EventKind.CLICKED: Engagement.CLICKED}
#: about a person, not only about a message
_PERSONAL = {*_SEEN, EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.COMPLAINED, EventKind.UNSUBSCRIBED}


def receive(store: Store, keys: Keys, events: Sequence[Event], esp: str, now: datetime) -> Received:
    """Record them all, or none. Events that were told before change nothing, in whatever order they come."""
    if not events:
        return Received()
    with store.write() as connection:
        return record(connection, keys, events, esp, now)


def record(connection: Connection, keys: Keys, events: Sequence[Event], esp: str, now: datetime) -> Received:
    """The same inside a transaction that has locked nothing but rows of the inbox, or people."""
    from newsletter.store.events import doubt, fates, recording
    from newsletter.store.events.origins import with_ours_alone
    from newsletter.store.events.people import People
    from newsletter.store.people.consent import hold_tables

    hold_tables(connection)  # people first, as everywhere
    identities = Identities(keys)
    sorted_ = with_ours_alone(connection, events, identities.hash_of)
    people = People(connection, *_who_matters(sorted_, identities))
    noted = [event for event in sorted_ if _may_be_noted(event, people)]
    new = recording.keep(connection, noted, esp, now)
    told = standing(new)
    fates.tell(connection, [one for one in told if one.mailing != NOTICES])
    fates.tell_of_notices(connection, [one.n for one in told if one.mailing == NOTICES])
    _note_seen(connection, new, people)
    suppressed = Consequences(connection, new, people, identities, esp, now).carry_out()
    ours = [event for event in new if event.mailing]
    return Received(
        new=Counter(event.kind for event in new),
        repeated=len(noted) - len(new),
        not_noted=len(events) - len(noted),
        foreign=sum(event.mailing is None for event in new),
        suppressed=suppressed,
        settled=doubt.settle(connection, ours, now),
    )


def _who_matters(events: Iterable[Event], identities: Identities) -> tuple[set[tuple[int, int]], set[str]]:
    """The deliveries, and of events about others' mailings the identities, whose people have to be known."""
    deliveries: set[tuple[int, int]] = set()
    hashes: set[str] = set()
    for event in events:
        if event.mailing is not None and event.n is not None:
            if event.kind in _PERSONAL or event.known_as:
                deliveries.add((event.mailing, event.n))
        elif event.address and following.reason_of(event) and (key := identities.hash_of(event.address)):
            hashes.add(key)
    return deliveries, hashes


def _may_be_noted(event: Event, people: People) -> bool:
    """What somebody opens and clicks is nobody's business unless they agreed."""
    if event.kind not in _SEEN:
        return True
    if not event.mailing or event.n is None:
        return False
    person = people.of_delivery(event.mailing, event.n).person
    return person is not None and person.agrees


def _note_seen(connection: Connection, new: Iterable[Event], people: People) -> None:
    """What machines opened and clicked stays among the events; in a link's count they stand apart."""
    from newsletter.store.audiences import engagement
    from newsletter.store.events import clicking

    engaged: list[engagement.Engaged] = []
    clicks: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    links = MailedLinks(connection)
    for event in new:
        kind = _SEEN.get(event.kind)
        if kind is None or not event.mailing or event.n is None:
            continue
        person = people.of_delivery(event.mailing, event.n).person
        if person and not event.machine:
            engaged.append(engagement.Engaged(person.number, event.mailing, kind, event.at))
        if event.url and (url := links.counted_as(event.mailing, event.url)):
            clicks[event.mailing, url][event.machine] += 1
    engagement.note(connection, engaged)
    clicking.count(connection, [Clicks(mailing, url, *counts) for (mailing, url), counts in clicks.items()])
