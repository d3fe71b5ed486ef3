"""A real database with two lists, one mailing that went to both, and its readers; and a client for the pages."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lxml import html
from sqlalchemy import insert, select

from newsletter.keys import DeliveryToken, Keys
from newsletter.model.identity import identity
from newsletter.model.rendered import (
    PREFERENCES_URL,
    UNSUBSCRIBE_URL,
    VIEW_URL,
    Context,
    ImageFile,
    Rendered,
    Slot,
)
from newsletter.model.segment import Audience, Sorting
from newsletter.settings import Settings
from newsletter.store import mailings, rendered, tables
from newsletter.store.database import Store
from newsletter.store.people import lists
from newsletter.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection
    from starlette.applications import Starlette

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
BASE_URL = "https://news.example.org"
#: what tokens call the mailing, whose number is another
LINK_NUMBER = 4_000_000_001
IMAGE_NAME = "0123456789abcdef-600.png"


def a_picture() -> ImageFile:
    """A red square."""
    import io

    from PIL import Image

    content = io.BytesIO()
    Image.new("RGB", (60, 60), "#ff0000").save(content, "PNG")
    return ImageFile(name=IMAGE_NAME, media_type="image/png", content=content.getvalue())


@dataclass(frozen=True, kw_only=True)
class Person:
    address: str
    first_name: str = ""
    language: str = ""
    lists: tuple[str, ...] = ("friends", "runners")


PEOPLE = (
    Person(address="ada@example.org", first_name="Ada"),
    Person(address="jörg@example.org", first_name="Jörg", language="de-AT"),
    Person(address="inés@example.org", first_name="<script>alert(1)</script>", language="es"),
    Person(address="odd@example.org", first_name="{{ 7*7 }}", language="../en", lists=("friends",)),
)


@dataclass(frozen=True, kw_only=True)
class SampleMailing:
    store: Store
    keys: Keys
    settings: Settings
    number: int
    list_numbers: dict[str, int]
    app: Starlette = field(repr=False)

    def token(self, n: int = 1) -> str:
        return self.keys.token(DeliveryToken(mailing=LINK_NUMBER, n=n))

    def rows(self, *wanted: str) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the database, or in these tables."""
        with self.store.read() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in tables.metadata.sorted_tables
                if table.name in wanted or not wanted
            }

    def statuses(self, n: int) -> dict[str, str]:
        """List name -> status of the reader of delivery n (people are numbered as they were added)."""
        own = tables.subscriptions
        query = select(tables.lists.c.name, own.c.status).join(own, own.c.list == tables.lists.c.number)
        with self.store.read() as connection:
            return {row.name: row.status for row in connection.execute(query.where(own.c.subscriber == n))}


def settings(base_url: str = BASE_URL, language: str = "en", **sections: Any) -> Settings:
    data: dict[str, Any] = {
        "newsletter": {"name": "Larkmeadow Letters", "base_url": base_url, "language": language},
        "sender": {
            "name": "Larkmeadow Clinic",
            "address": "letters@example.org",
            "reply_to": "ask@example.org",
            "organisation": "Larkmeadow Joint Clinic",
            "postal_address": "12 Example Street, Springfield, CA 90001",
            "phone": "213-555-0142",
        },
    }
    return Settings.model_validate(data | sections)


def sample_mailing(
    folder: Path,
    *,
    titles: Sequence[str] = ("Friends of the clinic", "Runners"),
    given: Settings | None = None,
    template_folders: Sequence[Path] = (),
    clock: Callable[[], datetime] = lambda: NOW,
) -> SampleMailing:
    """The mailing in the folder's database, made if it is not there yet.

    It went to `friends` and `runners`; a third list, `staff`, is none of its business.
    """
    store = Store(f"sqlite:///{folder / 'newsletter.db'}")
    keys = Keys(["a secret for tests"])
    given = given or settings()
    with store.write() as connection:
        if not mailings.every(connection):
            _make(connection, keys, titles, given.newsletter.base_url)
    with store.read() as connection:
        numbers = {entry.name: entry.number for entry in lists.every(connection)}
        [mailing] = mailings.every(connection)
    app = create_app(store, keys, given, template_folders, clock)
    return SampleMailing(store=store, keys=keys, settings=given, number=mailing.number, list_numbers=numbers, app=app)


def copy_database(database: Path, folder: Path) -> None:
    """With the witness beside it, as a workspace is moved: alone it would be taken for a copy of an older state."""
    for file in database.parent.glob(f"{database.name}*"):
        shutil.copy(file, folder)


def _make(connection: Connection, keys: Keys, titles: Sequence[str], base_url: str) -> None:
    numbers = {
        name: lists.add(connection, name, title, NOW).number
        for name, title in zip(("friends", "runners", "staff"), (*titles, "Staff"), strict=True)
    }
    for person in PEOPLE:
        _add_person(connection, keys, person, numbers)
    letter = a_letter(base_url)
    rendered.keep(connection, "running", [letter], [a_picture()], "digest", NOW)
    audience = Audience(lists=(numbers["friends"], numbers["runners"]))
    number = mailings.add(
        connection,
        link_number=LINK_NUMBER,
        issue="running",
        variants={"": letter.fingerprint},
        audience=audience,
        sender="outbox",
        again="",
        now=NOW,
    )
    mailings.start(connection, number, audience, Sorting(), lambda first, last: [(first, last)], NOW)


def _add_person(connection: Connection, keys: Keys, person: Person, numbers: dict[str, int]) -> None:
    who = identity(person.address)
    number = connection.execute(
        insert(tables.subscribers)
        .values(
            public_id=keys.identity_hash(f"public {who}"),
            identity_hash=keys.identity_hash(who),
            address=person.address,
            first_name=person.first_name,
            language=person.language,
            attributes={"city": 'Sankt "Pölten" & more'},
            created_at=NOW,
        )
        .returning(tables.subscribers.c.number)
    ).scalar_one()
    for name in (*person.lists, "staff"):
        row = {"subscriber": number, "list": numbers[name], "status": "subscribed", "changed_at": NOW}
        connection.execute(insert(tables.subscriptions).values(row))


def a_letter(base_url: str = BASE_URL) -> Rendered:
    """Every kind of slot that an HTML part can have."""
    html = (
        '<!doctype html><html lang="en"><head><title>Running</title><style>p{margin:0}</style></head><body><p>Hello ',
        Slot(name="first_name", context=Context.HTML, fallback="reader"),
        ' of <b title="',
        Slot(name="city", context=Context.ATTRIBUTE),
        f'">your city</b></p><img src="{base_url}/i/{IMAGE_NAME}" alt=""><a href="',
        Slot(name=UNSUBSCRIBE_URL, context=Context.URL),
        '">leave</a> <a href="',
        Slot(name=PREFERENCES_URL, context=Context.URL),
        '">choose</a> <a href="',
        Slot(name=VIEW_URL, context=Context.URL),
        '">view</a></body></html>',
    )
    return Rendered(
        subject=("Running",),
        preheader=("",),
        html=html,
        text=("Running",),
        from_name="Larkmeadow Clinic",
        from_address="letters@example.org",
        reply_to="",
        language="en",
        images=(IMAGE_NAME,),
    )


def page_of(text: str) -> Any:
    """A page as an lxml tree."""
    return html.fromstring(text)


def client(app: Starlette, **options: Any) -> Any:
    """Starlette's test client: no cookies kept, no redirect followed, and a fault of ours is raised in the test."""
    with warnings.catch_warnings():
        # it prefers a client library that is not yet widely packaged
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    return TestClient(app, base_url=BASE_URL, follow_redirects=False, **options)
