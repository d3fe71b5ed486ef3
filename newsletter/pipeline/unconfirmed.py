"""Who asked to join by a page and never confirmed is forgotten after a time. Whom staff brought in is left to staff."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.audit import Action

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.store.database import Store

#: transactions of one run; each forgets some hundred people
_MOST_ROUNDS = 10


def forget_unconfirmed(store: Store, forget_days: int, now: datetime) -> int:
    """How many were forgotten; what is left is for the next run. 0 days: nobody ever is."""
    from newsletter.store import audit
    from newsletter.store.people import erasing, pruning

    if not forget_days:
        return 0
    before = now - timedelta(days=forget_days)
    with store.read() as connection:
        if not pruning.count(connection, before, by_page=True):
            return 0
    forgotten = last = 0
    for _ in range(_MOST_ROUNDS):
        with store.write() as connection:
            count, last = pruning.forget_some(connection, before, last, by_page=True)
            if count:
                audit.note(connection, Action.SUBSCRIBERS_PRUNED, "subscribers", now, people=count, why="unconfirmed")
        if not count:
            break
        forgotten += count
    erasing.clear_log(store)
    return forgotten
