"""The tags of RIS as CSL-JSON. EndNote's two formats are read by way of these tags, too.

What a tag means depends on the type of the source: T2 is the journal of an article, the book of a chapter, the series of
a book. Several exports put the same thing under different tags; the first one that is there counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import Place
from newsletter.references.formats.date_texts import ris_date, year_of_text
from newsletter.references.formats.languages import language_code
from newsletter.references.formats.tagged_names import person_or_group
from newsletter.references.identifiers import doi_of, pmcid_of, pmid_of, web_address
from newsletter.references.vocabulary import ARTICLES, PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.references.formats.tagged import TaggedEntry

#: CSL field -> the tags that hold it, the best first
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT"),
    "title-short": ("ST",),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "abstract": ("AB", "N2"),
    "note": ("N1",),
    "call-number": ("CN",),
    "number-of-volumes": ("NV",),
    "original-title": ("TT",),
}
_JOURNAL, _SHORT_JOURNAL = ("JF", "T2", "JO", "BT", "JA", "J2", "J1"), ("JA", "J2", "J1", "JO")
#: M3 of these types says what kind of work it is; elsewhere it repeats the type
_WITH_GENRE = frozenset({"thesis", "report", "patent", "manuscript", "motion_picture", "standard", "article"})
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_KEY = re.compile(r"(?=.*[^\W\d_])\w+(?:[:._-]\w+)*")
_LONGEST_KEY = 60
#: field -> tags, where a problem about the field should point
_PLACES: Mapping[str, tuple[str, ...]] = {
    **_TEXTS,
    "type": ("TY",),
    "id": ("ID", "LB"),
    "author": ("AU", "A1"),
    "editor": ("ED", "A2", "AU"),
    "container-title": _JOURNAL,
    "issued": ("DA", "PY", "Y1"),
    "accessed": ("Y2",),
    "page": ("SP",),
    "DOI": ("DO", "M3", "UR"),
    "URL": ("UR", "L2"),
    "PMID": ("AN",),
    "PMCID": ("C2",),
}


def csl_of(entry: TaggedEntry, kind: str | None) -> dict[str, Any]:
    """The entry as CSL-JSON of that type, without what it does not have."""
    csl: dict[str, Any] = {"type": kind, "id": _key(entry)}
    csl |= {name: entry.first(*tags) for name, tags in _TEXTS.items()}
    csl |= _people(entry, kind)
    csl |= _work(entry, kind or "")
    csl |= _dates(entry, kind or "")
    csl |= _identifiers(entry)
    csl |= {"page": _pages(entry), "keyword": ", ".join(entry.all("KW")), "language": language_code(entry.first("LA"))}
    if kind in _WITH_GENRE:
        csl["genre"] = entry.first("M3")
    return {name: value for name, value in csl.items() if value}


def places_of(entry: TaggedEntry, csl: Mapping[str, Any], file: str) -> dict[str, Place]:
    """Where each of the fields stands."""
    return {
        name: Place(file=file, line=entry.line_of(*tags), column=1) for name, tags in _PLACES.items() if name in csl
    }


def _key(entry: TaggedEntry) -> str:
    """The reference's own name, when it is fit to be written in a text; many programs number them."""
    key = entry.first("ID", "LB")
    return key if len(key) <= _LONGEST_KEY and _KEY.fullmatch(key) else ""


def _people(entry: TaggedEntry, kind: str | None) -> dict[str, list[dict[str, str]]]:
    authors, second = _names(entry, "AU", "A1"), _names(entry, "A2")
    people = {"author": authors, "editor": _names(entry, "ED"), "translator": _names(entry, "A4")}
    if entry.first("TY").upper() == "EDBOOK":
        people |= {"author": [], "editor": authors or second}
    elif kind == "book":
        people["collection-editor"] = second
    elif second:
        people["editor"] = people["editor"] or second
    if kind in PARTS and kind not in ARTICLES:
        people["collection-editor"] = _names(entry, "A3")
    return people


def _names(entry: TaggedEntry, *tags: str) -> list[dict[str, str]]:
    return [person_or_group(text) for text in entry.all(*tags)]


def _work(entry: TaggedEntry, kind: str) -> dict[str, str]:
    """The larger work, or the series of a work that stands alone."""
    if kind in {"book", "report", "standard"}:
        title = entry.first("TI", "T1", "CT", "BT")
        number = entry.first("M1", "IS") if kind != "book" else ""
        parts = {"title": title, "collection-title": entry.first("T2", "T3"), "number": number}
        return {**parts, "issue": "", "edition": entry.first("ET")}
    if kind == "thesis":
        return {}
    name = entry.first(*_JOURNAL)
    short = next((text for tag in _SHORT_JOURNAL if (text := entry.first(tag)) and text != name), "")
    work = {"container-title": name, "container-title-short": short}
    if kind in ARTICLES:
        return {**work, "number": entry.first("C7")}
    return {**work, "edition": entry.first("ET"), "collection-title": entry.first("T3")}


def _dates(entry: TaggedEntry, kind: str) -> dict[str, Any]:
    year_text, day_text = entry.first("PY", "Y1"), entry.first("DA")
    year = year_of_text(year_text)
    issued, exact = ris_date(year_text), ris_date(day_text, year) if day_text else None
    if exact and (not issued or _finer(exact, issued)):
        issued = exact
    # EndNote keeps the electronic publication of an article where a book has its edition
    ahead = ris_date(entry.first("ET"), year) if kind in ARTICLES and year_of_text(entry.first("ET")) else None
    # a text that is no date stays one, such as "in press"
    return {"issued": issued or year_text, "accessed": ris_date(entry.first("Y2")), "available-date": ahead}


def _finer(exact: Mapping[str, Any], issued: Mapping[str, Any]) -> bool:
    """Whether it is the same year told in more detail. January 1 is what exports write when they know the year only."""
    one, other = exact["date-parts"][0], issued["date-parts"][0]
    return bool(one[0] == other[0] and len(one) > len(other) and one[1:] != [1, 1])


def _identifiers(entry: TaggedEntry) -> dict[str, str]:
    numbers = entry.all("SN")
    found = {
        "DOI": entry.first("DO") or _doi_elsewhere(entry),
        "URL": next((text for text in entry.all("UR", "L2") if web_address(text)), entry.first("UR")),
        "PMCID": next((text for text in entry.all("C2") if text.upper().startswith("PMC") and pmcid_of(text)), ""),
        "ISBN": next((text for text in numbers if _digits(text) in {10, 13}), ""),
        "ISSN": next((text for text in numbers if _digits(text) == 8), ""),
    }
    database = entry.first("DB", "DP").lower()
    if "pubmed" in database or "medline" in database or "nlm" in database:
        found["PMID"] = pmid_of(entry.first("AN")) or ""
    return found


def _doi_elsewhere(entry: TaggedEntry) -> str:
    for text in entry.all("M3", "UR", "L3", "N1"):
        if "doi" in text.lower() and (match := _DOI.search(text[:500])):
            return doi_of(match[0]) or ""
    return ""


def _digits(text: str) -> int:
    return sum(1 for letter in text.split(maxsplit=1)[0] if letter.isdigit() or letter in "xX")


def _pages(entry: TaggedEntry) -> str:
    first, last = entry.first("SP"), entry.first("EP")
    return f"{first}-{last}" if first and last and "-" not in first and first != last else first or last
