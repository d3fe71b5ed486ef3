"""Doubt is settled by what the provider reports, or by a person's word, and then everybody has exactly one mail."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.support.chaos.hooked import Pages, free_port, hook_at, told_everything
from tests.support.chaos.judging import judge
from tests.support.chaos.killing import finish, kill_again_and_again
from tests.support.chaos.servers import SendGridServer, SmtpServer
from tests.support.chaos.trial import trial_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_signed_reports_settle_what_was_taken_and_the_rest_can_be_sent(tmp_path: Path, database_url: str) -> None:
    port = free_port()
    first = ["accept", "drop", "accept", "drop_unread", "accept", "error"]
    with (
        SendGridServer(tmp_path / "server", webhook=hook_at(port), first=first) as server,
        trial_of(tmp_path / "workspace", database_url, server, readers=200) as trial,
        Pages(trial, port) as pages,
    ):
        kill_again_and_again(trial, random.Random(21), 1, further=60)
        pages.kill()
        kill_again_and_again(trial, random.Random(22), 1, further=60)
        pages.start()
        finish(trial)
        told_everything(trial, server)
        left = judge(trial, settled=True).those("uncertain")
        if left:  # nobody but the provider knows that they were never taken
            server.start()
            trial.run("mailings", "resolve", str(trial.number), "--not-sent")
            finish(trial)
        assert judge(trial).counts == {"accepted": 200}


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_person_who_looks_into_the_servers_log_settles_the_rest(tmp_path: Path, database_url: str) -> None:
    faults = {"drop": 0.02, "lost_in_content": 0.02}
    with (
        SmtpServer(tmp_path / "server", seed=23, faults=faults) as server,
        trial_of(tmp_path / "workspace", database_url, server, readers=300) as trial,
    ):
        kill_again_and_again(trial, random.Random(23), 3, further=80)
        finish(trial)
        ledger, mails = judge(trial), server.mails()
        doubtful = ledger.those("uncertain")
        assert doubtful
        server.faults = {}
        server.kill()
        server.start()
        for word, them in (("--accepted", doubtful & mails.keys()), ("--not-sent", doubtful - mails.keys())):
            named = [part for address in them for part in ("--delivery", str(ledger.numbers[address]))]
            if named:
                trial.run("mailings", "resolve", str(trial.number), word, *named)
        finish(trial)
        assert judge(trial).counts == {"accepted": 300}
