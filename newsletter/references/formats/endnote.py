"""EndNote's XML -> records with their lines.

Each `<record>` of the XML is parsed by itself: a broken one never costs the others and has its line, and what a DOCTYPE
declares is never seen. Entities, network and huge trees are off.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error
from newsletter.references.formats.endnote_fields import entry_of
from newsletter.references.formats.ris_fields import csl_of, places_of
from newsletter.references.formats.source_types import ENDNOTE_TYPES
from newsletter.references.library.keys import with_keys
from newsletter.references.record import Lines, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from newsletter.model.problem import Problem
    from newsletter.references.formats.tagged import TaggedEntry

_START = re.compile(r"<record(?=[\s>])")
_END = "</record>"
#: not allowed in XML, but EndNote writes them, raw or as a number
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.I
)


def count_entries(text: str) -> int:
    """How many beginnings of records there are."""
    return sum(1 for _ in _START.finditer(text))


def read_endnote(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The records of EndNote XML, and a problem for each that cannot be read."""
    lines = Lines(text, file)
    problems: list[Problem] = []
    entries: list[TaggedEntry] = []
    for start, source in _sources(text):
        try:
            entries.append(entry_of(_parsed(source), lines.place(start)))
        except ValueError as why:
            fix = "Export it again from EndNote, or remove this record."
            message = f"this record cannot be read as XML: {why}"
            problems.append(error("reference-endnote", lines.place(start), message, fix))
    return records_of(entries, problems, file)


def records_of(entries: list[TaggedEntry], problems: list[Problem], file: str) -> tuple[list[Record], list[Problem]]:
    """The entries of either format as records."""
    if not entries and not problems:
        fix = "Export the references again, or export them as RIS."
        place = Place(file=file, line=1, column=1)
        return [], [error("reference-endnote", place, "the file has no records of EndNote", fix)]
    records = [record for entry in entries if (record := _record(entry, file, problems))]
    return with_keys(records), sorted(problems, key=lambda problem: problem.place.line)


def _record(entry: TaggedEntry, file: str, problems: list[Problem]) -> Record | None:
    at = Place(file=file, line=entry.line, column=entry.column)
    kind = entry.first("TY")
    csl = csl_of(entry, ENDNOTE_TYPES.get(kind, kind or None))
    if not csl.get("title") and not csl.get("author"):
        message = "this record has neither title nor authors and is left out"
        problems.append(error("reference-endnote", at, message, "Complete it in EndNote and export it again."))
        return None
    return Record(csl=csl, at=at, places=places_of(entry, csl, file))


def _sources(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each record: to its end, or to the next one where its end is missing."""
    starts = [match.start() for match in _START.finditer(text)]
    for start, following in pairwise([*starts, len(text)]):
        end = text.find(_END, start, following)
        yield start, text[start : end + len(_END) if end >= 0 else following]


def _parsed(source: str) -> etree._Element:
    """The element of one record.

    Raises:
        ValueError: it is no XML, in words.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True
    )
    try:
        return etree.fromstring(_CONTROL.sub(" ", source), parser)
    except etree.XMLSyntaxError as why:
        # lxml counts lines within the record; the place says where that begins
        raise ValueError(str(why.msg).partition(", line ")[0][:200]) from None
