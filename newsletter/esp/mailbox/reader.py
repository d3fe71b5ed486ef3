"""A mail to our mailbox as the report of an ESP: in the same inbox, with the same consequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.esp.mailbox.reports import NoReport, read_report
from newsletter.model.event import Event, Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.keys import Keys


@dataclass(frozen=True, kw_only=True)
class MailboxReader:
    """`mailing_of`: what tokens call a mailing -> its number, None where there is no such one."""

    keys: Keys
    mailing_of: Callable[[int], int | None]

    def __call__(self, body: bytes, received: datetime, /) -> Report:
        """Never raises for what a mail holds."""
        found = read_report(body, self.keys, received)
        if isinstance(found, NoReport):
            return Report(fault=found.why if found.odd else "")
        mailing = self.mailing_of(found.token.mailing)
        if mailing is None:
            return Report(fault="it is about a mailing that this database does not know")
        # it names no attempt: that the address or link is signed shows which delivery it is about
        event = Event(id=found.id, at=found.at, kind=found.kind, mailing=mailing, n=found.token.n, detail=found.detail)
        return Report(events=(event,))
