"""From nothing to a connection that takes mail: connect, greeting, EHLO, STARTTLS, AUTH. Never in the clear where TLS was asked for."""

from __future__ import annotations

import functools
import ipaddress
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.esp.smtp.answers import Meaning, Phase, meaning
from newsletter.esp.smtp.replies import Reply
from newsletter.esp.smtp.session import Broken, Session, TlsSession, broken_words
from newsletter.settings.schema import Tls

if TYPE_CHECKING:
    from pathlib import Path


class NotOpened(Exception):
    """Raised when there is no connection to send through: a definite no for whatever was to be sent."""

    def __init__(self, meaning: Meaning, words: str, *, crowded: bool = False) -> None:
        super().__init__(words)
        self.meaning = meaning
        self.words = words
        #: the server is there, and takes no further connection now
        self.crowded = crowded


@dataclass(frozen=True, kw_only=True)
class Server:
    """Which server, and how it is spoken to."""

    host: str
    port: int
    tls: Tls
    timeout: float
    #: who vouches for its certificate, instead of the system's own list
    ca_file: Path | None = None
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def open(self) -> Session:
        """A new connection, ready for MAIL.

        Raises:
            NotOpened: there is none.
        """
        session = self._greeted()
        try:
            self._prepare(session)
        except BaseException:
            session.close()
            raise
        return session

    @functools.cached_property
    def context(self) -> ssl.SSLContext:
        """Certificates are always verified.

        Raises:
            OSError: `ca_file` cannot be read, or has no certificates.
        """
        return ssl.create_default_context(cafile=self.ca_file)

    def _greeted(self) -> Session:
        name, timeout = own_name(), self.timeout
        try:
            if self.tls is Tls.IMPLICIT:
                return TlsSession(self.host, self.port, name, timeout=timeout, context=self.context)
            return Session(self.host, self.port, name, timeout)
        except smtplib.SMTPConnectError as no:
            raise _refusal(Phase.GREETING, no) from None
        except Broken as why:
            raise NotOpened(Meaning.ALL_FOR_NOW, f"{self._name} was reached, but {why.words}") from None
        except OSError as why:
            raise NotOpened(Meaning.ALL_FOR_NOW, f"{self._name} was not reached: {broken_words(why)}") from None
        except UnicodeError:
            raise NotOpened(Meaning.ACCOUNT, "[esp.smtp] host is not the name of a machine") from None

    def _prepare(self, session: Session) -> None:
        try:
            if session.sock is not None:
                session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each write is a whole step
            session.ehlo_or_helo_if_needed()
            if self.tls is Tls.STARTTLS:
                self._encrypt(session)
            if self.user:
                self._log_in(session)
        except smtplib.SMTPHeloError as no:
            raise _refusal(Phase.GREETING, no) from None
        except Broken as why:
            raise NotOpened(Meaning.ALL_FOR_NOW, f"{self._name} was reached, but {why.words}") from None
        except OSError as why:
            did = "speaks no TLS that we accept" if isinstance(why, ssl.SSLError) else "was reached, but not for long"
            raise NotOpened(Meaning.ALL_FOR_NOW, f"{self._name} {did}: {broken_words(why)}") from None

    def _encrypt(self, session: Session) -> None:
        if not session.has_extn("starttls"):
            why = f"{self._name} offers no STARTTLS, and [esp.smtp] tls asks for it; nothing is sent in the clear"
            raise NotOpened(Meaning.ACCOUNT, why)
        try:
            session.starttls(context=self.context)
        except smtplib.SMTPResponseException as no:
            raise _refusal(Phase.STARTTLS, no) from None
        session.ehlo_or_helo_if_needed()

    def _log_in(self, session: Session) -> None:
        if not (isinstance(session.sock, ssl.SSLSocket) or (session.sock and _is_local(session.sock))):
            why = "the password would travel unencrypted; set [esp.smtp] tls"
            raise NotOpened(Meaning.ACCOUNT, why)
        try:
            session.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as no:
            raise _refusal(Phase.AUTH, no) from None
        except smtplib.SMTPNotSupportedError:
            why = f"{self._name} offers no AUTH, and SMTP_USER is set"
            raise NotOpened(Meaning.ACCOUNT, why) from None
        except smtplib.SMTPException:
            why = f"{self._name} offers no way to log in that we know (PLAIN, LOGIN, CRAM-MD5)"
            raise NotOpened(Meaning.ACCOUNT, why) from None
        except UnicodeError:
            why = "SMTP_USER and SMTP_PASSWORD must be ASCII"
            raise NotOpened(Meaning.ACCOUNT, why) from None

    @property
    def _name(self) -> str:
        return f"the mail server {self.host}:{self.port}"


def _refusal(phase: Phase, no: smtplib.SMTPResponseException) -> NotOpened:
    text = no.smtp_error if isinstance(no.smtp_error, bytes) else str(no.smtp_error).encode()
    reply = Reply(no.smtp_code, text)
    meant = meaning(phase, reply)
    if phase is Phase.AUTH:  # what it says there may repeat what we said
        said = (
            "cannot check the password now"
            if meant is Meaning.ALL_FOR_NOW
            else "does not accept SMTP_USER and SMTP_PASSWORD"
        )
        return NotOpened(meant, f"the mail server {said} ({reply.codes})")
    did = "turned us away" if phase is Phase.GREETING else f"refuses {phase}"
    return NotOpened(meant, f"the mail server {did}: {reply.says()}", crowded=meant is Meaning.ALL_FOR_NOW)


@functools.cache
def own_name() -> str:
    """What we call ourselves in EHLO: a full name, or an address in brackets (RFC 5321 section 4.1.4). DNS may be slow."""
    name = socket.getfqdn()
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name):
        return name
    try:
        return f"[{socket.gethostbyname(socket.gethostname())}]"
    except OSError:
        return "[127.0.0.1]"


def _is_local(connection: socket.socket) -> bool:
    try:
        return ipaddress.ip_address(connection.getpeername()[0]).is_loopback
    except (OSError, ValueError):
        return False
