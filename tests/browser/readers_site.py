"""A site with everything that a reader can meet, served to a browser; and people, notices and mailings behind its links."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.identity import identity
from newsletter.model.subscriber import Archive, OptIn
from newsletter.pipeline.joining import Joining, join
from newsletter.store import corrections, notices
from newsletter.store import tables as t
from newsletter.subscribers.consent import said_on_page
from newsletter.web.app import create_app
from newsletter.web.serve import listen, server
from tests.web.sample_mailing import NOW, PEOPLE, sample_mailing, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from newsletter.keys import Keys
    from newsletter.model.notice_mail import NoticeKind
    from newsletter.settings import Settings
    from tests.web.sample_mailing import SampleMailing

LATER = timedelta(days=60)
TITLES = ("Friends of the clinic", "Runners")


@dataclass
class ReadersSite:
    """`now` goes on by a minute with each request, so that nobody counts as a machine that types."""

    made: SampleMailing
    address: str
    now: datetime = NOW
    _joined: int = field(default=0)

    @property
    def keys(self) -> Keys:
        return self.made.keys

    @property
    def settings(self) -> Settings:
        return self.made.settings

    def clock(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def link(self, purpose: str, n: int = 1) -> str:
        """A link of the mail to the reader of delivery n."""
        return f"/{purpose}/{self.made.token(n)}"

    def asked(
        self, kind: NoticeKind, purpose: str, n: int = 1, *, at: datetime | None = None, language: str = ""
    ) -> str:
        """The link of a notice to person n."""
        person = PEOPLE[n - 1]
        self._joined += 1
        with self.made.store.write() as connection:
            number = notices.order(
                connection,
                kind=kind,
                identity_hash=self.keys.identity_hash(identity(person.address)),
                address=person.address,
                cause=f"test {self._joined}",
                now=at or self.now,
                language=language or person.language,
            )
        return f"/{purpose}/{self._notice_token(number)}"

    def confirmation(self, *names: str, language: str = "", at: datetime | None = None) -> str:
        """The link of the mail to somebody new who wants to join lists."""
        self._joined += 1
        now = at or self.now
        wanted = Joining(
            address=f"new{self._joined}@example.org",
            lists=tuple(self.made.list_numbers[name] for name in names),
            said=said_on_page(self.settings.consent, now, wording="I agree", ip="", user_agent=""),
            language=language,
        )
        with self.made.store.write() as connection:
            joined = join(connection, self.keys, wanted, welcome=False, now=now)
        return f"/c/{self._notice_token(joined.notices[0])}"

    def _notice_token(self, number: int | None) -> str:
        assert number is not None
        return self.keys.token(DeliveryToken(mailing=NOTICES, n=number))


@contextmanager
def readers_site(folder: Path, *, titles: tuple[str, str] = TITLES, **given: Any) -> Iterator[ReadersSite]:
    """The folder has an empty database, or one of sample_mailing."""
    with listen("127.0.0.1", 0) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        made = sample_mailing(folder, titles=titles, given=settings(base_url=address, **given))
        site = ReadersSite(made=made, address=address)
        _open(made)
        running = server(
            create_app(made.store, made.keys, made.settings, (), site.clock, erase=lambda _address, _now: None)
        )
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        try:
            yield site
        finally:
            running.should_exit = True
            thread.join()
            made.store.close()


def _open(made: SampleMailing) -> None:
    """Two lists can be joined and read by everybody, and the mailing has a correction."""
    described = {"friends": "News of the house, four times a year.", "runners": "For those who run or walk with us."}
    with made.store.write() as connection:
        for name, text in described.items():
            values = {"public": True, "archive": Archive.PUBLIC, "opt_in": OptIn.DOUBLE, "description": text}
            connection.execute(update(t.lists).where(t.lists.c.name == name).values(values))
        corrections.add(connection, "running", "The walk begins at 10, not at 9.", NOW)
