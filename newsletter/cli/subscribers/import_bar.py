"""How far an import is, on a terminal: a bar where the length is known, the rows, and how fast they go."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newsletter.subscribers.importing import Progress

_WIDTH = 30
#: seconds between two changes
_STEP = 0.1


@contextmanager
def bar(file: Path, *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    name = show.clean(file.name)[:40]
    start = shown = time.monotonic()

    def advance(progress: Progress) -> None:
        nonlocal shown
        if (moment := time.monotonic()) - shown >= _STEP:
            shown = moment
            click.echo(f"\r\x1b[K{name}: {line(progress, moment - start)}", nl=False, err=True)

    try:
        yield advance
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def line(progress: Progress, seconds: float) -> str:
    """Such as `[#####.....]  43 %  412,000 rows, 61,000 a second`."""
    rate = f"{show.number(int(progress.rows / seconds))} a second" if seconds > 1 else "..."
    rows = f"{show.number(progress.rows)} rows, {rate}"
    if progress.share is None:
        return rows
    done = int(progress.share * _WIDTH)
    return f"[{'#' * done}{'.' * (_WIDTH - done)}] {progress.share:4.0%}  {rows}"
