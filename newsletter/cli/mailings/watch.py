"""`newsletter mailings watch`: a look every second, until the mailing is over or paused."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.mailings.speed import Speed
from newsletter.cli.mailings.standing import exit_code, standing_of
from newsletter.cli.mailings.watched import InPlace, JsonLines, Lines
from newsletter.cli.mailings.words import report_lines
from newsletter.model.mailing import MailingState, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.cli.mailings.standing import Standing

_GOES_ON = {MailingState.SCHEDULED, MailingState.SENDING}
#: between two looks
_SECOND = 1.0


@click.command("watch")
@click.argument("number", type=int)
@json_option
def watch_(number: int, json_: bool) -> int:
    """Show how a mailing goes on, as it does.

    It ends when the mailing is finished, paused or cancelled; Ctrl-C ends the watching, nothing else. On a terminal it
    stays in place; elsewhere a line comes every ten seconds while something changes. With --json each line is one object.

    \b
    Example:
      newsletter mailings watch 3
    """
    place = workspace()
    store, settings = open_store(place), place.settings
    shown = JsonLines() if json_ else InPlace(settings) if sys.stdout.isatty() else Lines(settings)
    try:
        last = follow(lambda: standing_of(store, number, settings), shown, time.sleep)
    except KeyboardInterrupt:
        click.echo("\nNo longer watching; the mailing goes on as it did.", err=True)
        return 0
    if isinstance(shown, InPlace):
        shown.clear()
    if json_:
        shown(last, 0)
    else:
        for line in report_lines(last, settings):
            click.echo(line)
    return exit_code(last)


def follow(
    look: Callable[[], Standing], shown: Callable[[Standing, float], None], sleep: Callable[[float], None]
) -> Standing:
    """Look and show until nothing goes on any more; returns the last look, which is not shown."""
    speed = Speed()
    while _goes_on(standing := look()):
        shown(standing, speed.per_minute(standing))
        sleep(_SECOND)
    return standing


def _goes_on(standing: Standing) -> bool:
    """After a pause, too, answers to what is under way come in while its process lives."""
    return standing.mailing.state in _GOES_ON or bool(standing.holder and standing.tally[Outcome.IN_FLIGHT])
