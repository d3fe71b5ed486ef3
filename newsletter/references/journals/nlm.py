"""NLM's list of journals (J_Medline.txt, J_Entrez.txt) -> a table of journals (journals.py).

Records stand between lines of dashes; each line of a record is a field: JrId, JournalTitle, MedAbbr, ISSN (Print), ISSN (Online),
IsoAbbr, NlmId. The list has some 38,000 records; one that is broken never costs the others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.model.journal import Journal, journal_key
from newsletter.references.journals.table import HEAD
from newsletter.references.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TITLE, _ABBREVIATION = "JournalTitle", "MedAbbr"
_ISSNS = ("ISSN (Print)", "ISSN (Online)")
_FIELDS = frozenset({"JrId", _TITLE, _ABBREVIATION, *_ISSNS, "IsoAbbr", "NlmId"})
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")


class BrokenRecord:
    """A record that is left out: the line where it begins, and why."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


def read_nlm(text: str) -> tuple[list[Journal], list[BrokenRecord]]:
    """The journals of the list, each once, in the order of the alphabet; and what could not be read."""
    journals: dict[tuple[str, str], Journal] = {}
    broken: list[BrokenRecord] = []
    for line, fields, stray in _records(text):
        title, abbreviation = clean(fields.get(_TITLE, "")), clean(fields.get(_ABBREVIATION, ""))
        if why := stray or _gap(title, abbreviation):
            broken.append(BrokenRecord(line, why))
            continue
        issns = tuple(issn for name in _ISSNS if _ISSN.fullmatch(issn := fields.get(name, "")))
        journals[title, abbreviation] = Journal(title=title, abbreviation=abbreviation, issns=issns)
    return sorted(journals.values(), key=_order), broken


def _records(text: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """First line, fields, and what is wrong with a line of it."""
    fields: dict[str, str] = {}
    begin, stray = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("---"):
            if begin:
                yield begin, fields, stray
            fields, begin, stray = {}, 0, ""
        elif line.strip():
            begin = begin or number
            name, colon, value = line.partition(":")
            if colon and name in _FIELDS:
                fields[name] = value.strip()
            else:
                stray = stray or f"`{clean(line)[:60]}` is no field of a journal"
    if begin:
        yield begin, fields, stray


def _gap(title: str, abbreviation: str) -> str:
    if not title:
        return f"it has no {_TITLE}"
    return "" if abbreviation else f"`{title[:60]}` has no {_ABBREVIATION}"


def _order(journal: Journal) -> tuple[str, str, str]:
    return journal_key(journal.title), journal.title, journal.abbreviation


def table_text(journals: Iterable[Journal]) -> str:
    """The table, a line for each journal, so that a newer list shows as few changed lines."""
    rows = ("\t".join((one.title, one.abbreviation, " ".join(one.issns))).rstrip("\t") for one in journals)
    return "\n".join((HEAD, *rows, ""))
