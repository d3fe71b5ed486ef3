"""Mails that came back, were dropped or still wait, by the beginning of what the server said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select

from newsletter.model.event import Fate
from newsletter.model.reporting import Returned
from newsletter.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FATES = (Fate.HARD_BOUNCE, Fate.SOFT_BOUNCE, Fate.DROPPED, Fate.DEFERRED)
#: where the words begin with a code, the code is what tells; longer pieces differ from reader to reader
_CODE, _WORDS = 13, 40
#: such as: 550 5.1.1, 550-5.1.1, 550 #5.1.1, 5.1.1
_CODED = [f"{before}{first}.%" for before in ("", "___ ", "___-", "___ #") for first in "45"]
#: kinds of words that are told apart; what is seldom is the rest of its fate
_MOST = 300


def returned(connection: Connection, mailing: int) -> list[Returned]:
    own = t.fates.c
    has_code = or_(*(own.reason.like(form) for form in _CODED))
    words = case((has_code, func.substr(own.reason, 1, _CODE)), else_=func.substr(own.reason, 1, _WORDS))
    query = (
        select(own.fate, words, func.count())
        .where(own.mailing == mailing, own.fate.in_(FATES))
        .group_by(own.fate, words)
        .order_by(func.count().desc(), own.fate, words)
        .limit(_MOST)
    )
    return [Returned(fate=Fate(fate), words=said, count=count) for fate, said, count in connection.execute(query)]
