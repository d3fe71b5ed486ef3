"""Lists: what is kept of them, and how they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.mailing import MailingState
from newsletter.model.subscriber import ConsentSource, OptIn, SubscriptionStatus, SuppressionReason
from newsletter.store import mailings
from newsletter.store.people import consent, lists
from tests.support.mailing import BEGIN, MailingDesk
from tests.support.readers import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store
    from tests.support.readers import Desk

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus


def test_a_list_is_kept_as_it_was_added_and_changed(store: Store) -> None:
    with store.write() as connection:
        plain = lists.add(connection, "news", "News", NOW)
        told = lists.add(connection, "art", "Art", NOW, description="Of all kinds", opt_in=OptIn.SINGLE)
        assert (plain.opt_in, plain.description, plain.archived_at) == (OptIn.DOUBLE, "", None)
        assert lists.every(connection) == (told, plain)
        changed = replace(told, name="arts", title="Arts", description="", opt_in=OptIn.DOUBLE, archived_at=NOW)
        lists.change(connection, changed)
        assert lists.every(connection) == (changed, plain)


def test_a_list_counts_its_people_and_its_growth(desk: Desk) -> None:
    desk.import_("email\na@example.org\nb@example.org\n", now=NOW - timedelta(days=40))
    desk.import_("email\nc@example.org\n", now=NOW - timedelta(days=3))
    desk.import_("email\nd@example.org\ne@example.org\n", agreed=None, now=NOW - timedelta(days=20))
    desk.import_("email\nf@example.org\n", agreed=None)
    news = desk.list_().number
    with desk.store.write() as connection:
        consent.leave(connection, desk.get("a@example.org").number, [news], ConsentSource.PAGE, None, NOW)
        consent.leave(connection, desk.get("c@example.org").number, [news], ConsentSource.PAGE, None, NOW)
    with desk.store.read() as connection:
        assert lists.counts(connection) == {news: {SUBSCRIBED: 1, PENDING: 3, UNSUBSCRIBED: 2}}
        assert lists.counts(connection, news) == lists.counts(connection)
        assert lists.counts(connection, desk.list_("running").number) == {}
        assert lists.growth(connection, news, NOW - timedelta(days=30)) == lists.Growth(joined=1, left=2)
        assert lists.pending_since(connection, news) == NOW - timedelta(days=20)
        assert lists.pending_since(connection, desk.list_("running").number) is None


def test_a_list_counts_those_who_are_subscribed_and_yet_never_mailed(desk: Desk) -> None:
    desk.import_("email\na@example.org\nb@example.org\nc@example.org\n")
    desk.import_("email\nd@example.org\n", agreed=None)
    desk.import_("email\na@example.org\n", to="running")
    for address in ("a@example.org", "b@example.org", "d@example.org", "nobody@example.org"):
        desk.suppress(address, SuppressionReason.HARD_BOUNCE)
    news, running = desk.list_().number, desk.list_("running").number
    with desk.store.read() as connection:
        assert lists.suppressed(connection) == {news: 2, running: 1}
        assert lists.suppressed(connection, news) == {news: 2}


def test_a_list_knows_its_last_mailing_and_those_that_can_still_send(store: Store, tmp_path: Path) -> None:
    desk = MailingDesk(store, tmp_path)
    desk.readers(2)
    news, running = (desk.list_(name).number for name in ("news", "running"))
    first, second = desk.plan("first"), desk.plan("second", to=("news", "running"))
    with store.write() as connection:
        assert lists.unfinished_mailings(connection, news) == (first, second)
        assert lists.unfinished_mailings(connection, running) == (second,)
        mailings.move(connection, first, MailingState.FINISHED)
        assert lists.unfinished_mailings(connection, news) == (second,)
        last = lists.last_mailing(connection, news)
        assert last == lists.Mailed(number=second, issue="second", state="sending", started_at=BEGIN, audience=2)
        empty = lists.add(connection, "empty", "Empty", NOW)
        assert lists.last_mailing(connection, empty.number) is None
