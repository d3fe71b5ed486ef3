"""What is read from a file of people: headings, and the rows below them in batches with the line each begins on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from newsletter.subscribers.columns.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: rows that are looked at to find out what the columns are
_SAMPLE = 200


class Fault(NamedTuple):
    """A line that could not be read as a row, and why in plain words."""

    line: int
    why: str


@dataclass(kw_only=True, slots=True)
class Batch:
    """Rows in the order of the file, blank ones left out; `lines[i]` is the line on which `rows[i]` begins.

    Cells are as they stand in the file, with the space around them. A row may be shorter or longer than the header.
    """

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Described:
    """What was found out about a file, to be shown before anything is imported. An empty text: does not apply."""

    #: by its usual name: UTF-8, UTF-16, Windows-1252
    encoding: str = ""
    #: the encoding was guessed by the look of the letters; a person should look at them
    guessed: bool = False
    #: the first line that does not fit the encoding; rows with such letters are rejected
    damaged: int | None = None
    separator: str = ""
    #: of a workbook: the sheet that is read, and the others that it has
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    #: the file inside a zip
    member: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences for whoever imports: what is a guess, and what will be missing."""
        said = []
        if self.guessed:
            said.append(
                f"The letters are read as {self.encoding}, which is a guess: look whether ä, é, ñ and the like are right in "
                "some names. If they are not: --encoding NAME"
            )
        if self.damaged is not None:
            said.append(
                f"From line {self.damaged} on some letters do not fit {self.encoding}; rows in which one is used are rejected."
            )
        if self.other_sheets:
            said.append(
                f"Its other sheets are not read: {', '.join(self.other_sheets)}. To read one of them: --sheet NAME"
            )
        return tuple(said)


class Table:
    """`headings` are the cells of the first line that has any, which is line `line`. Rows can be read once.

    `name` is the name of the file, or of the member of a zip: some systems say there how its people stand.
    """

    def __init__(
        self, name: str, line: int, headings: Sequence[str], batches: Iterator[Batch], described: Described
    ) -> None:
        self.name = name
        self.line = line
        self.headings = tuple(headings)
        self.described = described
        self._batches = batches
        self._ahead: list[Batch] = []

    @property
    def sample(self) -> tuple[list[str], ...]:
        """The first rows below the headings; they are still among the `batches`."""
        if not self._ahead:
            self._ahead = list(islice(self._batches, 1))
        return tuple(islice(chain.from_iterable(batch.rows for batch in self._ahead), _SAMPLE))

    def batches(self, *, first_line_too: bool = False) -> Iterator[Batch]:
        """All rows, some thousand at a time. With `first_line_too` the headings are the first row: a file without them."""
        if first_line_too:
            yield Batch(lines=[self.line], rows=[list(self.headings)])
        yield from self._ahead
        self._ahead = []
        yield from self._batches

    @property
    def records(self) -> Iterator[Record]:
        """The same rows one by one, faults among them in the order of lines: simpler, and slower."""
        for batch in self.batches():
            found = [Record(line=line, cells=cells) for line, cells in zip(batch.lines, batch.rows, strict=True)]
            found += [Record(line=fault.line, cells=[], fault=fault.why) for fault in batch.faults]
            yield from sorted(found, key=lambda record: record.line)
