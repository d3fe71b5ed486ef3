"""The mails of our mailbox into the inbox of reports, as they came; what they say is read from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.esp.mailbox.imap import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from newsletter.store.database import Store


def collect(store: Store, new_mails: Callable[[Place], Iterable[tuple[Place, list[bytes]]]], now: datetime) -> int:
    """Keep the mails that are new since the last time; how many.

    A mail and the note that we have it are stored together: whatever happens, none is left out, and none kept twice. Of
    two runs at once the one that comes second stops: the other one goes on.
    """
    from newsletter.store import facts
    from newsletter.store.events import inbox

    with store.read() as connection:
        known = facts.get(connection, facts.MAILBOX)
    count = 0
    for reached, mails in new_mails(Place.parse(known or "")):
        with store.write() as connection:
            if not facts.change(connection, facts.MAILBOX, known, str(reached)):
                break
            for mail in mails:
                inbox.add(connection, inbox.MAILBOX, mail, now)
        known = str(reached)
        count += len(mails)
    return count


def take(store: Store, mail: bytes, recipient: str, now: datetime) -> None:
    """Keep one mail that a mail server hands over; `recipient` is the address that it came to."""
    from newsletter.store.events import inbox

    head = f"Delivered-To: {recipient}\r\n".encode() if recipient else b""
    with store.write() as connection:
        inbox.add(connection, inbox.MAILBOX, head + mail, now)
