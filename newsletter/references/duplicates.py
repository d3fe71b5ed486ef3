"""The same source twice: under one key (an error), or under two keys (by DOI, or by title and year: a warning)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import error, warning
from newsletter.references.dates import year_of
from newsletter.references.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference


def duplicate_key(key: str, first: Place, second: Place) -> Problem:
    """Two entries under one key; the first one counts."""
    message = f"the key `{key}` is used twice: here and in {_where(first, second)}"
    return error("reference-duplicate-key", second, message, "Give one of them another key, or remove it.")


def _where(first: Place, second: Place) -> str:
    return f"line {first.line}" if first.file == second.file else f"line {first.line} of {first.file}"


def same_sources(references: Iterable[Reference]) -> Iterator[Problem]:
    """A warning for each reference that an earlier one is, by its DOI or by its title and year."""
    seen: dict[tuple[str, str], Reference] = {}
    for reference in references:
        earlier = [seen[mark] for mark in _marks(reference) if mark in seen]
        if earlier:
            yield _same(earlier[0], reference)
        for mark in _marks(reference):
            seen.setdefault(mark, reference)


def _marks(reference: Reference) -> Iterator[tuple[str, str]]:
    if doi := reference.csl.get("DOI"):
        yield "DOI", doi.lower()
    title = "".join(character for character in plain(reference.csl.get("title", "")).casefold() if character.isalnum())
    if title and (year := year_of(reference.csl)):
        yield title, str(year)


def _same(first: Reference, second: Reference) -> Problem:
    where = _where(first.at, second.at)
    message = f"`{second.key}` looks like the same source as `{first.key}` ({where})"
    return warning("reference-duplicate", second.at, message, "Keep one of them and cite it by one key.")
