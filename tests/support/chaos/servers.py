"""Mail servers in processes of their own: SendGrid's fake, an SMTP server, Postfix's smtp-sink."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newsletter.esp.smtp.sender import SmtpSender
from tests.fakes.sendgrid import KEY
from tests.fakes.sendgrid.webhooks import Signer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
_ROOT = Path(__file__).parents[3]
_RCPT = re.compile(rb"^X-Rcpt-Args: <([^>]+)>", re.MULTILINE)


class _Process:
    """A server in a process of its own, which takes the same port again when it is started again."""

    port = 0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self._process: subprocess.Popen[str] | None = None

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def start(self) -> None:
        self._process = subprocess.Popen(self.command(), cwd=_ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.communicate(timeout=60)
            self._process = None

    def hurry(self) -> None: ...

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def mails(self) -> Counter[str]:
        return Counter(self._lines("mails"))

    def count(self) -> int:
        return len(self._lines("mails"))

    def doubts(self) -> int:
        return len(self._lines("doubts"))

    def _lines(self, name: str) -> list[str]:
        with suppress(FileNotFoundError):
            return (self.folder / name).read_text(encoding="ascii").splitlines()
        return []


class _OurServer(_Process):
    kind = ""

    def __init__(
        self,
        folder: Path,
        *,
        seed: int,
        delay: float,
        faults: Mapping[str, float] | None,
        first: Sequence[str],
    ) -> None:
        """`first`: what the first requests or messages meet; `faults`: fault -> share of the others that meet it."""
        super().__init__(folder)
        self.seed, self.delay, self.faults, self.first = seed, delay, faults or {}, tuple(first)

    def hurry(self) -> None:
        self.delay = 0.0
        self.kill()
        self.start()

    def command(self) -> list[str]:
        self.seed += 1  # started again it does not do the same again
        first, self.first = self.first, ()
        faults = [part for name, share in self.faults.items() for part in ("--fault", f"{name}={share}")]
        numbers = [
            "--port",
            str(self.port),
            "--seed",
            str(self.seed),
            "--delay",
            str(self.delay),
            "--first",
            ",".join(first),
        ]
        return [sys.executable, "-m", "tests.support.chaos.serving", self.kind, str(self.folder), *numbers, *faults]


class SendGridServer(_OurServer):
    name = kind = "sendgrid"

    def __init__(
        self,
        folder: Path,
        *,
        at_once: int = 3,
        readers: int = 10,
        webhook: str = "",
        seed: int = 1,
        delay: float = 0.01,
        faults: Mapping[str, float] | None = None,
        first: Sequence[str] = (),
    ) -> None:
        """`readers` a request, so many `at_once`. `webhook`: where its signed events go."""
        super().__init__(folder, seed=seed, delay=delay, faults=faults, first=first)
        self.at_once, self.readers, self.webhook = at_once, readers, webhook
        self.lost_with_a_fault = readers
        self.lost_with_a_kill = self.lost_with_a_stall = readers * at_once
        self._signer = Signer()
        (folder / "key.pem").write_bytes(self._signer.pem)

    def command(self) -> list[str]:
        return [*super().command(), *(["--webhook", self.webhook] if self.webhook else [])]

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "NEWSLETTER_ESP_NAME": "sendgrid",
            "NEWSLETTER_ESP_SENDGRID_HOST": f"http://127.0.0.1:{self.port}",
            "NEWSLETTER_ESP_SENDGRID_RECIPIENTS_PER_REQUEST": str(self.readers),
            "NEWSLETTER_ESP_SENDGRID_REQUESTS_IN_FLIGHT": str(self.at_once),
            "NEWSLETTER_EVENTS_PUBLIC_KEY": self._signer.public_key,
            "SENDGRID_API_KEY": KEY,
        }


class _Smtp:
    """What both SMTP servers have in common."""

    name = "smtp"
    lost_with_a_fault = 1
    port: int
    connections: int
    messages: int

    @property
    def lost_with_a_kill(self) -> int:
        return self.connections

    @property
    def lost_with_a_stall(self) -> int:
        return self.connections * SmtpSender.chunk_size

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "NEWSLETTER_ESP_NAME": "smtp",
            "NEWSLETTER_ESP_SMTP_PORT": str(self.port),
            "NEWSLETTER_ESP_SMTP_REHEARSAL": "true",
            "NEWSLETTER_ESP_SMTP_CONNECTIONS": str(self.connections),
            "NEWSLETTER_ESP_SMTP_MESSAGES_PER_CONNECTION": str(self.messages),
            "NEWSLETTER_ESP_SMTP_TIMEOUT": "10",
        }


class SmtpServer(_Smtp, _OurServer):
    kind = "smtp"

    def __init__(
        self,
        folder: Path,
        *,
        connections: int = 3,
        messages: int = 30,
        seed: int = 1,
        delay: float = 0.002,
        faults: Mapping[str, float] | None = None,
        first: Sequence[str] = (),
    ) -> None:
        super().__init__(folder, seed=seed, delay=delay, faults=faults, first=first)
        self.connections, self.messages = connections, messages


class SinkServer(_Smtp, _Process):
    """Postfix's own. It has a mail when all of it is there, whatever it answered."""

    def __init__(self, folder: Path, *, connections: int = 3, messages: int = 30, options: Sequence[str] = ()) -> None:
        super().__init__(folder)
        self.connections, self.messages, self.options = connections, messages, options
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def command(self) -> list[str]:
        user = ["-u", "root"] if os.geteuid() == 0 else []  # it asks root to say so
        where = ["-d", f"{self.folder}/mail.", f"127.0.0.1:{self.port}", "64"]
        return [str(SINK), *user, *self.options, *where]

    def start(self) -> None:
        self._process = subprocess.Popen(self.command(), cwd=_ROOT, text=True)
        while self._process.poll() is None:
            with suppress(ConnectionRefusedError):
                return socket.create_connection(("127.0.0.1", self.port)).close()
            time.sleep(0.01)
        raise AssertionError("smtp-sink ended at once")

    def mails(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for path in self.folder.glob("mail.*"):
            content = path.read_bytes()
            rcpt = _RCPT.search(content)
            if rcpt and content.rstrip().endswith(b"--"):  # the last boundary: it is whole
                found[rcpt[1].decode()] += 1
        return found

    def count(self) -> int:
        return len(os.listdir(self.folder))  # noqa: PTH208 - much quicker
