"""Is what providers reported in order?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, select

from newsletter.store import tables as t
from newsletter.store.events import inbox
from newsletter.store.upkeep.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection


def findings(connection: Connection) -> Iterator[Finding]:
    fate, planned = t.fates.c, t.deliveries.c
    theirs = exists().where(and_(planned.mailing == fate.mailing, planned.n == fate.n))
    if count := connection.scalar(select(func.count()).select_from(t.fates).where(~theirs)):
        yield Finding(
            code="stray",
            message=f"{count:,} {'fate belongs' if count == 1 else 'fates belong'} to a delivery that is not there",
            fix="Put back what was deleted by hand, or restore a backup: newsletter db restore FILE",
        )
    if waiting := inbox.count_waiting(connection):
        yield Finding(
            code="reports-waiting",
            message=f"{waiting:,} {'report' if waiting == 1 else 'reports'} of providers not handled yet",
            fix="`newsletter serve` does it by itself; by hand: newsletter events handle",
            wrong=False,
        )
    if faults := len(inbox.faulty(connection)):
        yield Finding(
            code="reports-faulty",
            message=f"{faults:,} {'report' if faults == 1 else 'reports'} of providers could not be understood, or not whole",
            fix="Look at them: newsletter events faults",
            wrong=False,
        )
