"""Lines of CSV (RFC 4180) -> records with the line each begins on. A record with broken quotes costs one line, not the rest.

The csv module is strict here: a quote that is never closed would otherwise swallow the rows behind it without a word.
"""

from __future__ import annotations

import csv
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SEPARATORS = ",;\t"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """`fault` says why the line could not be read; there are no cells then."""

    line: int
    cells: list[str]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(cell.strip() for cell in self.cells)


def records(lines: Iterable[str], separator: str) -> Iterator[Record]:
    """Every record, blank ones included."""
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    line = 1
    while True:
        feed.given.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            yield Record(line=line, cells=[], fault=_in_words(why))
            feed.again.extendleft(reversed(feed.given[1:]))
            line += 1
        else:
            yield Record(line=line, cells=cells)
            line += len(feed.given)


class _Feed:
    """Hands lines to the csv reader and remembers those of the current record, so that they can be given again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.again: deque[str] = deque()
        self.given: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self._lines)
        self.given.append(line)
        return line


def _in_words(why: csv.Error) -> str:
    if "field limit" in str(why):
        return f"a text is longer than {csv.field_size_limit()} characters; is a closing quote missing?"
    return "the quotes do not match; close every quoted text, and write a quote inside it twice"


def separator_of(header: str) -> str:
    """The separator that a header line uses: the one that cuts it into most columns."""
    return max(SEPARATORS, key=lambda separator: len(_cells(header, separator)))


def _cells(line: str, separator: str) -> list[str]:
    return next(islice(csv.reader([line], delimiter=separator), 1), [])
