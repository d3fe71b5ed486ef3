"""`newsletter serve`."""

from __future__ import annotations

import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import now, open_keys, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from newsletter.keys import Keys
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.web.worker import Job

_log = logging.getLogger("newsletter.web")
#: seconds; several times what the database takes to note something
_BEAT = 0.25


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--log",
    "style",
    type=click.Choice(["text", "json"]),
    help="How requests and failures are logged to stderr.  [default: text on a terminal, else json]",
)
@click.option("--no-work", is_flag=True, help="Only the pages: send no notices, read no reports, forget nobody.")
def serve(port: int, host: str, style: str | None, no_work: bool) -> None:
    """Serve the pages that a mail links to, and send the mails that they promise.

    They belong behind a web server that speaks https and is reached under newsletter.base_url. Reports of SendGrid are taken
    at /hooks/sendgrid, and worked off beside the pages (docs/events.md). One signal to stop ends it when requests and
    work under way are done; a second one at once.

    \b
    Example:
      newsletter serve --port 8000
    """
    from newsletter.web import logs
    from newsletter.web.app import create_app
    from newsletter.web.eraser import eraser
    from newsletter.web.serve import listen
    from newsletter.web.serve import serve as run
    from newsletter.web.worker import Worker

    place = workspace()
    store = open_store(place)
    store.refuse_if_replaced()  # the pages write: who leaves must not leave the wrong database
    keys = open_keys(place, store)
    worker = Worker([] if no_work else _jobs(place, store, keys), now)
    folders = (place.templates,)
    create = partial(create_app, store, keys, place.settings, folders, now, worker.wake, worker.states)
    app = _app(place, partial(create, erase=eraser(place, store, keys), beat=_BEAT))
    listening = listen(host, port)
    handler = logs.log_to(sys.stderr, logs.style_for(style))
    try:
        where = f"http://{host}:{listening.getsockname()[1]}"
        _log.info("Serving the pages of %s on %s (Ctrl-C stops).", place.settings.newsletter.name, where)
        worker.start()
        run(app, listening, worker.stop)
        _log.info("Stopped.")
    finally:
        logs.stop_logging(handler)


def _jobs(place: Workspace, store: Store, keys: Keys) -> list[Job]:
    from newsletter import wiring
    from newsletter.cli.notices.notifying import notifier_of
    from newsletter.pipeline.handling import Handler, Keep
    from newsletter.web import jobs

    handler = Handler(store=store, keys=keys, readers=wiring.event_readers(store, keys))
    return [
        jobs.events(handler),
        jobs.notices(notifier_of(place, store, keys)),
        jobs.forget_unconfirmed(store, place.settings.signup.forget_days),
        jobs.prune_events(handler, Keep.asked(place.settings.events)),
        jobs.prune_answers(store),
    ]


def _app(place: Workspace, create: Callable[[], Starlette]) -> Starlette:
    """Raises:
    BadSettings: the verification key is none.
    """
    from newsletter.errors import BadSettings
    from newsletter.esp.sendgrid.signature import NotAKey
    from newsletter.model.problem import Place, error

    try:
        return create()
    except NotAKey:
        problem = error(
            "settings-value",
            Place(file=str(place.folder / "newsletter.toml")),
            "`events.public_key` is not the verification key of an event webhook",
            "Copy it whole from SendGrid, Settings > Mail Settings > Event Webhooks.",
        )
        raise BadSettings([problem]) from None
