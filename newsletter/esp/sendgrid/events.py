"""What SendGrid's Event Webhook posts -> our Events, through the tables below. What is not in them is UNKNOWN.

Sources: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event and its reference of the fields. Our
custom_args come back as fields of each event (request.py). An asynchronous bounce has no sg_message_id; `category` and
other fields that we do not need may be texts or lists.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from newsletter.esp.sendgrid import event_fields as fields
from newsletter.esp.sendgrid.entries import entries
from newsletter.esp.sendgrid.machines import is_machine, with_scanners
from newsletter.esp.sendgrid.request import ATTEMPT, DELIVERY, MAILING
from newsletter.keys import NOTICES
from newsletter.model.event import NO_TIME, Event, EventKind, Report
from newsletter.model.subscriber import SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: `event` -> what it is to us
KINDS: Mapping[str, EventKind] = {
    "processed": EventKind.PROCESSED,
    "dropped": EventKind.DROPPED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DEFERRED,
    "bounce": EventKind.HARD_BOUNCE,  # or SOFT_BOUNCE: see BOUNCES
    "blocked": EventKind.SOFT_BOUNCE,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,  # from everything: see EVERYTHING
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
    "group_resubscribe": EventKind.UNKNOWN,  # joining again is done on our own pages, where the words are shown
}
#: `type` of a bounce -> what it is; any other one is taken for passing, since nobody is suppressed by mistake then
BOUNCES: Mapping[str, EventKind] = {
    "bounce": EventKind.HARD_BOUNCE,
    "blocked": EventKind.SOFT_BOUNCE,
    "expired": EventKind.SOFT_BOUNCE,
}
#: how the `reason` of a drop begins, in small letters -> what SendGrid knows of the address; None: the message, or the
#: account, was at fault
DROPS: Mapping[str, SuppressionReason | None] = {
    "bounced address": SuppressionReason.HARD_BOUNCE,
    "unsubscribed address": SuppressionReason.LEFT_EVERYTHING,
    "spam reporting address": SuppressionReason.COMPLAINT,
    "invalid smtpapi header": None,
    "invalid": SuppressionReason.BAD_ADDRESS,
    "spam content": None,
    "recipient list over package quota": None,
}
EVERYTHING = "unsubscribe"
#: kind -> the field that says why
_WHY: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.DROPPED: ("reason",),
    EventKind.DEFERRED: ("response", "reason"),
    EventKind.HARD_BOUNCE: ("reason", "status"),
    EventKind.SOFT_BOUNCE: ("reason", "status"),
    EventKind.UNKNOWN: ("event",),
}
_NOTICES = "notices"
#: kinds of which nothing more is to be said
_PLAIN = (EventKind.PROCESSED, EventKind.DELIVERED, EventKind.COMPLAINED)
_BY_PEOPLE = (EventKind.OPENED, EventKind.CLICKED)


def read(body: bytes, received: datetime) -> Report:
    """Everything of a report that can be understood; it never raises."""
    found, fault = entries(body)
    events: list[Event] = []
    faults: Counter[str] = Counter()
    for entry in found:
        if not isinstance(entry, dict):
            faults["are no events"] += 1
            continue
        event = _event(entry, received)
        events.append(event)
        if event.at is NO_TIME:
            faults["do not say when they happened"] += 1
    said = [fault] if fault else []
    said += [f"{count:,} of {len(found):,} entries {what}" for what, count in faults.items()]
    return Report(events=with_scanners(events), fault="; ".join(said))


def _event(entry: dict[str, Any], received: datetime) -> Event:
    """What nearly all events have in common is made quickly; the rest is looked at only for the few that have it."""
    name = entry.get("event")
    kind = KINDS.get(name, EventKind.UNKNOWN) if isinstance(name, str) else EventKind.UNKNOWN
    attempt, mailing, n = _delivery(entry)
    event = Event(
        id=fields.event_id(entry),
        at=fields.moment(entry.get("timestamp"), received),
        kind=kind,
        mailing=mailing,
        n=n,
        attempt=attempt,
        proves_all=attempt != "",
        address=fields.text(entry.get("email")),
    )
    return event if kind in _PLAIN else _with_more(event, entry)


def _with_more(event: Event, entry: dict[str, Any]) -> Event:
    kind = _bounce(entry) if event.kind is EventKind.HARD_BOUNCE else event.kind
    return event._replace(
        kind=kind,
        detail=_detail(entry, kind),
        url=fields.text(entry.get("url")) if kind is EventKind.CLICKED else "",
        machine=kind in _BY_PEOPLE and is_machine(entry.get("useragent"), entry.get("sg_machine_open")),
        known_as=_known_as(entry) if kind is EventKind.DROPPED else None,
        everything=entry.get("event") == EVERYTHING,
    )


def _bounce(entry: dict[str, Any]) -> EventKind:
    """Without a type, the server's own code decides: 5.x.x is for good (RFC 3463)."""
    sort = fields.text(entry.get("type"))
    if not sort:
        return EventKind.HARD_BOUNCE if fields.text(entry.get("status")).startswith("5") else EventKind.SOFT_BOUNCE
    return BOUNCES.get(sort, EventKind.SOFT_BOUNCE)


def _delivery(entry: dict[str, Any]) -> tuple[str, int | None, int | None]:
    """Attempt, mailing and number, if all three are there: every request of ours has them."""
    attempt, n = fields.attempt(entry.get(ATTEMPT)), fields.number(entry.get(DELIVERY))
    told = entry.get(MAILING)
    mailing = NOTICES if told == _NOTICES else fields.number(told)
    return (attempt, mailing, n) if attempt and n is not None and mailing is not None else ("", None, None)


def _detail(entry: dict[str, Any], kind: EventKind) -> str:
    address = fields.text(entry.get("email"))
    said = (fields.words(entry.get(name), address) for name in _WHY.get(kind, ()))
    return next((one for one in said if one), "")


def _known_as(entry: dict[str, Any]) -> SuppressionReason | None:
    reason = fields.text(entry.get("reason")).casefold()
    return next((known for begins, known in DROPS.items() if reason.startswith(begins)), None)
