"""A process that sleeps past its lease, and orders that come from other processes: nobody twice, and no doubt where none is due."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.support.chaos import actions
from tests.support.chaos.judging import judge
from tests.support.chaos.killing import end_at_once, finish
from tests.support.chaos.servers import SendGridServer, SmtpServer
from tests.support.chaos.trial import trial_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.chaos.trial import Trial

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]
READERS = 300


@pytest.fixture(params=["sendgrid", "smtp"])
def trial(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trial]:
    folder = tmp_path / "server"
    smtp = request.param == "smtp"
    server = SmtpServer(folder, connections=1, delay=0.005) if smtp else SendGridServer(folder, delay=0.1)
    with server, trial_of(tmp_path / "workspace", "", server, READERS) as made:
        yield made


def test_who_wakes_after_another_took_over_sends_nothing_twice(trial: Trial) -> None:
    sleeper = actions.at_work(trial, further=20)
    assert actions.fall_asleep(trial, sleeper)
    other = actions.taken_over(trial)
    sleeper.send_signal(signal.SIGCONT)
    assert trial.interrupted(sleeper) == 3
    trial.interrupted(other)
    finish(trial)
    judge(trial)


def test_an_order_to_pause_is_obeyed_and_the_rest_is_sent_later(trial: Trial) -> None:
    process = actions.at_work(trial, further=20)
    trial.run("mailings", "pause", str(trial.number), "--reason", "a wrong date")
    trial.interrupted(process)
    paused = judge(trial, state="paused")
    assert paused.counts.keys() == {"accepted", "planned"}
    trial.provider.hurry()
    assert trial.run().returncode == 0
    assert judge(trial).counts == {"accepted": READERS}


def test_an_order_to_cancel_keeps_what_was_accepted_and_sends_no_more(trial: Trial) -> None:
    process = actions.at_work(trial, further=20)
    trial.run("mailings", "cancel", str(trial.number), "--reason", "a wrong dose", "--yes")
    trial.interrupted(process)
    ledger = judge(trial, state="cancelled")
    assert ledger.counts.keys() == {"accepted", "cancelled"}
    assert ledger.counts["cancelled"] > READERS // 3


def test_cancelling_what_was_killed_leaves_no_more_doubt_than_there_is(trial: Trial) -> None:
    end_at_once(trial, actions.at_work(trial, further=20))
    trial.run("mailings", "cancel", str(trial.number), "--reason", "a wrong dose", "--yes")
    assert judge(trial, state="cancelled").counts["cancelled"] > READERS // 3


@pytest.mark.parametrize("trial", ["smtp"], indirect=True)
def test_a_polite_stop_leaves_no_doubt(trial: Trial) -> None:
    """By SIGTERM; that Ctrl-C is the same is held by test_interrupting.py."""
    process = actions.at_work(trial, further=20)
    process.send_signal(signal.SIGTERM)
    assert trial.interrupted(process) == 3
    assert judge(trial, state="sending").counts.keys() == {"accepted", "planned"}
