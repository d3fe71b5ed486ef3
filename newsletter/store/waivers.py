"""What somebody let stand when a mailing was planned: kept with it, to be answered for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from newsletter.model.waiver import Waiver, WaiverKind
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection


def keep(connection: Connection, mailing: int, waivers: Sequence[Waiver]) -> None:
    rows = [
        {"mailing": mailing, "code": one.code, "kind": one.kind.value, "reason": one.reason, "count": one.count}
        for one in waivers
    ]
    if rows:
        connection.execute(insert(t.mailing_waivers), rows)


def drop(connection: Connection, mailing: int) -> None:
    """A mailing that is planned anew has those of its new version."""
    connection.execute(delete(t.mailing_waivers).where(t.mailing_waivers.c.mailing == mailing))


def of_mailing(connection: Connection, mailing: int) -> tuple[Waiver, ...]:
    """By kind and code."""
    columns = t.mailing_waivers.c
    rows = connection.execute(
        select(columns.code, columns.kind, columns.reason, columns.count)
        .where(columns.mailing == mailing)
        .order_by(columns.kind, columns.code)
    )
    return tuple(
        Waiver(code=code, kind=WaiverKind(kind), reason=reason, count=count) for code, kind, reason, count in rows
    )
