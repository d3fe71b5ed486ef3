"""References -> RIS, under the tags that ris_fields.py reads first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.references.formats.source_types import TO_RIS
from newsletter.references.names import are_others
from newsletter.references.vocabulary import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.model.reference import Reference

_TEXTS = {
    "title": "TI",
    "title-short": "ST",
    "original-title": "TT",
    "volume": "VL",
    "publisher": "PB",
    "publisher-place": "CY",
    "number-of-volumes": "NV",
    "DOI": "DO",
    "URL": "UR",
    "PMCID": "C2",
    "ISBN": "SN",
    "ISSN": "SN",
    "language": "LA",
    "call-number": "CN",
    "note": "N1",
    "abstract": "AB",
}
_ALONE = frozenset({"book", "report", "standard"})
_WITH_GENRE = frozenset({"thesis", "report", "patent", "manuscript", "motion_picture", "standard", "article"})


def ris(references: Iterable[Reference]) -> str:
    """One entry after another, a blank line between them."""
    return "\n".join(_entry(reference) for reference in references)


def _entry(reference: Reference) -> str:
    kind = reference.csl.get("type", "")
    fields = [("TY", TO_RIS.get(kind, "GEN")), ("ID", reference.key), *_fields(reference.csl, kind)]
    # a line break would begin a line without a tag
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text]
    return "\n".join([*lines, "ER  - ", ""])


def _fields(csl: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for role, tag in (("author", "AU"), ("editor", "ED"), ("translator", "A4")):
        yield from ((tag, _name(name)) for name in csl.get(role, ()))
    if kind == "book":
        yield from (("A2", _name(name)) for name in csl.get("collection-editor", ()))
    yield from ((tag, str(csl[name])) for name, tag in _TEXTS.items() if csl.get(name))
    yield from _work(csl, kind)
    yield from _dates(csl, kind)
    yield from _pages(str(csl.get("page", "")))
    yield from (("KW", word.strip()) for word in str(csl.get("keyword", "")).split(","))
    if csl.get("PMID"):
        yield from (("AN", csl["PMID"]), ("DB", "PubMed"))
    if kind in _WITH_GENRE:
        yield "M3", csl.get("genre", "")


def _work(csl: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """The larger work or the series, and the numbers that depend on it."""
    if kind in _ALONE:
        yield "T2", csl.get("collection-title", "")
        yield "M1", csl.get("number", "") if kind != "book" else ""
        yield "ET", csl.get("edition", "")
        return
    yield "IS", csl.get("issue", "")
    yield "T2", csl.get("container-title", "")
    yield "J2", csl.get("container-title-short", "")
    if kind in ARTICLES:
        yield "C7", csl.get("number", "")
    else:
        yield "T3", csl.get("collection-title", "")
        yield "ET", csl.get("edition", "")


def _dates(csl: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    issued = csl.get("issued") or {}
    if parts := issued.get("date-parts"):
        yield "PY", str(parts[0][0])
        yield "DA", _slashed(parts[0])
    else:
        yield "PY", str(issued.get("literal", ""))
    if parts := (csl.get("accessed") or {}).get("date-parts"):
        yield "Y2", _slashed(parts[0])
    if kind in ARTICLES and (parts := (csl.get("available-date") or {}).get("date-parts")):
        yield "ET", _slashed(parts[0])


def _slashed(parts: list[int]) -> str:
    """`2012/04/16/`, `2012/04//`, `2012///`."""
    texts = [str(parts[0]), *(f"{part:02}" for part in parts[1:])]
    return "/".join([*texts, "", "", ""][:4])


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    first, hyphen, last = pages.partition("-")
    if hyphen and "," not in pages and "-" not in last:
        yield from (("SP", first), ("EP", last))
    else:
        yield "SP", pages


def _name(name: Mapping[str, str]) -> str:
    if are_others(name):
        return "et al."
    if "literal" in name:
        # with a comma in it, only a comma at its end says that it is a group
        return name["literal"] + ("," if "," in name["literal"] else "")
    particles = (name.get(part, "") for part in ("dropping-particle", "non-dropping-particle", "family"))
    family = " ".join(part for part in particles if part)
    return ", ".join(part for part in (family, name.get("given", ""), name.get("suffix", "")) if part)
