"""One connection to an SMTP server: smtplib's set-up, with our own reading and writing below it.

smtplib greets, starts TLS and logs in; it has been doing so for decades. Its exchange of messages waits for each reply,
encodes every message again and cannot say how much of one has left, so that part is ours (exchange.py). Both read
through `reply`, which is bounded: a server that talks for ever, or in drops, ends the connection.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from newsletter.esp.smtp.replies import Reply

if TYPE_CHECKING:
    import socket

#: RFC 5321 section 4.5.3.1.5 allows a reply line 512 octets; nobody needs all of this
_LONGEST_REPLY = 32_768
#: plaintext that one TLS record carries at most (RFC 8446 section 5.1): so much may have left when a write fails
_TLS_RECORD = 16_384
#: seconds for the last words
_GOODBYE = 2.0


class Broken(OSError):
    """Raised when the connection is of no use any more. Its words are for people.

    `doubtful`: the end of a message may have reached the server, and no reply tells what became of it.
    """

    def __init__(self, words: str, *, doubtful: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.doubtful = doubtful


class Session(smtplib.SMTP):
    """A connection, from the greeting on. Used by one thread at a time."""

    #: messages whose last word we have
    handed = 0
    #: a transaction was begun and given up: RSET comes before the next
    untidy = False
    _unread = b""
    _read_from: socket.socket | None = None

    def getreply(self) -> tuple[int, bytes]:
        """For smtplib."""
        reply = self.reply(self.timeout)
        return reply.code, reply.text

    def reply(self, patience: float) -> Reply:
        """The next reply, all its lines.

        Raises:
            Broken: it does not come within `patience` seconds, is far too long, or is none.
        """
        until, lines, octets = monotonic() + patience, [], 0
        while True:
            line = self._line(until)
            octets += len(line)
            if not line[:3].isdigit() or not b"2" <= line[:1] <= b"5" or octets > _LONGEST_REPLY:
                self.close()
                raise Broken("it does not answer as a mail server does")
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return Reply(int(line[:3]), b"\n".join(lines))

    def write(self, data: bytes, decisive: int | None = None) -> None:
        """Write all of it. `decisive`: how much of it must arrive for the server to have a whole message.

        Raises:
            Broken: the connection broke; doubtful if so much may have left.
        """
        if self.sock is None:
            raise Broken("the connection is closed")
        margin = _TLS_RECORD if isinstance(self.sock, ssl.SSLSocket) else 0
        view, sent = memoryview(data), 0
        self.sock.settimeout(self.timeout)
        try:
            while sent < len(data):
                sent += self.sock.send(view[sent:])
        except OSError as why:
            self.close()
            doubtful = decisive is not None and sent + margin >= decisive
            raise Broken(broken_words(why), doubtful=doubtful) from None

    def is_quiet(self) -> bool:
        """Whether an idle connection still looks well: a server that has given it up has sent something, or its end."""
        import select

        if self.sock is None or self._unread:
            return False
        poll = select.poll()
        poll.register(self.sock, select.POLLIN | select.POLLERR | select.POLLHUP)
        return not poll.poll(0)

    def leave(self) -> None:
        """Say goodbye and close."""
        with suppress(OSError):
            self.putcmd("QUIT")
            self.reply(_GOODBYE)
        self.close()

    def _line(self, until: float) -> bytes:
        if self.sock is not self._read_from:  # new, or TLS from now on: what came before in the clear is not believed
            self._unread, self._read_from = b"", self.sock
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > _LONGEST_REPLY:
                self.close()
                raise Broken("its reply does not end")
            self._unread += self._more(until)
        line, self._unread = self._unread[:end], self._unread[end + 1 :]
        return line

    def _more(self, until: float) -> bytes:
        left = until - monotonic()
        if self.sock is None or left <= 0:
            self.close()
            raise Broken("it did not answer in time" if left <= 0 else "the connection is closed")
        self.sock.settimeout(left)
        try:
            data = self.sock.recv(16_384)
        except OSError as why:
            self.close()
            raise Broken(broken_words(why)) from None
        if not data:
            self.close()
            raise Broken("it hung up")
        return data


class TlsSession(Session, smtplib.SMTP_SSL):
    """TLS from the first byte."""


def broken_words(why: OSError) -> str:
    """Why a connection broke, or was not made."""
    known = {
        "gaierror": "its name was not found in DNS",
        "ConnectionRefusedError": "the connection was refused",
        "TimeoutError": "it did not answer in time",
        "ConnectionResetError": "it hung up",
        "BrokenPipeError": "it hung up",
        "SSLEOFError": "it hung up",
        "SMTPServerDisconnected": "it hung up",
        "SSLCertVerificationError": "its TLS certificate is not valid for this host",
    }
    return known.get(type(why).__name__, f"the connection broke ({type(why).__name__})")
