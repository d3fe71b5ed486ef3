"""Ten readers and what happens to them, for tests of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.consent import Said
from newsletter.store.people import consent, erasing
from tests.support.half_sent import add_readers
from tests.support.ledger import plan
from tests.support.mailing import MailingDesk
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from newsletter.store.database import Store


class LedgerDesk(MailingDesk):
    """`reader0001@example.org` is delivery 1 of a mailing, and so on."""

    def __init__(self, store: Store, folder: Path, readers: int = 10) -> None:
        super().__init__(store, folder)
        add_readers(store, self.lists["news"].number, readers)

    def planned(self, **how: Any) -> int:
        return plan(self.store, (self.lists["news"].number,), **how)

    def address(self, n: int) -> str:
        return f"reader{n:04}@example.org"

    def left(self, n: int) -> None:
        self.leave(self.address(n))

    def erased(self, n: int) -> None:
        with self.store.write() as connection:
            erasing.erase(connection, hash_of(self.address(n)), self.address(n), NOW)

    def agree(self, *numbers: int, allowed: bool = True) -> None:
        from newsletter.model.subscriber import ConsentSource

        said = Said(source=ConsentSource.PAGE, at=NOW, recorded_at=NOW)
        for n in numbers:
            number = self.get(self.address(n)).number
            with self.store.write() as connection:
                consent.set_tracking(connection, number, said, allowed=allowed)
