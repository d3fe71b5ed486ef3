"""The workspace's copy of Retraction Watch's table: what became of a paper, by its DOI or its number in PubMed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, information, warning
from newsletter.references.retractions.csv_file import SOURCE, OtherColumns, paper_keys
from newsletter.references.retractions.index import (
    index_name,
    look_up,
    read_contents,
    read_facts,
    write_index,
)

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.notice import Notice
    from newsletter.model.problem import Problem
    from newsletter.references.retractions.index import (
        Contents,
        Facts,
    )

_GET = "Get the file retraction_watch.csv of Retraction Watch again, and put it there as it is."


class Retractions:
    """Looks into the index; where that is gone or could not be written, into what the CSV says."""

    def __init__(self, path: Path, index: Path, facts: Facts, contents: Contents | None = None) -> None:
        self._path = path
        self._index = index
        self._contents = contents
        self.facts = facts
        #: the day of its newest entry; a table without any is as old as its file
        self.newest = facts.newest or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()

    def described(self) -> str:
        """`Retraction Watch, 2026-11-02`."""
        return f"{SOURCE}, {self.newest.isoformat()}"

    def notice(self, doi: str, pmid: str) -> Notice | None:
        """What became of the paper; what is known by its DOI comes first."""
        papers = paper_keys(doi, pmid)
        found = self._found(papers) if papers else {}
        return next((found[paper] for paper in papers if paper in found), None)

    def _found(self, papers: tuple[str, ...]) -> dict[str, Notice]:
        if self._contents is None:
            try:
                return look_up(self._index, papers)
            except (sqlite3.Error, ValueError):
                # somebody removed or damaged it since
                self._contents = read_contents(self._path)
        return {paper: self._contents.notices[paper] for paper in papers if paper in self._contents.notices}


def open_retractions(path: Path, cache: Path, at: Place | None = None) -> tuple[Retractions | None, list[Problem]]:
    """The table ready to be asked, indexed in the folder `cache` if it is new; `at` is where the setting stands."""
    at = at or Place(file=str(path))
    if not path.is_file():
        message = f"the table of retractions `{path.name}` is not there, so no reference was looked up in it"
        fix = "Put the file of Retraction Watch there, or take `retraction_watch` out of the settings."
        return None, [warning("retraction-data-missing", at, message, fix)]
    try:
        table = _indexed(path, cache)
    except OSError as why:
        return None, [_unreadable(path, at, why.strerror or "the system does not say why")]
    except OtherColumns:
        return None, [_unreadable(path, at, "it does not have the columns of Retraction Watch's table")]
    if table.facts.rows == table.facts.broken:
        return None, [_unreadable(path, at, "it has no rows that can be read")]
    return table, [_broken_rows(path, at, table.facts)] if table.facts.broken else []


def _indexed(path: Path, cache: Path) -> Retractions:
    name = index_name(path)
    if facts := read_facts(cache / name):
        return Retractions(path, cache / name, facts)
    contents = read_contents(path)
    try:
        write_index(contents, path, cache, name)
    except (OSError, sqlite3.Error):
        # a folder that cannot be written costs time, not the check
        return Retractions(path, cache / name, contents.facts, contents)
    return Retractions(path, cache / name, contents.facts)


def _unreadable(path: Path, at: Place, why: str) -> Problem:
    message = f"the table of retractions `{path.name}` cannot be used ({why}), so no reference was looked up in it"
    return warning("retraction-data-unreadable", at, message, _GET)


def _broken_rows(path: Path, at: Place, facts: Facts) -> Problem:
    message = f"{facts.broken:,} of the {facts.rows:,} rows of `{path.name}` cannot be read and are left out"
    return information("retraction-data-rows", at, message, _GET)
