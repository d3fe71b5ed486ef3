"""Notices that wait in a database, and what sends them: settings, a clock that a test turns, a sender that answers as it wants."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.notices import Notifier
from newsletter.settings import Settings, Workspace
from newsletter.store import notices
from newsletter.store.people import lists
from tests.support.mailing import BEGIN, ScriptedSender
from tests.support.readers import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.model.letter import Answer, Envelope, Letter
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.pipeline.notices import NoticesSent
    from newsletter.store.database import Store

ADA = "ada@example.org"
_CAUSES = itertools.count(1)


def place_at(
    folder: Path, language: str = "en", base_url: str = "https://news.example.org", **sections: Any
) -> Workspace:
    """A workspace of a clinic."""
    made = Settings.model_validate(
        {
            "newsletter": {"name": "Larkmeadow Letters", "base_url": base_url, "language": language},
            "sender": {
                "name": "Larkmeadow Clinic",
                "address": "letters@example.org",
                "reply_to": "desk@example.org",
                "postal_address": "12 Meadow Lane, Springfield, CA 90001",
            },
            **sections,
        }
    )
    return Workspace(folder=folder, settings=made, secrets={})


@dataclass
class NoticeSender(ScriptedSender):
    """Remembers letters, envelopes and attempts as well."""

    letters: list[Letter] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        self.letters.append(letter)
        self.envelopes += envelopes
        self.attempts.append(attempt)
        return super().submit(letter, attempt, envelopes)


@dataclass
class Post:
    """Where notices wait and are sent."""

    store: Store
    place: Workspace
    now: datetime = BEGIN
    news: int = 0

    def __post_init__(self) -> None:
        with self.store.write() as connection:
            self.news = lists.add(connection, "news", "Healthy joints", BEGIN).number

    def order(
        self, kind: NoticeKind = NoticeKind.CONFIRMATION, address: str = ADA, language: str = "", **about: Any
    ) -> int:
        with self.store.write() as connection:
            number = notices.order(
                connection,
                kind=kind,
                identity_hash=KEYS.identity_hash(identity(address)),
                address=address,
                cause=f"cause {next(_CAUSES)}",
                now=self.now,
                language=language,
                about={"lists": [self.news], **about},
            )
        assert number is not None
        return number

    def notifier(self, *senders: ScriptedSender, **how: Any) -> Notifier:
        return Notifier(
            workspace=self.place,
            store=self.store,
            keys=KEYS,
            open_senders=lambda: senders or (NoticeSender(),),
            clock=lambda: self.now,
            **how,
        )

    def run(self, *senders: ScriptedSender, **how: Any) -> NoticesSent:
        return self.notifier(*senders, **how).run(self.now)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def find(self, number: int) -> NoticeMail:
        with self.store.read() as connection:
            found = notices.find(connection, number)
        assert found is not None
        return found
