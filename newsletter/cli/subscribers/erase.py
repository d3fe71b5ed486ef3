"""`newsletter subscribers erase`."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.erasure import Erased
    from newsletter.pipeline.erasing import Erasing
    from newsletter.settings import Workspace


@click.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase(address: str, yes: bool, json_: bool) -> int | None:
    """Erase a person, and keep them out of all later imports.

    Name, address, lists, tags and attributes go; a number without a name stays, so that every mailing still adds up.
    Mails to them in the outbox are deleted. It cannot be undone. docs/privacy.md says what stays, and what this cannot
    reach.

    \b
    Example:
      newsletter subscribers erase ada@example.org
      newsletter subscribers erase ada@example.org --yes
    """
    from newsletter.pipeline.erasing import Person

    place = workspace()
    store = open_store(place)
    try:
        person = Person(place, store, open_keys(place, store), address)
    except ValueError as why:
        msg = f"{show.clean(address)}: {why}"
        raise click.UsageError(msg) from None
    if not yes and not _agreed(person.foresee()):
        click.echo("Nothing was erased.", err=True)
        return 2
    erasing = person.erase(now(), time.sleep)
    if json_:
        show.as_json(_as_json(erasing, place))
    else:
        for line in _lines(erasing, place):
            click.echo(line)
    return 3 if erasing.in_flight else None


def _agreed(erased: Erased) -> bool:
    """What will happen, and whether it shall."""
    if not sys.stdin.isatty():
        msg = "Erasing cannot be undone. Where nobody can be asked, say --yes."
        raise click.UsageError(msg)
    for line in _foreseen(erased):
        click.echo(line, err=True)
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
    if (name := place.settings.esp.name) != "outbox":
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
        "erasures": str(place.erasures),
    }
