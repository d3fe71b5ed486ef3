"""PostgreSQL is started again while mail is sent: it goes on, or stops with words, and nobody gets a second mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.chaos import actions
from tests.support.chaos.database import restarting_server
from tests.support.chaos.judging import judge
from tests.support.chaos.killing import finish
from tests.support.chaos.providers import Outbox
from tests.support.chaos.servers import SendGridServer, SmtpServer
from tests.support.chaos.trial import trial_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.chaos.database import Restarting
    from tests.support.chaos.providers import Provider

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]
READERS = 200


@pytest.fixture(scope="module")
def server() -> Iterator[Restarting]:
    with restarting_server("unused") as (running, _):
        yield running


@pytest.fixture
def url(server: Restarting) -> Iterator[str]:
    server.command("CREATE DATABASE chaos")
    yield server.url("chaos")
    server.command("DROP DATABASE chaos WITH (FORCE)")


@pytest.mark.parametrize("sender", ["outbox", "sendgrid", "smtp"])
def test_a_crash_of_the_database_loses_no_attempt(tmp_path: Path, server: Restarting, url: str, sender: str) -> None:
    workspace, folder = tmp_path / "workspace", tmp_path / "server"
    provider: Provider = Outbox(workspace)
    if sender != "outbox":
        provider = SendGridServer(folder, delay=0.1) if sender == "sendgrid" else SmtpServer(folder, delay=0.005)
    provider.start()
    try:
        with trial_of(workspace, url, provider, READERS) as trial:
            process = actions.at_work(trial, further=20)
            server.restart()
            trial.breaks += 1
            trial.store.close()
            code = trial.interrupted(process, patience=60)
            assert code in {0, 3, 5}
            provider.hurry()
            finish(trial)
            assert len(judge(trial).those("accepted")) >= READERS - provider.lost_with_a_kill
    finally:
        provider.kill()
