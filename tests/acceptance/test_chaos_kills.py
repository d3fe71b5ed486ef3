"""Each sender and each database, killed again and again while the provider fails: nobody twice, nobody forgotten.

The other pairs of sender and database are what acceptance/soak.py goes through.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.support.chaos import actions
from tests.support.chaos.judging import judge, read
from tests.support.chaos.killing import end_at_once, finish, kill_again_and_again
from tests.support.chaos.providers import Outbox
from tests.support.chaos.servers import SINK, SendGridServer, SinkServer, SmtpServer
from tests.support.chaos.trial import trial_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]
KILLS = 4


def test_the_outbox_leaves_no_doubt(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "workspace"
    with trial_of(folder, database_url, Outbox(folder), readers=600) as trial:
        kill_again_and_again(trial, random.Random(11), KILLS, further=150)
        finish(trial)
        assert judge(trial).counts == {"accepted": 600}
    assert not [*folder.rglob("*.part")]


def test_who_leaves_after_an_interruption_and_has_the_mail_already_is_not_called_excluded(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    with trial_of(folder, "", Outbox(folder), readers=400) as trial:
        end_at_once(trial, actions.at_work(trial, further=30))
        reached = sorted(read(trial).those("in flight") & trial.provider.mails().keys())
        trial.workspace.run("suppressions", "add", *reached[:1], "reader0400@example.org")
        finish(trial)
        assert judge(trial).those("excluded") <= {"reader0400@example.org"}


@pytest.mark.parametrize("backend", ["postgresql"])
def test_sendgrid_fails_after_it_took_the_mail_and_before(tmp_path: Path, database_url: str) -> None:
    first = [
        "accept",
        "error",
        "accept",
        "accept",
        "drop",
        "accept",
        "busy_silent",
        "accept",
        "unavailable",
        "accept",
        "cut",
    ]
    with (
        SendGridServer(tmp_path / "server", first=first, faults={"drop_half_read": 0.05}) as server,
        trial_of(tmp_path / "workspace", database_url, server, readers=300) as trial,
    ):
        kill_again_and_again(trial, random.Random(12), KILLS, further=60)
        finish(trial)
        judge(trial)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_mail_server_drops_connections(tmp_path: Path, database_url: str) -> None:
    faults = dict.fromkeys(("drop", "lost_in_content", "drop_at_rcpt", "drop_at_data", "closing"), 0.01)
    with (
        SmtpServer(tmp_path / "server", seed=13, faults=faults) as server,
        trial_of(tmp_path / "workspace", database_url, server, readers=400) as trial,
    ):
        kill_again_and_again(trial, random.Random(13), KILLS, further=80)
        finish(trial)
        judge(trial)


@pytest.mark.skipif(not SINK, reason="smtp-sink is not installed: apt-get install postfix")
@pytest.mark.parametrize("backend", ["postgresql"])
def test_postfix_has_each_mail_once(tmp_path: Path, database_url: str) -> None:
    with (
        SinkServer(tmp_path / "server") as server,
        trial_of(tmp_path / "workspace", database_url, server, readers=400) as trial,
    ):
        kill_again_and_again(trial, random.Random(14), KILLS, further=80)
        finish(trial)
        judge(trial)
