"""All that is counted of one list. Call it inside one `read()`: what is told belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from newsletter.model.reporting import ListFacts
from newsletter.store import tables as t
from newsletter.store.people import leaving_reasons, lists
from newsletter.store.reporting import among, people
from newsletter.store.reporting.months import months

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList

#: mailings that are told one by one
_MOST = 24
#: of the last ones somebody did nothing, or took none
_RECENT, _SILENT = 5, 3


def facts(connection: Connection, entry: MailingList, edges: Sequence[datetime]) -> ListFacts:
    """`edges` are the begins of the months that are told, and the end of the last."""
    numbers = among.of_list(connection, entry.number, edges[0], edges[-1], _MOST)
    recent = numbers[:_RECENT]
    reported = [number for number in numbers if _was_reported(connection, number)][:_SILENT]
    tracked, active = people.tracked(connection, entry.number, recent)
    enough = len(reported) == _SILENT
    return ListFacts(
        list=entry,
        statuses=lists.counts(connection, entry.number).get(entry.number, {}),
        suppressed=lists.suppressed(connection, entry.number).get(entry.number, 0),
        months=months(connection, entry.number, edges),
        sources=people.sources(connection, entry.number),
        languages=people.languages(connection, entry.number),
        tracked=tracked,
        active=active,
        recent=len(recent),
        gone=people.gone(connection, entry.number),
        silent=people.silent(connection, entry.number, reported) if enough else 0,
        silent_mailings=_SILENT if enough else 0,
        mailings=among.fared(connection, numbers),
        reasons=leaving_reasons.counts(connection, entry.number),
    )


def _was_reported(connection: Connection, mailing: int) -> bool:
    """Whether anything is known of what became of it."""
    return bool(connection.scalar(select(exists().where(t.fates.c.mailing == mailing))))
