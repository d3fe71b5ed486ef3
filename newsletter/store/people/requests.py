"""What somebody asked for by a page, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.model.subscriber import ConsentAction
from newsletter.store import tables as t
from newsletter.store.people.lists import LIST_COLUMNS, list_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`request` is the number of the consent event."""

    request: int
    list: MailingList
    wording: str = ""


def asked(connection: Connection, subscriber: int, requests: Sequence[int]) -> tuple[Asked, ...]:
    """Those of these requests that this person made, by the titles of their lists."""
    event = t.consent_events.c
    rows = connection.execute(
        select(event.number, t.wordings.c.text, *LIST_COLUMNS)
        .join(t.lists, t.lists.c.number == event.list)
        .outerjoin(t.wordings, t.wordings.c.hash == event.wording)
        .where(event.number.in_(requests), event.subscriber == subscriber, event.action == ConsentAction.REQUESTED)
        .order_by(t.lists.c.title, event.number)
    ).mappings()
    return tuple(
        Asked(request=row[event.number], list=list_of(row), wording=row[t.wordings.c.text] or "") for row in rows
    )
