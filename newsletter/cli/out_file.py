"""Where an export goes: a file that an option names, or standard output."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: standard output
STREAM = Path("-")


@contextmanager
def out_file(out: Path, option: str = "--out") -> Iterator[BinaryIO]:
    """Standard output, or a new file that is there in whole or not at all; for its owner alone.

    Raises:
        click.UsageError: something has this name already, or the folder is not there.
    """
    from newsletter.files import private_file

    if out == STREAM:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    folder = out.absolute().parent
    if not folder.is_dir():
        msg = f"{option}: there is no folder {folder}."
        raise click.UsageError(msg)
    if out.exists() or out.is_symlink():  # a slip of the hand must not cost the database
        msg = f"{option}: {out} is there already. Name another file, or delete that one first."
        raise click.UsageError(msg)
    with private_file(out) as stream:
        yield stream
