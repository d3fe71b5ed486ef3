"""Lifting a suppression. Who had said no themselves stays off every list: only their own word brings them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.model.audit import Action, reader
from newsletter.model.subscriber import ConsentSource
from newsletter.model.suppressing import only_undeliverable
from newsletter.store import audit, suppressions
from newsletter.store import tables as t
from newsletter.store.people import consent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Suppression


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """The suppression that stood; how many subscriptions ended, since its person had said no."""

    suppression: Suppression
    left: int


def lift(connection: Connection, identity_hash: str, why: str, now: datetime) -> Lifted | None:
    """Let somebody be mailed again; None when nothing stood in the way."""
    person = connection.scalar(select(t.subscribers.c.number).where(t.subscribers.c.identity_hash == identity_hash))
    if person is not None:
        consent.hold(connection, person)  # before the suppressions, as everybody does who needs both
    undeliverable = only_undeliverable(suppressions.events_of(connection, identity_hash))
    suppression = suppressions.lift(connection, identity_hash, why, now)
    if suppression is None:
        return None
    left = 0 if undeliverable or person is None else _leave_lists(connection, person, why, now)
    audit.note(connection, Action.SUPPRESSION_LIFTED, reader(person), now, reason=suppression.reason, lists_left=left)
    return Lifted(suppression=suppression, left=left)


def _leave_lists(connection: Connection, person: int, why: str, now: datetime) -> int:
    every = connection.scalars(select(t.subscriptions.c.list).where(t.subscriptions.c.subscriber == person)).all()
    return consent.leave(connection, person, every, ConsentSource.BY_HAND, None, now, f"suppression lifted: {why}")
