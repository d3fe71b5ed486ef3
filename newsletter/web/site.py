"""What every page works with, and who a token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.store import delivered
from newsletter.store.people import consent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.model.subscriber import MailingList, Subscriber
    from newsletter.settings import Settings
    from newsletter.store.database import Store
    from newsletter.web.pages import Pages


@dataclass(frozen=True, kw_only=True)
class Reader:
    """The one whom a delivery went to, and the lists that its mailing went to."""

    subscriber: Subscriber
    mailing: int
    lists: tuple[MailingList, ...]
    fingerprint: str

    @property
    def language(self) -> str:
        return self.subscriber.language


@dataclass(frozen=True, kw_only=True)
class Site:
    store: Store
    keys: Keys
    settings: Settings
    pages: Pages
    clock: Callable[[], datetime]
    #: called when there is work to do beside the pages: a notice to send, a report to read
    wake: Callable[[], None] = lambda: None

    def reader(self, token: str) -> Reader | None:
        """None for a token that is forged or cut, of a mailing that is not here, or of a reader who was erased."""
        meant = self.keys.read_token(token)
        if meant is None:
            return None
        with self.store.read() as connection:
            found = delivered.find(connection, meant.mailing, meant.n)
            if found is None or found.subscriber is None:
                return None
            return Reader(
                subscriber=found.subscriber,
                mailing=found.mailing,
                lists=consent.lists_of_mailing(connection, found.mailing),
                fingerprint=found.fingerprint,
            )
