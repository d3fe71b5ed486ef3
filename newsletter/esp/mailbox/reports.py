"""A mail that came to our mailbox -> what it says about a delivery of ours.

Whom it is about stands in the address that it was sent to (VERP: every delivery has its own return path), else in the
unsubscribe link of the mail that it brings back. Both are signed, so nobody who has not had the mail can make one up.
Sources: RFC 3464 (delivery status), RFC 3463 (status codes), RFC 5965 (complaints), RFC 3834 (automatic answers).
"""

from __future__ import annotations

import email
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from newsletter.esp.mailbox.status import Status, status_of
from newsletter.keys import MailPurpose
from newsletter.model.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from newsletter.keys import DeliveryToken, Keys

#: where mail servers say to which address they delivered, and where senders do
_ADDRESSED = ("delivered-to", "x-original-to", "envelope-to", "to", "cc", "resent-to")
_OURS = re.compile(r"\+([bu][a-z2-7]{32})@", re.IGNORECASE)
_LINK = re.compile(r"/u/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")
#: our mail server's clock was never set
_FIRST = datetime(2009, 1, 1, tzinfo=UTC)
#: an older Date than this is a wrong clock
_OLDEST = timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a mail says. `token` names the delivery as our links do."""

    id: str
    at: datetime
    token: DeliveryToken
    kind: EventKind
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class NoReport:
    """A mail that says nothing about a delivery, and why that is thought; `odd`: a person should look at it."""

    why: str
    odd: bool = False


def read_report(raw: bytes, keys: Keys, now: datetime, recipient: str = "") -> Report | NoReport:
    """What a mail says. `recipient`: the address that it was delivered to, where the mail server told us apart from it.

    Never raises for what a mail holds.
    """
    try:
        message = email.message_from_bytes(raw, policy=policy.compat32)
        return _report(raw, message, keys, now, recipient)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        # the standard library's parser is lenient, its accessors are not
        return NoReport(why=f"it could not be read ({type(fault).__name__})", odd=True)


def _report(raw: bytes, message: Message, keys: Keys, now: datetime, recipient: str) -> Report | NoReport:
    purpose, token = _addressed(message, keys, recipient) or (None, None)
    told = status_of(message)
    if token is None:
        token = _brought_back(message, keys) if told else None
    if token is None:
        return NoReport(why="it names no delivery of ours", odd=told is not None)
    if purpose is MailPurpose.LEAVE and told is None:
        if _is_automatic(message):
            return NoReport(why="an automatic answer")
        told = Status(kind=EventKind.UNSUBSCRIBED)
    if told is None:
        return NoReport(why="an automatic answer") if _is_automatic(message) else NoReport(why="a letter", odd=True)
    moment = _moment(message, now)
    return Report(id=hashlib.sha256(raw).hexdigest()[:32], at=moment, token=token, kind=told.kind, detail=told.detail)


def _addressed(message: Message, keys: Keys, recipient: str) -> tuple[MailPurpose, DeliveryToken] | None:
    for text in (recipient, *(str(value) for name in _ADDRESSED for value in message.get_all(name, ()))):
        for found in _OURS.findall(text):
            if known := keys.read_mail_token(found):
                return known
    return None


def _brought_back(message: Message, keys: Keys) -> DeliveryToken | None:
    """From the unsubscribe link of the mail that a report brings back."""
    for headers in _originals(message):
        for link in _LINK.findall("".join(headers.get_all("list-unsubscribe", ()))):
            if token := keys.read_token(link):
                return token
    return None


def _originals(message: Message) -> Iterator[Message]:
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            yield from (one for one in part.get_payload() if not isinstance(one, str))
        elif kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            yield email.message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=policy.compat32)


def _is_automatic(message: Message) -> bool:
    """An out-of-office answer: RFC 3834, and what servers wrote before it."""
    said = str(message.get("auto-submitted", "no")).split(";")[0].strip().lower()
    older = str(message.get("precedence", "")).strip().lower() in {"bulk", "junk", "auto_reply"}
    return said != "no" or older or "x-autoreply" in message or "x-auto-response-suppress" in message


def _moment(message: Message, now: datetime) -> datetime:
    """When it came, as our own mail server says, whose `Received` is the first: the same however often and late it is read.

    So a wish to leave that is read once more ends nothing that its reader joined since. Without that its Date, unless
    that is absurd: then a wish to leave has to be as of now, or it would end nothing at all.
    """
    for received in message.get_all("received", ()):
        if (at := _parsed(str(received).rpartition(";")[2])) and _FIRST < at <= now:
            return at
    at = _parsed(str(message["date"]))
    return at if at and now - _OLDEST < at <= now else now


def _parsed(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
