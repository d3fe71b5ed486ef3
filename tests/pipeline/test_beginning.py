"""A scheduled mailing whose time has come: it begins once, or is held with a reason, or is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update

from newsletter.errors import NotApproved, SendingRefused, StateForbids
from newsletter.model.mailing import MailingState, Outcome
from newsletter.model.rendered import ImageFile
from newsletter.model.staff import Author
from newsletter.model.subscriber import SuppressionReason
from newsletter.pipeline.running import obstacles
from newsletter.pipeline.running.begun import Became, Cause
from newsletter.pipeline.running.planning import follow_sign_off
from newsletter.pipeline.versions import version_of
from newsletter.store import rendered as stored
from newsletter.store import scheduled, staff, suppressions
from newsletter.store import tables as t
from newsletter.store.upkeep import restored, restoring
from tests.support.ledger import faults
from tests.support.mailing import Clock, rendered
from tests.support.planned import DUE, MINUTE, NOW, WITHIN, Planner
from tests.support.readers import hash_of
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.version import Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.pipeline.running.begun import Begun, Obstacle
    from newsletter.pipeline.running.obstacles import Look
    from newsletter.store.database import Store

ZONES = """\
email,timezone
ann@example.org,Europe/Berlin
bob@example.org,Asia/Tokyo
cem@example.org,
dia@example.org,Mars/Olympus
eva@example.org,Europe/Paris
"""


@pytest.fixture
def planner(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    made = Planner(store, tmp_path, monkeypatch)
    made.desk.readers(5)
    return made


@pytest.fixture
def sqlite_planner(emptied_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """For what asks the files, not the database."""
    from newsletter.store.database import Store

    made = Planner(Store(emptied_sqlite), tmp_path, monkeypatch)
    made.desk.readers(5)
    return made


def held_by(begun: Begun, cause: Cause) -> bool:
    return begun.became is Became.HELD and begun.obstacle is not None and begun.obstacle.cause is cause


def test_it_has_no_deliveries_before_its_time_and_all_of_them_then(planner: Planner) -> None:
    number = planner.schedule()
    assert planner.begin(number, DUE - MINUTE).became is Became.NOT_YET
    assert (planner.chunks(number), planner.desk.tally(number).audience) == ([], 0)
    assert faults(planner.store, number) == []
    assert planner.begin(number).became is Became.BEGUN
    assert planner.mailing(number).state is MailingState.SENDING
    assert planner.desk.tally(number).outcomes == {Outcome.PLANNED: 5}
    assert planner.begin(number).became is Became.GONE
    assert planner.logged()[-2:] == ["mailing-scheduled", "mailing-started"]
    planner.desk.send(number, planner.sender)
    assert (planner.mailing(number).state, len(planner.sender.delivered)) == (MailingState.FINISHED, 5)
    assert faults(planner.store, number) == []


def test_who_joined_or_left_since_it_was_planned_counts(planner: Planner) -> None:
    number = planner.schedule()
    planner.desk.subscribe("new@example.org")
    planner.desk.leave("reader0001@example.org")
    planner.begin(number)
    planner.desk.send(number, planner.sender)
    assert "new@example.org" in planner.sender.delivered
    assert "reader0001@example.org" not in planner.sender.delivered


def test_two_that_begin_it_at_once_begin_it_once(planner: Planner) -> None:
    number = planner.schedule()
    barrier = Barrier(2)
    found: list[Begun] = []

    def run() -> None:
        barrier.wait()
        found.append(planner.begin(number))

    threads = [Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.became for one in found) == [Became.BEGUN, Became.GONE]
    assert planner.desk.tally(number).total == 5


@pytest.mark.parametrize("look", ["_too_late", "first_of"])
def test_what_is_planned_anew_while_we_look_is_neither_missed_nor_held(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    from newsletter.pipeline.running import beginning

    whole = getattr(beginning, look)

    def meanwhile(this: Look) -> Obstacle | None:
        found: Obstacle | None = whole(this)
        planner.schedule(due_at=DUE + timedelta(days=2), now=DUE)
        return found

    number = planner.schedule()
    if look == "first_of":
        planner.write(ISSUE.replace("Walk.", "Walk a little."))
    monkeypatch.setattr(beginning, look, meanwhile)
    begun = planner.begin(number, DUE if look == "first_of" else DUE + WITHIN + MINUTE)
    after = planner.mailing(number)
    assert (begun.became, after.state, after.held, planner.told) == (Became.GONE, MailingState.SCHEDULED, "", [])


class TestMissed:
    def test_one_that_had_not_begun_in_time_is_never_sent_by_itself(self, planner: Planner) -> None:
        number = planner.schedule()
        assert planner.begin(number, DUE + WITHIN).became is Became.BEGUN
        other = planner.schedule(slug=planner.write(slug="other").parent.name)
        begun = planner.begin(other, DUE + WITHIN + MINUTE)
        assert (begun.became, begun.is_new) == (Became.MISSED, True)
        assert "nothing ran then" in begun.why
        mailing = planner.mailing(other)
        assert (mailing.state, mailing.reason) == (MailingState.MISSED, begun.why)
        assert [what for what, _ in planner.told] == ["mailing-missed"]
        assert planner.begin(other, DUE + WITHIN + 2 * MINUTE).became is Became.GONE
        assert planner.schedule(slug="other", due_at=DUE + timedelta(days=2), now=DUE + timedelta(days=1)) != other

    def test_its_latest_time_ends_it_too(self, planner: Planner) -> None:
        number = planner.schedule(latest_at=DUE + timedelta(hours=1))
        begun = planner.begin(number, DUE + timedelta(hours=1))
        assert (begun.became, "2026-12-01 10:00 PST" in begun.why) == (Became.MISSED, True)

    def test_it_says_what_held_it_until_then(self, planner: Planner) -> None:
        number = planner.schedule()
        for address in range(1, 6):
            planner.desk.leave(f"reader{address:04}@example.org")
        assert held_by(planner.begin(number), Cause.NOBODY)
        assert "It was held until then: nobody is in its audience" in planner.begin(number, DUE + WITHIN + MINUTE).why


class TestHeld:
    def test_it_is_told_once_and_begins_when_nothing_speaks_against_it_any_more(self, planner: Planner) -> None:
        number = planner.schedule()
        path = planner.write(ISSUE.replace("Walk.", "Walk a little."))
        begun = planner.begin(number)
        assert held_by(begun, Cause.CHANGED)
        assert begun.why.startswith("since it was planned the issue itself was changed. To send it as it is now")
        again = planner.begin(number, DUE + MINUTE)
        assert (again.became, again.is_new) == (Became.HELD, False)
        [(what, facts)] = planner.told
        assert (what, facts["mailing"], facts["issue"], facts["why"]) == ("mailing-held", "1", "walking", begun.why)
        assert planner.mailing(number).held == begun.why
        path.write_text(ISSUE, encoding="utf-8")
        assert planner.begin(number, DUE + 2 * MINUTE).became is Became.BEGUN
        assert planner.mailing(number).held == ""
        assert planner.logged()[-3:] == ["mailing-scheduled", "mailing-held", "mailing-started"]

    def test_one_whose_issue_is_not_on_this_machine_goes_as_it_was_stored(self, sqlite_planner: Planner) -> None:
        number = sqlite_planner.schedule()
        (sqlite_planner.folder / "issues" / "walking" / "issue.md").unlink()
        assert sqlite_planner.begin(number).became is Became.BEGUN

    def test_an_audience_that_grew_a_lot_holds_it_unless_that_is_meant(self, planner: Planner) -> None:
        planner.write(slug="earlier")
        planner.begin(planner.schedule(slug="earlier"))
        number = planner.schedule()
        planner.desk.readers(12)
        assert held_by(planner.begin(number), Cause.AUDIENCE)
        assert planner.chunks(number) == []
        assert planner.schedule(may_differ=True) == number
        assert planner.mailing(number).held == ""
        assert planner.begin(number).became is Became.BEGUN

    def test_everybody_who_is_suppressed_leaves_nobody_to_send_to(self, planner: Planner) -> None:
        number = planner.schedule()
        with planner.store.write() as connection:
            for reader in range(1, 6):
                address = f"reader{reader:04}@example.org"
                suppressions.add(connection, hash_of(address), address, SuppressionReason.BY_HAND, "asked", NOW)
        assert held_by(planner.begin(number), Cause.NOBODY)
        assert planner.mailing(number).state is MailingState.SCHEDULED

    def test_another_sender_or_mail_that_became_real_holds_it(self, sqlite_planner: Planner) -> None:
        number = sqlite_planner.schedule()
        sqlite_planner.through(name="another")
        assert held_by(sqlite_planner.begin(number), Cause.SENDER)
        sqlite_planner.through(name="scripted", real=True)
        assert held_by(sqlite_planner.begin(number), Cause.SENDER)
        sqlite_planner.through(real=False)
        assert sqlite_planner.begin(number).became is Became.BEGUN

    def test_real_mail_that_must_not_leave_yet_holds_it(self, sqlite_planner: Planner) -> None:
        sqlite_planner.through(real=True, embeds=True)
        number = sqlite_planner.schedule()
        begun = sqlite_planner.begin(number)
        assert held_by(begun, Cause.NOT_READY)
        assert "letters@example.org is an address for examples" in begun.why

    def test_a_disclaimer_that_is_not_in_force_any_more_holds_it_whatever_was_signed(
        self, sqlite_planner: Planner
    ) -> None:
        text = "---\nid: general\ntitle: General\nversion: '9.{}'\neffective_until: {}\n---\n\nAsk your doctor. {}\n"
        file = sqlite_planner.folder / "templates" / "disclaimers" / "general.en.md"
        file.parent.mkdir(parents=True)
        file.write_text(text.format(1, "2026-11-30", "At once."), encoding="utf-8")
        sqlite_planner.sign(now=NOW - timedelta(hours=5))
        number = sqlite_planner.schedule(now=NOW - timedelta(hours=5))
        begun = sqlite_planner.begin(number)
        assert begun.became is Became.HELD
        with sqlite_planner.store.write() as connection:
            connection.execute(update(t.mailings).values(approved_version=True))
        assert held_by(sqlite_planner.begin(number), Cause.DISCLAIMERS)

    def test_how_many_readers_there_are_changes_each_minute_and_is_no_news(self, planner: Planner) -> None:
        planner.begin(planner.schedule())
        planner.desk.send(1, planner.sender)
        planner.write(slug="other")
        other = planner.schedule(slug="other", due_at=DUE + timedelta(days=1), now=DUE)
        for step in range(2):
            planner.desk.subscribe(*(f"new{step}{number}@example.org" for number in range(9)))
            begun = planner.begin(other, DUE + timedelta(days=1, minutes=step))
            assert (begun.became, begun.is_new) == (Became.HELD, step == 0)
        assert planner.mailing(other).held == begun.why
        assert len(planner.logged("mailing-held")) == len(planner.told) == 1

    def test_a_mail_whose_picture_is_gone_does_not_go(self, planner: Planner) -> None:
        with_one = replace(rendered("walking"), images=("knee-1a2b.png",))
        picture = ImageFile(name="knee-1a2b.png", media_type="image/png", content=b"a knee")
        number = planner.schedule()
        with planner.store.write() as connection:
            stored.keep(connection, "walking", [with_one], [picture], "digest", NOW)
            connection.execute(update(t.mailing_variants).values(fingerprint=with_one.fingerprint))
            assert stored.is_whole(connection, with_one.fingerprint)
            connection.execute(delete(t.images))
        assert held_by(planner.begin(number), Cause.BYTES)

    def test_bytes_that_somebody_changed_in_the_database_do_not_go(self, sqlite_planner: Planner) -> None:
        number = sqlite_planner.schedule()
        with sqlite_planner.store.write() as connection:
            content = connection.execute(t.rendered.select()).one().content
            connection.execute(update(t.rendered).values(content=content.replace("short walks", "long walks")))
        assert held_by(sqlite_planner.begin(number), Cause.BYTES)

    def test_a_sign_off_that_is_asked_for_by_now_holds_it(self, sqlite_planner: Planner) -> None:
        number = sqlite_planner.schedule()
        sqlite_planner.settings("\n[policy]\napprovals = 1\n")
        assert held_by(sqlite_planner.begin(number), Cause.APPROVAL)


class TestPlannedAnew:
    def test_the_same_issue_and_audience_have_one_mailing_with_the_last_time_and_text(self, planner: Planner) -> None:
        first = planner.schedule()
        before = planner.mailing(first)
        planner.write(ISSUE.replace("Walk.", "Walk a little."))
        later = DUE + timedelta(days=1)
        assert planner.schedule(due_at=later) == first
        after = planner.mailing(first)
        assert (after.due_at, after.variants != before.variants, after.version != before.version) == (later, True, True)
        assert after.fingerprint == after.variants[""]
        assert planner.begin(first, DUE).became is Became.NOT_YET
        assert planner.begin(first, later).became is Became.BEGUN

    def test_another_audience_is_refused_with_what_to_do(self, planner: Planner) -> None:
        planner.schedule()
        with pytest.raises(SendingRefused, match="scheduled for another audience already: mailing 1") as why:
            planner.schedule(to=("running",))
        assert "newsletter unschedule 1" in why.value.next_step

    def test_a_new_version_is_bound_to_it_only_while_it_is_scheduled(self, planner: Planner) -> None:
        number = planner.schedule()
        mailing = planner.mailing(number)
        with planner.store.write() as connection:
            scheduled.rebind(connection, number, mailing.version, mailing.variants)
        planner.begin(number)
        with pytest.raises(StateForbids), planner.store.write() as connection:
            scheduled.rebind(connection, number, mailing.version, mailing.variants)

    def test_taken_off_nobody_gets_it_and_it_can_be_planned_again(self, planner: Planner) -> None:
        number = planner.schedule()
        with planner.store.write() as connection:
            scheduled.take_off(connection, number, "the hall is not free", NOW)
        assert planner.begin(number).became is Became.GONE
        assert planner.mailing(number).state is MailingState.CANCELLED
        assert planner.begin(planner.schedule()).became is Became.BEGUN
        with pytest.raises(StateForbids), planner.store.write() as connection:
            scheduled.take_off(connection, number, "again", NOW)


class TestSignedOff:
    @pytest.fixture
    def signed(self, sqlite_planner: Planner) -> Planner:
        sqlite_planner.settings("\n[policy]\napprovals = 1\n")
        sqlite_planner.sign()
        return sqlite_planner

    def test_what_was_signed_goes(self, signed: Planner) -> None:
        number = signed.schedule()
        assert signed.begin(number).became is Became.BEGUN

    def test_a_signature_that_is_taken_back_holds_it(self, signed: Planner) -> None:
        from newsletter.store import approvals

        number = signed.schedule()
        with signed.store.write() as connection:
            approvals.withdraw(connection, "walking", 1, "the dose is wrong", NOW)
        assert held_by(signed.begin(number), Cause.APPROVAL)

    def test_signatures_that_ran_out_hold_it(self, signed: Planner) -> None:
        number = signed.schedule(due_at=DUE + timedelta(days=40))
        assert held_by(signed.begin(number, DUE + timedelta(days=40)), Cause.APPROVAL)

    def test_what_nobody_signs_any_more_is_not_planned_as_the_approved_version(self, signed: Planner) -> None:
        from newsletter.store import approvals

        signed.settings("")
        with signed.store.write() as connection:
            approvals.withdraw(connection, "walking", 1, "the dose is wrong", NOW)
        with pytest.raises(NotApproved):
            signed.schedule(approved_version=True)

    def test_one_that_is_taken_back_while_we_look_does_too(
        self, signed: Planner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from newsletter.pipeline.running import beginning
        from newsletter.store import approvals

        def meanwhile(look: Look) -> None:
            assert obstacles.first_of(look) is None
            with signed.store.write() as connection:
                approvals.withdraw(connection, "walking", 1, "the dose is wrong", NOW)

        number = signed.schedule()
        monkeypatch.setattr(beginning, "first_of", meanwhile)
        assert held_by(signed.begin(number), Cause.APPROVAL)
        assert signed.desk.tally(number).audience == 0

    def test_what_goes_since_it_was_signed_does_not_once_the_signature_is_taken_back(self, signed: Planner) -> None:
        from newsletter.store import approvals

        signed.settings("")  # nobody has to sign
        signed.write(ISSUE.replace("Walk.", "Walk a little."))
        number = signed.schedule(approved_version=True)
        with signed.store.write() as connection:
            approvals.withdraw(connection, "walking", 1, "the dose is wrong", NOW)
        assert held_by(signed.begin(number), Cause.APPROVAL)

    def test_whoever_committed_the_text_after_signing_it_wrote_it_and_it_is_held(
        self, signed: Planner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = signed.schedule()

        def committed(_place: object, prepared: Prepared, now: datetime) -> Version:
            with signed.store.read() as connection:
                (signer,) = staff.by_number(connection).values()
            return replace(version_of(prepared, now), authors=(Author(name=signer.name),), commit="0a1b2c3")

        monkeypatch.setattr("newsletter.pipeline.running.obstacles.version_for", committed)
        assert held_by(signed.begin(number), Cause.APPROVAL)

    def test_the_approved_version_goes_although_the_sources_moved_on(self, signed: Planner) -> None:
        signed.write(ISSUE.replace("Walk.", "Walk a little."))
        number = signed.schedule(approved_version=True)
        assert signed.begin(number).became is Became.BEGUN

    def test_once_a_changed_issue_is_signed_anew_that_one_goes(self, signed: Planner) -> None:
        number = signed.schedule()
        before = signed.mailing(number).variants
        signed.write(ISSUE.replace("Walk.", "Walk a little."))
        assert held_by(signed.begin(number), Cause.CHANGED)
        version = signed.sign(now=DUE)
        with signed.store.write() as connection:
            moved = follow_sign_off(connection, signed.place, version, DUE)
            assert moved is not None
            assert follow_sign_off(connection, signed.place, version, DUE) is None
        after = signed.mailing(number)
        assert (moved.number, after.version, after.variants != before, after.held) == (number, version.number, True, "")
        assert signed.begin(number).became is Became.BEGUN

    def test_a_signature_comes_too_late_for_one_that_begins_just_then(
        self, signed: Planner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = signed.schedule()
        looked_at = signed.mailing(number)
        signed.begin(number)
        signed.write(ISSUE.replace("Walk.", "Walk a little."))
        version = signed.sign(now=DUE)
        monkeypatch.setattr(scheduled, "of_issue", lambda *_given: looked_at)
        with signed.store.write() as connection:
            assert follow_sign_off(connection, signed.place, version, DUE) is None
        assert signed.mailing(number).version == looked_at.version


class TestReaderTimeZones:
    def test_chunks_are_alike_in_when_they_are_due(self, planner: Planner) -> None:
        planner.desk.import_(ZONES.replace("Mars/Olympus", "UTC"), to="running")
        with planner.store.write() as connection:  # what an import does not take
            connection.execute(
                update(t.subscribers)
                .where(t.subscribers.c.address == "dia@example.org")
                .values(timezone="Mars/Olympus")
            )
        number = planner.schedule(to=("running",), local=datetime(2026, 12, 1, 9))  # noqa: DTZ001
        tokyo, berlin = DUE - timedelta(hours=17), DUE - timedelta(hours=9)
        assert planner.mailing(number).due_at == tokyo
        assert planner.begin(number, tokyo).became is Became.BEGUN
        assert planner.chunks(number) == [(1, 1, tokyo), (2, 3, berlin), (4, 5, DUE)]
        delivered = self.deliver(planner, number, tokyo)
        assert delivered == ["bob@example.org"]
        assert self.deliver(planner, number, berlin)[1:] == ["ann@example.org", "eva@example.org"]
        assert planner.mailing(number).state is MailingState.SENDING
        assert sorted(self.deliver(planner, number, DUE)[3:]) == ["cem@example.org", "dia@example.org"]
        assert planner.mailing(number).state is MailingState.FINISHED
        assert faults(planner.store, number) == []

    def deliver(self, planner: Planner, number: int, now: datetime) -> list[str]:
        planner.desk.send(number, planner.sender, clock=Clock(now))
        return planner.sender.delivered

    def test_what_is_due_is_asked_for_and_nothing_else(self, planner: Planner) -> None:
        planner.desk.import_(ZONES.replace("Mars/Olympus", ""), to="running")
        number = planner.schedule(to=("running",), local=datetime(2026, 12, 1, 9))  # noqa: DTZ001
        tokyo, berlin = DUE - timedelta(hours=17), DUE - timedelta(hours=9)

        def due(now: datetime) -> list[int]:
            with planner.store.read() as connection:
                return [one.number for one in scheduled.due(connection, now)]

        assert (due(tokyo - MINUTE), due(tokyo)) == ([], [number])
        planner.begin(number, tokyo)
        assert due(tokyo) == [number]
        self.deliver(planner, number, tokyo)
        assert (due(berlin - MINUTE), due(berlin)) == ([], [number])


class TestRestored:
    def test_it_waits_until_somebody_has_looked(self, planner: Planner) -> None:
        number = planner.schedule()
        with planner.store.write() as connection:
            done = restoring.settle(connection, (), NOW)
        assert [(one.number, one.state) for one in done.scheduled] == [(number, MailingState.SCHEDULED)]
        begun = planner.begin(number)
        assert held_by(begun, Cause.RESTORED)
        with planner.store.write() as connection:
            restored.confirm(connection, DUE)
        assert planner.begin(number, DUE + MINUTE).became is Became.BEGUN

    def test_one_whose_time_had_come_may_have_gone_out_and_is_missed(self, planner: Planner) -> None:
        number = planner.schedule()
        with planner.store.write() as connection:
            restoring.settle(connection, (), DUE)
        assert planner.begin(number).became is Became.GONE
        assert "nobody can say whether it went out" in planner.mailing(number).reason

    def test_one_that_began_after_the_backup_is_known_to_have_gone_out(self, planner: Planner) -> None:
        number = planner.schedule()
        with planner.store.read() as connection:
            assert restored.planned(connection) == {}
        planner.begin(number)
        with planner.store.read() as connection:
            assert restored.planned(connection) == {planner.mailing(number).link_number: "walking"}
