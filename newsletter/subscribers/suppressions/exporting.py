"""Suppressions into a stream. Memory does not grow with their number; `import` reads the CSV back."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from newsletter.subscribers.exporting.guarding import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TextIO

    from newsletter.model.suppressing import SuppressedIdentity

#: `key` tells which secret the hashes were made with
HEADINGS = ("email", "reason", "source", "at", "hash", "key")


def write_csv(stream: BinaryIO, rows: Iterable[SuppressedIdentity], key: str) -> tuple[int, int]:
    """All that is known. Texts that a spreadsheet would run are guarded. How many were written, and how many of them
    without an address.
    """
    with _text(stream) as text:
        writer = csv.writer(text)
        writer.writerow(HEADINGS)
        written = nameless = 0
        for row in rows:
            found = row.suppression
            source, at = guarded(found.source), found.at.isoformat()
            writer.writerow((guarded(row.identity or ""), found.reason, source, at, row.identity_hash, key))
            written += 1
            nameless += row.identity is None
    return written, nameless


def write_addresses(stream: BinaryIO, rows: Iterable[SuppressedIdentity], key: str) -> tuple[int, int]:
    """For the upload to another provider: one column, and every address as it is."""
    del key
    with _text(stream) as text:
        writer = csv.writer(text)
        writer.writerow(("email",))
        written = nameless = 0
        for row in rows:
            if row.identity is None:
                nameless += 1
            else:
                writer.writerow((row.identity,))
                written += 1
    return written, nameless


def write_json(stream: BinaryIO, rows: Iterable[SuppressedIdentity], key: str) -> tuple[int, int]:
    import orjson

    written = nameless = 0
    stream.write(b'{"key": ' + orjson.dumps(key) + b', "suppressions": [')
    for row in rows:
        found = row.suppression
        facts = {"email": row.identity, "reason": found.reason, "source": found.source, "at": found.at.isoformat()}
        stream.write((b",\n" if written else b"\n") + orjson.dumps({**facts, "hash": row.identity_hash}))
        written += 1
        nameless += row.identity is None
    stream.write(b"\n]}\n")
    return written, nameless


@contextmanager
def _text(stream: BinaryIO) -> Iterator[TextIO]:
    """A text stream over a binary one, which stays open: it is the caller's."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


WRITERS: Mapping[str, Callable[[BinaryIO, Iterable[SuppressedIdentity], str], tuple[int, int]]] = {
    "csv": write_csv,
    "json": write_json,
    "addresses": write_addresses,
}
