"""`newsletter subscribers erase`."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.errors import ProviderFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.erasure import Erased
    from newsletter.pipeline.erasing import Erasing
    from newsletter.pipeline.syncing import SuppressionMirror
    from newsletter.settings import Workspace

_NOT_THERE = "To erase here only, and at your provider by hand: --not-at-esp"


@click.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--not-at-esp", is_flag=True, help="Leave what your provider keeps as it is; delete it there by hand.")
@json_option
def erase(address: str, yes: bool, not_at_esp: bool, json_: bool) -> int | None:
    """Erase a person, and keep them out of all later imports.

    Name, address, lists, tags and attributes go; a number without a name stays, so that every mailing still adds up.
    Mails to them in the outbox are deleted. SendGrid, where it sends for you, is made to forget the address first; if it
    does not answer, nothing is erased. It cannot be undone. docs/privacy.md says what stays, and what this cannot
    reach.

    \b
    Example:
      newsletter subscribers erase ada@example.org
      newsletter subscribers erase ada@example.org --yes
    """
    from newsletter import wiring
    from newsletter.pipeline.erasing import Person

    place = workspace()
    store = open_store(place)
    mirror = None if not_at_esp else wiring.open_mirror(place)
    try:
        person = Person(place, store, open_keys(place, store), address)
    except ValueError as why:
        msg = f"{show.clean(address)}: {why}"
        raise click.UsageError(msg) from None
    if not yes and not _agreed(person.foresee(), mirror):
        click.echo("Nothing was erased.", err=True)
        return 2
    try:
        erasing = person.erase(now(), time.sleep, mirror)
    except ProviderFailed as why:
        raise ProviderFailed(why.provider, f"{why.why}; nothing was erased", f"{why.next_step} {_NOT_THERE}") from None
    if json_:
        show.as_json(_as_json(erasing, place))
    else:
        for line in _lines(erasing, place):
            click.echo(line)
    return 3 if erasing.in_flight else None


def _agreed(erased: Erased, mirror: SuppressionMirror | None) -> bool:
    """What will happen, and whether it shall."""
    if not sys.stdin.isatty():
        msg = "Erasing cannot be undone. Where nobody can be asked, say --yes."
        raise click.UsageError(msg)
    for line in _foreseen(erased):
        click.echo(line, err=True)
    if mirror:
        click.echo(f"{mirror.name} is made to forget that it held the address back.", err=True)
    return click.confirm("Erase now? This cannot be undone.", err=True)


def _foreseen(erased: Erased) -> Iterator[str]:
    copies, notices = len(erased.deliveries), len(erased.notices)
    if erased.subscriber is not None:
        yield "This person is a subscriber. Name, address, lists, tags, attributes and engagement go;"
        yield f"the number {erased.subscriber} stays{_in_mailings(copies)}."
    else:
        yield "No subscriber has this address."
    if notices:
        lose = "mail (proof, confirmation) loses" if notices == 1 else "mails (proofs, confirmations) lose"
        yield f"{show.number(notices)} single {lose} address and answer."
    yield "Mails to this address in the outbox are deleted."
    yield "A keyed hash of the address stays, so that no import brings the person back."


def _in_mailings(copies: int) -> str:
    return f", in {show.number(copies)} {show.plural(copies, 'mailing')}" if copies else ""


def _lines(erasing: Erasing, place: Workspace) -> Iterator[str]:
    erased = erasing.erased
    copies = len(erased.deliveries)
    if erased.subscriber is not None:
        yield f"Erased. The number {erased.subscriber} stays{_in_mailings(copies)}."
    elif erased.was_known:
        yield "No subscriber had this address; what else was noted of it is erased."
    else:
        yield "Nothing was known of this address."
    if erasing.provider:
        said = (
            "has forgotten that it held the address back" if erasing.was_held_back else "did not hold the address back"
        )
        yield f"{erasing.provider} {said}."
    if erasing.files:
        yield f"Deleted from the outbox: {show.number(erasing.files)} {show.plural(erasing.files, 'mail')}."
    yield f"The address is never mailed or imported again: a keyed hash of it is kept, also in {place.erasures}."
    for mailing, n in erasing.in_flight:
        yield f"Mailing {mailing} is handing a mail over just now, or was stopped while it did (delivery {n})."
        yield f"  When it is through, delete {_file(place, mailing, n)} if it is there."
    yield from _beyond(erasing, place)


def _beyond(erasing: Erasing, place: Workspace) -> Iterator[str]:
    """What is left to do by hand."""
    if erasing.log_cleared is None:
        yield "PostgreSQL keeps old versions of rows until it cleans up; to have that now, run in psql: VACUUM;"
    elif not erasing.log_cleared:
        yield "Another command is using the database; what was erased leaves its log when that ends."
    yield "Not reached: files that were exported or imported, and your own mail. docs/privacy.md says what to do."
    esp = place.settings.esp
    if erasing.provider:
        yield f"{erasing.provider} keeps records of what was sent for some time; docs/privacy.md says more."
    elif name := next((name for name in (esp.name, esp.fallback) if name and name != "outbox"), None):
        yield f"Your provider ({name}) keeps records of its own: delete the address there too."


def _file(place: Workspace, mailing: int, n: int) -> str:
    return str(place.folder / "outbox" / str(mailing) / f"{n:06}.eml")


def _as_json(erasing: Erasing, place: Workspace) -> dict[str, object]:
    """No address: what a program logs stays clean."""
    return {
        **asdict(erasing.erased),
        "was_known": erasing.erased.was_known,
        "files_deleted": erasing.files,
        "in_flight": [list(copy) for copy in erasing.in_flight],
        "log_cleared": erasing.log_cleared,
        "provider": erasing.provider or None,
        "held_back_there": erasing.was_held_back if erasing.provider else None,
        "erasures": str(place.erasures),
    }
