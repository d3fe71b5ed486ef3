"""`newsletter run-due`."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option
from newsletter.cli.due import program, told
from newsletter.cli.due.at_work import ACTOR, AtWork, clock
from newsletter.cli.due.parts import NAMES, parts_of
from newsletter.cli.due.remembered import Remembered
from newsletter.cli.due.words import fault_of
from newsletter.cli.outlasting import outlast_readers
from newsletter.cli.stopping import stopping
from newsletter.pipeline.running.tasks import State, gravest

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection

    from newsletter.pipeline.running.tasks import Did
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

_PART = click.Choice([*NAMES])
#: a trouble that no part can note: the database opens, and cannot be written to
_NOT_WRITTEN = "the database"


@click.command("run-due")
@click.option("--only", "only", type=_PART, multiple=True, help="Only this part, due or not; may be given again.")
@click.option("--except", "excepted", type=_PART, multiple=True, help="All but this part; may be given again.")
@click.option("-v", "--verbose", is_flag=True, help="Say what each part did.")
@json_option
def run_due(only: tuple[str, ...], excepted: tuple[str, ...], verbose: bool, json_: bool) -> int:
    """Do everything that is due, for cron: `newsletter cron` prints the line for it.

    In this order: reports of providers (inbox), mails to single people (notices), mails that came back (mailbox, where
    one is set up), mailings whose time has come (schedule), handing over what has begun (mailings), people who never
    confirmed (expiry), what was kept long enough (pruning), and where the audit log ends (log). A part that fails stops no
    other. Runs may overlap: what one is at, another leaves alone, and nobody gets an issue twice.

    It says nothing while all is well. A trouble is told when it begins, once a day while it lasts, and once when it is
    over; also by mail, where operator.address is set. Exit code 3 when something was partly sent, is in doubt, held or
    missed, in the run in which that comes up; 5 when a service or a setting is missing, 4 when something was refused for
    safety, 1 when a part failed, in each run in which it is so.

    \b
    Example:
      newsletter run-due
      newsletter run-due --verbose
      newsletter run-due --only mailbox --only inbox
    """
    outlast_readers()
    remembered = Remembered(program.folder())
    try:
        with stopping() as stop:
            did = _run(remembered, stop, only, excepted)
    except Exception as why:
        fault = fault_of(why)
        is_news = remembered.is_news(type(why).__name__, clock(), passing=fault.passing)
        if not (is_news or json_ or verbose):
            return fault.code
        raise
    if json_:
        show.as_json(told.as_json(did))
    elif verbose:
        for line in told.table(did):
            click.echo(line)
    told.say_news(_news(did, remembered))
    return gravest(one.code for one in did)


def _run(remembered: Remembered, stop: threading.Event, only: Collection[str], excepted: Collection[str]) -> list[Did]:
    from newsletter.cli.context import open_keys, workspace

    _say_no_more_than_news()
    place = workspace()
    with closing(_store_of(place)) as store:
        work = AtWork(place=place, store=store, keys=open_keys(place, store), stop=stop)
        if remembered.over(but=_NOT_WRITTEN):
            told.say_news(["it works again."])
        return _all(work, only, excepted)


def _all(work: AtWork, only: Collection[str], excepted: Collection[str]) -> list[Did]:
    from newsletter import wiring
    from newsletter.pipeline.running.duties import Runner

    runner = Runner(
        store=work.store,
        owner=wiring.owner(),
        is_alive=wiring.may_be_alive,
        clock=clock,
        stop=work.stop,
        tell=work.tell,
        explain=fault_of,
    )
    parts = [part for part in parts_of(work) if part.name not in excepted and (not only or part.name in only)]
    did = [one for part in parts for one in runner.do(part, anyway=part.name in only)]
    if work.alerted:  # what was found out after the notices had their turn
        did += [one for part in parts if part.name == "notices" for one in runner.do(part)]
    return did


def _store_of(place: Workspace) -> Store:
    """Raises:
    DatabaseReplaced, and whatever keeps a database from being opened.
    """
    from newsletter import wiring
    from newsletter.cli.context import tell_upgrade

    store = wiring.open_store(place)
    store.actor = ACTOR
    store.refuse_if_replaced()
    tell_upgrade(store)
    return store


def _say_no_more_than_news() -> None:
    """Cron mails whatever is said, each minute; what lasts is told by us, once."""
    for name in ("newsletter.deliver", "newsletter.pipeline", "newsletter.events"):
        log = logging.getLogger(name)
        if not log.handlers:
            log.addHandler(logging.NullHandler())


def _news(did: list[Did], remembered: Remembered) -> list[str]:
    news = [news.words for one in did for news in one.news]
    lost = [one.came.fault for one in did if not one.kept and one.came.fault]
    if lost and remembered.is_news(_NOT_WRITTEN, clock(), passing=lost[0].passing):
        news.append(f"{lost[0].words} ({len(lost)} parts)")
    if not lost and any(one.state is State.DONE for one in did) and remembered.over():
        news.append("it works again.")
    return news
