"""A site with lists that are offered, whose clock a test moves, and a look at what it stored and ordered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from newsletter.keys import NOTICES, DeliveryToken, Keys
from newsletter.model.identity import identity
from newsletter.model.subscriber import Archive, OptIn, SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.people import lists
from newsletter.web.app import create_app
from tests.web.sample_mailing import NOW, client, page_of, settings

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.notice_mail import NoticeKind, NoticeMail
    from newsletter.settings import Settings
    from newsletter.store.database import Store


@dataclass
class JoiningSite:
    store: Store
    settings: Settings = field(default_factory=settings)
    now: datetime = NOW
    keys: Keys = field(default_factory=lambda: Keys(["a secret for tests"]))
    woken: int = 0

    def __post_init__(self) -> None:
        def wake() -> None:
            self.woken += 1

        self.app = create_app(self.store, self.keys, self.settings, (), lambda: self.now, wake)
        self.web: Any = client(self.app)

    def list_(self, name: str, title: str = "", *, public: bool = True, single: bool = False, **more: Any) -> int:
        way = OptIn.SINGLE if single else OptIn.DOUBLE
        with self.store.write() as connection:
            shown = title or name.capitalize()
            return lists.add(connection, name, shown, NOW, opt_in=way, public=public, **more).number

    def archived(self, name: str, title: str) -> int:
        return self.list_(name, title, archive=Archive.PUBLIC)

    def join(self, address: str = "ada@example.org", *names: str, **fields: Any) -> Any:
        """As an embedded form does, which has no moment when it was shown."""
        return self.web.post("/subscribe", data={"email": address, "list": [*names], **fields})

    def fill_in(self, path: str = "/subscribe", *, wait: float = 5, **fields: Any) -> Any:
        """As a person does with our own page."""
        form = page_of(self.web.get(path).text).forms[0]
        values: dict[str, Any] = dict(form.form_values())
        self.now += timedelta(seconds=wait)
        return self.web.post(path.partition("?")[0], data=values | fields)

    def person(self, address: str, **columns: Any) -> int:
        row = {
            "public_id": self.keys.identity_hash(f"public {address}"),
            "identity_hash": self.hash_of(address),
            "address": address,
            "created_at": NOW,
            **columns,
        }
        added = insert(t.subscribers).values(row).returning(t.subscribers.c.number)
        with self.store.write() as connection:
            number: int = connection.execute(added).scalar_one()
        return number

    def subscribed(self, address: str, *lists: int, status: str = "subscribed", **columns: Any) -> int:
        number = self.person(address, **columns)
        with self.store.write() as connection:
            for entry in lists:
                row = {"subscriber": number, "list": entry, "status": status, "changed_at": NOW}
                connection.execute(insert(t.subscriptions).values(row))
        return number

    def suppress(self, address: str, reason: SuppressionReason = SuppressionReason.COMPLAINT) -> None:
        with self.store.write() as connection:
            suppressions.add(connection, self.hash_of(address), identity(address), reason, "test", self.now)

    def hash_of(self, address: str) -> str:
        return self.keys.identity_hash(identity(address))

    def notices(self) -> list[NoticeMail]:
        from newsletter.store import notices

        with self.store.read() as connection:
            numbers = connection.scalars(select(t.notices.c.number).order_by(t.notices.c.number)).all()
            return [found for number in numbers if (found := notices.find(connection, number))]

    def kinds(self) -> list[NoticeKind]:
        return [notice.kind for notice in self.notices()]

    def token(self, notice: int = 1) -> str:
        return self.keys.token(DeliveryToken(mailing=NOTICES, n=notice))

    def rows(self, table: Any) -> list[dict[str, Any]]:
        with self.store.read() as connection:
            found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            return [dict(row) for row in found]

    def statuses(self) -> dict[tuple[str, str], str]:
        """(address, list name) -> status."""
        entry = t.subscriptions.c
        query = (
            select(t.subscribers.c.address, t.lists.c.name, entry.status)
            .join(t.subscribers, t.subscribers.c.number == entry.subscriber)
            .join(t.lists, t.lists.c.number == entry.list)
        )
        with self.store.read() as connection:
            return {(row.address, row.name): row.status for row in connection.execute(query)}

    def events(self) -> list[tuple[str, str]]:
        return [(row["action"], row["source"]) for row in self.rows(t.consent_events)]


def text_of(response: Any) -> str:
    """What a reader reads on the page, between its header and its footer."""
    return " ".join(page_of(response.text).find(".//main").text_content().split())


def paths_of(response: Any) -> list[str]:
    """Where the links of the page lead, whatever language they ask for."""
    return [str(link).partition("?")[0] for link in page_of(response.text).xpath("//main//a/@href")]
