"""A desk with a store, lists and a pile of CSV: what tests of imports and of looking people up begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter.keys import Keys
from newsletter.model.identity import identity
from newsletter.model.importing import Orders
from newsletter.settings.schema import Attribute, AttributeType
from newsletter.store import suppressions
from newsletter.store.importing import StoredSubscribers
from newsletter.store.people import lists, subscribers
from newsletter.store.tables import metadata
from newsletter.subscribers.importing import import_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from newsletter.model.import_report import ImportReport
    from newsletter.model.subscriber import (
        ConsentRecord,
        MailingList,
        Subscriber,
        SubscriptionStatus,
        SuppressionReason,
    )
    from newsletter.store.database import Store
    from newsletter.subscribers.importing import Progress

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEYS = Keys(["a secret of the tests"])
#: how and when the people in the tests' files agreed
AGREED = "Ticked “Send me the letter” on the paper form at the front desk, October 2026"
ATTRIBUTES = {
    "sport": Attribute(type=AttributeType.CHOICE, choices=("running", "Nordic walking")),
    "city": Attribute(type=AttributeType.TEXT),
    "age": Attribute(type=AttributeType.NUMBER),
    "operated_on": Attribute(type=AttributeType.DATE),
    "member": Attribute(type=AttributeType.YES_NO),
}


class Desk:
    """`news` and `running` are lists. Everything is looked up through the store's own queries."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.file = folder / "readers.csv"
        with store.write() as connection:
            self.lists = {name: lists.add(connection, name, name.title(), NOW) for name in ("news", "running")}

    def list_(self, name: str = "news") -> MailingList:
        return self.lists[name]

    def import_(self, content: str | bytes, **how: Any) -> ImportReport:
        """Write the content into `file` and import that."""
        self.file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.import_file(**how)

    def import_file(
        self,
        *,
        to: str = "news",
        agreed: str | None = AGREED,
        now: datetime = NOW,
        progress: Callable[[Progress], None] = lambda _: None,
        wording: str = "",
        tags: Sequence[str] = (),
        keep_ip: bool = False,
        **how: Any,
    ) -> ImportReport:
        """`how` goes on to subscribers/importing/__init__.py:import_file."""
        orders = Orders(list=self.list_(to), now=now, ground=agreed, wording=wording, tags=tuple(tags), keep_ip=keep_ip)
        return import_file(
            self.file,
            orders=orders,
            attributes=ATTRIBUTES,
            store=StoredSubscribers(self.store),
            identity_hashes=KEYS.identity_hashes,
            progress=progress,
            **how,
        )

    def find(self, address: str) -> Subscriber | None:
        with self.store.read() as connection:
            return subscribers.find(connection, hash_of(address))

    def get(self, address: str) -> Subscriber:
        found = self.find(address)
        assert found is not None, f"{address} is not in the store"
        return found

    def statuses(self, address: str) -> dict[str, SubscriptionStatus]:
        with self.store.read() as connection:
            return {
                entry.list.name: entry.status
                for entry in subscribers.subscriptions_of(connection, self.get(address).number)
            }

    def history(self, address: str) -> tuple[ConsentRecord, ...]:
        with self.store.read() as connection:
            return subscribers.history_of(connection, self.get(address).number)

    def everybody(self) -> list[Subscriber]:
        with self.store.read() as connection:
            return [row.subscriber for row in subscribers.page(connection, list_name=None, status=None, limit=10_000)]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with self.store.read() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
                for table in metadata.sorted_tables
            }

    def suppress(self, address: str, reason: SuppressionReason) -> None:
        with self.store.write() as connection:
            suppressions.add(connection, hash_of(address), None, reason, "the tests", NOW)


def hash_of(address: str) -> str:
    return KEYS.identity_hash(identity(address))
