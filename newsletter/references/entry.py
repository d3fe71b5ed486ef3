"""One record -> one Reference with clean, uniform CSL-JSON, and everything that is wrong with the record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import error, information, warning
from newsletter.model.reference import Reference
from newsletter.references.completeness import gaps
from newsletter.references.custom import custom_of
from newsletter.references.dates import NotADate, date_of
from newsletter.references.identifiers import doi_of, pmcid_of, pmid_of, web_address
from newsletter.references.names import names_of
from newsletter.references.pages import full_range
from newsletter.references.text import LONGEST, clean, decode_entities, imported
from newsletter.references.vocabulary import (
    DATES,
    FALLBACK_TYPE,
    FOREIGN_TYPES,
    KEPT_DATES,
    NAMES,
    SYNONYMS,
    TEXTS,
    TYPES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.problem import Problem
    from newsletter.references.record import Record

#: keys that can stand in `[@key]` as they are; any other needs `@{...}` (https://pandoc.org/MANUAL.html#citation-syntax)
_PLAIN_KEY = re.compile(r"\w+(?:[:.#$%&+?<>~/-]\w+)*")

#: field -> (its one spelling, code, what it should look like)
_IDENTIFIERS: Mapping[str, tuple[Callable[[str], str | None], str, str]] = {
    "DOI": (doi_of, "reference-doi", "10.1177/0363546511434564"),
    "PMID": (pmid_of, "reference-pmid", "31674240"),
    "PMCID": (pmcid_of, "reference-pmid", "PMC6824412"),
    "URL": (web_address, "reference-url", "https://www.example.org/page"),
}


#: what Crossref's own API writes as a list of texts, and what Crossref and DataCite write as {"name": ...}
_LISTED = frozenset(
    {"archive", "container-title", "container-title-short", "ISBN", "ISSN", "original-title", "subtitle", "title"}
)
_NAMED = frozenset({"event", "publisher"})


def checked(record: Record) -> tuple[Reference | None, list[Problem]]:
    """The Reference, None only where there is no key to cite it by."""
    key = _key(record.csl.get("id"))
    if not key:
        fix = 'Give it a short key, such as "id": "smith2014" (CSL-JSON) or @article{smith2014, ...} (BibTeX).'
        return None, [error("reference-no-key", record.at, "an entry has no key to cite it by", fix)]
    problems: list[Problem] = []
    if not _PLAIN_KEY.fullmatch(key):
        fix = f"Cite it as [@{{{key}}}], or give it a key of letters and digits."
        message = f"the key `{key}` cannot be cited as it stands"
        problems.append(information("reference-key-form", record.place("id"), message, fix))
    csl = {"id": key, "type": _type(key, record, problems), **_fields(record, problems)}
    problems += gaps(key, csl, record.at)
    written = (name for name, value in record.csl.items() if value and not (isinstance(value, str) and value.isspace()))
    places = {SYNONYMS.get(name, name): record.place(name) for name in written}
    return Reference(key=key, csl=csl, at=record.at, places=places), problems


def _key(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    return clean(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _type(key: str, record: Record, problems: list[Problem]) -> str:
    kind = record.csl.get("type")
    if isinstance(kind, str):
        kind = FOREIGN_TYPES.get(kind, kind)
        if kind in TYPES:
            return kind
    place = record.place("type")
    message = f"`{key}` has no type" if not kind else f"`{key}` has the unknown type `{str(kind)[:40]}`"
    fix = f"Say what it is: {_guess(kind)}. It is printed as a plain document until then."
    problems.append(warning("reference-type", place, message, fix))
    return FALLBACK_TYPE


def _guess(kind: Any) -> str:  # noqa: ANN401 - whatever a file holds
    from newsletter.validate import nearest

    guess = nearest(kind, sorted(TYPES)) if isinstance(kind, str) else None
    return f"`{guess}`" if guess else "`article-journal`, `book`, `chapter`, `report`, `thesis` or `webpage`"


def _fields(record: Record, problems: list[Problem]) -> dict[str, Any]:
    """The known fields in their order, each in its one spelling; empty and unknown ones are left out."""
    fields: dict[str, Any] = {}
    # a field under its own name comes before its synonyms
    for written, value in sorted(record.csl.items(), key=lambda item: item[0] in SYNONYMS):
        name = SYNONYMS.get(written, written)
        if name not in fields and value is not None and (known := _field(name, value, record, problems)):
            fields[name] = known
    if "title" in fields and isinstance(subtitle := _one("subtitle", record.csl.get("subtitle")), str):
        fields["title"] = _with_subtitle(fields["title"], imported(subtitle))
    if fields.get("published-print") == fields.get("issued"):
        fields.pop("published-print", None)
    return fields


def _with_subtitle(title: str, subtitle: str) -> str:
    """Crossref gives it apart, and at times in both places."""
    return title if subtitle.casefold() in title.casefold() else f"{title.rstrip(':. ')}: {subtitle}"[:LONGEST]


def _field(name: str, value: Any, record: Record, problems: list[Problem]) -> Any:  # noqa: ANN401 - any field
    if name in TEXTS:
        return _text(name, value, record, problems)
    if name in NAMES:
        names, found = names_of(name, value, record.place(name))
        problems += found
        return names
    if name == "custom":
        return custom_of(value)
    return _date(name, value, record, problems) if name in DATES or name in KEPT_DATES else None


def _one(name: str, value: Any) -> Any:  # noqa: ANN401 - any value
    """The first text of a list that exports write, the name of a named thing; anything else as it is."""
    if isinstance(value, list) and (
        len(value) <= 1 or (name in _LISTED and all(isinstance(one, str) for one in value))
    ):
        return next((one for one in value if one), "")
    return value.get("name", value) if isinstance(value, dict) and name in _NAMED else value


def _text(name: str, value: Any, record: Record, problems: list[Problem]) -> str:  # noqa: ANN401 - any value
    value = _one(name, value)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        place = record.place(name)
        problems.append(error("reference-text", place, f"`{name}` should be a text", f'Write "{name}": "...".'))
        return ""
    text = str(value)
    if len(text) > LONGEST:
        message = f"`{name}` is longer than {LONGEST:,} characters and is left out"
        fix = "Shorten it; look for a quotation mark or a brace that is missing."
        problems.append(error("reference-text", record.place(name), message, fix))
        return ""
    if name in _IDENTIFIERS:
        return _identifier(name, clean(decode_entities(text)), record, problems)
    return full_range(imported(text)) if name == "page" else imported(text)


def _identifier(name: str, text: str, record: Record, problems: list[Problem]) -> str:
    spelling, code, example = _IDENTIFIERS[name]
    found = spelling(text) if text else ""
    if found is None:
        message = f"`{text[:80]}` is not a valid {name} and is left out"
        problems.append(warning(code, record.place(name), message, f"Correct it; it should look like {example}."))
    return found or ""


def _date(name: str, value: Any, record: Record, problems: list[Problem]) -> dict[str, Any] | None:  # noqa: ANN401
    try:
        return date_of(value)
    except NotADate:
        fix = f'Write "{name}": {{"date-parts": [[2012, 4, 16]]}}: year, month, day; month and day may be left out.'
        problems.append(error("reference-date", record.place(name), f"`{name}` is not a date that can be", fix))
        return None
