"""Addresses of which the server said, when a mail was handed over, that they do not exist: nobody writes there again.

It is no event of the delivery: that was refused, and an event would prove that it was taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import Event, EventKind
from newsletter.pipeline.identities import Identities
from newsletter.record import following

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.model.sending import Claim
    from newsletter.store.database import Store


def suppress_bounced(
    store: Store, keys: Keys, clock: Callable[[], datetime], claim: Claim, numbers: Collection[int]
) -> None:
    """As after a hard bounce that is reported later. If it is missed, the next mailing meets the same answer."""
    from newsletter.store.events.people import People
    from newsletter.store.people.consent import hold_tables
    from newsletter.store.suppressions.many import add_many

    now, mailing, identities = clock(), claim.chunk.mailing, Identities(keys)
    mailed = {n: identities.named(reader.address) for n, reader in claim.readers if n in numbers}
    with store.write() as connection:
        hold_tables(connection)  # people first, as everywhere
        people = People(connection, {(mailing, n) for n in mailed}, ())
        entries = [
            entry
            for n, named in mailed.items()
            for entry in following.suppressing(
                Event(id=claim.attempt, at=now, kind=EventKind.HARD_BOUNCE, mailing=mailing, n=n),
                people.of_delivery(mailing, n),
                named,
                f"{claim.sender}, mailing {mailing}",
            )
        ]
        add_many(connection, entries, now)
