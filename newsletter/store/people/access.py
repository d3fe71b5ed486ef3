"""Everything that is stored of one person, and nothing of anybody else: the answer to an access request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from newsletter.keys import NOTICES
from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState
from newsletter.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.engine import Connection

_GROUNDS = t.wordings.alias("grounds")
#: table that knows people -> the part of the answer that tells its rows; a test holds it to tables.py
TOLD = {
    "subscribers": "subscriber",
    "subscriptions": "lists",
    "subscriber_tags": "tags",
    "consent_events": "consent",
    "suppressions": "suppression",
    "suppression_events": "suppression_history",
    "esp_suppressions": "held_back_by_providers",
    "deliveries": "mailings",
    "delivery_outcomes": "mailings",
    "issue_readers": "mailings",
    "fates": "mailings",
    "events": "events",
    "engagements": "engagement",
    "notices": "notices",
    "leaving_reasons": "reasons_for_leaving",
    "former_fields": "former_details",
}


def everything(connection: Connection, identity_hash: str) -> dict[str, Any]:
    """The parts of the answer, times as they are stored. `subscriber` is None where only the address is known."""
    person = _one(connection, select(t.subscribers).where(t.subscribers.c.identity_hash == identity_hash))
    suppression = _one(connection, select(t.suppressions).where(t.suppressions.c.identity_hash == identity_hash))
    history = select(t.suppression_events).where(t.suppression_events.c.identity_hash == identity_hash)
    number = person["number"] if person else 0  # the number of nobody
    tags = _all(connection, _tags(number))
    return {
        "subscriber": person,
        "tags": [row["name"] for row in tags],
        "lists": _all(connection, _lists(number)),
        "consent": _all(connection, _consent(number)),
        "suppression": suppression,
        "held_back_by_providers": _all(connection, _held_back(identity_hash)),
        "suppression_history": _all(connection, history.order_by(t.suppression_events.c.number)),
        "mailings": [_with_outcome(row) for row in _all(connection, _mailings(number))],
        "events": _all(connection, _events(number, identity_hash)),
        "engagement": _all(connection, _engagement(number)),
        "notices": _all(connection, _notices(identity_hash)),
        "reasons_for_leaving": _all(connection, _reasons(number)),
        "former_details": _all(connection, _former(number)),
    }


def _tags(number: int) -> Select[Any]:
    theirs = t.subscriber_tags.c
    return (
        select(t.tags.c.name)
        .join(t.subscriber_tags, theirs.tag == t.tags.c.number)
        .where(theirs.subscriber == number)
        .order_by(t.tags.c.key)
    )


def _lists(number: int) -> Select[Any]:
    entry, list_ = t.subscriptions.c, t.lists.c
    return (
        select(list_.name.label("list"), list_.title, entry.status, entry.changed_at.label("since"))
        .join(t.subscriptions, entry.list == list_.number)
        .where(entry.subscriber == number)
        .order_by(list_.name)
    )


def _consent(number: int) -> Select[Any]:
    event = t.consent_events.c
    return (
        select(
            t.lists.c.name.label("list"),
            *(event.action, event.source, event.at, event.recorded_at, event.mailing, event.ip, event.user_agent),
            t.wordings.c.text.label("wording"),
            _GROUNDS.c.text.label("ground"),
        )
        .select_from(t.consent_events)
        .outerjoin(t.lists, t.lists.c.number == event.list)
        .outerjoin(t.wordings, t.wordings.c.hash == event.wording)
        .outerjoin(_GROUNDS, _GROUNDS.c.hash == event.ground)
        .where(event.subscriber == number)
        .order_by(event.number)
    )


def _mailings(number: int) -> Select[Any]:
    planned, own, chunk, mailing = t.deliveries.c, t.delivery_outcomes.c, t.chunks.c, t.mailings.c
    variant, fate = t.mailing_variants.c, t.fates.c
    answered = select(func.max(t.attempts.c.answered_at)).where(t.attempts.c.chunk == chunk.number).scalar_subquery()
    return (
        select(
            *(planned.mailing, planned.n, planned.variant, mailing.issue, mailing.sender, mailing.started_at),
            *(own.outcome, own.reason, own.at, chunk.state, answered.label("answered_at"), variant.fingerprint),
            *(fate.fate, fate.reason.label("fate_reason"), fate.at.label("fate_at")),
        )
        .select_from(t.deliveries)
        .join(t.mailings, mailing.number == planned.mailing)
        .outerjoin(t.mailing_variants, and_(variant.mailing == planned.mailing, variant.variant == planned.variant))
        .outerjoin(t.delivery_outcomes, and_(own.mailing == planned.mailing, own.n == planned.n))
        .outerjoin(t.chunks, and_(chunk.mailing == planned.mailing, planned.n.between(chunk.first, chunk.last)))
        .outerjoin(t.fates, and_(fate.mailing == planned.mailing, fate.n == planned.n))
        .where(planned.subscriber == number)
        .order_by(planned.mailing)
    )


def _with_outcome(row: dict[str, Any]) -> dict[str, Any]:
    """The outcome of its own, or that of the chunk."""
    state, answered_at = row.pop("state"), row.pop("answered_at")
    if row["outcome"] is None:
        row |= {"outcome": OUTCOME_OF_CHUNK[ChunkState(state)] if state else None, "reason": "", "at": answered_at}
    return row


def _events(number: int, identity_hash: str) -> CompoundSelect[Any]:
    """What the provider reported of their mails; mailing 0 are single ones."""
    event, planned, notice = t.events.c, t.deliveries.c, t.notices.c
    told = select(event.mailing, event.n, event.kind, event.at, event.detail, event.machine)
    same = and_(planned.mailing == event.mailing, planned.n == event.n)
    single = and_(event.mailing == NOTICES, event.n == notice.number)
    of_mailings = told.join(t.deliveries, same).where(planned.subscriber == number)
    of_notices = told.join(t.notices, single).where(notice.identity_hash == identity_hash)
    return of_mailings.union_all(of_notices).order_by("at")


def _engagement(number: int) -> Select[Any]:
    seen = t.engagements.c
    return (
        select(seen.mailing, t.mailings.c.issue, seen.kind, seen.at)
        .join(t.mailings, t.mailings.c.number == seen.mailing)
        .where(seen.subscriber == number)
        .order_by(seen.at)
    )


def _held_back(identity_hash: str) -> Select[Any]:
    known = t.esp_suppressions.c
    columns = (known.esp.label("provider"), known.at.label("seen_at"), known.told_at)
    return select(*columns).where(known.identity_hash == identity_hash)


def _notices(identity_hash: str) -> Select[Any]:
    notice = t.notices.c
    columns = (notice.number, notice.kind, notice.address, notice.state, notice.fate, notice.detail, notice.created_at)
    return (
        select(*columns, notice.answered_at, notice.used_at, notice.fingerprint)
        .where(notice.identity_hash == identity_hash)
        .order_by(notice.number)
    )


def _reasons(number: int) -> Select[Any]:
    reason = t.leaving_reasons.c
    columns = (reason.mailing, reason.code, reason.words, reason.at)
    return select(*columns).where(reason.subscriber == number).order_by(reason.number)


def _former(number: int) -> Select[Any]:
    former = t.former_fields.c
    return select(former.until, former.fields).where(former.subscriber == number).order_by(former.until)


def _one(connection: Connection, query: Select[Any]) -> dict[str, Any] | None:
    rows = _all(connection, query)
    return rows[0] if rows else None


def _all(connection: Connection, query: Select[Any] | CompoundSelect[Any]) -> list[dict[str, Any]]:
    """With names that are plain texts: JSON knows no others."""
    return [{str(name): value for name, value in row.items()} for row in connection.execute(query).mappings()]
