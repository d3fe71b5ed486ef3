"""`newsletter evidence MAILING`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace

if TYPE_CHECKING:
    from newsletter.store.database import Store


@click.command("make")
@click.argument("mailing", metavar="MAILING|ISSUE")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write (default: mailing-NUMBER-evidence.zip in this folder).",
)
@json_option
def make(mailing: str, out: Path | None, json_: bool) -> int:
    """Make the evidence of a mailing; the word `make` can be left out.

    MAILING is its number; an issue means its newest mailing. It can be made of any mailing, whatever its state, as often as
    you like; each time tells how things stand then. That it was made is noted in the audit log, with its hash. The file is
    for you alone (mode 0600). Exit code 1 when something in the database does not hold: the file is made all the same, and
    says what.

    \b
    Example:
      newsletter evidence 3
      newsletter evidence 3 --out for-the-board.zip
    """
    from newsletter.cli.out_file import out_file
    from newsletter.pipeline.evidence import making

    place = workspace()
    store = open_store(place)
    store.refuse_if_replaced()
    number = _number(store, mailing)  # before a secret is made where there is nothing to prove
    target = out or Path(f"mailing-{number}-evidence.zip")
    keys = open_keys(place, store)
    with out_file(_named(target)) as stream:
        made = making.make(store, place, keys, number, stream, now())
    if json_:
        facts = {name: getattr(made, name) for name in ("mailing", "issue", "files", "deliveries", "doubts")}
        show.as_json({"file": str(target), "manifest_sha256": made.manifest_sha256, **facts})
    else:
        for doubt in made.doubts:
            click.echo(show.folded(f"Careful: {show.clean(doubt)}", "  "), err=True)
        click.echo(f"Wrote {target}: {made.files} files, {show.number(made.deliveries)} deliveries.")
        click.echo(f"SHA-256 of its manifest: {made.manifest_sha256}")
        click.echo(show.folded("Write that number down where nobody changes it, such as in a letter or a contract."))
        click.echo(f"To check the file at any time: newsletter evidence verify {target}")
    return 1 if made.doubts else 0


def _number(store: Store, name: str) -> int:
    """Of a mailing that is there. Raises MailingNotFound."""
    from newsletter.store import mailings

    with store.read() as connection:
        if name.isascii() and name.isdigit() and len(name) < 19:
            mailings.state_of(connection, int(name))
            return int(name)
        if found := [one.number for one in mailings.every(connection) if one.issue == name]:
            return max(found)
    msg = f"There is no mailing of {name}. See `newsletter mailings list`."
    raise click.UsageError(msg)


def _named(target: Path) -> Path:
    """A zip is not for a terminal."""
    if str(target) == "-":
        msg = "--out: name a file; a zip cannot be printed."
        raise click.UsageError(msg)
    return target
