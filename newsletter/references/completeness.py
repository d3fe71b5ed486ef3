"""What a reader needs to find a source again: title, year, authors, and the larger work that it is a part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.problem import error, warning
from newsletter.references.vocabulary import ARTICLES, PARTS, PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.problem import Place, Problem


def gaps(key: str, csl: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """A problem for each thing that is missing in a record."""
    kind = csl["type"]
    if not csl.get("title"):
        yield error("reference-no-title", at, f"`{key}` has no title", "Add `title`.")
    if kind in PUBLISHED and not csl.get("issued"):
        yield warning(
            "reference-no-year", at, f"`{key}` has no year", "Add the year: `issued` (CSL-JSON) or `year` (BibTeX)."
        )
    if kind in PUBLISHED and not (csl.get("author") or csl.get("editor")):
        fix = "Add `author`; a group or an office can be one."
        yield warning("reference-no-author", at, f"`{key}` names nobody who wrote it", fix)
    if kind in PARTS and not (csl.get("container-title") or csl.get("event-title") or csl.get("event")):
        yield _no_container(key, kind, at)
    if kind == "webpage" and not (csl.get("URL") or csl.get("DOI")):
        yield warning(
            "reference-no-url", at, f"`{key}` is a web page without an address", "Add `URL` (`url` in BibTeX)."
        )


def _no_container(key: str, kind: str, at: Place) -> Problem:
    if kind in ARTICLES:
        fix = "Add the journal: `container-title` (CSL-JSON) or `journal` (BibTeX)."
        return warning("reference-no-container", at, f"`{key}` does not say in which journal it appeared", fix)
    fix = "Add the book: `container-title` (CSL-JSON) or `booktitle` (BibTeX)."
    return warning("reference-no-container", at, f"`{key}` does not say in which book it appeared", fix)
