"""`newsletter run-due` in real processes: overlapping, told to stop, and killed in the middle."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.events import inbox
from tests.fakes.sendgrid import KEY
from tests.support import due
from tests.support.slow_sendgrid import SlowSendGrid
from tests.support.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.model.mailing import MailingState
    from tests.support.running import Running

pytestmark = pytest.mark.acceptance
READERS = 40


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("due") / "made"
    due.make(folder, [f"reader{number}@example.org" for number in range(READERS)])
    return folder


@pytest.fixture
def fake() -> Iterator[SlowSendGrid]:
    with SlowSendGrid() as server:
        yield server


@pytest.fixture
def workspace(made: Path, tmp_path: Path, fake: SlowSendGrid) -> Workspace:
    """Its mailing is due now, to ten readers a request, two requests at once."""
    folder = tmp_path / "workspace"
    shutil.copytree(made, folder)
    now = datetime.now(UTC)
    store = Store(f"sqlite:///{folder / 'newsletter.db'}")
    with store.write() as connection:
        times = {"due_at": now - timedelta(minutes=1), "start_by": now + timedelta(hours=1)}
        connection.execute(t.mailings.update().values(sender="sendgrid", **times))
    store.close()
    settings = {
        "NEWSLETTER_ESP_NAME": "sendgrid",
        "NEWSLETTER_ESP_SENDGRID_HOST": fake.url,
        "NEWSLETTER_ESP_SENDGRID_RECIPIENTS_PER_REQUEST": "10",
        "NEWSLETTER_ESP_SENDGRID_REQUESTS_IN_FLIGHT": "2",
        "SENDGRID_API_KEY": KEY,
    }
    return Workspace(folder, settings)


def at_work(workspace: Workspace, fake: SlowSendGrid) -> Running:
    """With two requests under way, which wait for their answers."""
    fake.slow = True
    process = workspace.start("run-due")
    while len(fake.requests) < 2 and process.poll() is None:
        time.sleep(0.01)
    return process


def state_of(workspace: Workspace) -> MailingState:
    store = Store(f"sqlite:///{workspace.database}")
    try:
        with store.read() as connection:
            return mailings.state_of(connection, 1)
    finally:
        store.close()


def times(fake: SlowSendGrid) -> set[int]:
    """How often a reader got it."""
    return {*Counter(mail.address for mail in fake.mails).values()}


def test_while_one_run_sends_another_does_the_rest_and_nobody_gets_it_twice(
    workspace: Workspace, fake: SlowSendGrid
) -> None:
    first = at_work(workspace, fake)
    store = Store(f"sqlite:///{workspace.database}")
    with store.write() as connection:
        inbox.add(connection, "sendgrid", b"[]", datetime.now(UTC))
    store.close()
    second = workspace.run("run-due", "--json")
    did = {one["name"]: one for one in json.loads(second.stdout)["parts"]}
    assert (did["inbox"]["done"]["reports"], did["mailing 1"]["state"]) == (1, "elsewhere")
    assert second.stderr == ""
    fake.released.set()
    said = first.communicate(timeout=60)
    assert (first.returncode, said) == (0, ("", ""))
    assert (state_of(workspace), len(fake.mails), times(fake)) == ("finished", READERS, {1})


def test_told_to_stop_it_hears_what_is_under_way_and_the_next_run_goes_on(
    workspace: Workspace, fake: SlowSendGrid
) -> None:
    process = at_work(workspace, fake)
    process.send_signal(signal.SIGTERM)
    assert "Stopping" in process.stderr.readline() + process.stderr.readline()
    fake.released.set()
    process.communicate(timeout=60)
    assert (process.returncode, state_of(workspace), len(fake.mails)) == (0, "sending", 20)
    workspace.run("run-due")
    assert (state_of(workspace), len(fake.mails), times(fake)) == ("finished", READERS, {1})


def test_killed_in_the_middle_the_next_run_sends_the_rest_and_names_the_doubt_once(
    workspace: Workspace, fake: SlowSendGrid
) -> None:
    at_work(workspace, fake).kill()
    fake.released.set()
    said = workspace.run("run-due", code=3).stderr
    assert "mailing 1 (walking) is finished, but 20 uncertain" in said
    again = workspace.run("run-due")
    assert (again.stdout, again.stderr) == ("", "")
    assert (len(fake.mails), times(fake)) == (READERS, {1})
