"""Events recorded: fates, suppressions, engagement, clicks, doubt; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.consent import Said
from newsletter.model.event import EventKind, Fate
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.model.rendered import Context, Slot
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import notices, suppressions
from newsletter.store import tables as t
from newsletter.store.events import fates, inbox
from newsletter.store.people import consent, editing, erasing
from newsletter.store.upkeep import inspecting_events
from tests.support import mailing as mailing_support
from tests.support.mailing import BEGIN, ScriptedSender
from tests.support.readers import KEYS, NOW, hash_of
from tests.support.reports import LATER, ReportDesk, day

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store

ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> ReportDesk:
    return ReportDesk(store, tmp_path)


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ([(EventKind.DEFERRED, 0), (EventKind.DELIVERED, 1)], Fate.DELIVERED),
        ([(EventKind.SOFT_BOUNCE, 0), (EventKind.DELIVERED, 1)], Fate.DELIVERED),
        ([(EventKind.DELIVERED, 0), (EventKind.SOFT_BOUNCE, 1)], Fate.SOFT_BOUNCE),
        ([(EventKind.DELIVERED, 1), (EventKind.SOFT_BOUNCE, 1)], Fate.SOFT_BOUNCE),
        ([(EventKind.DELIVERED, 2), (EventKind.HARD_BOUNCE, 1)], Fate.HARD_BOUNCE),
        ([(EventKind.COMPLAINED, 0), (EventKind.DELIVERED, 1)], Fate.COMPLAINED),
        ([(EventKind.DELIVERED, 1), (EventKind.DEFERRED, 2)], Fate.DELIVERED),
        ([(EventKind.PROCESSED, 1), (EventKind.UNKNOWN, 2)], None),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_the_fate_that_stands_does_not_depend_on_the_order(
    desk: ReportDesk, told: list[tuple[EventKind, int]], stands: Fate | None, backwards: bool
) -> None:
    number = desk.mailed(ADA)
    events = [desk.event(kind, number, at=LATER + timedelta(minutes=minute)) for kind, minute in told]
    for event in reversed(events) if backwards else events:
        desk.receive(event)
    assert desk.fate(number) is stands
    with desk.store.read() as connection:
        assert fates.fates(connection, number) == ({stands: 1} if stands else {})


def test_what_comes_twice_counts_once(desk: ReportDesk) -> None:
    number = desk.mailed(ADA, BOB)
    events = [desk.event(EventKind.DELIVERED, number, n) for n in (1, 2)]
    assert desk.receive(*events, *events).new == {EventKind.DELIVERED: 2}
    again = desk.receive(*events, desk.event(EventKind.OPENED, number))
    assert (again.new.total(), again.repeated, again.not_noted, again.total) == (0, 2, 1, 3)
    assert len(desk.rows("events")) == 2


def test_a_hard_bounce_suppresses_and_a_complaint_is_graver(desk: ReportDesk) -> None:
    number = desk.mailed(ADA, BOB)
    assert desk.receive(desk.event(EventKind.HARD_BOUNCE, number, 1, detail="550 no such user")).suppressed == 1
    assert desk.reason(ADA) is SuppressionReason.HARD_BOUNCE
    desk.receive(desk.event(EventKind.COMPLAINED, number, 1))
    assert desk.reason(ADA) is SuppressionReason.COMPLAINT
    assert desk.reason(BOB) is None
    assert [row["reason"] for row in desk.rows("fates")] == [""]
    assert desk.rows("suppressions")[0]["identity"] == ADA


@pytest.mark.parametrize("known_as", [*SuppressionReason, None])
def test_a_drop_follows_what_the_esp_knows_of_the_address(desk: ReportDesk, known_as: SuppressionReason | None) -> None:
    if known_as in {SuppressionReason.ERASED, SuppressionReason.BY_HAND}:
        return
    number = desk.mailed(ADA)
    desk.receive(desk.event(EventKind.DROPPED, number, known_as=known_as))
    assert desk.reason(ADA) is known_as
    assert desk.fate(number) is Fate.DROPPED
    left = known_as is SuppressionReason.LEFT_EVERYTHING
    assert desk.statuses(ADA)["news"] is (SubscriptionStatus.UNSUBSCRIBED if left else SubscriptionStatus.SUBSCRIBED)


def soft(desk: ReportDesk, count: int, every: int = 1) -> None:
    for number in range(count):
        mailing = desk.mailed(*([] if number else [ADA]), issue=f"issue{number}")
        desk.receive(desk.event(EventKind.SOFT_BOUNCE, mailing, at=day(number * every)))


def test_soft_bounces_suppress_at_the_fifth_within_thirty_days(desk: ReportDesk) -> None:
    soft(desk, 4)
    assert desk.reason(ADA) is None
    mailing = desk.mailed(issue="last")
    desk.receive(desk.event(EventKind.SOFT_BOUNCE, mailing, at=day(30)))
    assert desk.reason(ADA) is SuppressionReason.HARD_BOUNCE
    assert desk.rows("suppressions")[0]["source"] == "sendgrid, 5 soft bounces in 30 days"


def test_soft_bounces_far_apart_or_of_one_mailing_suppress_nobody(desk: ReportDesk) -> None:
    soft(desk, 6, every=8)
    mailing = desk.mailed(BOB, issue="other")
    for number in range(6):
        desk.receive(desk.event(EventKind.SOFT_BOUNCE, mailing, 2, at=day(number)))
    assert (desk.reason(ADA), desk.reason(BOB)) == (None, None)


def test_after_a_lifting_soft_bounces_count_anew(desk: ReportDesk) -> None:
    soft(desk, 5)
    with desk.store.write() as connection:
        suppressions.lift(connection, hash_of(ADA), "their mailbox works again", day(10))
    desk.receive(desk.event(EventKind.SOFT_BOUNCE, desk.mailed(issue="again"), at=day(11)))
    assert desk.reason(ADA) is None


def test_a_bounce_from_before_a_lifting_changes_nothing(desk: ReportDesk) -> None:
    number = desk.mailed(ADA)
    desk.receive(desk.event(EventKind.HARD_BOUNCE, number))
    with desk.store.write() as connection:
        suppressions.lift(connection, hash_of(ADA), "was a mistake", LATER + timedelta(hours=2))
    desk.receive(desk.event(EventKind.HARD_BOUNCE, number, at=LATER + timedelta(hours=1)))
    assert desk.reason(ADA) is None
    desk.receive(desk.event(EventKind.HARD_BOUNCE, number, at=LATER + timedelta(hours=3)))
    assert desk.reason(ADA) is SuppressionReason.HARD_BOUNCE


@pytest.mark.parametrize("named", [True, False])
def test_a_bounce_is_about_the_address_that_was_mailed_not_one_that_its_reader_has_since(
    desk: ReportDesk, named: bool
) -> None:
    number = desk.mailed(ADA)
    moved = Said(source=ConsentSource.BY_HAND, at=LATER, recorded_at=LATER)
    with desk.store.write() as connection:
        editing.move(connection, 1, "ada@example.com", hash_of("ada@example.com"), moved)
    address = "ADA@Example.org" if named else ""
    desk.receive(desk.event(EventKind.HARD_BOUNCE, number, at=day(1), address=address))
    assert desk.reason("ada@example.com") is None
    assert desk.reason(ADA) is (SuppressionReason.HARD_BOUNCE if named else SuppressionReason.BY_HAND)
    assert desk.rows("suppressions")[0]["identity"] is None
    desk.receive(desk.event(EventKind.COMPLAINED, number, at=day(2), address=address))
    assert desk.reason("ada@example.com") is SuppressionReason.COMPLAINT


def test_nothing_is_stored_of_an_erased_person_but_what_became_of_the_mail(desk: ReportDesk) -> None:
    number = desk.mailed(ADA)
    desk.allow_tracking(ADA)
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of(ADA), ADA, NOW)
    before = desk.contents()
    events = [desk.event(kind, number, address=ADA, everything=True) for kind in EventKind]
    desk.receive(*events)
    after = desk.contents()
    assert {name for name in after if after[name] != before[name]} == {"events", "fates"}
    assert ADA not in str(after)


def test_leaving_through_the_provider_leaves_the_lists_of_the_mailing_or_all(desk: ReportDesk) -> None:
    number = desk.mailed(ADA, BOB)
    desk.subscribe(ADA, BOB, to="running")
    desk.receive(desk.event(EventKind.UNSUBSCRIBED, number, 1))
    desk.receive(desk.event(EventKind.UNSUBSCRIBED, number, 2, everything=True))
    gone, stays = SubscriptionStatus.UNSUBSCRIBED, SubscriptionStatus.SUBSCRIBED
    assert desk.statuses(ADA) == {"news": gone, "running": stays}
    assert desk.statuses(BOB) == {"news": gone, "running": gone}
    assert (desk.reason(ADA), desk.reason(BOB)) == (None, SuppressionReason.LEFT_EVERYTHING)
    assert [(one.action, one.source, one.mailing) for one in desk.history(ADA)][-1] == (
        "unsubscribed",
        "provider",
        number,
    )


def test_who_joined_since_stays(desk: ReportDesk) -> None:
    number = desk.mailed(ADA)
    before = NOW - timedelta(days=1)
    desk.receive(desk.event(EventKind.UNSUBSCRIBED, number, at=before, everything=True))
    assert desk.statuses(ADA) == {"news": SubscriptionStatus.SUBSCRIBED}
    assert desk.reason(ADA) is None


def test_opens_and_clicks_are_noted_of_those_who_agree_and_machines_apart(desk: ReportDesk) -> None:
    number = desk.mailed(ADA, BOB)
    desk.allow_tracking(ADA)
    url = "https://example.org/walk?utm_source=letter&to=ada@example.org"
    clicks = [desk.event(EventKind.CLICKED, number, n, url=url, at=day(n)) for n in (1, 2)]
    machine = desk.event(EventKind.CLICKED, number, 1, url=url, machine=True)
    opened = [desk.event(EventKind.OPENED, number, 1, at=day(3 - back)) for back in range(3)]
    received = desk.receive(*clicks, machine, *opened)
    assert (received.not_noted, len(desk.rows("events"))) == (1, 5)
    assert [(row["subscriber"], row["kind"], row["at"]) for row in desk.rows("engagements")] == [
        (1, "clicked", day(1)),
        (1, "opened", day(1)),
    ]
    (link,) = desk.rows("link_clicks")
    assert (link["url"], link["people"], link["machines"]) == ("https://example.org", 1, 1)
    desk.receive(*clicks, machine, *opened)
    assert desk.rows("link_clicks") == [link]


def test_a_machine_alone_engages_nobody(desk: ReportDesk) -> None:
    number = desk.mailed(ADA)
    desk.allow_tracking(ADA)
    desk.receive(desk.event(EventKind.OPENED, number, machine=True))
    assert desk.rows("engagements") == []
    assert desk.rows("events")[0]["machine"] is True


def test_an_event_settles_the_doubt_about_its_whole_attempt(desk: ReportDesk) -> None:
    lost = ScriptedSender(script=lambda _: Answer(verdict=Verdict.UNCERTAIN, detail="no answer"))
    number = desk.mailed(ADA, BOB, "carol@example.org", sender=lost)
    assert desk.tally(number)[Outcome.UNCERTAIN] == 3
    received = desk.receive(desk.event(EventKind.DELIVERED, number, 2))
    assert received.settled == 3
    assert desk.tally(number)[Outcome.ACCEPTED] == 3


def test_an_event_that_proves_its_own_delivery_only_settles_that(desk: ReportDesk) -> None:
    lost = ScriptedSender(script=lambda _: Answer(verdict=Verdict.UNCERTAIN, detail="no answer"))
    number = desk.mailed(ADA, BOB, "carol@example.org", sender=lost)
    desk.receive(desk.event(EventKind.SOFT_BOUNCE, number, 2, attempt="", proves_all=False), esp="mailbox")
    tally = desk.tally(number)
    assert (tally[Outcome.ACCEPTED], tally[Outcome.UNCERTAIN], tally.holds) == (1, 2, True)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"attempt": "of another database"}, "its attempt is not ours"),
        ({"n": 99}, "there is no such delivery"),
        ({"mailing": 77, "attempt": ""}, "there is no such mailing"),
    ],
)
def test_an_event_of_another_database_is_kept_and_changes_nobody_here(
    desk: ReportDesk, facts: dict[str, Any], why: str
) -> None:
    number = desk.mailed(ADA)
    given: dict[str, Any] = {"mailing": number, "n": 1, "attempt": desk.attempt_of(number, 1)} | facts
    received = desk.receive(desk.event(EventKind.HARD_BOUNCE, address="stranger@example.org", **given))
    assert received.foreign == 1, why
    assert (desk.rows("fates"), desk.rows("suppressions")) == ([], [])
    assert [(row["mailing"], row["n"]) for row in desk.rows("events")] == [(None, None)]


@pytest.mark.parametrize("kind", [EventKind.COMPLAINED, EventKind.HARD_BOUNCE])
def test_a_complaint_or_bounce_about_somebody_elses_mailing_counts_for_people_we_know(
    desk: ReportDesk, kind: EventKind
) -> None:
    desk.subscribe(ADA)
    desk.receive(
        desk.event(kind, None, None, address="Ada@Example.ORG"),
        desk.event(kind, None, None, address="stranger@example.org"),
        desk.event(kind, None, None, address="no address at all"),
        desk.event(kind, None, None, address="x@" + "a" * 300 + "ü.example"),
    )
    assert [row["identity"] for row in desk.rows("suppressions")] == [ADA]
    assert desk.rows("suppressions")[0]["source"] == "sendgrid, a mailing that is not ours"


def test_notices_have_fates_too(desk: ReportDesk) -> None:
    number = desk.mailed(ADA)
    with desk.store.write() as connection:
        notice = notices.add(
            connection,
            cause="confirm",
            kind="confirmation",
            identity_hash=hash_of("new@example.org"),
            address="new@example.org",
            fingerprint=desk.mailing(number).fingerprint,
            now=BEGIN,
        )
    other = desk.event(EventKind.HARD_BOUNCE, NOTICES, notice, attempt="a", address=ADA)
    assert desk.receive(other).foreign == 1
    desk.receive(desk.event(EventKind.HARD_BOUNCE, NOTICES, notice, attempt="a", address="new@example.org"))
    desk.receive(desk.event(EventKind.DELIVERED, NOTICES, notice, attempt="a", address="new@example.org", at=day(1)))
    assert [row["fate"] for row in desk.rows("notices")] == ["hard bounce"]
    assert desk.reason("new@example.org") is SuppressionReason.HARD_BOUNCE
    assert desk.rows("fates") == []


def test_taking_the_consent_back_ends_the_noting(desk: ReportDesk) -> None:
    number = desk.mailed(ADA)
    desk.allow_tracking(ADA)
    said = Said(source=ConsentSource.PAGE, at=LATER, recorded_at=LATER)
    with desk.store.write() as connection:
        consent.set_tracking(connection, 1, said, allowed=False)
    assert desk.receive(desk.event(EventKind.OPENED, number)).not_noted == 1
    assert desk.rows("events") == []


def test_the_keys_of_these_tests_are_those_of_the_desk() -> None:
    assert KEYS.identity_hash(ADA) == hash_of(ADA)


def test_db_check_tells_strays_and_reports_that_wait(desk: ReportDesk) -> None:
    with desk.store.write() as connection:
        assert list(inspecting_events.findings(connection)) == []
        connection.execute(insert(t.fates).values(mailing=7, n=1, fate="delivered", at=LATER))
        inbox.add(connection, "sendgrid", b"[]", LATER)
        broken = inbox.add(connection, "sendgrid", b"x", LATER)
        inbox.done(connection, {broken: "it is not JSON"})
        found = [(one.code, one.wrong) for one in inspecting_events.findings(connection)]
    assert found == [("stray", True), ("reports-waiting", False), ("reports-faulty", False)]


def test_a_personal_link_is_counted_without_the_person(desk: ReportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    name = Slot(name="first_name", context=Context.URL_PART)
    html = ('<a href="https://clinic.example.org/book/', name, '?utm_term=x">Book</a>')
    plain = mailing_support.rendered
    monkeypatch.setattr(mailing_support, "rendered", lambda *args: replace(plain(*args), html=html))
    number = desk.mailed(ADA, BOB)
    desk.allow_tracking(ADA)
    desk.allow_tracking(BOB)
    own = f"https://news.example.org/u/{KEYS.token(DeliveryToken(mailing=1, n=1))}"
    urls = [
        "https://clinic.example.org/book/ada?utm_term=x",
        "https://clinic.example.org/book/bob?utm_term=x",
        own,
        "https://elsewhere.example.org/ada",
    ]
    desk.receive(*(desk.event(EventKind.CLICKED, number, 1 + n % 2, url=url, at=day(n)) for n, url in enumerate(urls)))
    counted = sorted((row["url"], row["people"]) for row in desk.rows("link_clicks"))
    assert counted == [("https://clinic.example.org/book/...?utm_term=x", 2), ("https://elsewhere.example.org", 1)]
