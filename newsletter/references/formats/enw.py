"""EndNote's tagged text (.enw), which Google Scholar offers -> records with their lines.

An entry begins with `%0` and its type; the other lines begin with `%` and a sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error
from newsletter.references.formats.endnote import records_of
from newsletter.references.formats.tagged import TaggedEntry

if TYPE_CHECKING:
    from newsletter.model.problem import Problem
    from newsletter.references.record import Record

_LINE = re.compile(r"%([0-9A-Za-z@!#$&(+*?\[\]^<>~=])[ \t]+(.*)")
_START = re.compile(r"^\ufeff?%0[ \t]", re.MULTILINE)
#: sign -> tag of RIS
_TAGS = dict(
    zip(
        "0ABCDEGIJKMNPRSTUVXYZ@!789[?",
        "TY AU T2 CY PY A2 LA PB JF KW AN IS SP DO T3 TI UR VL AB A3 N1 SN ST ET DA M3 Y2 A4".split(),
        strict=True,
    )
)
#: with these an entry goes on after its type
_BEGIN = frozenset({"TI", "AU"})


def count_entries(text: str) -> int:
    """How many beginnings of entries there are."""
    return sum(1 for _ in _START.finditer(text))


def read_enw(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The entries, and a problem for each that does not begin as it should."""
    entries: list[TaggedEntry] = []
    problems: list[Problem] = []
    after_blank = False
    for number, line in enumerate(text.split("\n"), 1):
        if match := _LINE.match(line):
            tag = _TAGS.get(match[1], "")
            if tag == "TY" or (after_blank and tag in _BEGIN and entries and entries[-1].first("TI")):
                entries.append(TaggedEntry(number))
                problems += [] if tag == "TY" else [_without_type(file, number)]
            if entries:
                entries[-1].add(tag, match[2], number)
        elif entries:
            entries[-1].go_on(line)
        after_blank = not line.strip()
    return records_of(entries, problems, file)


def _without_type(file: str, line: int) -> Problem:
    """An entry that begins behind a blank line, where the one before it is done."""
    place = Place(file=file, line=line, column=1)
    fix = "Write `%0 Journal Article` (or another type) before its first line."
    return error("reference-endnote", place, "this entry does not begin with its type, `%0`", fix)
