"""What a report is asked of: the number of a mailing, an issue, or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter.errors import NothingToReport
from newsletter.store import tables as t
from newsletter.store.people import lists
from newsletter.validate import nearest

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList


def named(connection: Connection, name: str, *, list_only: bool = False) -> int | MailingList:
    """The number of a mailing, the newest of an issue; or a list. An issue comes before a list of its name.

    Raises:
        NothingToReport: with the nearest name.
    """
    if not list_only:
        if name.isascii() and name.isdigit() and len(name) < 19:
            return int(name)
        own = t.mailings.c
        if (number := connection.scalar(select(func.max(own.number)).where(own.issue == name))) is not None:
            return int(number)
    every = {entry.name: entry for entry in lists.every(connection)}
    if name in every:
        return every[name]
    known = [*every]
    if not list_only:
        known += connection.scalars(select(t.mailings.c.issue).distinct())
    raise NothingToReport(name, nearest(name, known))
