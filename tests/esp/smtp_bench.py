"""An SMTP sender for tests, and a server that plays a script."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from newsletter.esp.smtp.sender import SmtpSender
from newsletter.settings.schema import SmtpSection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SENDER = "letters@example.org"


class Smtp:
    """Makes senders, and closes them all at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[SmtpSender] = []

    def __call__(self, port: int, *, patience: float | None = None, **more: Any) -> SmtpSender:
        """`patience` shortens the time-out below what the settings allow. Logins and certificates beside the settings."""
        beside = {name: more.pop(name) for name in ("user", "password", "ca_file") if name in more}
        settings = SmtpSection(port=port, **{"rehearsal": True, "timeout": 5, "messages_per_connection": 1000, **more})
        if patience is not None:
            settings = settings.model_copy(update={"timeout": patience})
        journal = self.folder / ".newsletter" / "journal"
        self._made.append(SmtpSender(settings, journal=journal, sender=SENDER, **beside))
        return self._made[-1]

    def close(self) -> None:
        for sender in self._made:
            sender.close()


class Line:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._file = connection.makefile("rb")

    def say(self, *lines: str) -> None:
        self.connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self) -> str:
        return self._file.readline().decode().strip()

    def greet(self, *offered: str) -> None:
        """Up to the first MAIL."""
        self.say("220 hello")
        self.hear()
        self.say(*[f"250-{one}" for one in ("me", *offered)], "250 HELP")

    def hear_message(self) -> None:
        while self._file.readline() not in {b".\r\n", b""}:
            pass

    def take(self) -> None:
        """One message, without pipelining."""
        self.say_to("250 ok", "250 ok", "354 go")
        self.hear_message()
        self.say("250 taken")

    def say_to(self, *replies: str) -> list[str]:
        """Each reply after the command it is for."""
        heard = []
        for reply in replies:
            heard.append(self.hear())
            self.say(reply)
        return heard

    def wait(self) -> None:
        """Until the other side has gone."""
        while command := self.hear():
            if command == "QUIT":
                self.say("221 bye")

    def close(self) -> None:
        self._file.close()
        self.connection.close()


@contextmanager
def scripted(*plays: Callable[[Line], None]) -> Iterator[int]:
    """A server on the port it yields: the first connection meets the first play, and so on; then it is closed."""
    lines: list[Line] = []

    def play(server: socket.socket) -> None:
        for one in plays:
            with suppress(OSError):
                lines.append(Line(server.accept()[0]))
                with closing(lines[-1]):
                    one(lines[-1])
        server.close()

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # so that "does not read" is soon noticed
        thread = threading.Thread(target=play, args=(server,), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        for open_one in (server, *(line.connection for line in lines)):
            with suppress(OSError):
                open_one.shutdown(socket.SHUT_RDWR)
        thread.join()
