"""References -> the lines of the reference list, printed by citeproc-py between our cures (citeproc_item.py, tidy.py)."""

from __future__ import annotations

import json
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from newsletter.errors import ProblemsFound
from newsletter.model.problem import Place
from newsletter.model.reference import Entry, Reference, Run
from newsletter.references import marks
from newsletter.references.identifiers import doi_of, link_of
from newsletter.references.names import are_others, family_of
from newsletter.references.styles.citeproc_item import citeproc_item
from newsletter.references.styles.csl_style import UnusableStyleError, parse_style
from newsletter.references.styles.known import broken_style, style_text
from newsletter.references.styles.manuals import by_manual, closing_words, manual_of
from newsletter.references.styles.notices import later_notices
from newsletter.references.styles.tidy import tidy
from newsletter.references.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem

_LONGEST_SHORT_TITLE = 60
#: styles that are kept open, and lines that each remembers
_MOST_PRINTERS, _MOST_LINES = 8, 2_000


def format_entries(
    references: Sequence[Reference], style: str, language: str, style_folders: Sequence[Path] = ()
) -> tuple[Entry, ...]:
    """One Entry for each reference, numbered from 1 in the order given.

    Raises:
        ProblemsFound: the style is unknown or cannot be used; `check_style` tells the same beforehand.
    """
    if not references:
        return ()
    printer = _printer(style, language, style_folders)
    return tuple(printer.entry(number, reference) for number, reference in enumerate(references, 1))


def check_style(style: str, at: Place, style_folders: Sequence[Path] = (), language: str = "en-US") -> list[Problem]:
    """What is wrong with a citation style: unknown, or broken. `at` is where the author named it."""
    try:
        _printer(style, language, style_folders, at).entry(1, _SPECIMEN, at)
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
    """One style in one language. It remembers its lines: the variants of an issue cite much the same sources."""

    def __init__(self, name: str, xml: bytes, language: str) -> None:
        self._name = name
        self._language = language
        self._root = parse_style(xml, language)
        self._root.formatter = marks.formatter()
        bare = bool(self._root.xpath_search(".//cs:name[@initialize-with='']"))
        self._manual = manual_of(self._root.findtext("cs:info/cs:id", "", self._root.nsmap), bare_initials=bare)
        self._root.groups_apart = self._manual.groups_apart
        self._root.small_words = self._manual.small_words
        self._stops_in_quotes = self._root.get_locale_option("punctuation-in-quote") == "true"
        self._and = str(self._root.get_single_term(name="and")) or "and"
        #: the style keeps the state of the line that it is printing
        self._lock = Lock()
        self._lines: dict[str, str] = {}

    def entry(self, number: int, reference: Reference, at: Place | None = None) -> Entry:
        csl = reference.csl
        return Entry(
            key=reference.key,
            number=number,
            runs=self._runs(reference, at),
            url=link_of(csl),
            authors=_authors(csl, self._and) or reference.key,
        )

    def _runs(self, reference: Reference, at: Place | None) -> tuple[Run, ...]:
        text = self._line(reference.csl, at)
        if doi := doi_of(str(reference.csl.get("DOI", ""))):
            # a run of its own, which the renderer makes the link
            return (*marks.runs(f"{text} " if text else ""), Run(text=f"doi:{clean(doi)}"))
        return marks.runs(text or clean(reference.key))

    def _line(self, csl: Mapping[str, Any], at: Place | None) -> str:
        """The line without its DOI, with what was said later about the source."""
        kept = json.dumps(csl, sort_keys=True, default=str)
        with self._lock:
            if kept not in self._lines:
                if len(self._lines) >= _MOST_LINES:
                    self._lines.clear()
                self._lines[kept] = self._made(csl, at)
            return self._lines[kept]

    def _made(self, csl: Mapping[str, Any], at: Place | None) -> str:
        item = by_manual(citeproc_item(csl, "item"), self._manual, self._language)
        line = tidy(self._printed(item, at), stops_in_quotes=self._stops_in_quotes)
        closing = closing_words(item, self._manual, self._language)
        return " ".join(part for part in (line, closing, later_notices(csl, self._language)) if part)

    def _printed(self, item: dict[str, Any], at: Place | None) -> str:
        from newsletter.references.styles.citeproc_source import cited
        from newsletter.references.styles.csl_base import TooManyStepsError

        self._root.begin()
        try:
            lines = self._root.bibliography.render([cited(item)])
        except TooManyStepsError:
            raise broken_style(self._name, "it goes round in circles, or takes far too long", at) from None
        except Exception as why:  # noqa: BLE001 - a style of the workspace can make citeproc fail in any way
            raise broken_style(self._name, f"it fails on a reference ({type(why).__name__})", at) from None
        return "".join(str(line) for line in lines)


def _printer(name: str, language: str, style_folders: Sequence[Path], at: Place | None = None) -> _Printer:
    xml = style_text(name, style_folders, at)
    try:
        return _opened(name, xml, language)
    except UnusableStyleError as why:
        raise broken_style(name, str(why), at) from None


@lru_cache(maxsize=_MOST_PRINTERS)
def _opened(name: str, xml: bytes, language: str) -> _Printer:
    return _Printer(name, xml, language)


def _authors(csl: Mapping[str, Any], and_term: str) -> str:
    """`Smith`, `Le Duff and Amstutz`, `Fouilleron et al`; without anybody the short title."""
    people = csl.get("author") or csl.get("editor")
    people = [name for name in people if isinstance(name, dict)] if isinstance(people, list) else []
    families = [text for name in people if (text := plain(family_of(name)))]
    if len(families) == 2 and are_others(people[-1]):
        return f"{families[0]} et al"
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
