"""References -> the lines of the reference list, printed by citeproc-py between our cures (citeproc_item.py, tidy.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.errors import ProblemsFound
from newsletter.model.problem import Place
from newsletter.model.reference import Entry, Reference, Run
from newsletter.references import marks
from newsletter.references.citeproc_item import citeproc_item
from newsletter.references.identifiers import doi_of, link_of
from newsletter.references.names import family_of
from newsletter.references.styles import broken_style, open_style
from newsletter.references.text import clean, plain
from newsletter.references.tidy import tidy, without_second_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem

_LONGEST_SHORT_TITLE = 60


def format_entries(
    references: Sequence[Reference], style: str, language: str, style_folders: Sequence[Path] = ()
) -> tuple[Entry, ...]:
    """One Entry for each reference, numbered from 1 in the order given.

    Raises:
        ProblemsFound: the style is unknown or cannot be used; `check_style` tells the same beforehand.
    """
    if not references:
        return ()
    printer = _Printer(style, language, style_folders)
    return tuple(printer.entry(number, reference) for number, reference in enumerate(references, 1))


def check_style(style: str, at: Place, style_folders: Sequence[Path] = ()) -> list[Problem]:
    """What is wrong with a citation style: unknown, or broken. `at` is where the author named it."""
    try:
        _Printer(style, "en-US", style_folders, at).entry(1, _SPECIMEN)
    except ProblemsFound as found:
        return list(found.problems)
    return []


_SPECIMEN = Reference(
    key="specimen",
    csl={
        "type": "article-journal",
        "author": [{"family": "Doe", "given": "Jane"}],
        "title": "A title",
        "container-title": "A journal",
        "issued": {"date-parts": [[2012, 4, 16]]},
        "volume": "1",
        "page": "2-3",
    },
    at=Place(file="specimen"),
)


class _Printer:
    """One style in one language, opened once for a list."""

    def __init__(self, name: str, language: str, style_folders: Sequence[Path], at: Place | None = None) -> None:
        self._name = name
        self._at = at
        self._style = open_style(name, language, style_folders, at)
        self._style.root.formatter = marks.formatter()
        self._and = str(self._style.root.get_single_term(name="and")) or "and"
        self._titles_twice = bool(self._style.root.xpath_search(".//cs:substitute//*[@variable='title' or @macro]"))

    def entry(self, number: int, reference: Reference) -> Entry:
        csl = reference.csl
        return Entry(
            key=reference.key,
            number=number,
            runs=self._runs(number, reference),
            url=link_of(csl),
            authors=_authors(csl, self._and) or reference.key,
        )

    def _runs(self, number: int, reference: Reference) -> tuple[Run, ...]:
        text = tidy(self._printed(citeproc_item(reference.csl, f"item{number}")))
        if doi := doi_of(str(reference.csl.get("DOI", ""))):
            # a run of its own, which the renderer makes the link
            return (*marks.runs(f"{text} " if text else ""), Run(text=f"doi:{clean(doi)}"))
        return marks.runs(text or clean(reference.key))

    def _printed(self, item: dict[str, Any]) -> str:
        from citeproc import Citation, CitationItem, CitationStylesBibliography
        from citeproc.source.json import CiteProcJSON

        bibliography = CitationStylesBibliography(self._style, CiteProcJSON([item]), marks.formatter())
        bibliography.register(Citation([CitationItem(item["id"])]))
        try:
            lines = bibliography.bibliography()
        except Exception as why:  # noqa: BLE001 - a style of the workspace can make citeproc fail in any way
            raise broken_style(self._name, f"it fails on a reference ({type(why).__name__})", self._at) from None
        text = "".join(str(line) for line in lines)
        named = item.get("author") or item.get("editor")
        return text if named or not self._titles_twice else without_second_title(text, item.get("title", ""))


def _authors(csl: Mapping[str, Any], and_term: str) -> str:
    """`Smith`, `Le Duff and Amstutz`, `Fouilleron et al`; without anybody the short title."""
    people = csl.get("author") or csl.get("editor")
    families = [family_of(name) for name in people if isinstance(name, dict)] if isinstance(people, list) else []
    families = [text for family in families if (text := plain(family))]
    match families:
        case []:
            return _short_title(csl)
        case [one]:
            return one
        case [one, two]:
            return f"{one} {and_term} {two}"
        case [one, *_]:
            return f"{one} et al"
    return ""


def _short_title(csl: Mapping[str, Any]) -> str:
    short = csl.get("title-short")
    if isinstance(short, str) and plain(short):
        return plain(short)
    title = csl.get("title")
    text = plain(title) if isinstance(title, str) else ""
    if len(text) > _LONGEST_SHORT_TITLE:
        text = text.split(": ")[0]
    if len(text) > _LONGEST_SHORT_TITLE:
        text = text[:_LONGEST_SHORT_TITLE].rsplit(" ", 1)[0] + "…"
    return text
