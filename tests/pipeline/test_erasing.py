"""The whole of an erasing: the file that outlives backups, the outbox, the database, and a mail that is on its way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from newsletter.errors import FileUnreadable, ProviderFailed
from newsletter.keys import DeliveryToken, MailPurpose
from newsletter.model.mailing import ChunkState
from newsletter.pipeline.erasing import Person
from newsletter.settings import load
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.events import inbox
from newsletter.store.people import erasures
from tests.support import workspace as workspaces
from tests.support.mailing import MailingDesk
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsletter.model.mirror import HeldBack
    from newsletter.settings import Workspace

ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return load(workspaces.make(tmp_path / "letters").folder, {})


@pytest.fixture
def desk(place: Workspace, migrated_sqlite: Path) -> Iterator[MailingDesk]:
    (place.folder / "newsletter.db").write_bytes(migrated_sqlite.read_bytes())
    store = Store(place.database_url)
    desk = MailingDesk(store, place.folder)
    desk.subscribe(ADA, BOB)
    yield desk
    store.close()


def person(place: Workspace, desk: MailingDesk, address: str = ADA) -> Person:
    return Person(place, desk.store, KEYS, address)


def on_its_way(desk: MailingDesk) -> int:
    """A mailing whose only chunk is being handed over."""
    number = desk.plan()
    set_chunks(desk, ChunkState.SUBMITTING)
    return number


def set_chunks(desk: MailingDesk, state: ChunkState) -> None:
    with desk.store.write() as connection:
        connection.execute(update(t.chunks).values(state=state))


def copy(place: Workspace, desk: MailingDesk, mailing: int, n: int) -> Path:
    """The file that the outbox has written by now."""
    folder = place.folder / "outbox" / str(mailing)
    folder.mkdir(parents=True, exist_ok=True)
    with desk.store.read() as connection:
        date = connection.execute(select(t.mailings.c.started_at).where(t.mailings.c.number == mailing)).scalar_one()
    folder.with_name(f".{mailing}.mailing").write_text(f"{date.isoformat()}\n", "ascii")
    file = folder / f"{n:06}.eml"
    file.write_text("To: x@example.org\n\n", "ascii")
    return file


def test_a_mail_that_arrives_while_we_wait_is_deleted_too(place: Workspace, desk: MailingDesk) -> None:
    mailing = on_its_way(desk)
    written: list[Path] = []

    def sleep(_seconds: float) -> None:
        written.extend(copy(place, desk, mailing, n) for n in (1, 2))
        set_chunks(desk, ChunkState.ACCEPTED)

    done = person(place, desk).erase(NOW, sleep)
    assert (done.in_flight, done.files) == ((), 1)
    assert [file.exists() for file in written] == [False, True]


def test_one_that_never_arrives_is_named(place: Workspace, desk: MailingDesk) -> None:
    mailing = on_its_way(desk)
    slept: list[float] = []
    done = person(place, desk).erase(NOW, slept.append)
    assert done.in_flight == ((mailing, 1),)
    assert 10 <= sum(slept) <= 60
    assert desk.find(ADA) is None


def test_nothing_is_lost_where_the_outbox_cannot_be_changed(
    place: Workspace, desk: MailingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who runs the command again finds everything."""
    mailing = desk.plan()
    file = copy(place, desk, mailing, 1)

    def refuse(path: object, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", refuse)
        patched.setattr("pathlib.Path.unlink", refuse)
        with pytest.raises(PermissionError):
            person(place, desk).erase(NOW, lambda _: None)
    assert desk.find(ADA) is not None
    assert erasures.read(place.erasures) == {hash_of(ADA)}
    assert person(place, desk).erase(NOW, lambda _: None).files == 1
    assert not file.exists()


def test_without_the_file_of_erasures_nothing_begins(place: Workspace, desk: MailingDesk) -> None:
    place.erasures.mkdir()
    with pytest.raises(FileUnreadable):
        person(place, desk).erase(NOW, lambda _: None)
    assert desk.find(ADA) is not None


@pytest.mark.parametrize("address", ["", "ada", "ada@", "ada@example.org\nbob@example.org", "ada@exa mple.org"])
def test_what_is_no_address_is_refused(place: Workspace, desk: MailingDesk, address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        person(place, desk, address)


class Mirror:
    """A provider that is told whom to forget."""

    esp, name = "sendgrid", "SendGrid"

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.forgotten: list[str] = []

    def pull(self) -> Iterator[list[HeldBack]]:
        return iter(())

    def push(self, addresses: Sequence[str]) -> Sequence[str]:
        raise AssertionError(addresses)

    def take_back(self, address: str) -> None:
        raise AssertionError(address)

    def forget(self, address: str) -> bool:
        if self.away:
            raise ProviderFailed(self.name, "it is away", "Try again later.")
        self.forgotten.append(address)
        return address == "Ada@Example.org"


def test_the_provider_forgets_every_spelling_that_we_know(place: Workspace, desk: MailingDesk) -> None:
    with desk.store.write() as connection:
        connection.execute(
            update(t.subscribers).where(t.subscribers.c.address == ADA).values(address="Ada@Example.org")
        )
    mirror = Mirror()
    done = person(place, desk, "ADA@example.org").erase(NOW, lambda _: None, mirror)
    assert sorted(mirror.forgotten) == ["ADA@example.org", "Ada@Example.org", "ada@example.org"]
    assert (done.provider, done.was_held_back) == ("SendGrid", True)


def test_while_the_provider_is_away_nothing_begins(place: Workspace, desk: MailingDesk) -> None:
    with pytest.raises(ProviderFailed):
        person(place, desk).erase(NOW, lambda _: None, Mirror(away=True))
    assert desk.find(ADA) is not None
    assert not place.erasures.exists()


def test_without_a_provider_nobody_is_asked(place: Workspace, desk: MailingDesk) -> None:
    done = person(place, desk).erase(NOW, lambda _: None)
    assert (done.provider, done.was_held_back) == ("", False)


def test_a_mail_that_names_only_their_copy_is_emptied(place: Workspace, desk: MailingDesk) -> None:
    number = desk.plan()
    link = desk.mailing(number).link_number
    with desk.store.write() as connection:
        for n in (1, 2):
            token = KEYS.mail_token(MailPurpose.BOUNCE, DeliveryToken(mailing=link, n=n))
            mail = f"Delivered-To: letters+{token}@example.org\r\n\r\nI am away until Monday. A. Lovelace".encode()
            inbox.done(connection, {inbox.add(connection, inbox.MAILBOX, mail, NOW): ""})
    person(place, desk).erase(NOW, lambda _seconds: None)
    with desk.store.read() as connection:
        bodies = connection.scalars(select(t.event_inbox.c.body).order_by(t.event_inbox.c.number)).all()
    assert [body == b"" for body in bodies] == [True, False]
