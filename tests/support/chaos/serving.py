"""A mail server as a process of its own: what it took, and the faults that leave doubt, go to files at once.

    python -m tests.support.chaos.serving sendgrid|smtp FOLDER --port 0 --seed 1 --delay 0.02 --fault drop=0.05

`FOLDER/mails` gets a line for each mail that was taken, before the answer leaves; `FOLDER/doubts` one for each fault after
which the sender cannot know. The first line that it prints is its port.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid import UNTAKEN, Behaviour, FakeSendGrid
from tests.fakes.sendgrid.webhooks import Manners, Signer, Webhooks
from tests.fakes.smtp import FakeSmtp
from tests.fakes.smtp_behaviour import TAKEN
from tests.fakes.smtp_behaviour import Behaviour as SmtpBehaviour

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fakes.smtp import Mail

#: an answer that says certainly whether it was taken
_CLEAR = {
    *(Behaviour.ACCEPT, Behaviour.SLOW, Behaviour.DRIP),
    *(one for one in UNTAKEN if one.name.startswith(("BUSY", "BLAME"))),
    *(Behaviour.UNAUTHORISED, Behaviour.FORBIDDEN, Behaviour.TOO_LARGE, Behaviour.SUBSTITUTIONS, Behaviour.REFUSE),
}
_DOUBTFUL = (TAKEN - {SmtpBehaviour.ACCEPT}) | {SmtpBehaviour.LOST_IN_CONTENT}


class Notes:
    """Lines of a file, each written at once and whole."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, lines: Iterable[str]) -> None:
        os.write(self._handle, "".join(f"{line}\n" for line in lines).encode())


class SendGrid(FakeSendGrid):
    def __init__(self, folder: Path, **more: Any) -> None:
        super().__init__(keep=False, **more)
        self._taken, self._doubts = Notes(folder / "mails"), Notes(folder / "doubts")

    def behaviour(self) -> Behaviour:
        met = super().behaviour()
        if met not in _CLEAR:
            self._doubts.add([met.name])
        return met

    def take(self, body: dict[str, Any]) -> None:
        self._taken.add(one["to"][0]["email"] for one in body["personalizations"])
        super().take(body)


class Smtp(FakeSmtp):
    def __init__(self, folder: Path, seed: int, **more: Any) -> None:
        super().__init__(**more)
        self._chance.seed(seed)
        self._taken, self._doubts = Notes(folder / "mails"), Notes(folder / "doubts")

    def behaviour(self) -> SmtpBehaviour:
        met = super().behaviour()
        if met in _DOUBTFUL:
            self._doubts.add([met.name])
        return met

    def take(self, mail: Mail) -> None:
        self._taken.add([mail.recipient])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("kind", choices=("sendgrid", "smtp"))
    options.add_argument("folder", type=Path)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--delay", type=float, default=0.0)
    options.add_argument("--fault", dest="faults", action="append", default=[], metavar="NAME=SHARE")
    options.add_argument("--first", default="", help="what the first messages or requests meet, with commas between")
    options.add_argument("--webhook", default="", help="where signed events go")
    given = options.parse_args()
    fake = _sendgrid(given) if given.kind == "sendgrid" else _smtp(given)
    sys.stdout.write(f"{fake.port if isinstance(fake, Smtp) else fake.url.rpartition(':')[2]}\n")
    sys.stdout.flush()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with fake, contextlib.suppress(KeyboardInterrupt):
        ended.wait()
        if isinstance(fake, SendGrid) and fake.webhooks:
            (given.folder / "posted").write_text(json.dumps(vars(fake.webhooks.drain(60))), encoding="utf-8")


def _sendgrid(given: argparse.Namespace) -> SendGrid:
    fake = SendGrid(given.folder, port=given.port, seed=given.seed, delay=given.delay)
    fake.shares = {Behaviour[name.upper()]: share for name, share in _shares(given.faults)}
    fake.next(*(Behaviour[name.upper()] for name in given.first.split(",") if name))
    if given.webhook:
        signer = Signer((given.folder / "key.pem").read_bytes())
        fake.webhooks = Webhooks(given.webhook, signer, Manners(duplicates=0.1, shuffled=True, retries=8))
    return fake


def _smtp(given: argparse.Namespace) -> Smtp:
    fake = Smtp(given.folder, given.seed, port=given.port, delay=given.delay)
    fake.shares = {SmtpBehaviour[name.upper()]: share for name, share in _shares(given.faults)}
    fake.next(*(SmtpBehaviour[name.upper()] for name in given.first.split(",") if name))
    return fake


def _shares(faults: Iterable[str]) -> Iterable[tuple[str, float]]:
    for fault in faults:
        name, _, share = fault.partition("=")
        yield name, float(share)


if __name__ == "__main__":
    main()
