"""What `send` shows before it asks, what it says in the end, and its exit codes."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from newsletter.errors import NotReadyForReaders, PauseStands, SendingRefused, StateForbids, TimeUnclear
from newsletter.model.mailing import MailingState, Outcome
from newsletter.store import tables as t
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from tests.support.operator import Operator

SEND = ("send", "walking", "--to", "news")


@pytest.fixture
def sender(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Of an issue to five readers, through the outbox."""
    monkeypatch.setenv("NEWSLETTER_SECRET", "a secret of the tests")
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    issue = operator.folder / "issues" / "walking" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(ISSUE, encoding="utf-8")
    operator.desk.readers(5)
    operator.now = datetime.now(UTC)
    return operator


def closed(now: datetime) -> str:
    """Hours of a day, in Los Angeles, that are at least a few hours away."""
    from zoneinfo import ZoneInfo

    begins = (now.astimezone(ZoneInfo("America/Los_Angeles")).hour + 6) % 23
    return f'[sending]\nhours = "{begins:02}:00-{begins + 1:02}:00"\nper_second = 50\n'


def test_all_that_is_meant_is_shown_before_it_asks(sender: Operator) -> None:
    sender.settings('[sending]\nper_second = 2.5\nper_hour = 10\nhours = "00:00-24:00"\n')
    latest = (datetime.now(UTC) + timedelta(minutes=13)).isoformat(" ", "seconds")
    asked = sender.types(*SEND, "--never-after", latest, answer="n\n")
    assert (asked.return_value, "Not sent." in asked.stderr) == (2, True)
    shown = " ".join(asked.stdout.split())
    assert "Through outbox (no mail leaves this machine" in shown
    assert "Pace at most 2.5 a second, 10 an hour: about 30 minutes for all" in shown
    assert "Window 00:00-24:00 (America/Los_Angeles)" in shown
    assert "who does not have it by then does not get it" in shown
    assert "At this pace about 3 of them would not get it." in shown
    assert max(map(len, asked.stdout.splitlines())) <= 80


def test_a_latest_time_before_mail_may_leave_reaches_nobody(sender: Operator) -> None:
    sender.settings(closed(datetime.now(UTC)))
    latest = (datetime.now(UTC) + timedelta(minutes=13)).isoformat(" ", "seconds")
    assert "nobody would get it." in sender.reads(*SEND, "--dry-run", "--never-after", latest)


def test_nothing_is_said_of_terms_that_nobody_set(sender: Operator) -> None:
    shown = sender.reads(*SEND, "--dry-run")
    assert not any(word in shown for word in ("Pace", "Window", "Latest"))


def test_a_dry_run_as_json_has_everything(sender: Operator) -> None:
    sender.settings("[sending]\nper_hour = 10\n")
    shown = sender.json(*SEND, "--dry-run", "--never-after", "2099-12-01 18:00")
    assert (shown["sender"], shown["fallback"], shown["refusals"], shown["too_late"]) == ("outbox", [], [], 0)
    assert (shown["terms"]["per_hour"], shown["terms"]["latest_at"]) == (10, "2099-12-02T02:00:00+00:00")
    assert shown["remarks"] == {}


def test_what_the_sender_cannot_carry_is_said(sender: Operator) -> None:
    sender.settings("[tracking]\nopens = true\n")
    assert "          - the outbox notes no opens and clicks\n" in sender.reads(*SEND, "--dry-run")


def test_quiet_says_nothing_while_all_is_well(sender: Operator) -> None:
    for _ in range(2):  # the second finds everybody served
        done = sender.types(*SEND, "--yes", "-q")
        assert (done.return_value or 0, done.stdout) == (0, "")
    assert sender.desk.tally(1).outcomes == {Outcome.ACCEPTED: 5}


def test_quiet_shows_what_it_asks_about(sender: Operator) -> None:
    asked = sender.types(*SEND, "-q", answer="y\n")
    assert "To        news: 5 readers" in asked.stdout
    assert asked.return_value == 0


def test_without_quiet_it_tells_what_became_of_it(sender: Operator) -> None:
    said = sender.reads(*SEND, "--yes")
    assert "Mailing 1: sending walking to news through outbox.\nMailing 1: walking to news, finished\n" in said
    assert f"The mails are in {sender.folder / 'outbox' / '1'}" in said


