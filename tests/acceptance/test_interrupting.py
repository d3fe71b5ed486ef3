"""Real processes that are stopped politely, meet each other, or find other settings than the mailing began with."""

from __future__ import annotations

import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.fakes.sendgrid import KEY, Behaviour
from tests.support.slow_sendgrid import SlowSendGrid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.sendgrid import FakeSendGrid
    from tests.support.running import Running
    from tests.support.workspace import Workspace

pytestmark = pytest.mark.acceptance
SEND = ("send", "walking", "--to", "friends", "--yes")
READERS = 40


@pytest.fixture
def fake() -> Iterator[SlowSendGrid]:
    with SlowSendGrid() as server:
        yield server


@pytest.fixture
def through(workspace: Workspace, fake: FakeSendGrid) -> Workspace:
    """A workspace that sends to the fake, ten readers a request, two requests at once."""
    workspace.import_readers("email\n" + "".join(f"reader{n}@example.org\n" for n in range(READERS)))
    workspace.environment |= {
        "NEWSLETTER_ESP_NAME": "sendgrid",
        "NEWSLETTER_ESP_SENDGRID_HOST": fake.url,
        "NEWSLETTER_ESP_SENDGRID_RECIPIENTS_PER_REQUEST": "10",
        "NEWSLETTER_ESP_SENDGRID_REQUESTS_IN_FLIGHT": "2",
        "SENDGRID_API_KEY": KEY,
    }
    return workspace


def begun(workspace: Workspace, fake: FakeSendGrid) -> Running:
    """The command, with requests under way."""
    process = workspace.start(*SEND)
    while len(fake.requests) < 2 and process.poll() is None:
        time.sleep(0.01)
    return process


def stopping(workspace: Workspace, fake: FakeSendGrid, number: signal.Signals) -> Running:
    """The command, with requests under way, after it has noticed a signal."""
    process = begun(workspace, fake)
    process.send_signal(number)
    while line := process.stderr.readline():
        if "Stopping" in line:
            return process
    pytest.fail("the signal was not noticed")


def nobody_twice(fake: FakeSendGrid) -> bool:
    return max(Counter(mail.address for mail in fake.mails).values()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_stop_hears_the_answers_under_way_and_leaves_no_doubt(
    through: Workspace, fake: SlowSendGrid, number: signal.Signals
) -> None:
    fake.slow = True
    process = stopping(through, fake, number)
    fake.released.set()
    said, warned = process.communicate(timeout=60)
    assert process.returncode == 3, warned
    assert "newsletter mailings resume 1" in said
    outcomes = through.json("mailings", "show", "1")["outcomes"]
    assert (outcomes["accepted"], outcomes["planned"], outcomes["uncertain"]) == (20, 20, 0)
    through.run(*SEND)
    assert (len(fake.mails), nobody_twice(fake)) == (READERS, True)


def test_a_second_ctrl_c_waits_for_nothing_and_what_was_under_way_is_doubt(
    through: Workspace, fake: SlowSendGrid
) -> None:
    fake.slow = True
    process = stopping(through, fake, signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, warned = process.communicate(timeout=60)
    assert not fake.released.is_set()
    fake.released.set()
    assert (process.returncode, "run the same command again" in warned) == (3, True)
    through.run(*SEND, code=3)
    assert through.json("mailings", "show", "1")["outcomes"]["uncertain"] == 20
    assert nobody_twice(fake)


def test_doubt_is_named_again_by_the_same_command_and_by_its_exit_code(through: Workspace, fake: FakeSendGrid) -> None:
    fake.next(Behaviour.DROP)
    through.run(*SEND, code=3)
    said = through.run(*SEND, code=3).stdout
    assert "may have" in said
    assert "newsletter mailings show 1" in said
    assert "newsletter mailings resolve 1" in through.run("mailings", "show", "1").stdout
    assert through.json(*SEND, code=3)["in_doubt"] == {"1": 10}
    through.run("mailings", "resolve", "1", "--accepted")
    assert "has walking already" in through.run(*SEND).stdout
    assert nobody_twice(fake)


def test_two_commands_at_once_send_once(through: Workspace, fake: SlowSendGrid) -> None:
    fake.slow = True
    first = begun(through, fake)
    assert "another process" in through.run(*SEND, code=4).stderr
    fake.released.set()
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert (len(fake.mails), nobody_twice(fake)) == (READERS, True)


@pytest.fixture
def paused(through: Workspace, fake: FakeSendGrid) -> Workspace:
    """A workspace whose mailing stopped half-way, because the account was refused."""
    fake.next(Behaviour.ACCEPT, Behaviour.UNAUTHORISED)
    said = through.run(*SEND, code=3).stdout
    assert "Put right what it says above" in said
    assert "newsletter mailings resume 1" in said
    return through


def test_a_mailing_is_not_finished_through_another_sender(paused: Workspace) -> None:
    paused.environment["NEWSLETTER_ESP_NAME"] = "outbox"
    assert 'esp.name = "sendgrid"' in paused.run(*SEND, code=4).stderr
    assert paused.mails() == []


def test_an_unfinished_mailing_to_other_lists_is_finished_first(paused: Workspace, fake: FakeSendGrid) -> None:
    paused.import_readers("email\nreader1@example.org\n", to="others")
    refused = paused.run("send", "walking", "--to", "others", "--yes", code=4).stderr
    assert "newsletter send walking --to friends" in refused
    assert paused.json(*SEND)["outcomes"]["accepted"] == READERS
    assert nobody_twice(fake)
