"""Files of every format for tests: records as read, references as checked, and 500 entries to break one of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.references.entry import checked
from newsletter.references.formats.choice import read_records
from tests.references.records import DATA, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.problem import Problem
    from newsletter.references.record import Record

IMPORTS = DATA / "imports"


def records_of(text: str, name: str) -> tuple[list[Record], list[Problem]]:
    return read_records(text, name, name, WRITTEN)


def csls_of(text: str, name: str) -> tuple[list[Mapping[str, Any]], list[Problem]]:
    """The checked records, and all problems of reading and checking."""
    records, problems = records_of(text, name)
    csls = []
    for record in records:
        reference, found = checked(record)
        problems += found
        if reference:
            csls.append(reference.csl)
    return csls, problems


def sample(name: str) -> tuple[list[Mapping[str, Any]], list[Problem]]:
    return csls_of((IMPORTS / name).read_text(encoding="utf-8"), name)


def _json(number: int) -> str:
    csl = {
        "id": f"k{number}",
        "type": "article-journal",
        "title": f"Title {number}",
        "author": [{"family": f"Name{_letters(number)}", "given": "Jane"}],
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[2012]]},
    }
    return json.dumps(csl, indent=1)


def _bibtex(number: int) -> str:
    return (
        f"@article{{k{number},\n title = {{Title {number}}},\n author = {{Name{_letters(number)}, Jane}},\n"
        " journal = {Journal of Examples},\n year = 2012\n}\n"
    )


def _ris(number: int) -> str:
    return (
        f"TY  - JOUR\nAU  - Name{_letters(number)}, Jane\nTI  - Title {number}\n"
        "T2  - Journal of Examples\nPY  - 2012\nER  - \n"
    )


def _nbib(number: int) -> str:
    return (
        f"PMID- {number + 1}\nOWN - NLM\nDP  - 2012 Apr\nTI  - Title {number}.\nFAU - Name{_letters(number)}, Jane\n"
        "PT  - Journal Article\nJT  - Journal of Examples\nSO  - Journal of Examples. 2012.\n"
    )


def _endnote(number: int) -> str:
    return (
        '<record><ref-type name="Journal Article">17</ref-type>\n'
        f"<contributors><authors><author>Name{_letters(number)}, Jane</author></authors></contributors>\n"
        f"<titles><title>Title {number}</title></titles>\n"
        "<periodical><full-title>Journal of Examples</full-title></periodical>\n"
        "<dates><year>2012</year></dates></record>"
    )


def _enw(number: int) -> str:
    return f"%0 Journal Article\n%T Title {number}\n%A Name{_letters(number)}, Jane\n%J Journal of Examples\n%D 2012\n"


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


#: file name -> (what stands around the entries, one entry, what stands between two)
FILES: Mapping[str, tuple[tuple[str, str], Callable[[int], str], str]] = {
    "many.json": (("[", "]"), _json, ",\n"),
    "many.bib": (("", ""), _bibtex, "\n"),
    "many.ris": (("", ""), _ris, "\n"),
    "many.nbib": (("", ""), _nbib, "\n"),
    "many.xml": (('<?xml version="1.0"?>\n<xml><records>', "</records></xml>"), _endnote, "\n"),
    "many.enw": (("", ""), _enw, "\n"),
}


def written(name: str, entries: list[str]) -> str:
    (before, after), _, between = FILES[name]
    return before + between.join(entries) + after


def entries_of(name: str, count: int) -> list[str]:
    return [FILES[name][1](number) for number in range(count)]