def test_quiet_keeps_back_what_the_ledger_tells_too(
    sender: Operator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as that another sender took over: cron would mail it."""
    from newsletter.cli.send.run import run

    def changing(*all_: Any, **options: Any) -> Any:
        logging.getLogger("newsletter.deliver.route").warning("smtp takes over")
        return run(*all_, **options)

    monkeypatch.setattr("newsletter.cli.send.going.run", changing)
    sender.types(*SEND, "--yes", "-q")
    assert caplog.messages == []
    sender.types(*SEND, "--yes", "--again", "corrected")
    assert caplog.messages == ["smtp takes over"]


class TestLatestTime:
    def test_it_is_kept_with_the_mailing_and_shown(self, sender: Operator) -> None:
        sender.types(*SEND, "--yes", "--never-after", "2099-12-01 18:00")
        assert sender.desk.mailing(1).latest_at == datetime(2099, 12, 2, 2, tzinfo=UTC)
        assert "nobody gets it after 2099-12-01 18:00 PST" in sender.reads("mailings", "show", "1")

    def test_one_that_has_passed_or_is_no_time_plans_nothing(self, sender: Operator) -> None:
        for text in ("2020-12-01 18:00", "noon"):
            with pytest.raises(TimeUnclear, match="--never-after"):
                sender.types(*SEND, "--yes", "--never-after", text)
        assert sender.json("mailings", "list") == {"mailings": []}

    def test_that_of_an_unfinished_mailing_stays(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes", "--never-after", "2099-12-01 18:00")
        with pytest.raises(SendingRefused, match="its latest time is 2099-12-01 18:00 PST") as why:
            sender.types(*SEND, "--yes", "--never-after", "2099-12-02 18:00")
        assert "newsletter mailings cancel 1" in why.value.next_step
        assert sender.types(*SEND, "--never-after", "2099-12-01 18:00").return_value == 3


class TestOutsideItsHours:
    def test_it_is_planned_and_says_when_and_how_it_goes_on(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        done = sender.types(*SEND, "--yes", "-q")
        assert done.return_value == 3
        said = " ".join(done.stdout.split())
        assert "Mailing 1: walking to news, sending planned 5 audience 5 mail may leave" in said
        assert "on, run: newsletter mailings resume 1" in said

    def test_json_says_when(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        told = sender.json(*SEND, "--yes")
        assert (told["state"], told["ended"]) == ("sending", "closed")
        assert datetime.fromisoformat(told["goes_on_at"]) > sender.now

    def test_resuming_in_its_hours_sends_the_rest(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        sender.settings("")
        done = sender.types("mailings", "resume", "1")
        assert "Mailing 1: walking to news, finished\n  accepted           5" in done.stdout
        assert done.return_value == 0


class TestResuming:
    def test_a_paused_mailing_goes_on(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        sender.types("mailings", "pause", "1")
        sender.settings("")
        done = sender.types("mailings", "resume", "1", "-q")
        assert (done.return_value, done.stdout) == (0, "")
        assert sender.desk.mailing(1).state is MailingState.FINISHED

    @pytest.mark.parametrize("by", ["person", "alarm"])
    def test_a_pause_by_a_person_or_the_alarm_is_not_lifted_by_sending(self, by: str, sender: Operator) -> None:
        """As cron would, every ten minutes."""
        from newsletter.cli.words import exit_code, explain

        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        sender.types("mailings", "pause", "1", "--reason", "wrong date")
        with sender.store.write() as connection:
            connection.execute(t.mailings.update().values(paused_by=by))
        sender.settings("")
        with pytest.raises(PauseStands) as why:
            sender.types(*SEND, "--yes", "-q")
        assert exit_code(why.value) == 4
        assert "Mailing 1 was paused (by hand: wrong date)" in explain(why.value)
        assert "When that is settled: newsletter mailings resume 1" in explain(why.value)
        assert sender.desk.tally(1).outcomes == {Outcome.PLANNED: 5}
        assert sender.types("mailings", "resume", "1").return_value == 0
        assert sender.desk.mailing(1).paused_by is None

    def test_who_were_put_off_are_tried_at_once_when_a_person_lets_it_go_on(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        with sender.store.write() as connection:
            connection.execute(t.chunks.update().values(not_before=sender.now + timedelta(hours=1)))
        assert "to try them at once: newsletter mailings pause 1, then resume 1" in sender.reads(
            "mailings", "show", "1"
        )
        sender.types("mailings", "pause", "1")
        sender.settings("")
        assert sender.types("mailings", "resume", "1").return_value == 0
        assert sender.desk.tally(1).outcomes == {Outcome.ACCEPTED: 5}

    def test_a_pause_for_trouble_is_lifted_by_sending(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        with sender.store.write() as connection:
            connection.execute(t.mailings.update().values(state="paused", reason="no connection"))
        sender.settings("")
        assert sender.types(*SEND, "--yes", "-q").return_value == 0

    def test_what_was_fixed_when_it_began_is_not_asked_for_in_vain(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        for words in (("--again", "corrected"), ("--override", "link-target", "it opens on Monday")):
            with pytest.raises(SendingRefused, match=f"is not finished: {words[0]} would change nothing") as why:
                sender.types(*SEND, "--yes", *words)
            assert f"Finish it without {words[0]}" in why.value.next_step
            assert "newsletter mailings cancel 1" in why.value.next_step

    def test_a_dry_run_of_it_says_that_nothing_was_sent(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        assert sender.reads(*SEND, "--dry-run").endswith("Nothing was sent (--dry-run).\n")

    def test_one_that_is_over_does_not(self, sender: Operator) -> None:
        sender.types(*SEND, "--yes")
        with pytest.raises(StateForbids):
            sender.types("mailings", "resume", "1")

    def test_one_begun_through_another_sender_does_not(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        with sender.store.write() as connection:
            connection.execute(t.mailings.update().values(sender="sendgrid"))
        for words in (("mailings", "resume", "1"), SEND):
            with pytest.raises(SendingRefused, match="begun through sendgrid"):
                sender.types(*words)


class TestRealSenders:
    """No connection is made: base_url is on this machine."""

    REAL = '[esp]\nname = "smtp"\nfallback = "outbox"\n[esp.smtp]\nhost = "mail.invalid"\n'

    @pytest.fixture
    def real(self, sender: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
        monkeypatch.setenv("NEWSLETTER_NEWSLETTER_BASE_URL", "https://127.0.0.1:1")
        sender.settings(self.REAL)
        return sender

    def test_everything_that_is_wrong_is_told_before_anything_is_planned(self, real: Operator) -> None:
        with pytest.raises(NotReadyForReaders) as why:
            real.types(*SEND, "--yes")
        told = [one.why.split(" ")[0] for one in why.value.refusals]
        assert told == ["of", "sender.postal_address", "letters@example.org", "newsletter.base_url"]
        assert real.json("mailings", "list") == {"mailings": []}

    def test_a_proof_is_refused_alike(self, real: Operator) -> None:
        with pytest.raises(NotReadyForReaders) as why:
            real.types("proof", "walking", "--to", "colleague@example.org")
        assert len(why.value.refusals) == 3

    def test_a_dry_run_shows_it_and_changes_nothing(self, real: Operator) -> None:
        shown = real.reads(*SEND, "--dry-run")
        assert "Through   smtp; if it cannot be reached for 15 minutes, outbox" in shown
        assert "Stopped   Real mail must not leave yet:\n" in shown
        assert "127.0.0.1 is not a public address" in shown
        assert len(real.json(*SEND, "--dry-run")["refusals"]) == 4

    def test_a_mailing_that_was_planned_does_not_go_on_either(self, sender: Operator) -> None:
        sender.settings(closed(sender.now))
        sender.types(*SEND, "--yes")
        with sender.store.write() as connection:
            assert connection.scalar(select(t.mailings.c.real)) is False
            connection.execute(t.mailings.update().values(real=True))
        sender.settings(self.REAL)
        with pytest.raises(NotReadyForReaders):
            sender.types("mailings", "resume", "1")
        assert sender.desk.tally(1).outcomes == {Outcome.PLANNED: 5}

    def test_its_words_have_each_reason_with_what_to_do(self, real: Operator) -> None:
        from newsletter.cli.words import as_json, exit_code, explain

        with pytest.raises(NotReadyForReaders) as why:
            real.types(*SEND, "--yes")
        said = explain(why.value)
        assert exit_code(why.value) == 4
        assert said.startswith("Real mail must not leave yet, so nothing was sent.\n  - of the two senders")
        assert max(map(len, said.splitlines())) <= 80
        refusals = as_json(why.value)["refusals"]
        assert all(one["next_step"] in " ".join(said.split()) for one in refusals)
        assert json.dumps(refusals)
