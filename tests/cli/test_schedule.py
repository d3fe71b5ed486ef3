"""`schedule`, `unschedule`, `calendar`: what is shown, asked, stored and said."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import pytest

from newsletter.cli.words import as_json
from newsletter.errors import AudienceUnclear, RecurrenceNotFound, SendingRefused, StateForbids, TimeUnclear
from newsletter.model.mailing import MailingState
from newsletter.store import scheduled
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from tests.support.operator import Operator

HOME = ZoneInfo("America/Los_Angeles")
#: in Los Angeles, where nobody moves a clock then
TIME = "2099-12-01 09:00"
SCHEDULE = ("schedule", "walking", "--to", "news", "--at")


@pytest.fixture
def planner(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Of an issue to five readers, through the outbox."""
    monkeypatch.setenv("NEWSLETTER_SECRET", "a secret of the tests")
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    monkeypatch.setenv("NEWSLETTER_ACTOR", "ana")
    issue = operator.folder / "issues" / "walking" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(ISSUE, encoding="utf-8")
    operator.desk.readers(5)
    operator.now = datetime.now(HOME)
    return operator


def hold(planner: Operator, why: str) -> None:
    with planner.store.write() as connection:
        scheduled.hold(connection, 1, why, planner.now)


def test_it_shows_when_it_begins_asks_and_stores_no_delivery(planner: Operator) -> None:
    asked = planner.types(*SCHEDULE, TIME, answer="n\n")
    assert (asked.return_value, "Not scheduled." in asked.stderr) == (2, True)
    assert f"Schedule it for 5 readers, {TIME} PST?" in asked.stderr
    assert "That is more than two years away. Is the year right?" in asked.stdout
    assert planner.json("mailings", "list") == {"mailings": []}
    done = planner.types(*SCHEDULE, TIME, answer="y\n")
    assert (done.return_value, f"Mailing 1: walking to news, scheduled for {TIME} PST." in done.stdout) == (0, True)
    assert "`newsletter run-due` begins it, and has not run lately" in done.stdout
    mailing = planner.desk.mailing(1)
    assert (mailing.state, mailing.scheduled_by) == (MailingState.SCHEDULED, "ana")
    assert mailing.due_at == datetime(2099, 12, 1, 9, tzinfo=HOME)
    assert mailing.start_by == datetime(2099, 12, 1, 21, tzinfo=HOME)
    assert planner.desk.tally(1).audience == 0


def test_a_dry_run_stores_nothing(planner: Operator) -> None:
    assert planner.reads(*SCHEDULE, TIME, "--dry-run").endswith("Nothing was scheduled (--dry-run).\n")
    shown = planner.json(*SCHEDULE, TIME, "--dry-run")
    assert (shown["due_at"], shown["replaces"], shown["to_send"]) == ("2099-12-01T17:00:00+00:00", None, 5)
    assert planner.json("mailings", "list") == {"mailings": []}


def test_a_second_time_changes_when_and_says_so(planner: Operator) -> None:
    planner.types(*SCHEDULE, TIME, "--yes")
    shown = planner.reads(*SCHEDULE, "2099-12-02 09:00", "--yes", "--never-after", "2099-12-02 18:00")
    assert f"Replaces  mailing 1, which was scheduled for {TIME} PST" in shown
    assert f"before it was scheduled for {TIME} PST" in shown
    assert len(planner.json("mailings", "list")["mailings"]) == 1
    again = planner.json(*SCHEDULE, TIME, "--yes")
    assert (again["mailing"], again["due_at"], again["was_due_at"]) == (
        *(1, "2099-12-01T17:00:00+00:00"),
        "2099-12-02T17:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--at", "2020-12-01 09:00"), "--at: 2020-12-01 09:00 PST has passed"),
        (("--at", "noon"), "--at: that is no day and time"),
        (("--at", "2099-03-08 02:30"), "--at: in America/Los_Angeles clocks never show that time"),
        (
            ("--at", "2099-12-01 09:00+01:00", "--in-reader-time-zone"),
            "--at: a time where each reader is has no offset",
        ),
        (("--at", "2020-12-01 09:00", "--in-reader-time-zone"), "has passed where all of these readers are"),
        (("--at", TIME, "--never-after", TIME), "nobody would get it"),
        (("--every", "fist teusday 9:00"), "--every: "),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(planner: Operator, options: tuple[str, ...], said: str) -> None:
    issue = () if "--every" in options else ("walking",)
    with pytest.raises(TimeUnclear) as why:
        planner.types("schedule", *issue, "--to", "news", *options, "--yes")
    assert said in why.value.why


