"""`newsletter notices send`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.notices.notifying import notifier_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.pipeline.notices import Notifier

_NAMES = ("accepted", "refused", "uncertain", "put_off")
_WORDS = {
    "accepted": "handed to the provider",
    "refused": "refused or not to be sent any more",
    "uncertain": "uncertain, perhaps sent",
    "put_off": "put off: the provider could not be reached",
}
#: one command does not go on for ever while pages order more
_MOST_ROUNDS = 50


@click.command("send")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while all is well, for cron.")
@json_option
def send_(quiet: bool, json_: bool) -> int:
    """Send the mails to single people that wait; says nothing when none does.

    `newsletter serve` does this by itself: this command is for who serves the pages in another way. It may run at the
    same time; nobody gets a mail twice. Exit code 3 when nobody can say whether one was sent, 4 when they wait for you.

    \b
    Example:
      newsletter notices send
    """
    from newsletter.store.notices_waiting import count_later

    # what waits is told below; the log is for `serve`
    logging.getLogger("newsletter.pipeline.notices").addHandler(logging.NullHandler())
    place = workspace()
    store = open_store(place)
    store.refuse_if_replaced()
    count, waits = _worked_off(notifier_of(place, store, open_keys(place, store)))
    with store.read() as connection:
        later = count_later(connection, now())
    code = 4 if waits else 3 if count["uncertain"] else 0
    if json_:
        show.as_json({**count, "waits": waits, "later": later})
        return code
    if not (quiet and code == 0):
        for line in _lines(count):
            click.echo(line)
        if later and not waits:
            these = f"{show.number(later)} {show.plural(later, 'notice')}"
            click.echo(
                f"Waiting for another try: {these}. Why, and until when: newsletter notices list --state planned"
            )
            click.echo("At once: newsletter notices retry NUMBER")
    for words in waits:
        click.echo(f"Notices wait: {show.clean(words)}", err=True)
    if waits:
        click.echo("Nothing is lost: put this right and run the command again.", err=True)
    return code


def _worked_off(notifier: Notifier) -> tuple[dict[str, int], list[str]]:
    count, waits = dict.fromkeys(_NAMES, 0), dict[str, None]()
    for _ in range(_MOST_ROUNDS):
        came = notifier.run(now())
        for name in _NAMES:
            count[name] += getattr(came, name)
        waits |= dict.fromkeys(came.waits)
        if not came.more:
            break
    return count, list(waits)


def _lines(count: Mapping[str, int]) -> Iterator[str]:
    for name, words in _WORDS.items():
        if count[name]:
            yield f"{show.number(count[name])} {show.plural(count[name], 'notice')} {words}."
    if count["uncertain"]:
        yield "See `newsletter notices list --state uncertain`; `newsletter notices retry NUMBER` sends one again."
