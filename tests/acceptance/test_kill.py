"""`kill -9` at random moments of a real process, and the same command again: each address exactly one mail."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.fakes.sendgrid import KEY, Behaviour, FakeSendGrid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.support.workspace import Workspace

pytestmark = pytest.mark.acceptance
READERS = 1200


def readers(count: int) -> list[str]:
    return [f"reader{number:05}@example.org" for number in range(count)]


def import_readers(workspace: Workspace, count: int) -> list[str]:
    addresses = readers(count)
    workspace.import_readers("email,first_name\n" + "".join(f"{a},Name {a[:11]}\n" for a in addresses))
    return addresses


def killed_runs(
    workspace: Workspace, further: Sequence[int], mails: Callable[[], int], look: Callable[[], None] = lambda: None
) -> None:
    """Start the command and kill it soon after so many further mails are out, again and again."""
    chance = random.Random(20261124)
    for count in further:
        before = mails()
        process = workspace.start("send", "walking", "--to", "friends", "--yes")
        while mails() < before + count and process.poll() is None:
            time.sleep(0.001)
        # before the first mail there is much to be killed at: checking, rendering, planning
        time.sleep(chance.uniform(0, 0.02 if count else 0.3))
        process.kill()
        look()


def recipients(workspace: Workspace) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in workspace.mails():
        to = re.search(rb"^To: .*?([a-z0-9]+@example\.org)", path.read_bytes(), re.MULTILINE | re.DOTALL)
        assert to, path
        found[to[1].decode()] += 1
    return found


def test_an_outbox_send_survives_kills_with_exactly_one_mail_each(workspace: Workspace) -> None:
    addresses = import_readers(workspace, READERS)
    chance = random.Random(20261124)

    def the_sum_holds() -> None:
        for mailing in workspace.json("mailings", "list")["mailings"]:
            assert mailing["sum"] == mailing["audience"] == READERS

    killed_runs(workspace, [0, 0, *chance.sample(range(1, 250), 4)], lambda: len(workspace.mails()), the_sum_holds)
    workspace.run("send", "walking", "--to", "friends", "--yes")
    shown = workspace.json("mailings", "show", "1")
    assert shown["outcomes"]["accepted"] == READERS
    assert recipients(workspace) == Counter(addresses)


def test_sendgrid_dropping_answers_and_kills_mail_nobody_twice_and_doubt_is_named(workspace: Workspace) -> None:
    addresses = import_readers(workspace, 400)
    chance = random.Random(1)
    with FakeSendGrid() as fake:
        workspace.environment |= {
            "NEWSLETTER_ESP_NAME": "sendgrid",
            "NEWSLETTER_ESP_SENDGRID_HOST": fake.url,
            "NEWSLETTER_ESP_SENDGRID_RECIPIENTS_PER_REQUEST": "10",
            "NEWSLETTER_ESP_SENDGRID_REQUESTS_IN_FLIGHT": "3",
            "SENDGRID_API_KEY": KEY,
        }
        fake.delay = 0.03
        fake.next(*(chance.choice([Behaviour.ACCEPT, Behaviour.DROP]) for _ in range(10)))
        killed_runs(workspace, [0, *chance.sample(range(1, 100), 3)], lambda: len(fake.mails))
        workspace.run("send", "walking", "--to", "friends", "--yes", code=3)
        taken = Counter(mail.address for mail in fake.mails)
    assert max(taken.values()) == 1
    shown = workspace.json("mailings", "show", "1")
    outcomes = shown["outcomes"]
    assert outcomes["accepted"] + outcomes["uncertain"] == shown["audience"] == 400
    assert outcomes["uncertain"] > 0
    # whatever was not accepted for sure is named as doubt, and nobody is missing from the sum
    assert len(taken) >= outcomes["accepted"]
    assert set(taken) <= set(addresses)
    said = workspace.run("mailings", "show", "1").stdout
    assert "newsletter mailings resolve 1" in said
