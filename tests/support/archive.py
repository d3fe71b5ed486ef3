"""Sent issues for the archive, put straight into the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from newsletter.model.rendered import Context, Rendered, Slot
from newsletter.model.segment import Audience
from newsletter.model.subscriber import Archive
from newsletter.store import mailings, rendered
from newsletter.store import tables as t
from newsletter.store.people import lists

if TYPE_CHECKING:
    from newsletter.model.rendered import ImageFile
    from newsletter.model.subscriber import MailingList
    from newsletter.store.database import Store

BEGIN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PAGE = "<!doctype html><html><head><title>x</title></head><body><p>x</p></body></html>"


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def a_content(
    subject: str, html: tuple[str | Slot, ...] = (PAGE,), preheader: str = "", language: str = "en"
) -> Rendered:
    return Rendered(
        subject=(subject, Slot(name="first_name", context=Context.HEADER, fallback="")),
        preheader=(preheader,) if preheader else (),
        html=html,
        text=(subject,),
        from_name="Clinic",
        from_address="letters@example.org",
        reply_to="",
        language=language,
    )


@dataclass
class Press:
    """Makes lists and sends issues to them. Everything is made to order; nobody is mailed."""

    store: Store
    lists: dict[str, MailingList] = field(default_factory=dict)

    def list_(
        self, name: str, archive: Archive = Archive.PUBLIC, *, public: bool = False, title: str = ""
    ) -> MailingList:
        with self.store.write() as connection:
            made = lists.add(connection, name, title or name.title(), BEGIN, public=public, archive=archive)
        self.lists[name] = made
        return made

    def send(
        self,
        issue: str,
        *to: str,
        hours: float | None = 0,
        content: Rendered | None = None,
        real: bool | None = None,
        pictures: tuple[ImageFile, ...] = (),
    ) -> int:
        """A mailing that began so many hours after BEGIN; None: not begun yet."""
        bytes_ = content or a_content(issue.title())
        with self.store.write() as connection:
            rendered.keep(connection, issue, [bytes_], pictures, "digest", BEGIN)
            number = mailings.add(
                connection,
                link_number=1000 + len(mailings.every(connection)),
                issue=issue,
                variants={"": bytes_.fingerprint},
                audience=Audience(lists=tuple(self.lists[name].number for name in to)),
                sender="outbox",
                again="",
                now=BEGIN,
                real=real,
            )
            if hours is not None:
                begun = update(t.mailings).where(t.mailings.c.number == number)
                connection.execute(begun.values(started_at=at(hours), state="finished"))
        return number
