"""A preview of a workspace on disk, and a client that asks as a browser on this machine would."""

from __future__ import annotations

import os
import threading
import time
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter import wiring
from newsletter.settings import load
from newsletter.web.preview.app import create_preview
from newsletter.web.preview.desk import Desk
from newsletter.web.preview.serving import listen_on_loopback, preview_server
from tests.support.workspace import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.workspace import Workspace

ORIGIN = "http://127.0.0.1:8025"

ISSUE = """\
---
title: Walking after a knee operation
preheader: What to expect in the first weeks, and when to call us about it
date: 2026-12-01
---

Dear {{ first_name | default("reader") }},

short walks, often: that is the whole secret.

## What to do

Walk a little every day.

## When to call us

Call us when the knee is hot.

TODO the number.

::: only audience="board"
You are on the board.
:::
"""
SEGMENT = '\n[segments.board]\nattribute = "city"\nequals = "Vienna"\n'


def a_workspace(folder: Path) -> Workspace:
    """One issue with a warning at line 19, and a variant for readers in Vienna."""
    made = make(folder)
    path = folder / "newsletter.toml"
    path.write_text(path.read_text("utf-8") + SEGMENT, encoding="utf-8")
    made.write_issue(ISSUE)
    return made


def a_desk(folder: Path, **others: Any) -> Desk:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    return Desk(
        folder=folder.resolve(),
        load=lambda: load(folder.resolve(), environment),
        open_store=wiring.open_store,
        clock=lambda: datetime.now(UTC),
        **others,
    )


@contextmanager
def client_of(desk: Desk) -> Iterator[Any]:
    """While the application is at work."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it prefers a client library that is not yet widely packaged
        from starlette.testclient import TestClient
    with TestClient(create_preview(desk), base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Its address, on a server of its own."""
    sockets = listen_on_loopback(0)
    running = preview_server(create_preview(desk), desk.events.close)
    thread = threading.Thread(target=running.run, kwargs={"sockets": sockets})
    thread.start()
    while not running.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()
        for one in sockets:
            one.close()
