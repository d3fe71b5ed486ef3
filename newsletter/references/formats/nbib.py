"""PubMed's own format (.nbib, MEDLINE) -> records with their lines. An entry that is broken never costs the others.

The format: https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format. A tag has up to four characters, a hyphen stands in the
fifth column, and a line that begins with blanks goes on with the value before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error, warning
from newsletter.references.formats.nbib_fields import csl_of, places_of
from newsletter.references.formats.tagged import TaggedEntry
from newsletter.references.library.keys import with_keys
from newsletter.references.record import Record

if TYPE_CHECKING:
    from newsletter.model.problem import Problem

_TAG = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) {0,2}-(?:\s(.*)|$)")
_START = re.compile(r"^PMID-", re.MULTILINE)
#: stand once in an entry: a second one behind a blank line begins an entry whose PMID is lost
_ONCE = frozenset({"OWN", "STAT", "TI", "DP", "JT", "TA", "VI", "SO"})


def count_entries(text: str) -> int:
    """How many beginnings of entries there are."""
    return sum(1 for _ in _START.finditer(text))


def read_nbib(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The entries, and a problem for each that is not whole."""
    problems: list[Problem] = []
    entries = _entries(text)
    if not entries:
        fix = "Save the references from PubMed again: each begins with a line such as `PMID- 31674240`."
        return [], [error("reference-nbib", Place(file=file, line=1, column=1), "the file has no entries", fix)]
    last = entries[-1]
    if not last.first("SO") and any(entry.first("SO") for entry in entries):
        fix = "Check that all of it is there, or save the file from PubMed again."
        place = Place(file=file, line=last.line, column=1)
        problems.append(warning("reference-nbib", place, "the file ends in the middle of this entry", fix))
    records = [record for entry in entries if (record := _record(entry, file, problems))]
    return with_keys(records), sorted(problems, key=lambda problem: problem.place.line)


def _entries(text: str) -> list[TaggedEntry]:
    entries: list[TaggedEntry] = []
    seen: set[str] = set()
    after_blank = True
    for number, line in enumerate(text.split("\n"), 1):
        match = _TAG.match(line)
        if match:
            tag = match[1]
            if not entries or tag == "PMID" or (after_blank and tag in _ONCE and tag in seen):
                entries.append(TaggedEntry(number))
                seen = set()
            entries[-1].add(tag, match[2] or "", number)
            seen.add(tag)
        elif entries and line.strip():
            entries[-1].go_on(line)
        after_blank = not line.strip()
    return entries


def _record(entry: TaggedEntry, file: str, problems: list[Problem]) -> Record | None:
    at = Place(file=file, line=entry.line, column=1)
    csl = csl_of(entry)
    if not csl.get("title"):
        fix = "Save it from PubMed again, or add `TI  - `."
        problems.append(error("reference-nbib", at, "this entry has no title and is left out", fix))
        return None
    if not entry.first("PMID"):
        fix = "Write it before the first line of the entry: `PMID- ` and the number."
        problems.append(warning("reference-nbib", at, "this entry does not begin with its PMID", fix))
    return Record(csl=csl, at=at, places=places_of(entry, csl, file))