@pytest.mark.parametrize(
    "words",
    [
        ("schedule",),
        ("schedule", "walking"),
        ("schedule", "walking", "--every", "daily 09:00"),
        ("schedule", "--every", "daily 09:00"),
        ("schedule", "--every", "daily 09:00", "--to", "news", "--again", "because"),
        ("schedule", "walking", "--at", TIME, "--to", "news", "--passed-at-once"),
        ("unschedule", "walking", "--reason", "why"),
        ("unschedule", "walking", "--reason", " "),
        ("unschedule", "recurring", "--reason", "why"),
        ("unschedule", "recurring", "9" * 20, "--reason", "why"),
        ("unschedule", "9" * 20, "--reason", "why"),
        ("unschedule", "1", "2", "--reason", "why"),
        ("calendar", "--days", "3", "--month"),
    ],
)
def test_what_does_not_fit_together_is_said(planner: Operator, words: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError):
        planner.types(*words)


class TestWhereReadersAre:
    @pytest.fixture
    def abroad(self, planner: Operator) -> Operator:
        planner.desk.import_("email,timezone\nann@example.org,Pacific/Kiritimati\n")
        return planner

    def test_it_begins_with_the_first_of_them(self, abroad: Operator) -> None:
        shown = abroad.json(*SCHEDULE, TIME, "--in-reader-time-zone", "--yes")
        assert (shown["due_at"], shown["local_time"]) == ("2099-11-30T19:00:00+00:00", "2099-12-01T09:00")
        assert "where each reader is" in abroad.reads("mailings", "show", "1")

    def test_an_hour_that_has_passed_somewhere_is_refused_with_the_choices(self, abroad: Operator) -> None:
        local = f"{datetime.now(HOME) + timedelta(hours=1):%Y-%m-%d %H:%M}"
        with pytest.raises(SendingRefused, match=r"where 1 of the readers is \(Pacific/Kiritimati\)") as why:
            abroad.types(*SCHEDULE, local, "--in-reader-time-zone", "--yes")
        assert "--passed-at-once" in why.value.next_step
        shown = abroad.reads(*SCHEDULE, local, "--in-reader-time-zone", "--passed-at-once", "--dry-run")
        assert "Begins    with the next run, for 1 at once: there that time has passed" in shown
        done = abroad.json(*SCHEDULE, local, "--in-reader-time-zone", "--passed-at-once", "--yes")
        assert done["state"] == "scheduled"


class TestWhileItIsScheduled:
    def test_it_is_not_sent_a_second_time(self, planner: Operator) -> None:
        planner.types(*SCHEDULE, TIME, "--yes")
        for words in (("send", "walking", "--to", "news", "--yes"), ("mailings", "resume", "1")):
            with pytest.raises(SendingRefused, match=f"is scheduled for {TIME} PST") as why:
                planner.types(*words)
            assert "newsletter unschedule 1" in why.value.next_step
        with pytest.raises(StateForbids) as forbidden:
            planner.types("mailings", "pause", "1")
        assert "newsletter unschedule 1 --reason WHY" in as_json(forbidden.value)["next_step"]
        with pytest.raises(SendingRefused, match="another audience"):
            planner.types("schedule", "walking", "--to", "running", "--at", TIME, "--yes")

    def test_it_is_shown_with_what_holds_it(self, planner: Operator) -> None:
        planner.types(*SCHEDULE, TIME, "--yes")
        hold(planner, "the issue was changed")
        shown = planner.reads("mailings", "show", "1")
        assert "scheduled, held: the issue was changed" in shown
        assert f"scheduled for {TIME} PST by ana" in " ".join(shown.split())
        assert "newsletter unschedule 1" in shown
        assert "2099-12-01 09:00  scheduled  0 of 0 accepted (held)" in planner.reads("mailings", "list")
        assert planner.json("mailings", "show", "1")["held"] == "the issue was changed"

    def test_it_can_be_cancelled(self, planner: Operator) -> None:
        planner.types(*SCHEDULE, TIME, "--yes")
        planner.types("mailings", "cancel", "1", "--reason", "no", "--yes")
        assert planner.desk.mailing(1).state is MailingState.CANCELLED

    @pytest.mark.parametrize("what", ["1", "walking", f"issues{os.sep}walking"])
    def test_it_is_taken_off(self, planner: Operator, what: str) -> None:
        planner.types(*SCHEDULE, TIME, "--yes")
        said = planner.reads("unschedule", what, "--reason", "the hall is not free")
        assert f"is off the schedule. It was scheduled for {TIME} PST." in said
        assert "newsletter schedule walking --to news --at TIME" in said
        mailing = planner.desk.mailing(1)
        assert (mailing.state, mailing.reason) == (MailingState.CANCELLED, "the hall is not free")
        assert planner.json("unschedule", "1", "--reason", "again")["state"] == "cancelled"


