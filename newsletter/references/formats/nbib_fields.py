"""The tags of one PubMed entry as CSL-JSON, with its kinds of publication and the notices about it under `custom`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import Place
from newsletter.references.formats.date_texts import pubmed_date
from newsletter.references.formats.languages import language_code
from newsletter.references.formats.tagged_names import person, person_or_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.references.formats.tagged import TaggedEntry

#: CSL field -> tags, the best first
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "original-title": ("TT",),
    "volume": ("VI",),
    "issue": ("IP",),
    "abstract": ("AB",),
    "publisher": ("PB",),
    "edition": ("EN",),
    "collection-title": ("CTI",),
    "PMID": ("PMID",),
    "PMCID": ("PMC",),
}
#: tag -> what the notice says of this paper. Comments (CIN), reprints (RPI) and tags of the notices themselves (ROF, EFR)
#: change nothing about what the paper is worth.
_NOTICES: Mapping[str, str] = {
    "RIN": "retraction",
    "PRIN": "retraction",
    "RRI": "retraction",
    "ECI": "concern",
    "EIN": "correction",
    "CRI": "correction",
}
_KINDS = {"Preprint": "article", "Newspaper Article": "article-newspaper", "Dataset": "dataset"}
_PMID = re.compile(r"\bPMID:?\s*(\d{1,9})")
_DOI = re.compile(r"(\S+)\s*\[doi\]", re.IGNORECASE)
_PLACES: Mapping[str, tuple[str, ...]] = {
    **_TEXTS,
    "title": ("TI", "BTI"),
    "author": ("FAU", "AU", "CN"),
    "container-title": ("JT", "TA", "BTI"),
    "container-title-short": ("TA",),
    "issued": ("DP",),
    "available-date": ("DEP",),
    "page": ("PG",),
    "DOI": ("LID", "AID"),
}


def csl_of(entry: TaggedEntry) -> dict[str, Any]:
    """The entry as CSL-JSON, without what it does not have."""
    kinds = entry.all("PT")
    csl: dict[str, Any] = {"type": _type(entry, kinds)}
    csl |= {name: entry.first(*tags) for name, tags in _TEXTS.items()}
    csl |= _titles(entry)
    csl |= {"author": _people(entry, "FAU", "AU", "CN"), "editor": _people(entry, "FED", "ED", "")}
    csl |= {"issued": pubmed_date(entry.first("DP")), "available-date": pubmed_date(entry.first("DEP"))}
    csl |= {"page": _pages(entry.first("PG")), "DOI": _doi(entry), "language": language_code(entry.first("LA"))}
    csl |= {"ISSN": _issn(entry), "ISBN": _bare(entry.first("ISBN"))}
    if csl["type"] in {"book", "chapter"}:
        # for journals, PL is the country
        csl["publisher-place"] = entry.first("PL")
    custom = {"publication-types": kinds, "notices": _notices(entry)}
    csl["custom"] = {name: part for name, part in custom.items() if part}
    return {name: value for name, value in csl.items() if value}


def places_of(entry: TaggedEntry, csl: Mapping[str, Any], file: str) -> dict[str, Place]:
    """Where each of the fields stands."""
    return {
        name: Place(file=file, line=entry.line_of(*tags), column=1) for name, tags in _PLACES.items() if name in csl
    }


def _type(entry: TaggedEntry, kinds: list[str]) -> str:
    if entry.first("BTI"):
        return "chapter" if entry.first("TI") else "book"
    return next((_KINDS[kind] for kind in kinds if kind in _KINDS), "article-journal")


def _titles(entry: TaggedEntry) -> dict[str, str]:
    title, book = _title(entry.first("TI")), _title(entry.first("BTI"))
    if book:
        return {"title": title or book, "container-title": book if title else ""}
    return {"title": title, "container-title": entry.first("JT", "TA"), "container-title-short": entry.first("TA")}


def _title(text: str) -> str:
    """PubMed ends titles with a full stop; the brackets of a translated title stay."""
    bare = text.removesuffix(".")
    return text if bare.endswith(".") else bare


def _people(entry: TaggedEntry, full: str, short: str, group: str) -> list[dict[str, str]]:
    """Full names; a short one counts only where no full name stands before it. Groups keep their place among them."""
    people: list[dict[str, str]] = []
    has_full = False
    for one in entry.named(full, short, group):
        if one.tag == group:
            people.append({"literal": one.text})
        elif one.tag == full:
            family, _, given = one.text.partition(",")
            people.append(person(family, given))
        elif not has_full:
            people.append(_short_name(one.text))
        has_full = one.tag == full
    return people


def _short_name(text: str) -> dict[str, str]:
    family, blank, initials = text.rpartition(" ")
    return person(family, initials) if blank and initials.isupper() else person_or_group(text)


def _pages(text: str) -> str:
    """Without the letters and comments behind it: `889-94; discussion 895`."""
    return text.partition(";")[0].strip()


def _doi(entry: TaggedEntry) -> str:
    return next((match[1] for text in entry.all("LID", "AID") if (match := _DOI.fullmatch(text))), "")


def _issn(entry: TaggedEntry) -> str:
    numbers = entry.all("IS")
    linking = [text for text in numbers if "link" in text.lower()]
    return _bare(next(iter([*linking, *numbers]), ""))


def _bare(text: str) -> str:
    return text.partition(" ")[0]


def _notices(entry: TaggedEntry) -> list[dict[str, str]]:
    return [_notice(_NOTICES[one.tag], one.text) for one in entry.named(*_NOTICES)]


def _notice(kind: str, text: str) -> dict[str, str]:
    match = _PMID.search(text)
    said = text[: match.start()].strip() if match else text
    return {"kind": kind, "text": said or text, **({"PMID": match[1]} if match else {})}
