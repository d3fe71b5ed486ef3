"""Handing messages over on one connection: MAIL, RCPT, DATA, content, final dot.

Where the server offers PIPELINING (RFC 2920) the three commands are one write, and those of the next message follow the
final dot at once: a message costs one round trip. They are harmless ahead of time, since a message begins with its
content. Whatever goes wrong, it is known whether the final dot may have left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.esp.smtp.answers import Phase
from newsletter.esp.smtp.session import Broken

if TYPE_CHECKING:
    from newsletter.esp.smtp.replies import Reply
    from newsletter.esp.smtp.session import Session

_DOT = b".\r\n"
_GO_AHEAD = 354
_CLOSING = 421
#: RFC 5321 section 4.5.3.2.6: a server may take its time with a whole message (a virus scanner, a spam filter)
_LONGER = 5


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message, ready to go. `content` is dot-stuffed, 7-bit, and ends with CRLF (compose/message.py)."""

    n: int
    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class No:
    """A definite no to one message, and where it was said."""

    phase: Phase
    reply: Reply


class Exchange:
    """Speaks on a session. Each method raises Broken when the connection is over."""

    def __init__(self, session: Session, *, pipelining: bool) -> None:
        self._session = session
        self.pipelining = pipelining and session.has_extn("pipelining")
        self._names_size = session.has_extn("size")
        self.size_limit = _number(session.esmtp_features.get("size", ""))

    def ask(self, mail: Mail, *, asked_ahead: bool) -> No | None:
        """Everything up to "go ahead"; None when its content may follow. `asked_ahead`: the commands have been sent."""
        if not self.pipelining:
            return self._step_by_step(mail)
        tidying = self._session.untidy and not asked_ahead
        if not asked_ahead:
            self._session.write((b"RSET\r\n" if tidying else b"") + self._commands(mail))
        if tidying:
            self._tidied(self._reply())
        return self._read_ahead()

    def hand_over(self, mail: Mail, following: Mail | None) -> Reply:
        """Content and final dot, and the commands of the message that follows; the reply is the last word on this one.

        Raises:
            Broken: doubtful, unless the final dot certainly stayed here.
        """
        content = mail.content + _DOT
        ahead = self._commands(following) if following else b""
        self._session.write(content + ahead, decisive=len(content))
        try:
            reply = self._reply(_LONGER)
        except Broken as why:
            why.doubtful = True
            raise
        if reply.code // 100 == 3:
            self._session.close()
            raise Broken("its reply to a message is none", doubtful=True)
        return reply

    def _step_by_step(self, mail: Mail) -> No | None:
        session = self._session
        if session.untidy:
            session.write(b"RSET\r\n")
            self._tidied(self._reply())
        session.write(self._mail_command(mail))
        if not _is_yes(reply := self._reply()):
            return No(phase=Phase.MAIL, reply=reply)
        session.untidy = True
        session.write(_rcpt_command(mail))
        if not _is_yes(reply := self._reply()):
            return No(phase=Phase.RCPT, reply=reply)
        session.write(b"DATA\r\n")
        return self._may_begin(self._reply())

    def _read_ahead(self) -> No | None:
        sender, recipient, data = self._reply(), self._reply(), self._reply()
        if not _is_yes(sender):
            if data.code == _GO_AHEAD:  # it would take a message from nobody we named
                self._out_of_step()
            return No(phase=Phase.MAIL, reply=sender)
        self._session.untidy = True
        if _is_yes(recipient):
            return self._may_begin(data)
        if data.code == _GO_AHEAD:  # RFC 2920 section 3.1: a lone dot, to nobody
            self._session.write(_DOT)
            self._reply(_LONGER)
            self._session.untidy = False
        return No(phase=Phase.RCPT, reply=recipient)

    def _may_begin(self, data: Reply) -> No | None:
        if data.code == _GO_AHEAD:
            self._session.untidy = False  # the final dot ends the transaction
            return None
        if data.code < 400:
            self._out_of_step()
        return No(phase=Phase.DATA, reply=data)

    def _reply(self, longer: int = 1) -> Reply:
        reply = self._session.reply(self._session.timeout * longer)
        if reply.code == _CLOSING:
            self._session.close()
            raise Broken(f"it closed the connection: {reply.says()}")
        return reply

    def _tidied(self, reply: Reply) -> None:
        if not _is_yes(reply):
            self._out_of_step()
        self._session.untidy = False

    def _out_of_step(self) -> None:
        self._session.close()
        raise Broken("its replies do not fit our commands")

    def _commands(self, mail: Mail) -> bytes:
        return self._mail_command(mail) + _rcpt_command(mail) + b"DATA\r\n"

    def _mail_command(self, mail: Mail) -> bytes:
        size = f" SIZE={len(mail.content)}" if self._names_size else ""
        return f"MAIL FROM:<{mail.sender}>{size}\r\n".encode("ascii")


def _rcpt_command(mail: Mail) -> bytes:
    return f"RCPT TO:<{mail.recipient}>\r\n".encode("ascii")


def _is_yes(reply: Reply) -> bool:
    return reply.code // 100 == 2


def _number(text: str) -> int:
    """The server's SIZE limit; 0 for none (RFC 1870 section 3)."""
    first = text.split()[:1]
    return int(first[0]) if first and first[0].isascii() and first[0].isdigit() and len(first[0]) < 19 else 0