class TestRecurring:
    EVERY = ("schedule", "--every", "first tuesday 9:00", "--to", "news")

    def test_it_shows_the_next_times_and_is_kept(self, planner: Operator) -> None:
        shown = planner.reads(*self.EVERY, "--dry-run")
        assert "Every     first tuesday 09:00 (America/Los_Angeles)" in shown
        assert shown.count(" 09:00 P") == 3
        done = planner.types(*self.EVERY, answer="y\n")
        assert "Send the newest issue to news, each time (first tuesday 09:00)?" in done.stderr
        assert "Recurring schedule 1: first tuesday 09:00, to news." in done.stdout
        with pytest.raises(SendingRefused, match="recurring schedule 1 does that already"):
            planner.types(*self.EVERY, "--yes")

    def test_as_json(self, planner: Operator) -> None:
        shown = planner.json(*self.EVERY, "--yes", "--in-reader-time-zone")
        assert (shown["recurrence"], shown["rule"], shown["in_reader_time_zone"]) == (1, "first tuesday 09:00", True)
        assert len(shown["next"]) == 3

    def test_of_nobody_it_is_refused(self, planner: Operator) -> None:
        with pytest.raises(AudienceUnclear):
            planner.types("schedule", "--every", "daily 09:00", "--to", "nobody", "--yes")

    def test_it_is_ended(self, planner: Operator) -> None:
        planner.types(*self.EVERY, "--yes")
        assert "comes no more" in planner.reads("unschedule", "recurring", "1", "--reason", "enough")
        assert planner.json("calendar")["recurring"] == []
        with pytest.raises(RecurrenceNotFound):
            planner.types("unschedule", "recurring", "2", "--reason", "enough")


class TestCalendar:
    def test_an_empty_one_says_how_to_begin(self, planner: Operator) -> None:
        assert "Nothing is planned." in planner.reads("calendar")

    def test_it_shows_what_comes_what_is_held_and_what_was(self, planner: Operator) -> None:
        soon = f"{datetime.now(HOME) + timedelta(days=2):%Y-%m-%d %H:%M}"
        planner.types(*SCHEDULE, soon, "--yes")
        planner.types("schedule", "--every", "daily 09:00", "--to", "news", "--yes")
        hold(planner, "the issue was changed")
        shown = " ".join(planner.reads("calendar").split())
        assert f"{soon} walking to news (mailing 1) held: the issue was changed" in shown
        assert "09:00 the newest issue to news (recurring schedule 1)" in shown
        assert "Recurring 1 daily 09:00, to news" in shown
        told = planner.json("calendar", "--days", "3")
        assert [one["mailing"] for one in told["coming"] if one["mailing"]] == [1]
        assert len([one for one in told["coming"] if one["recurrence"]]) == 3
        planner.types("unschedule", "1", "--reason", "the hall is not free")
        assert "(mailing 1): taken off the hall is not free" in " ".join(planner.reads("calendar").split())
        assert planner.json("calendar", "--month")["since"].endswith(
            ("T08:00:00+00:00", "T07:00:00+00:00", "-08:00", "-07:00")
        )

    def test_what_will_hold_it_is_said_before_its_time(self, planner: Operator) -> None:
        soon = f"{datetime.now(HOME) + timedelta(days=2):%Y-%m-%d %H:%M}"
        planner.types(*SCHEDULE, soon, "--yes")
        assert planner.json("calendar")["coming"][0]["why"] is None
        issue = planner.folder / "issues" / "walking" / "issue.md"
        issue.write_text(ISSUE + "\nOne more line.\n", encoding="utf-8")
        shown = " ".join(planner.reads("calendar").split())
        assert "as it is now, it will be held: since it was planned the issue itself was changed" in shown
        assert "plan it anew: newsletter schedule walking --to news --at TIME" in shown
        assert "sends version 1. As it is now, it will be held" in " ".join(
            planner.reads("approvals", "show", "walking").split()
        )
        assert planner.desk.mailing(1).held == ""
        issue.write_text(ISSUE, encoding="utf-8")
        assert "held" not in planner.reads("calendar")

    def test_what_was_due_and_has_not_begun_stands_by_itself(self, planner: Operator) -> None:
        planner.types(*SCHEDULE, TIME, "--yes")
        with planner.store.write() as connection:
            from sqlalchemy import update

            from newsletter.store import tables as t

            connection.execute(update(t.mailings).values(due_at=planner.now - timedelta(hours=1)))
        assert [one["mailing"] for one in planner.json("calendar")["due"]] == [1]
        assert "Due now" in planner.reads("calendar")


def test_hours_that_are_closed_then_are_shown(planner: Operator) -> None:
    planner.settings('[sending]\nhours = "10:00-12:00"\n')
    shown = " ".join(planner.reads(*SCHEDULE, TIME, "--dry-run").split())
    assert "then it is closed, and opens 2099-12-01 10:00 PST" in shown
