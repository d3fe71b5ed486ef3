"""A text file -> a table."""

from __future__ import annotations

import io
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from newsletter.errors import OptionUnusable
from newsletter.subscribers.tables.delimited import delimited
from newsletter.subscribers.tables.encodings import encoding_of
from newsletter.subscribers.tables.separators import given_separator, said_separator, separator_of
from newsletter.subscribers.tables.table import Described, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from newsletter.subscribers.tables.sources import Source
    from newsletter.subscribers.tables.table import Batch

#: characters that are read at once
_CHUNK = 1 << 19
#: lines below the header that are looked at for the separator
_MOST = 20


@contextmanager
def text_table(source: Source, encoding: str | None, separator: str | None) -> Iterator[Table]:
    """The table of a text file.

    Raises:
        FileUnreadable: it has no text that is a table.
        OptionUnusable: there is no such encoding, or nothing can be separated by such a separator.
    """
    try:
        wanted = given_separator(separator) if separator is not None else None
    except ValueError as why:
        raise OptionUnusable("--separator", str(why)) from None
    with source.reading():
        found = encoding_of(source, encoding)
        raw = source.open()
    with io.TextIOWrapper(io.BufferedReader(raw, 1 << 18), found.codec, errors="replace", newline="") as text:  # type: ignore[type-var]
        more = _more(text, source)
        line, lines = _first_lines(more, source)
        if said := said_separator(lines[0]):
            line, lines = line + 1, lines[1:] or more()
        wanted = wanted or said or separator_of(lines[0] if lines else "", lines[1:_MOST])
        given = chain([lines], iter(more, []))
        batches = delimited(lambda: next(given, []), wanted, line)
        described = Described(
            encoding=found.label, guessed=found.guessed, damaged=found.damaged, separator=wanted, member=source.member
        )
        yield _with_header(source, batches, described)


def _more(text: TextIO, source: Source) -> Callable[[], list[str]]:
    def more() -> list[str]:
        with source.reading():
            return text.readlines(_CHUNK)

    return more


def _first_lines(more: Callable[[], list[str]], source: Source) -> tuple[int, list[str]]:
    """The first chunk of lines, from the first that is not blank, and the number of that line."""
    line = 1
    while lines := more():
        for at, found in enumerate(lines):
            if found.strip():
                return line + at, lines[at:]
        line += len(lines)
    raise source.unreadable("it is empty")


def _with_header(source: Source, batches: Iterator[Batch], described: Described) -> Table:
    first = next(batches, None)
    if first is None:
        raise source.unreadable("it has no header, only separators")
    if first.faults and not (first.lines and first.lines[0] < first.faults[0].line):
        raise source.unreadable(f"its header cannot be read: {first.faults[0].why}")
    line, headings = first.lines.pop(0), first.rows.pop(0)
    return Table(source.name, line, headings, chain([first], batches), described)
