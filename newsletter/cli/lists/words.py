"""What may be typed about a list, and who else calls it by its name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show

if TYPE_CHECKING:
    from newsletter.model.subscriber import MailingList
    from newsletter.settings import Settings

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_LONGEST = 400


def is_name(text: str) -> bool:
    """Whether a list could have this name."""
    return bool(_NAME.fullmatch(text))


def checked_name(name: str) -> str:
    """Raises:
    click.UsageError
    """
    if not is_name(name):
        msg = f"A list's name is lower-case letters, digits, - and _ (such as friends), not {name!r}. Readers see --title."
        raise click.UsageError(msg)
    return name


def one_line(option: str, text: str | None) -> str | None:
    """A text that readers see, with single spaces; None where the option was not given.

    Raises:
        click.UsageError: it has something invisible in it, or is too long.
    """
    if text is None:
        return None
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(line) > _LONGEST:
        msg = f"{option} has at most {_LONGEST} characters."
        raise click.UsageError(msg)
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in line):
        msg = f"{option} has an invisible character in it; type it anew."
        raise click.UsageError(msg)
    return line


def segments_asking_for(settings: Settings, name: str) -> list[str]:
    """Segments of newsletter.toml that name this list."""
    from newsletter.settings.segment_walk import tables

    return [
        segment
        for segment, said in settings.segments.items()
        if any(table.get("list") == name for _, table in tables(segment, said.model_dump()))
    ]


def subscribed_words(subscribed: int, suppressed: int) -> str:
    """Such as "48 subscribed (1 of them suppressed)": the others are those whom `send` mails."""
    never = f" ({show.number(suppressed)} of them suppressed: never mailed)" if suppressed else ""
    return f"{show.number(subscribed):>9} subscribed{never}"


def entry_json(entry: MailingList) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "opt_in": entry.opt_in,
        "archived_at": entry.archived_at,
    }
