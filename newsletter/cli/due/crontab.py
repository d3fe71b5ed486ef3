"""`newsletter cron`."""

from __future__ import annotations

import getpass
import os
import shlex
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.cli.due import program, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.settings import Workspace

#: cron's own field; `*/1` would say the same
_EVERY = {1: "*", 5: "*/5"}


@click.command("cron")
@click.option(
    "--every", type=click.Choice(["1", "5"]), default="1", show_default=True, help="Minutes between two beginnings."
)
@click.option("--systemd", "systemd", is_flag=True, help="The service and the timer for systemd instead.")
@json_option
def cron(every: str, systemd: bool, json_: bool) -> None:
    """Print the line for cron, or the timer for systemd, that runs `newsletter run-due`.

    It changes nothing: put the line into `crontab -e` of the account that is to run it, the one that `newsletter serve`
    runs under. Cron mails what run-due says to MAILTO, and it says something only when there is news.

    \b
    Example:
      newsletter cron
      newsletter cron --systemd
    """
    place, minutes = workspace(), int(every)
    folder = program.folder()
    words = program.command(folder)
    if systemd:
        service, timer = units.service(words, folder, _account()), units.timer(minutes)
        if json_:
            show.as_json({"command": words, "service": service, "timer": timer})
        else:
            click.echo(f"{service}\n{timer}", nl=False)
    else:
        line = crontab_line(words, minutes)
        if json_:
            show.as_json({"command": words, "line": line, "mailto": place.settings.operator.address})
        else:
            for text in _lines(place, line):
                click.echo(text)
    _tell_whose_it_is(place)
    _tell_what_is_missing(place)


def crontab_line(words: Sequence[str], minutes: int) -> str:
    """Quoted for the shell, and then for cron, which ends a command at `%` unless a backslash stands before it.

    Raises:
        ServiceMissing: a path has a backslash, with which not every cron does the same.
    """
    for word in words:
        program.refuse(word, {"\\"}, "a backslash")
    return f"{_EVERY[minutes]} * * * * {shlex.join(words)}".replace("%", "\\%")


def _lines(place: Workspace, line: str) -> list[str]:
    name = show.clean(place.settings.newsletter.name)
    address = place.settings.operator.address
    to = f"MAILTO={address}" if address else "# MAILTO=you@example.org   (whoever is to get what cron mails)"
    return [f"# {name}: everything that is due. For: crontab -e", to, line]


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return str(os.getuid())


def _tell_whose_it_is(place: Workspace) -> None:
    """Files that another account makes are not for the one that `serve` runs under."""
    try:
        owner, mine = show.clean(place.folder.owner()), place.folder.stat().st_uid == os.geteuid()
    except (OSError, KeyError):  # an account without a name
        return
    if not mine:
        click.echo(
            f"Careful: {place.folder} belongs to {owner}, and this is for {show.clean(_account())}. Print it as that account: "
            f"sudo -u {owner} newsletter cron",
            err=True,
        )


def _tell_what_is_missing(place: Workspace) -> None:
    missing = program.only_in_this_terminal(place)
    if missing:
        click.echo(
            f"Careful: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} set in this terminal alone, and will not "
            f"be known there. Write {'it' if len(missing) == 1 else 'them'} into {place.folder / '.env'}.",
            err=True,
        )
