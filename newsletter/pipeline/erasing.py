"""Erasing one person everywhere that we can reach, in an order that a crash cannot turn against them.

First the provider, who can only be asked while the address is known; then the file that outlives backups, the mails in the
outbox, and last the database, which knows where those are: who was interrupted runs the command again and finds everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.audit import Action, reader
from newsletter.model.identity import identity
from newsletter.store import audit
from newsletter.store.people import erasing, erasing_texts, erasures, sought
from newsletter.store.people.subscribers import find
from newsletter.subscribers.addresses import checked_address

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.model.erasure import Erased
    from newsletter.pipeline.syncing import SuppressionMirror
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.events.erasing import Looked

#: how often, a second apart, we look whether a copy that is on its way has arrived
_LOOKS = 30


@dataclass(frozen=True, kw_only=True)
class Erasing:
    """`files` were deleted; `in_flight` are copies that a process is still handing over, or was when it was killed."""

    erased: Erased
    files: int
    in_flight: tuple[tuple[int, int], ...]
    #: SQLite's log holds nothing old any more; None where there is no such log
    log_cleared: bool | None
    #: the provider that was made to forget the address, and whether it had held it back; empty where none was asked
    provider: str = ""
    was_held_back: bool = False


class Person:
    """An address that is to be erased.

    Raises:
        ValueError: it is not an address; the message says why.
    """

    def __init__(self, workspace: Workspace, store: Store, keys: Keys, address: str) -> None:
        self.address = checked_address(address.strip())
        self._identity = identity(self.address)
        self._hash = keys.identity_hash(self._identity)
        self._store, self._workspace, self._keys = store, workspace, keys

    def foresee(self) -> Erased:
        with self._store.read() as connection:
            return erasing.foresee(connection, self._hash)

    def erase(self, now: datetime, sleep: Callable[[float], None], mirror: SuppressionMirror | None = None) -> Erasing:
        """Raises ProviderFailed, FileUnreadable or OSError before anything is changed in the database."""
        held_back = self._forget_at(mirror) if mirror else False
        erasures.append(self._workspace.erasures, self._hash, now.date())
        files = self._delete_copies(self.foresee())
        looked = self._look_ahead()
        with self._store.write() as connection:
            erased = erasing.erase(connection, self._hash, self.address, now, looked)
            facts = {"mailings": len(erased.deliveries), "forgotten_by": mirror.name if mirror else None}
            audit.note(connection, Action.SUBSCRIBER_ERASED, reader(erased.subscriber), now, **facts)
        left = self._wait(erased, sleep)
        if erased.in_flight and erased.subscriber is not None:  # an answer that came since may name the address
            with self._store.write() as connection:
                erasing_texts.clear_ledger(connection, erased.subscriber, [self.address])
        files += self._delete_copies(erased)
        cleared = erasing.clear_log(self._store)
        provider = mirror.name if mirror else ""
        return Erasing(
            erased=erased,
            files=files,
            in_flight=left,
            log_cleared=cleared,
            provider=provider,
            was_held_back=held_back,
        )

    def _look_ahead(self) -> Looked:
        """Through all reports, while others write."""
        with self._store.read() as connection:
            foreseen = erasing.foresee(connection, self._hash)
            numbers = sought.link_numbers(connection, [mailing for mailing, _ in foreseen.deliveries])
            named = [DeliveryToken(mailing=numbers[mailing], n=n) for mailing, n in foreseen.deliveries]
            named += [DeliveryToken(mailing=NOTICES, n=n) for n in foreseen.notices]
            tokens = {text for token in named for text in self._keys.texts_of(token)}
            return sought.look_ahead(connection, self._hash, self.address, tokens)

    def _forget_at(self, mirror: SuppressionMirror) -> bool:
        """In every spelling that we know of: the provider may tell them apart."""
        with self._store.read() as connection:
            reader = find(connection, self._hash)
        spellings = dict.fromkeys((self.address, self._identity, *([reader.address] if reader else [])))
        found = [mirror.forget(spelling) for spelling in spellings]
        return any(found)

    def _wait(self, erased: Erased, sleep: Callable[[float], None]) -> tuple[tuple[int, int], ...]:
        """Until copies on their way have arrived, for half a minute at most; they can be deleted then."""
        left = erased.in_flight
        for _ in range(_LOOKS):
            if not left or erased.subscriber is None:
                break
            sleep(1)
            with self._store.read() as connection:
                left = erasing.in_flight(connection, erased.subscriber)
        return left

    def _delete_copies(self, erased: Erased) -> int:
        from newsletter.esp.outbox_copies import delete_copies

        with self._store.read() as connection:
            dates = erasing.dates_of_mailings(connection)
        return delete_copies(self._workspace.folder / "outbox", erased.deliveries, dates, self._is_theirs)

    def _is_theirs(self, address: str) -> bool:
        try:
            return identity(address) == self._identity
        except ValueError:
            return False
