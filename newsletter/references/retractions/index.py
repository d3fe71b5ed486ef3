"""What the latest notice about each paper is, and an SQLite file that answers in a millisecond what took the CSV seconds.

Two checks may index one file at once: each writes a file of its own, and the later one takes the earlier one's place.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.model.notice import Notice, NoticeKind
from newsletter.references.retractions.csv_file import SOURCE, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: changes whenever the same CSV would give another index
_VERSION = 2
#: bytes at either end of the CSV that tell it from another one of the same size and time
_ENDS = 65_536
#: a row that is further ahead of all others is a slip of typing
_GAP = timedelta(days=60)
#: what may take a retraction's place
_LIFTS = frozenset({NoticeKind.RETRACTION, NoticeKind.REINSTATEMENT})
_SCHEMA = """
CREATE TABLE notices (paper TEXT PRIMARY KEY, kind TEXT NOT NULL, day TEXT, words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE facts (papers INTEGER NOT NULL, rows INTEGER NOT NULL, broken INTEGER NOT NULL, newest TEXT);
"""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`papers` counts what can be looked up: one paper may have a DOI and a number of PubMed."""

    papers: int
    rows: int
    broken: int
    newest: date | None


@dataclass(kw_only=True)
class Contents:
    """All that a CSV says."""

    facts: Facts
    notices: Mapping[str, Notice] = field(default_factory=dict)


def read_contents(path: Path) -> Contents:
    """The CSV, read once from its beginning to its end.

    Raises:
        OtherColumns: it is another table, or none.
        OSError: it cannot be read.
    """
    told: dict[str, list[tuple[date, int, Notice]]] = {}
    days: Counter[date] = Counter()
    rows = broken = 0
    with path.open("rb") as file:
        for row in read_rows(file):
            rows += 1
            if row is None:
                broken += 1
                continue
            day = row.notice.date
            days.update([day] if day else [])
            for paper in row.papers:
                told.setdefault(paper, []).append((day or date.min, row.order, row.notice))
    notices = {paper: _latest(entries) for paper, entries in told.items()}
    facts = Facts(papers=len(notices), rows=rows, broken=broken, newest=_newest(days))
    return Contents(facts=facts, notices=notices)


def _latest(entries: Iterable[tuple[date, int, Notice]]) -> Notice:
    """The latest, but what was retracted stays so until it is reinstated: a correction of the notice changes nothing."""
    state, *later = (notice for _, _, notice in sorted(entries, key=lambda entry: entry[:2]))
    for notice in later:
        if state.kind is not NoticeKind.RETRACTION or notice.kind in _LIFTS:
            state = notice
    return state


def _newest(days: Counter[date]) -> date | None:
    """The newest day that can be trusted: the table grows every week, so a row whose day is more than 60 days ahead of all
    others is a slip of typing (2091 for 2019), and would make an old table look new. Only a single row is left out so:
    where several rows have a day, or the days that are near it, that day counts. Where no day is near another, the newest
    counts.
    """
    latest = sorted(days, reverse=True)
    near = (
        day for day, before in zip_longest(latest, latest[1:]) if days[day] > 1 or (before and day - before <= _GAP)
    )
    return next(near, latest[0] if latest else None)


def index_name(path: Path) -> str:
    """The index's file name: it changes with the CSV's place, size, time and ends.

    Raises:
        OSError: the CSV cannot be read.
    """
    state = path.stat()
    with path.open("rb") as file:
        ends = file.read(_ENDS)
        file.seek(max(0, state.st_size - _ENDS))
        ends += file.read(_ENDS)
    said = f"{_VERSION}\0{state.st_size}\0{state.st_mtime_ns}\0".encode() + ends
    return f"{_prefix(path)}{hashlib.sha256(said).hexdigest()[:24]}.sqlite"


def _prefix(path: Path) -> str:
    return f"retractions-{hashlib.sha256(str(path.resolve()).encode('utf-8', 'surrogateescape')).hexdigest()[:12]}-"


def write_index(contents: Contents, path: Path, folder: Path, name: str) -> None:
    """The index in its folder, whole or not at all; those of the CSV's earlier states are removed.

    Raises:
        OSError, sqlite3.Error: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".retractions-", suffix=".sqlite", dir=folder)
    os.close(handle)
    try:
        _fill(Path(temporary), contents)
        Path(temporary).replace(folder / name)
    finally:
        Path(temporary).unlink(missing_ok=True)
    for old in folder.glob(f"{_prefix(path)}*.sqlite"):
        if old.name != name:
            with suppress(OSError):
                old.unlink()


def _fill(file: Path, contents: Contents) -> None:
    facts = contents.facts
    rows = ((paper, one.kind.value, _iso(one.date), one.text) for paper, one in sorted(contents.notices.items()))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.executemany("INSERT INTO notices VALUES (?, ?, ?, ?)", rows)
        connection.execute(
            "INSERT INTO facts VALUES (?, ?, ?, ?)", (facts.papers, facts.rows, facts.broken, _iso(facts.newest))
        )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_facts(index: Path) -> Facts | None:
    """What an index says of itself, None where there is none that is whole."""
    try:
        with closing(_open(index)) as connection:
            papers, rows, broken, newest = connection.execute(
                "SELECT papers, rows, broken, newest FROM facts"
            ).fetchone()
            (held,) = connection.execute("SELECT count(*) FROM notices").fetchone()
            facts = Facts(
                papers=papers, rows=rows, broken=broken, newest=date.fromisoformat(newest) if newest else None
            )
    except (sqlite3.Error, TypeError, ValueError):
        return None
    return facts if held == papers else None


def look_up(index: Path, papers: Sequence[str]) -> dict[str, Notice]:
    """The notices about these papers.

    Raises:
        sqlite3.Error: the index is gone or damaged.
    """
    places = ", ".join("?" * len(papers))
    query = f"SELECT paper, kind, day, words FROM notices WHERE paper IN ({places})"  # noqa: S608 - question marks only
    with closing(_open(index)) as connection:
        rows = connection.execute(query, tuple(papers)).fetchall()
    return {paper: _notice(kind, day, words) for paper, kind, day, words in rows}


def _notice(kind: str, day: str | None, words: str) -> Notice:
    when = date.fromisoformat(day) if day else None
    return Notice(kind=NoticeKind(kind), text=words, date=when, source=SOURCE)


def _open(index: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(index.resolve()))}?mode=ro&immutable=1", uri=True)
