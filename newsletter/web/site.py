"""What every page works with, and who a token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import ServiceMissing
from newsletter.keys import NOTICES
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import delivered, notices
from newsletter.store.people import consent, lists, subscribers
from newsletter.web.languages import chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection
    from starlette.responses import Response

    from newsletter.keys import DeliveryToken, Keys
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.model.subscriber import MailingList, Subscriber
    from newsletter.settings import Settings
    from newsletter.store.database import Store
    from newsletter.web.pages import Pages
    from newsletter.web.visit import Visit
    from newsletter.web.worker import JobState


@dataclass(frozen=True, kw_only=True)
class Reader:
    """The one whom a mail went to, and the lists that it is about: those of its mailing, or those that a notice names.

    Of a notice that names none they are what its reader has joined. That is stored data: no page may show them then.
    """

    subscriber: Subscriber
    lists: tuple[MailingList, ...]
    #: None where the mail was a notice
    mailing: int | None = None
    notice: NoticeMail | None = None
    #: the mailing's bytes
    fingerprint: str = ""
    lists_are_shown: bool = True

    @property
    def language(self) -> str:
        return self.subscriber.language or (self.notice.language if self.notice else "")


def not_set_up(_address: str, _now: datetime) -> None:
    raise ServiceMissing("erasing", "this process was not given what it takes")


@dataclass(frozen=True, kw_only=True)
class Site:
    store: Store
    keys: Keys
    settings: Settings
    pages: Pages
    clock: Callable[[], datetime]
    #: called when there is work to do beside the pages: a notice to send, a report to read
    wake: Callable[[], None] = lambda: None
    #: how the work beside the pages goes
    jobs: Callable[[], Sequence[JobState]] = tuple
    #: erases whoever has this address, at the provider too; what it raises says that it has to be tried again
    erase: Callable[[str, datetime], None] = not_set_up
    #: seconds: pages that must not tell what they found answer at a multiple of it; 0: as soon as they can
    beat: float = 0.0

    def language(self, visit: Visit) -> str:
        """Of a page that belongs to no reader: `?lang=`, what the browser asks for, the newsletter's own."""
        known = [tag for tag, _ in self.pages.languages()]
        accepted = visit.headers.get("accept-language", "")
        return chosen(visit.query.get("lang", ""), accepted, known, self.settings.newsletter.language)

    def unknown_link(self, visit: Visit, status: int = 404) -> Response:
        """The one page for every link that leads nowhere: it gives no clue why."""
        return self.pages.unknown_link(status, self.language(visit))

    def reader(self, token: str) -> Reader | None:
        """None for a token that is forged or cut, of a mail that is not here or went to staff, or of a reader who was erased."""
        meant = self.keys.read_token(token)
        if meant is None:
            return None
        with self.store.read() as connection:
            return _of_notice(connection, meant.n) if meant.mailing == NOTICES else _of_delivery(connection, meant)

    def notice(self, token: str, kind: NoticeKind) -> NoticeMail | None:
        """The notice of this kind whose link this is; None for any other token, and once its person was erased.

        And once they have another address: what it promises to do with their data would be done with that of nobody.
        """
        meant = self.keys.read_token(token)
        if meant is None or meant.mailing != NOTICES:
            return None
        with self.store.read() as connection:
            found = notices.find(connection, meant.n)
            if found is None or found.kind is not kind or not found.address:
                return None
            return found if subscribers.find(connection, found.identity_hash) else None


def _of_delivery(connection: Connection, meant: DeliveryToken) -> Reader | None:
    found = delivered.find(connection, meant.mailing, meant.n)
    if found is None or found.subscriber is None:
        return None
    return Reader(
        subscriber=found.subscriber,
        mailing=found.mailing,
        lists=_known_to(connection, found.subscriber.number, consent.lists_of_mailing(connection, found.mailing)),
        fingerprint=found.fingerprint,
    )


def _known_to(connection: Connection, number: int, of_mailing: tuple[MailingList, ...]) -> tuple[MailingList, ...]:
    """Those that anybody may know of, and those that this reader has been on: others may name what is nobody's business."""
    theirs = {entry.list.number for entry in subscribers.subscriptions_of(connection, number)}
    return tuple(entry for entry in of_mailing if entry.public or entry.number in theirs) or of_mailing


def _of_notice(connection: Connection, number: int) -> Reader | None:
    """A proof went to a colleague, who may be a reader as well: its links change nothing."""
    found = notices.find(connection, number)
    if found is None or found.kind is NoticeKind.PROOF or not found.address:
        return None
    person = subscribers.find(connection, found.identity_hash)
    if person is None:
        return None
    named = found.about.get("lists", [])
    chosen = [entry for entry in lists.every(connection) if entry.number in named]
    return Reader(
        subscriber=person,
        lists=tuple(chosen or _joined(connection, person.number)),
        notice=found,
        lists_are_shown=bool(chosen),
    )


def _joined(connection: Connection, subscriber: int) -> list[MailingList]:
    theirs = subscribers.subscriptions_of(connection, subscriber)
    return [one.list for one in theirs if one.status is not SubscriptionStatus.UNSUBSCRIBED]
