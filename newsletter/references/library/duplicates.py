"""The same source twice: under one key (an error), or under two keys (a warning): by DOI, PMID, PMCID, or by title and year."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import error, warning
from newsletter.references.dates import year_of
from newsletter.references.names import family_of
from newsletter.references.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference

_IDENTIFIERS = ("DOI", "PMID", "PMCID")
#: so many of one title and year are compared with a further one: "Editorial" may stand a thousand times in a library
_MOST_ALIKE = 10


def duplicate_key(key: str, first: Place, second: Place) -> Problem:
    """Two entries under one key; the first one counts."""
    message = f"the key `{key}` is used twice: here and in {where(first, second)}"
    return error("reference-duplicate-key", second, message, "Give one of them another key, or remove it.")


def where(first: Place, seen_from: Place) -> str:
    """A place in words, for a problem that stands elsewhere."""
    same = first.file == seen_from.file
    return f"line {first.line}" if same else f"line {first.line} of {PurePath(first.file).name}"


def same_sources(references: Iterable[Reference]) -> Iterator[Problem]:
    """A warning for each reference that an earlier one is."""
    known = Sources()
    for reference in references:
        if earlier := known.same_as(reference.csl):
            yield same_source(earlier, reference)
        known.add(reference)


def same_source(first: Reference, second: Reference) -> Problem:
    """The warning that two keys mean one source."""
    message = f"`{second.key}` looks like the same source as `{first.key}` ({where(first.at, second.at)})"
    return warning("reference-duplicate", second.at, message, "Keep one of them and cite it by one key.")


class Sources:
    """References found again by what they are, whatever their keys."""

    def __init__(self, references: Iterable[Reference] = ()) -> None:
        self._by_identifier: dict[tuple[str, str], Reference] = {}
        self._by_title: dict[tuple[str, int], list[Reference]] = {}
        for reference in references:
            self.add(reference)

    def add(self, reference: Reference) -> None:
        """Know it from now on; the first of two that are the same is the one that is found."""
        for identifier in identifiers(reference.csl):
            self._by_identifier.setdefault(identifier, reference)
        if titled := _title_and_year(reference.csl):
            alike = self._by_title.setdefault(titled, [])
            if len(alike) < _MOST_ALIKE:
                alike.append(reference)

    def same_as(self, csl: Mapping[str, Any]) -> Reference | None:
        """The reference that this record is, too."""
        for identifier in identifiers(csl):
            if identifier in self._by_identifier:
                return self._by_identifier[identifier]
        titled = _title_and_year(csl)
        alike = self._by_title.get(titled, ()) if titled else ()
        return next((one for one in alike if not contradict(one.csl, csl)), None)


def identifiers(csl: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each kind with its value; DOIs do not depend on case (DOI handbook 2.4)."""
    for name in _IDENTIFIERS:
        value = csl.get(name)
        if isinstance(value, str) and value:
            yield name, value.lower()


def contradict(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two records of one title are two sources all the same: other identifiers, or another first author."""
    mine, other = dict(identifiers(first)), dict(identifiers(second))
    if _same_pages(first, second):
        return False  # one of the identifiers has a slip
    if any(mine[name] != other[name] for name in mine.keys() & other.keys()):
        return True
    if not (year_of(first) or year_of(second)) and _texts_differ(first.get("URL"), second.get("URL")):
        return True  # "About us" of two houses
    families = [_first_author(first), _first_author(second)]
    return all(families) and not (families[0] in families[1] or families[1] in families[0])


def _same_pages(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """In one volume of one journal, on the same pages."""
    return all(
        first.get(name) and first.get(name) == second.get(name) for name in ("container-title", "volume", "page")
    )


def _texts_differ(first: object, second: object) -> bool:
    return bool(first and second and first != second)


def different_sources(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two records certainly are two sources: other titles or years, and no identifier in common."""
    if set(identifiers(first)) & set(identifiers(second)):
        return False
    years = [year_of(first), year_of(second)]
    # one may have the year online, the other that of the print
    if years[0] and years[1] and abs(years[0] - years[1]) > 1:
        return True
    titles = [_letters(first.get("title")), _letters(second.get("title"))]
    if not all(titles):
        return False
    # one may leave out the second half of a title
    return contradict(first, second) or not (titles[0].startswith(titles[1]) or titles[1].startswith(titles[0]))


def _title_and_year(csl: Mapping[str, Any]) -> tuple[str, int] | None:
    """The year is 0 where none is known: such a source may be the same as another without one."""
    title = _letters(csl.get("title"))
    return (title, year_of(csl) or 0) if title else None


def _first_author(csl: Mapping[str, Any]) -> str:
    people = csl.get("author")
    return _letters(family_of(people[0])) if isinstance(people, list) and people and isinstance(people[0], dict) else ""


def _letters(text: object) -> str:
    """Letters and digits without case."""
    return "".join(c for c in plain(text).casefold() if c.isalnum()) if isinstance(text, str) else ""
