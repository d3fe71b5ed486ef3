"""References -> BibTeX, in the fields that BibLaTeX and the common exports agree on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.references.formats.latex import escaped, formatted, title
from newsletter.references.names import are_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.model.reference import Reference

_TYPES = {
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper", "review"), "article"),
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "thesis",
    "webpage": "online",
    "manuscript": "unpublished",
    "pamphlet": "booklet",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    "periodical": "periodical",
}
_FIELDS = {
    "title-short": "shorttitle",
    "container-title-short": "shortjournal",
    "volume": "volume",
    "edition": "edition",
    "version": "version",
    "collection-title": "series",
    "chapter-number": "chapter",
    "publisher-place": "address",
    "event-title": "eventtitle",
    "genre": "type",
    "ISBN": "isbn",
    "ISSN": "issn",
    "language": "langid",
    "keyword": "keywords",
    "note": "note",
    "abstract": "abstract",
}
#: who publishes a work of these types has a name of its own
_PUBLISHERS = {"report": "institution", "thesis": "school"}
#: never LaTeX text
_VERBATIM = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "URL": "url"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: what BibTeX allows in a key everywhere
_KEY = re.compile(r"[^\w:./+-]+")
_AND = re.compile(r"\band\b", re.IGNORECASE)


def bibtex(references: Iterable[Reference]) -> str:
    """One entry after another, a blank line between them."""
    used: set[str] = set()
    return "\n".join(_entry(reference.csl, _key(reference.key, used)) for reference in references)


def _key(key: str, used: set[str]) -> str:
    """Two keys that differ only in what BibTeX does not allow stay two."""
    plain = _KEY.sub("_", key)
    while plain.lower() in used:
        plain += "_"
    used.add(plain.lower())
    return plain


def _entry(csl: Mapping[str, Any], key: str) -> str:
    kind = _TYPES.get(csl.get("type", ""), "misc")
    fields = {name: text for name, text in _fields(csl, kind) if text}
    lines = [f"  {name} = {text if name == 'month' else f'{{{text}}}'}" for name, text in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _fields(csl: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for role in ("author", "editor", "translator"):
        yield role, " and ".join(_name(name) for name in csl.get(role, ()))
    yield "title", title(_text(csl, "title"))
    container = "journal" if kind in {"article", "periodical"} else "booktitle"
    yield container, formatted(_text(csl, "container-title"))
    yield from _dates(csl)
    # an article's `number` is that of its issue
    issue, number = ("number", "eid") if kind in {"article", "periodical"} else ("issue", "number")
    yield issue, escaped(_text(csl, "issue"))
    yield number, escaped(_text(csl, "number"))
    yield "pages", escaped(_text(csl, "page")).replace("-", "--")
    yield _PUBLISHERS.get(csl.get("type", ""), "publisher"), escaped(_text(csl, "publisher"))
    for name, field in _FIELDS.items():
        yield field, formatted(_text(csl, name))
    for name, field in _VERBATIM.items():
        yield field, _verbatim(_text(csl, name))


def _text(csl: Mapping[str, Any], name: str) -> str:
    return str(csl.get(name, ""))


def _verbatim(text: str) -> str:
    return re.sub(r"[%&#_$]", lambda match: f"\\{match[0]}", text) if "{" not in text and "}" not in text else ""


def _name(name: Mapping[str, str]) -> str:
    """`von Family, Jr., Given`; braces hold a group together, and a family name that would be split otherwise."""
    if are_others(name):
        return "others"
    if "literal" in name:
        return f"{{{escaped(name['literal'])}}}"
    particle = " ".join(name[part] for part in ("dropping-particle", "non-dropping-particle") if name.get(part))
    family = _held(name.get("family", ""))
    if particle and particle[:1].islower():
        family = f"{escaped(particle)} {family}"
    elif particle:
        family = f"{{{escaped(particle)} {escaped(name.get('family', ''))}}}"
    parts = (family, _held(name.get("suffix", ""), words=True), _held(name.get("given", ""), words=True))
    return ", ".join(part for part in parts if part)


def _held(text: str, *, words: bool = False) -> str:
    """In braces where BibTeX would see more than one part in it."""
    splits = "," in text or _AND.search(text) or (not words and (" " in text or text[:1].islower()))
    return f"{{{escaped(text)}}}" if splits else escaped(text)


def _dates(csl: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    issued = csl.get("issued") or {}
    match issued.get("date-parts"):
        case [[year]]:
            yield "year", str(year)
        case [[year, month, *day]]:
            yield "year", str(year)
            yield "month", _MONTHS[month - 1]
            yield "day", str(day[0]) if day else ""
        case [first, last]:
            yield "date", f"{_iso(first)}/{_iso(last)}"
        case _:
            yield "year", escaped(str(issued.get("literal", "")))
    if parts := (csl.get("accessed") or {}).get("date-parts"):
        yield "urldate", _iso(parts[0])


def _iso(parts: list[int]) -> str:
    return "-".join(f"{part:0{4 if place == 0 else 2}}" for place, part in enumerate(parts))
