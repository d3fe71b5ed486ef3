"""What citeproc's elements get from us, and the root that they share. Imported late: citeproc takes its time."""

# ruff: noqa: ANN401 - citeproc has no types

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from citeproc import model
from citeproc.string import String

from newsletter.references.styles.csl_case import cased

if TYPE_CHECKING:
    from collections.abc import Iterable

#: renderings of elements for one reference; the largest styles of Zotero's repository need fewer than a tenth
MOST_STEPS = 3_000

#: the form that stands in for one that a locale does not have
_NEXT_FORM = {"verb-short": "verb", "verb": None, "symbol": "short", "short": None}


class TooManyStepsError(Exception):
    """a style that runs in circles, or multiplies itself"""


class Style(model.Style):  # type: ignore[misc]
    """The root. What a reference has used up so far is kept here, since all elements find their root."""

    def begin(self) -> None:
        """Before each reference."""
        self.steps = 0
        #: variables that stood in for missing names, which count as empty from then on
        self.spent: set[str] = set()
        #: variables printed while a substitute is tried, else None
        self.printed: set[str] | None = None
        #: how many variables were looked up, and how many of them printed something
        self.called = self.shown = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManyStepsError

    def saw(self, variables: Iterable[str], text: Any) -> None:
        self.shown += bool(text)
        if self.printed is not None:
            self.printed.update(variables)


class Locale(model.Locale):  # type: ignore[misc]
    def get_term(self, name: str, form: str | None = None, zero_padded: bool = False) -> Any:
        # an attribute that is not there is a child that is not there: None
        if self.indexed is None:
            self.indexed: Any = {}
            for term in self.iterfind("cs:terms/cs:term", self.nsmap):
                self.indexed.setdefault((term.get("name"), term.get("form")), []).append(term)
        found = self.indexed.get((name, form), ())
        for term in found:
            if not zero_padded or term.get("match") not in {"whole-number", "last-two-digits"}:
                return term
        raise IndexError(name)


class Terms:
    """Terms in the next best form where a locale has not the one that is asked for."""

    def get_term(self, name: str, form: str | None = None, **how: Any) -> Any:
        term = super().get_term(name, form, **how)  # type: ignore[misc]
        while term is None and form is not None:
            form = _NEXT_FORM.get(form)
            term = super().get_term(name, form, **how)  # type: ignore[misc]
        return term


class Cased:
    """Cases of any text; citeproc's fail on some of its own. Only English has Title Case."""

    def case(self, text: Any, language: str | None = None) -> Any:
        how = self.get("text-case")  # type: ignore[attr-defined]
        if how is None or (how == "title" and language not in {None, "en"}):
            return text
        return String(cased(str(text), how, self._small_words()))

    def _small_words(self) -> int | None:
        root = self.getroottree().getroot()  # type: ignore[attr-defined]
        return root.small_words if isinstance(root, Style) else None


class Counted:
    def render(self, *args: Any, **kwargs: Any) -> Any:
        self.get_root().step()  # type: ignore[attr-defined]
        text = super().render(*args, **kwargs)  # type: ignore[misc]
        # a block of its own on paper is a word of its own on our line
        return String(f" {text} ") if text and self.get("display") else text  # type: ignore[attr-defined]

    def get_layout(self) -> Any:
        return self.get_root().bibliography_layout  # type: ignore[attr-defined]

    def get_macro(self, name: str) -> Any:
        return self.get_root().macros[name]  # type: ignore[attr-defined]
