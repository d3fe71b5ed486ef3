"""Is everybody who was erased really gone, and will they stay away?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, exists, func, or_, select

from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.store import tables as t
from newsletter.store.people.subscribers import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

from newsletter.store.upkeep.findings import Finding

_ERASE = "Erase them again: newsletter db restore --here does it for all who are in the erasures file."


def findings(connection: Connection, erasures: Collection[str]) -> Iterator[Finding]:
    people, erased = t.subscribers.c, t.subscribers.c.erased_at.is_not(None)
    checks: tuple[tuple[str, ColumnElement[bool], str, str], ...] = (
        ("erased-with-data", erased & _has_data(), "erased, and something of theirs is still stored", _ERASE),
        ("erased-on-list", erased & _is_subscribed(), "erased, and still subscribed to a list", _ERASE),
        (
            "reader-without-hash",
            ~erased & or_(people.identity_hash.is_(None), people.public_id.is_(None), people.address.is_(None)),
            "stored without a hash, an id or an address: a suppression could not keep mail from them",
            "Report it; until then: newsletter subscribers erase ADDRESS, and import them again.",
        ),
        ("erased-came-back", ~erased & _was_erased(), "suppressed because they were erased, and stored again", _ERASE),
    )
    for code, condition, what, fix in checks:
        count = connection.scalar(select(func.count()).select_from(t.subscribers).where(condition))
        if count:
            yield Finding(code=code, message=f"{count:,} {'person is' if count == 1 else 'people are'} {what}", fix=fix)
    yield from _named_suppressions(connection)
    yield from _forgotten(connection, erasures)


def _has_data() -> ColumnElement[bool]:
    people = t.subscribers.c
    texts = (people.first_name, people.last_name, people.language, people.timezone)
    return or_(
        *(column.is_not(None) for column in (people.public_id, people.identity_hash, people.address)),
        *(column != "" for column in texts),
        cast(people.attributes, Text).not_in(("{}", "null")),
        exists().where(t.subscriber_tags.c.subscriber == people.number),
        exists().where(
            t.consent_events.c.subscriber == people.number,
            or_(t.consent_events.c.ip.is_not(None), t.consent_events.c.user_agent.is_not(None)),
        ),
    )


def _is_subscribed() -> ColumnElement[bool]:
    return exists().where(
        t.subscriptions.c.subscriber == t.subscribers.c.number,
        t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED,
    )


def _was_erased() -> ColumnElement[bool]:
    return exists().where(
        t.suppressions.c.identity_hash == t.subscribers.c.identity_hash,
        t.suppressions.c.reason == SuppressionReason.ERASED,
    )


def _named_suppressions(connection: Connection) -> Iterator[Finding]:
    named = (t.suppressions.c.reason == SuppressionReason.ERASED) & t.suppressions.c.identity.is_not(None)
    if count := connection.scalar(select(func.count()).select_from(t.suppressions).where(named)):
        what = f"{count:,} suppressions of erased people still name their address"
        yield Finding(code="erased-with-address", message=what, fix=_ERASE)


def _forgotten(connection: Connection, erasures: Collection[str]) -> Iterator[Finding]:
    """Each hash of the erasures file must be suppressed; else the database is older than the file."""
    column = t.suppressions.c.identity_hash
    erased = select(func.count()).where(t.suppressions.c.reason == SuppressionReason.ERASED)
    kept_out = sum(connection.scalar(erased.where(column.in_(part))) or 0 for part in parts(sorted(erasures)))
    if missing := len(erasures) - kept_out:
        what = f"{missing:,} of the people in the erasures file are not kept out by this database"
        fix = "It is older than their erasing, as a restored backup is: newsletter db restore --here"
        yield Finding(code="erasure-forgotten", message=what, fix=fix)
