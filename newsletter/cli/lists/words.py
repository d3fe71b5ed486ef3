"""What may be typed about a list, and who else calls it by its name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.subscriber import MailingList
    from newsletter.settings import Settings

_Command = TypeVar("_Command", bound="Callable[..., Any]")

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


def offered_options(command: _Command) -> _Command:
    """--public and --archive, None where they were not given."""
    public = click.option(
        "--public/--not-public",
        default=None,
        help="Whether the pages offer it to whoever wants to join (`add`: --not-public).",
    )
    archive = click.option(
        "--archive",
        type=click.Choice(["hidden", "unlisted", "public"]),
        help="Who may read its issues on the pages: who got them (hidden, what `add` takes), whoever has the address of a "
        "page (unlisted), everybody (public).",
    )
    return public(archive(command))


def offered_words(entry: MailingList) -> str:
    """Whether one can join it by a page, and who may read its issues there."""
    if entry.archived_at:
        joined = "not offered on the sign-up page, since it is archived"
    else:
        joined = "offered on the sign-up page" if entry.public else "not offered on the sign-up page"
    readers = {"hidden": "who got them", "unlisted": "whoever has the address", "public": "everybody"}
    return f"{joined}; its issues can be read on the pages by {readers[entry.archive]}"


def entry_json(entry: MailingList) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "opt_in": entry.opt_in,
        "public": entry.public,
        "archive": entry.archive,
        "archived_at": entry.archived_at,
    }
