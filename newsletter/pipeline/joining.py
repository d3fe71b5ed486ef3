"""Somebody asks to join lists, and confirms it: each is told once, in the transaction of the caller.

Anybody can type an address into a page. So nothing that is stored of somebody is overwritten by it, who is suppressed is
not touched at all, and what the answer may say does not depend on what is found here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import ConsentAction, SubscriptionStatus
from newsletter.store import notices
from newsletter.store.people import consent, editing, requests, subscribers
from newsletter.store.people.positions import position_of
from newsletter.subscribers.consent import confirm as confirm_rule
from newsletter.subscribers.consent import request as request_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.consent import Moved, Said
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.model.subscriber import MailingList, Subscriber, Suppression

_TO_THE_JOINED = (NoticeKind.WELCOME, NoticeKind.KNOWN)


@dataclass(frozen=True, kw_only=True)
class Joining:
    """`address` was found valid (subscribers/addresses.py); `lists` are numbers; `language` is a BCP 47 tag or empty."""

    address: str
    lists: tuple[int, ...]
    said: Said
    first_name: str = ""
    last_name: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """`person` is None where the address is suppressed: then nothing was stored. `notices` are the numbers of mails to send."""

    person: Subscriber | None = None
    is_new: bool = False
    suppressed: Suppression | None = None
    moved: tuple[Moved, ...] = ()
    notices: tuple[int, ...] = ()


def join(connection: Connection, keys: Keys, wanted: Joining, *, welcome: bool, now: datetime) -> Joined:
    """Ask for these lists, and note the mail that has to follow; wake whoever sends notices afterwards.

    `welcome` is settings.signup.welcome.
    """
    key = keys.identity_hash(identity(wanted.address))
    # whoever erases somebody waits for us, so that nobody who is suppressed comes back by a row of ours
    consent.hold_tables(connection)
    if suppressed := subscribers.suppression_of(connection, key):
        return Joined(suppressed=suppressed)
    person, is_new = editing.add(
        connection, public_id=uuid.uuid4().hex, identity_hash=key, address=wanted.address, now=now
    )
    person = _completed(connection, person, wanted, now)
    moved = tuple(
        consent.carry_out(connection, person.number, number, request_rule, wanted.said)
        for number in dict.fromkeys(wanted.lists)
    )
    ordered = _Orders(connection, key, person, now).after_request(moved, welcome=welcome)
    return Joined(person=person, is_new=is_new, moved=moved, notices=ordered)


def _completed(connection: Connection, person: Subscriber, wanted: Joining, now: datetime) -> Subscriber:
    """Names and language are filled in where nothing stands, and only of somebody who gets no mail yet.

    Else a stranger could say how a reader is greeted.
    """
    theirs = subscribers.subscriptions_of(connection, person.number)
    if any(one.status is SubscriptionStatus.SUBSCRIBED for one in theirs):
        return person
    after = replace(person, language=person.language or wanted.language)
    if not person.name:
        after = replace(after, first_name=wanted.first_name, last_name=wanted.last_name)
    if after != person:
        editing.change(connection, after, now)
    return after


@dataclass(frozen=True)
class _Orders:
    """The notices to one person."""

    connection: Connection
    identity_hash: str
    person: Subscriber
    now: datetime

    def after_request(self, moved: Sequence[Moved], *, welcome: bool) -> tuple[int, ...]:
        """One confirmation for all that has to be confirmed. Who had joined all of it already is told so, by mail only."""
        asked = [one for one in moved if one.move.action is ConsentAction.REQUESTED]
        joined = [one for one in moved if one.move.to is SubscriptionStatus.SUBSCRIBED]
        known = [one for one in moved if one.before.status is SubscriptionStatus.SUBSCRIBED]
        ordered = []
        if asked:
            ordered.append(self._order(NoticeKind.CONFIRMATION, asked, requests=True))
        if joined and welcome:
            ordered.append(self._order(NoticeKind.WELCOME, joined))
        if known and not asked and not joined:
            ordered.append(self._order(NoticeKind.KNOWN, known))
        return tuple(number for number in ordered if number is not None)

    def after_confirmation(self, moved: Sequence[Moved]) -> int | None:
        return self._order(NoticeKind.WELCOME, moved)

    def _order(self, kind: NoticeKind, moved: Sequence[Moved], *, requests: bool = False) -> int | None:
        about = {"lists": [one.before.list.number for one in moved]}
        events = [one.event for one in moved if one.event is not None]
        if requests:
            about["requests"] = events
        # no event was written for who is known: each time that they ask is a cause of its own
        cause = f"{kind} {events[0]}" if events else f"{kind} {uuid.uuid4().hex}"
        return notices.order(
            self.connection,
            kind=kind,
            identity_hash=self.identity_hash,
            address=self.person.address,
            cause=cause,
            now=self.now,
            language=self.person.language,
            about=about,
        )


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """`lists` are those that they are on now; empty where nothing of what was asked for can be confirmed any more."""

    lists: tuple[MailingList, ...] = ()
    notice: int | None = None


def to_confirm(connection: Connection, notice: NoticeMail) -> tuple[MailingList, ...]:
    """The lists that the mail asks about and that can be confirmed, or were already; none once its person is not known any more."""
    person = subscribers.find(connection, notice.identity_hash)
    if person is None:
        return ()
    asked = requests.asked(connection, person.number, notice.about.get("requests", []))
    return tuple(
        one.list
        for one in asked
        if not confirm_rule(position_of(connection, person.number, one.list.number), one.request).refused
    )


def is_void(connection: Connection, notice: NoticeMail) -> bool:
    """Whether they left, since it was ordered, all that the mail welcomes them to or asks them to confirm."""
    person = subscribers.find(connection, notice.identity_hash)
    if person is None:
        return False
    if notice.kind is NoticeKind.CONFIRMATION:
        return "requests" in notice.about and not to_confirm(connection, notice)
    theirs = subscribers.subscriptions_of(connection, person.number)
    on = {one.list.number for one in theirs if one.status is SubscriptionStatus.SUBSCRIBED}
    return notice.kind in _TO_THE_JOINED and on.isdisjoint(notice.about.get("lists", []))


def confirm(connection: Connection, notice: NoticeMail, said: Said, *, welcome: bool) -> Confirmed:
    """The button behind the link of a confirmation mail was pressed. The words are those of what was asked for.

    A second time nothing changes, and the answer is the same.
    """
    consent.hold_tables(connection)
    person = subscribers.find(connection, notice.identity_hash)
    if person is None:
        return Confirmed()
    moved = [
        consent.carry_out(
            connection,
            person.number,
            one.list.number,
            partial(confirm_rule, request=one.request),
            replace(said, wording=one.wording),
        )
        for one in requests.asked(connection, person.number, notice.about.get("requests", []))
    ]
    on = [one for one in moved if not one.move.refused]
    if not on:
        return Confirmed()
    notices.use(connection, notice.number, said.at)
    joined = [one for one in on if one.move.to is SubscriptionStatus.SUBSCRIBED]
    ordered = None
    if joined and welcome:
        ordered = _Orders(connection, notice.identity_hash, person, said.at).after_confirmation(joined)
    return Confirmed(lists=tuple(one.before.list for one in on), notice=ordered)
