"""`newsletter ... | head -1`: whoever reads the output may go; a mailing goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newsletter.model.mailing import Outcome
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from tests.support.operator import Operator

pytestmark = pytest.mark.thorough


@pytest.fixture
def workspace(operator: Operator) -> Operator:
    issue = operator.folder / "issues" / "walking" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(ISSUE, encoding="utf-8")
    operator.desk.readers(5)
    return operator


def unread(operator: Operator, *words: str, unbuffered: str = "") -> tuple[int, str]:
    """Exit code and standard error of a command whose output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "NEWSLETTER_SECRET": "a secret of the tests", "NEWSLETTER_CHECKS_SPAM_FILTER": "false"}
    environment["PYTHONUNBUFFERED"] = unbuffered
    typed = [sys.executable, "-m", "newsletter.cli", "-C", str(operator.folder), *words]
    try:
        done = subprocess.run(typed, stdout=writing, stderr=subprocess.PIPE, env=environment, check=False, text=True)
    finally:
        os.close(writing)
    return done.returncode, done.stderr


def test_a_mailing_is_sent_though_nobody_reads_what_is_said(workspace: Operator) -> None:
    assert unread(workspace, "send", "walking", "--to", "news", "--yes") == (0, "")
    assert workspace.desk.tally(1).outcomes == {Outcome.ACCEPTED: 5}


def test_its_exit_code_stays(workspace: Operator) -> None:
    workspace.settings('[sending]\ndays = ["mon"]\nhours = "00:00-00:01"\n')
    assert unread(workspace, "send", "walking", "--to", "news", "--yes")[0] == 3
    assert unread(workspace, "mailings", "resume", "1")[0] == 3


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_other_commands_end_without_a_word(unbuffered: str, workspace: Operator) -> None:
    assert unread(workspace, "mailings", "list", unbuffered=unbuffered) == (0, "")
