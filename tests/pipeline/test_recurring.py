"""Recurring schedules: each time comes once, with the newest issue that may go or with why none did."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import RecurrenceNotFound
from newsletter.model.mailing import MailingState
from newsletter.pipeline.running import choosing
from newsletter.pipeline.running.begun import Became
from newsletter.store import recurrences
from newsletter.store.upkeep import restored, restoring
from tests.support.planned import DUE, MINUTE, NOW, WITHIN, Planner
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.pipeline.running.begun import Occurred
    from newsletter.pipeline.running.choosing import Chosen
    from newsletter.store.database import Store

WEEK = timedelta(days=7)
RULE = "tuesday 09:00"


@pytest.fixture
def planner(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    made = Planner(store, tmp_path, monkeypatch)
    made.desk.readers(3)
    return made


@pytest.fixture
def sqlite_planner(emptied_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """For what asks the files, not the database."""
    from newsletter.store.database import Store

    made = Planner(Store(emptied_sqlite), tmp_path, monkeypatch)
    made.desk.readers(3)
    return made


def test_when_its_time_comes_the_newest_issue_is_planned_and_begins(planner: Planner) -> None:
    number = planner.repeat(RULE)
    assert planner.occur(DUE - MINUTE) == []
    [done] = planner.occur(DUE)
    assert (done.recurrence, done.due_at, done.said) == (number, DUE, "")
    assert done.mailing is not None
    mailing = planner.mailing(done.mailing)
    assert (mailing.issue, mailing.state, mailing.due_at, mailing.start_by) == (
        *("walking", MailingState.SCHEDULED),
        *(DUE, DUE + WITHIN),
    )
    assert (mailing.recurrence, mailing.scheduled_by) == (number, f"recurring schedule {number}")
    assert planner.begin(done.mailing).became is Became.BEGUN
    assert planner.occur(DUE + MINUTE) == []


def test_two_that_look_at_once_plan_it_once(planner: Planner) -> None:
    planner.repeat(RULE)
    barrier = Barrier(2)
    found: list[Occurred] = []

    def run() -> None:
        barrier.wait()
        found.extend(planner.occur(DUE))

    threads = [Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.mailing for one in found] == [1]


def test_what_went_already_does_not_go_again_and_that_is_told_once(planner: Planner) -> None:
    planner.repeat(RULE)
    planner.occur(DUE)
    planner.begin(1)
    [done] = planner.occur(DUE + WEEK)
    assert (done.mailing, done.said) == (None, "the newest issue, walking, is mailing 1 already (sending)")
    [(what, facts)] = planner.told
    assert (what, facts["rule"], facts["why"]) == ("occurrence-without-mailing", RULE, done.said)
    assert planner.occur(DUE + WEEK + MINUTE) == []


def test_missed_times_are_not_made_up_and_one_mail_tells_of_them(planner: Planner) -> None:
    planner.repeat(RULE)
    found = planner.occur(DUE + WEEK + WITHIN + MINUTE)
    assert [(one.due_at, one.mailing) for one in found] == [(DUE, None), (DUE + WEEK, None)]
    assert all(one.said.startswith("missed: nothing ran until") for one in found)
    assert [facts["due"] for _, facts in planner.told] == ["2026-12-08 09:00 PST"]


def test_an_ended_one_comes_no_more(planner: Planner) -> None:
    number = planner.repeat(RULE)
    with planner.store.write() as connection:
        ended = recurrences.end(connection, number, "monthly from now on", NOW)
        assert recurrences.end(connection, number, "again", DUE).ended_at == ended.ended_at == NOW
        assert not recurrences.claim(connection, number, DUE, DUE)
    assert planner.occur(DUE) == []
    assert planner.logged("recurrence-added", "recurrence-ended") == ["recurrence-added", "recurrence-ended"]
    with pytest.raises(RecurrenceNotFound), planner.store.write() as connection:
        recurrences.end(connection, 99, "never was", NOW)


def test_where_each_reader_is_it_comes_before_the_first_of_them(planner: Planner) -> None:
    planner.desk.import_("email,timezone\nann@example.org,Asia/Tokyo\nbob@example.org,\n", to="running")
    planner.repeat(RULE, to=("running",), local=True, now=DUE - timedelta(hours=20))
    planner.write(day="2026-11-30")
    tokyo = DUE - timedelta(hours=17)
    assert planner.occur(tokyo - MINUTE) == []
    [done] = planner.occur(tokyo)
    assert (done.due_at, planner.mailing(1).due_at, planner.mailing(1).local_time) == (DUE, tokyo, "2026-12-01T09:00")
    assert planner.begin(1, tokyo).became is Became.BEGUN
    assert planner.chunks(1) == [(1, 1, tokyo), (2, 2, DUE)]
    assert planner.occur(DUE) == []


def test_one_who_joins_from_where_that_time_passed_long_ago_makes_nobody_miss_it(planner: Planner) -> None:
    planner.repeat(RULE, local=True)
    assert planner.occur(DUE - timedelta(hours=8)) == []
    planner.desk.import_("email,timezone\nann@example.org,Pacific/Auckland\n", to="news")
    assert planner.occur(DUE - timedelta(hours=7)) == []
    [done] = planner.occur(DUE)
    assert (done.mailing, planner.mailing(1).due_at) == (1, DUE)


def test_where_that_time_had_passed_when_it_was_planned_readers_wait_for_the_others(planner: Planner) -> None:
    planner.desk.import_("email,timezone\nann@example.org,Europe/Berlin\nbob@example.org,\n", to="running")
    planner.repeat(RULE, to=("running",), local=True, now=DUE - timedelta(hours=8))
    assert planner.occur(DUE - timedelta(hours=7)) == []
    [done] = planner.occur(DUE)
    assert (done.mailing, planner.mailing(1).due_at) == (1, DUE)


def test_where_all_have_missed_it_nobody_gets_it_late(planner: Planner) -> None:
    planner.desk.import_("email,timezone\nann@example.org,Asia/Tokyo\n", to="running")
    planner.repeat(RULE, to=("running",), local=True)
    [done] = planner.occur(DUE - timedelta(hours=4))
    assert (done.mailing, done.said.startswith("missed: nothing ran")) == (None, True)


def test_a_clock_that_was_far_ahead_for_a_while_makes_nobody_miss_what_is_to_come(planner: Planner) -> None:
    planner.repeat(RULE)
    assert [one.mailing for one in planner.occur(DUE + 2 * WEEK)] == [None, None, 1]
    planner.begin(1, DUE + 2 * WEEK)
    assert planner.occur(NOW) == []
    planner.write(slug="second", day="2026-12-02")
    assert [(one.due_at, one.mailing) for one in planner.occur(DUE + WEEK)] == [(DUE, None), (DUE + WEEK, 2)]
    assert planner.occur(DUE + 2 * WEEK) == []


def test_what_somebody_plans_meanwhile_keeps_its_time(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsletter.pipeline.running import recurring

    def choose(*given: Any) -> Chosen | str:
        found = choosing.choose(*given)
        planner.schedule(due_at=DUE + timedelta(days=3), now=DUE)
        return found

    planner.repeat(RULE)
    monkeypatch.setattr(recurring, "choose", choose)
    [done] = planner.occur(DUE)
    assert (done.mailing, done.said) == (None, "the newest issue, walking, is mailing 1 already (scheduled)")
    assert planner.mailing(1).due_at == DUE + timedelta(days=3)


class TestWhichIssue:
    def test_where_the_first_readers_are_it_is_that_day_already(self, planner: Planner) -> None:
        planner.desk.import_("email,timezone\nann@example.org,Asia/Tokyo\n", to="running")
        planner.repeat(RULE, to=("running",), local=True, now=DUE - timedelta(hours=20))
        [done] = planner.occur(DUE - timedelta(hours=17))
        assert (done.mailing, planner.mailing(1).issue) == (1, "walking")

    def test_a_run_after_midnight_takes_none_of_the_next_day(self, sqlite_planner: Planner) -> None:
        sqlite_planner.repeat("tuesday 23:55")
        sqlite_planner.write(slug="of-wednesday", day="2026-12-02")
        sqlite_planner.occur(DUE + timedelta(hours=15))
        assert sqlite_planner.mailing(1).issue == "walking"

    def test_none_that_is_dated_later_or_not_at_all(self, sqlite_planner: Planner) -> None:
        sqlite_planner.repeat(RULE)
        sqlite_planner.write(day="2026-12-02")
        sqlite_planner.write(ISSUE.replace("date: 2026-12-01\n", ""), slug="undated")
        [done] = sqlite_planner.occur(DUE)
        assert done.said == "there is no issue that is dated that day or earlier"

    def test_one_with_errors_is_named_and_an_older_one_that_was_left_behind_goes(self, sqlite_planner: Planner) -> None:
        sqlite_planner.repeat(RULE)
        sqlite_planner.write(ISSUE.replace("## What", "[a](ftp://example.org)\n\n## What"))
        [done] = sqlite_planner.occur(DUE)
        assert done.said.startswith("walking has errors: ")
        sqlite_planner.write(slug="left-behind", day="2026-11-30")
        sqlite_planner.write(slug="from-before", day="2026-11-29")
        [done] = sqlite_planner.occur(DUE + WEEK)
        assert sqlite_planner.mailing(1).issue == "left-behind"
        sqlite_planner.begin(1, DUE + WEEK)
        [done] = sqlite_planner.occur(DUE + 2 * WEEK)
        assert "; the newest issue before that, left-behind, is mailing 1 already" in done.said

    def test_nothing_from_before_the_recurring_schedule_goes_in_place_of_the_newest(
        self, sqlite_planner: Planner
    ) -> None:
        sqlite_planner.repeat(RULE)
        sqlite_planner.write(ISSUE.replace("## What", "[a](ftp://example.org)\n\n## What"))
        sqlite_planner.write(slug="from-before", day="2026-11-29")
        [done] = sqlite_planner.occur(DUE)
        assert (done.mailing, "walking has errors" in done.said) == (None, True)

    def test_one_that_is_not_signed_off_is_said_to_be_so(self, sqlite_planner: Planner) -> None:
        sqlite_planner.settings("\n[policy]\napprovals = 1\n")
        sqlite_planner.repeat(RULE)
        [done] = sqlite_planner.occur(DUE)
        assert done.said.startswith("walking is not signed off")

    def test_what_a_person_took_off_does_not_come_back(self, sqlite_planner: Planner) -> None:
        from newsletter.store import scheduled

        sqlite_planner.repeat(RULE)
        number = sqlite_planner.schedule()
        with sqlite_planner.store.write() as connection:
            scheduled.take_off(connection, number, "the wrong dose", NOW)
        [done] = sqlite_planner.occur(DUE)
        assert done.said == "the newest issue, walking, is mailing 1 already (cancelled)"

    def test_an_audience_that_is_no_more_is_said(self, sqlite_planner: Planner) -> None:
        sqlite_planner.repeat(RULE, to=("nobody",))
        [done] = sqlite_planner.occur(DUE)
        assert done.said.startswith("its audience is unclear: neither a list nor a segment")


class TestRestored:
    def test_times_from_before_are_not_made_up_and_later_ones_wait_until_somebody_has_looked(
        self, planner: Planner
    ) -> None:
        planner.repeat(RULE)
        with planner.store.write() as connection:
            restoring.settle(connection, (), DUE + MINUTE)
        [done] = planner.occur(DUE + 2 * MINUTE)
        assert done.said.startswith("a backup was restored after that time")
        assert planner.occur(DUE + WEEK) == []
        with planner.store.write() as connection:
            restored.confirm(connection, DUE + WEEK)
        [done] = planner.occur(DUE + WEEK + MINUTE)
        assert done.mailing == 1

    def test_what_may_have_gone_out_does_not_go_again(self, planner: Planner) -> None:
        planner.repeat(RULE)
        planner.occur(DUE)
        with planner.store.write() as connection:
            restoring.settle(connection, (), DUE + MINUTE)
            restored.confirm(connection, DUE + MINUTE)
        [done] = planner.occur(DUE + WEEK)
        assert done.said == "the newest issue, walking, is mailing 1 already (missed)"

    def test_what_was_certainly_missed_goes_the_next_time(self, planner: Planner) -> None:
        planner.repeat(RULE)
        planner.occur(DUE)
        assert planner.begin(1, DUE + WITHIN + MINUTE).became is Became.MISSED
        [done] = planner.occur(DUE + WEEK)
        assert done.mailing == 2
