"""What the archive's pages need of the database and the settings, and an issue's texts with their slots filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.compose.slots import fill
from newsletter.store.archive import Shelf
from newsletter.web.archive.addresses import Addresses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from newsletter.model.rendered import Rendered
    from newsletter.settings import Settings
    from newsletter.store.archive import Archived
    from newsletter.store.corrections import Correction


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An issue as a list of issues tells it."""

    issue: Archived
    url: str
    title: str
    preheader: str
    language: str
    corrections: Sequence[Correction] = ()


def entry_of(issue: Archived, content: Rendered, url: str, corrections: Sequence[Correction] = ()) -> Entry:
    """`content` is what of it is shown; where it speaks to a reader, it says what it says to those without a name."""
    return Entry(
        issue=issue,
        url=url,
        title=fill(content.subject, {}).strip() or issue.issue,
        preheader=fill(content.preheader, {}).strip(),
        language=content.language,
        corrections=corrections,
    )


def addresses_of(settings: Settings) -> Addresses:
    return Addresses(base_url=settings.newsletter.base_url)


def shelf_of(settings: Settings) -> Shelf:
    """In a workspace that has no provider yet, what went to the outbox counts as sent."""
    return Shelf(practice=settings.esp.name == "outbox")


def day_of(settings: Settings, moment: datetime) -> date:
    """The day that it was at the newsletter's place."""
    return moment.astimezone(ZoneInfo(settings.newsletter.timezone)).date()
