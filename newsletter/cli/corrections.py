"""`newsletter corrections`."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace

if TYPE_CHECKING:
    from newsletter.store.corrections import Correction

_LONGEST = 5000


@click.group()
def corrections() -> None:
    """Put a dated note above an issue that was sent, and withdraw it.

    What was sent stays as it was. The note stands above it in the archive, and where readers view their mail in the browser.

    \b
    Example:
      newsletter corrections add knees-in-winter "The study had 120 patients, not 210."
    """


@corrections.command()
@click.argument("issue")
@click.argument("text")
@json_option
def add(issue: str, text: str, json_: bool) -> None:
    """Show a note above a sent issue, from now on.

    TEXT is plain text; an empty line begins a new paragraph. With - it is read from standard input.

    \b
    Example:
      newsletter corrections add knees-in-winter "The study had 120 patients, not 210."
    """
    from newsletter.model.audit import Action
    from newsletter.store import audit
    from newsletter.store import corrections as stored

    words = _plain(sys.stdin.read() if text == "-" else text)
    store = open_store(workspace())
    with store.write() as connection:
        made = stored.add(connection, issue, words, now())
        audit.note(connection, Action.CORRECTION_ADDED, f"issue {issue}", made.at, correction=made.number)
    if json_:
        show.as_json(_json(made))
        return
    click.echo(f"Correction {made.number} stands above {show.clean(issue)} from now on.")
    click.echo(f"To take it back: newsletter corrections withdraw {made.number}")


@corrections.command("list")
@click.argument("issue", required=False)
@json_option
def list_(issue: str | None, json_: bool) -> None:
    """Show the corrections of all issues, or of one; the withdrawn ones too.

    \b
    Example:
      newsletter corrections list knees-in-winter
    """
    from newsletter.store import corrections as stored

    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        found = stored.every(connection, issue)
    if json_:
        show.as_json({"corrections": [_json(one) for one in found]})
        return
    if not found:
        click.echo("No corrections. Add one: newsletter corrections add ISSUE TEXT")
    zone = ZoneInfo(place.settings.newsletter.timezone)
    for one in found:
        ended = f"   withdrawn {show.moment(one.withdrawn_at, zone)}" if one.withdrawn_at else ""
        click.echo(f"{one.number:>4}  {show.moment(one.at, zone)}  {show.clean(one.issue)}{ended}")
        for paragraph in one.paragraphs:
            click.echo(show.folded(f"      {show.clean(' '.join(paragraph.split()))}", "      "))


@corrections.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@json_option
def withdraw(number: int, json_: bool) -> None:
    """Show a correction no more. It stays on record.

    \b
    Example:
      newsletter corrections withdraw 3
    """
    from newsletter.model.audit import Action
    from newsletter.store import audit
    from newsletter.store import corrections as stored

    store = open_store(workspace())
    with store.write() as connection:
        found, changed = stored.withdraw(connection, number, now())
        if changed:
            audit.note(connection, Action.CORRECTION_WITHDRAWN, f"issue {found.issue}", now(), correction=number)
    if json_:
        show.as_json(_json(found) | {"changed": changed})
        return
    said = "is withdrawn" if changed else "was withdrawn already"
    click.echo(f"Correction {number} of {show.clean(found.issue)} {said}.")


def _plain(text: str) -> str:
    """The text as it is stored: lines without space around them, paragraphs divided by one empty line.

    Raises:
        click.UsageError: there is nothing in it, or something invisible, or it is too long.
    """
    lines = [line.strip() for line in unicodedata.normalize("NFC", text.replace("\r\n", "\n")).split("\n")]
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not words:
        msg = "The text is empty. Say in a sentence what was wrong and what is right."
        raise click.UsageError(msg)
    if len(words) > _LONGEST:
        msg = f"The text has at most {show.number(_LONGEST)} characters."
        raise click.UsageError(msg)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} or letter in _TURNING for letter in words if letter != "\n"):
        msg = "The text has an invisible character in it; type it anew."
        raise click.UsageError(msg)
    return words


#: what turns the text around it (Unicode UAX 9); joiners, which are invisible too, belong to words and emoji
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _json(one: Correction) -> dict[str, Any]:
    return {
        "number": one.number,
        "issue": one.issue,
        "text": one.text,
        "at": one.at,
        "withdrawn_at": one.withdrawn_at,
    }
