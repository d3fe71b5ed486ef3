"""A sending process is killed at any moment; its journal must not lie about one message."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from newsletter.model.letter import Verdict
from tests.fakes.smtp import FakeSmtp

if TYPE_CHECKING:
    from tests.esp.smtp_bench import Smtp

#: two threads hand over chunks of 20, one after the other, until somebody ends it
_SENDING = """
import os, pathlib, sys, threading
from newsletter.esp.smtp.sender import SmtpSender
from newsletter.settings.schema import SmtpSection
from tests.compose.letters import envelope, letter

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
settings = SmtpSection(port=port, connections=2, messages_per_connection=30)
sender = SmtpSender(settings, journal=folder, sender="letters@example.org")
given = letter()

def send(first):
    for chunk in range(first, 500, 2):
        readers = [envelope(chunk * 20 + at) for at in range(20)]
        os.write(1, b'%d\\n' % chunk)
        sender.submit(given, f"attempt-{chunk}", readers)

threads = [threading.Thread(target=send, args=(first,)) for first in (0, 1)]
for thread in threads:
    thread.start()
"""


@pytest.mark.parametrize("round_", range(4))
def test_what_the_server_has_is_never_called_not_begun(smtp: Smtp, round_: int) -> None:
    chance = random.Random(round_)
    folder = smtp.folder / ".newsletter" / "journal"
    with FakeSmtp(pipelining=round_ % 2 == 0) as fake:
        command = [sys.executable, "-c", _SENDING, str(fake.port), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            started = [process.stdout.readline()]
            time.sleep(chance.uniform(0, 0.15))
            process.kill()
            started += process.stdout.readlines()
        fake.settle()
        got = Counter(int(mail.recipient.removeprefix("reader").partition("@")[0]) for mail in fake.mails)
    assert set(got.values()) <= {1}
    doubts = 0
    sender = smtp(25)
    for chunk in map(int, started):
        numbers = range(chunk * 20, chunk * 20 + 20)
        answer = sender.recall(f"attempt-{chunk}", numbers)
        if answer.verdict is Verdict.UNCERTAIN:  # killed before its journal was begun
            assert not got.keys() & set(numbers)
            continue
        assert answer.taken <= got.keys()
        assert not got.keys() & (set(numbers) - answer.taken - answer.doubtful.keys())
        doubts += len(answer.doubtful)
    assert doubts <= 2  # one for each connection
