"""The lists that the pages offer to whoever wants to join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.store.people import lists

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList


def offered(connection: Connection) -> tuple[MailingList, ...]:
    """By title; those that are put away are not among them."""
    every = (one for one in lists.every(connection) if one.public and not one.archived_at)
    return tuple(sorted(every, key=lambda one: one.title.casefold()))
