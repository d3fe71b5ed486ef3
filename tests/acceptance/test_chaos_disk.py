"""No room on the disk in the middle of sending: nothing is lost, it stops with words or goes on, and ends as it should."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.chaos import actions
from tests.support.chaos.judging import judge, judge_mails, read
from tests.support.chaos.killing import finish
from tests.support.chaos.providers import Outbox
from tests.support.chaos.servers import SendGridServer, SmtpServer
from tests.support.chaos.trial import trial_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.chaos.providers import Provider

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]
READERS = 300
#: a small disk can be mounted by root only; everybody may forbid a process to make files longer
SMALL = "disk" if os.geteuid() == 0 else "limit"


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "limit":
        yield folder
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(
    ("disk", "sender"), [("limit", "outbox"), (SMALL, "sendgrid"), ("limit", "smtp")], indirect=["disk"]
)
def test_a_disk_that_is_full_for_some_time(disk: Path, tmp_path: Path, sender: str) -> None:
    workspace, folder = disk / "workspace", tmp_path / "server"
    provider: Provider = Outbox(workspace)
    if sender != "outbox":
        provider = SendGridServer(folder, delay=0.05) if sender == "sendgrid" else SmtpServer(folder, delay=0.003)
    provider.start()
    try:
        with trial_of(workspace, "", provider, READERS) as trial:
            trial.workspace.environment["NEWSLETTER_SENDING_RETRY_MINUTES"] = "0"
            process = actions.at_work(trial, further=20)
            with actions.full(disk) if os.path.ismount(disk) else actions.no_longer_files(process):
                trial.breaks += 1
                time.sleep(0.5)  # long enough to run into it, whatever it is at; nothing below depends on it
                judge_mails(read(trial), provider.mails())
            trial.interrupted(process, patience=60)
            provider.hurry()
            finish(trial)
            judge(trial)
    finally:
        provider.kill()
