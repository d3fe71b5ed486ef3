"""Opening a file of people, whatever kind of file it is."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable
from newsletter.subscribers.tables.sources import file_source
from newsletter.subscribers.tables.text_table import text_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from newsletter.subscribers.tables.sources import Source
    from newsletter.subscribers.tables.table import Table

_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@contextmanager
def open_table(
    path: Path, *, encoding: str | None = None, separator: str | None = None, sheet: str | None = None
) -> Iterator[Table]:
    """The one table of a file. What is not given is found out.

    Raises:
        FileUnreadable: the file as a whole cannot be used, or is a zip with several tables; the message says what to do.
    """
    sources = _sources(path)
    if len(sources) > 1:
        names = ", ".join(source.name for source in sources[:10])
        raise FileUnreadable(path, f"it holds several tables ({names}); unpack it and name one of them")
    with _table(sources[0], encoding, separator, sheet) as table:
        yield table


@contextmanager
def open_tables(
    path: Path, *, encoding: str | None = None, separator: str | None = None, sheet: str | None = None
) -> Iterator[Iterator[Table]]:
    """Every table of a file: one, or those of a zip, one after the other; each can be read until the next is asked for.

    Raises:
        FileUnreadable: also while the tables are asked for, when a member of the zip cannot be used.
    """
    with ExitStack() as opened:

        def tables() -> Iterator[Table]:
            for source in _sources(path):
                opened.close()
                yield opened.enter_context(_table(source, encoding, separator, sheet))

        yield tables()


def _sources(path: Path) -> list[Source]:
    source = file_source(path)
    if _kind(source) != _ZIP:
        return [source]
    from newsletter.subscribers.tables.archive import listing, members

    is_workbook = any(info.filename == "[Content_Types].xml" for info in listing(source))
    return [source] if is_workbook else members(source)


def _table(
    source: Source, encoding: str | None, separator: str | None, sheet: str | None
) -> AbstractContextManager[Table]:
    if source.member or not _kind(source):
        return text_table(source, encoding, separator)
    from newsletter.subscribers.tables.workbook import workbook_table

    return workbook_table(source, sheet)


def _kind(source: Source) -> bytes:
    """The first bytes of a zip or an old workbook, empty for anything else."""
    with source.reading(), source.open() as raw:
        head = raw.read(4)
    return head if head in {_ZIP, _OLD_WORKBOOK} else b""
