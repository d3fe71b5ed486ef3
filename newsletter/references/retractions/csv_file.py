"""Retraction Watch's CSV, row by row: https://gitlab.com/crossref/retraction-watch-data.

60 MB and more, not always UTF-8, edited by hand for many years: a row that cannot be read is counted and never costs the others.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING

from newsletter.model.notice import Notice, NoticeKind
from newsletter.references.identifiers import doi_of, pmid_of
from newsletter.references.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SOURCE = "Retraction Watch"
#: without these nothing can be looked up
_NEEDED = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate")
_HELPFUL = ("RecordID", "Reason", "RetractionDOI")
#: lines and characters of one row; more is a quotation mark that nobody closed
_MOST_LINES = 50
_LONGEST = 100_000
_REASONS = 300

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_APART = re.compile(r"[;\s]+")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One notice and the papers that it is about: `doi:10.1234/one`, `pmid:31674240`. Later rows have a higher `order`."""

    papers: tuple[str, ...]
    notice: Notice
    order: int


class OtherColumns(Exception):
    """the file does not have the columns of Retraction Watch's table"""


def paper_keys(doi: str, pmid: str) -> tuple[str, ...]:
    """How a paper is found in the table; DOIs do not depend on case (DOI handbook 2.4)."""
    known = doi_of(doi), pmid_of(pmid)
    number = (known[1] or "").lstrip("0")
    return tuple(filter(None, (f"doi:{known[0].lower()}" if known[0] else "", f"pmid:{number}" if number else "")))


def read_rows(file: IO[bytes]) -> Iterator[Row | None]:
    """Every row, None for one that cannot be read.

    Raises:
        OtherColumns: it is another table, or none.
    """
    lines = _lines(file)
    header = next(lines, "")
    comma = ";" if header.count(";") > header.count(",") else ","
    names = _cells(header, comma)
    columns = _columns(names)
    for number, cells in enumerate(_records(lines, comma, len(names))):
        yield _row(cells, columns, number) if cells else None


def _lines(file: IO[bytes]) -> Iterator[str]:
    """Lines of Unicode; a line that is not UTF-8 is that of Windows."""
    for raw in file:
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            line = raw.decode("cp1252", "replace")
        yield line.lstrip("\ufeff").rstrip("\r\n").replace("\0", "").replace("\r", " ")


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    names = {"".join(filter(str.isalnum, name)).lower(): at for at, name in enumerate(header[:200])}
    if any(name.lower() not in names for name in _NEEDED):
        raise OtherColumns
    return {name: names[name.lower()] for name in (*_NEEDED, *_HELPFUL) if name.lower() in names}


def _records(lines: Iterable[str], comma: str, width: int) -> Iterator[list[str]]:
    """The cells of each row, none for one that is broken; a quoted cell may go over several lines.

    Where a quotation mark is missing, only the first line is lost: reading goes on with the second.
    """
    unread = iter(lines)
    again: deque[str] = deque()
    while (line := again.popleft() if again else next(unread, None)) is not None:
        taken = [line]
        is_open, length = line.count('"') % 2 == 1, len(line)
        while is_open and len(taken) < _MOST_LINES and length < _LONGEST:
            more = again.popleft() if again else next(unread, None)
            if more is None:
                break
            taken.append(more)
            length += len(more)
            is_open ^= more.count('"') % 2 == 1
        cells = _cells("\n".join(taken), comma) if length < _LONGEST and not is_open else []
        if len(taken) > 1 and len(cells) != width:
            again.extendleft(reversed(taken[1:]))
            cells = []
        if cells or line.strip():
            yield cells


def _cells(record: str, comma: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=comma), [])
    except csv.Error:
        return []


def _row(cells: Sequence[str], columns: Mapping[str, int], number: int) -> Row | None:
    try:
        cell = {name: cells[at].strip() for name, at in columns.items()}
        kind = _KINDS[cell["RetractionNature"].casefold()]
    except (IndexError, KeyError):
        return None
    papers = _papers(cell["OriginalPaperDOI"], cell["OriginalPaperPubMedID"])
    record_id = cell.get("RecordID", "")
    order = int(record_id) if record_id.isascii() and record_id.isdecimal() and len(record_id) < 12 else number
    notice = Notice(kind=kind, text=_words(cell), date=_date(cell["RetractionDate"]), source=SOURCE)
    return Row(papers=papers, notice=notice, order=order)


_KINDS: Mapping[str, NoticeKind] = {
    "retraction": NoticeKind.RETRACTION,
    "expression of concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTION,
    "reinstatement": NoticeKind.REINSTATEMENT,
}


def _papers(dois: str, pmids: str) -> tuple[str, ...]:
    """`0` and `unavailable` are no DOI and no number of PubMed, and so name no paper."""
    keys = [key for doi in _APART.split(dois)[:20] for key in paper_keys(doi, "")]
    keys += [key for pmid in _APART.split(pmids)[:20] for key in paper_keys("", pmid)]
    return tuple(dict.fromkeys(keys))


def _words(cell: Mapping[str, str]) -> str:
    """Why, and where the notice stands: `Error in Data, Investigation by Journal; doi:10.1234/two`."""
    reasons = ", ".join(reason.strip("+ ") for reason in cell.get("Reason", "")[: 4 * _REASONS].split(";") if reason)
    if len(reasons) > _REASONS:
        reasons = reasons[:_REASONS].rpartition(",")[0] + " …"
    doi = doi_of(cell.get("RetractionDOI", "")[:200])
    return clean("; ".join(filter(None, (reasons.strip(", "), f"doi:{doi}" if doi else ""))))


def _date(text: str) -> date | None:
    """`3/14/2019 0:00` is the 14th of March; `14/3/2019` can only be the same day."""
    match = _DATE.match(text)
    if not match:
        return None
    first, second, year, *iso = (int(part) if part else 0 for part in match.groups())
    month, day = (second, first) if first > 12 else (first, second)
    try:
        return date(year, month, day) if year else date(*iso)
    except ValueError:
        return None
