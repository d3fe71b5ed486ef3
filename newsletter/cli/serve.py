"""`newsletter serve`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import now, open_keys, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from newsletter.settings import Workspace


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def serve(port: int, host: str) -> None:
    """Serve the pages that a mail links to.

    They belong behind a web server that speaks https and is reached under newsletter.base_url. Reports of SendGrid are taken
    at /hooks/sendgrid, and worked off beside the pages (docs/events.md).

    \b
    Example:
      newsletter serve --port 8000
    """
    from newsletter import wiring
    from newsletter.pipeline.handling import Handler, Keep
    from newsletter.web.app import create_app
    from newsletter.web.serve import listen
    from newsletter.web.serve import serve as run
    from newsletter.web.worker import Worker

    place = workspace()
    store = open_store(place)
    store.refuse_if_replaced()  # the pages write: who leaves must not leave the wrong database
    keys = open_keys(place, store)
    handler = Handler(store=store, keys=keys, readers=wiring.event_readers(store, keys))
    worker = Worker(handler, Keep.asked(place.settings.events), now)
    app = _app(place, partial(create_app, store, keys, place.settings, (place.templates,), now, worker.wake))
    listening = listen(host, port)
    where = f"http://{host}:{listening.getsockname()[1]}"
    click.echo(f"Serving the pages of {place.settings.newsletter.name} on {where} (Ctrl-C stops).", err=True)
    worker.start()
    run(app, listening, worker.stop)


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
