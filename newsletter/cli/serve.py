"""`newsletter serve`."""

from __future__ import annotations

import click

from newsletter.cli.context import now, open_keys, open_store, workspace


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def serve(port: int, host: str) -> None:
    """Serve the pages that a mail links to.

    They belong behind a web server that speaks https and is reached under newsletter.base_url.

    \b
    Example:
      newsletter serve --port 8000
    """
    from newsletter.web.app import create_app
    from newsletter.web.serve import listen
    from newsletter.web.serve import serve as run

    place = workspace()
    store = open_store(place)
    store.refuse_if_replaced()  # the pages write: who leaves must not leave the wrong database
    keys = open_keys(place, store)
    app = create_app(store, keys, place.settings, (place.templates,), now)
    listening = listen(host, port)
    where = f"http://{host}:{listening.getsockname()[1]}"
    click.echo(f"Serving the pages of {place.settings.newsletter.name} on {where} (Ctrl-C stops).", err=True)
    run(app, listening)
