"""New mails of a mailbox over IMAP. Nothing is changed there: how far we have read is our own note.

A mailbox numbers its mails upwards (UID) for as long as its UIDVALIDITY stays the same (RFC 9051 section 2.3.1.1).
"""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import ServiceMissing
from newsletter.settings.schema import Tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imapclient import IMAPClient

    from newsletter.settings.schema import MailboxSection

_TIMEOUT = 30.0
#: longer mails are read so far: a report says what it has to say at its beginning
_MOST_BYTES = 200_000
_AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a mailbox was read."""

    validity: int = 0
    uid: int = 0

    def __str__(self) -> str:
        return f"{self.validity} {self.uid}"

    @classmethod
    def parse(cls, text: str) -> Place:
        validity, _, uid = text.partition(" ")
        return cls(validity=int(validity), uid=int(uid)) if validity.isdecimal() and uid.isdecimal() else cls()


def new_mails(
    settings: MailboxSection, user: str, password: str, after: Place, most: int, context: ssl.SSLContext | None = None
) -> Iterator[tuple[Place, list[bytes]]]:
    """The mails that came after a place, in portions, each with the place that it reaches; `most` in all.

    Raises:
        ServiceMissing: the server cannot be reached, does not let us in, or has no such folder.
    """
    with _in_words(settings), _connected(settings, user, password, context) as client:
        chosen = client.select_folder(settings.folder, readonly=True)
        validity = int(chosen[b"UIDVALIDITY"])
        before = after.uid if validity == after.validity else 0
        # `n:*` always holds the last mail, also when its number is lower
        uids = sorted(uid for uid in client.search(["UID", f"{before + 1}:*"]) if uid > before)[:most]
        for start in range(0, len(uids), _AT_ONCE):
            portion = uids[start : start + _AT_ONCE]
            found = client.fetch(portion, [f"BODY.PEEK[]<0.{_MOST_BYTES}>"])
            # a mail may have been taken away meanwhile
            yield Place(validity=validity, uid=portion[-1]), [_body(found[uid]) for uid in portion if uid in found]


def _body(parts: dict[bytes, bytes]) -> bytes:
    return next((value for name, value in parts.items() if name.startswith(b"BODY[")), b"") or b""


@contextlib.contextmanager
def _connected(
    settings: MailboxSection, user: str, password: str, context: ssl.SSLContext | None
) -> Iterator[IMAPClient]:
    from imapclient import IMAPClient

    trusted = context or ssl.create_default_context()
    implicit = settings.tls is Tls.IMPLICIT
    client = IMAPClient(
        settings.host, settings.port, ssl=implicit, ssl_context=trusted if implicit else None, timeout=_TIMEOUT
    )
    try:
        if settings.tls is Tls.STARTTLS:
            _encrypt(client, settings, trusted)
        client.login(user, password)
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.logout()


def _encrypt(client: IMAPClient, settings: MailboxSection, context: ssl.SSLContext) -> None:
    from imapclient.exceptions import IMAPClientError

    try:
        client.starttls(context)
    except IMAPClientError:
        raise ServiceMissing(f"the mailbox at {settings.host}:{settings.port}", "it offers no STARTTLS") from None


@contextlib.contextmanager
def _in_words(settings: MailboxSection) -> Iterator[None]:
    """What the server says may hold the user's name; only that it says no is told."""
    from imapclient.exceptions import LoginError

    what = f"the mailbox at {settings.host}:{settings.port}"
    try:
        yield
    except LoginError:
        raise ServiceMissing(what, "it does not accept MAILBOX_USER and MAILBOX_PASSWORD") from None
    except ssl.SSLError as why:
        raise ServiceMissing(what, f"no encrypted connection ({why.reason or type(why).__name__})") from None
    except OSError as why:
        raise ServiceMissing(what, f"it cannot be reached ({why.strerror or type(why).__name__})") from None
    except imaplib.IMAP4.abort:
        raise ServiceMissing(what, "it broke the connection off") from None
    except imaplib.IMAP4.error:  # IMAPClient's errors are of this kind
        raise ServiceMissing(what, f"it has no folder {settings.folder}, or does not let us read it") from None
