"""Texts, numbers, groups and conditions by the CSL specification, where citeproc departs from it.

https://docs.citationstyles.org/en/stable/specification.html#rendering-elements
"""

# ruff: noqa: ANN401 - citeproc has no types

from __future__ import annotations

import re
from typing import Any

from citeproc import model
from citeproc.source import VariableError
from citeproc.string import String

from newsletter.references.styles.csl_base import Cased, Counted, Terms

#: both ends of a range: `12`, `S12`, `12A`; `104-B` is none
_END = re.compile(r"([A-Z]*)(\d+)([A-Z]*)", re.IGNORECASE)


class _Ranges:
    """Ranges within numbers, of pages, issues and volumes."""

    def _process(self, value: Any, variable: str) -> str:
        dash = str(self.get_single_term(name="page-range-delimiter") or "–")  # type: ignore[attr-defined]
        return ", ".join(
            " & ".join(self._range(one.strip(), variable, dash) for one in some.split("&"))
            for some in str(value).split(",")
        )

    def _range(self, text: str, variable: str, dash: str) -> str:
        ends = [end.strip() for end in text.replace("–", "-").split("-")]
        if len(ends) != 2 or not all(_END.fullmatch(end) for end in ends):
            return str(self.format_number(text))  # type: ignore[attr-defined]
        first, last = ends
        if variable == "page-first":
            return first
        shown = self._last_page(first, last) if variable == "page" else last
        return dash.join(str(self.format_number(end)) for end in (first, shown))  # type: ignore[attr-defined]

    def _last_page(self, first: str, last: str) -> str:
        """`S12-S20` in the style's form for page ranges; the letters are repeated only in full ones."""
        before, from_, _ = _END.fullmatch(first).groups()  # type: ignore[union-attr]
        letters, to, after = _END.fullmatch(last).groups()  # type: ignore[union-attr]
        wanted = self.get_root().get("page-range-format", "expanded")  # type: ignore[attr-defined]
        if wanted == "expanded" or letters != before or after:
            return last
        return str(super()._format_last_page(from_, to)) if len(from_) == len(to) else to  # type: ignore[misc]


_WITH_RANGES = frozenset({"issue", "volume"})
_SINGLE = str.maketrans("“”", "‘’")


class Text(Counted, Cased, Terms, _Ranges, model.Text):  # type: ignore[misc]
    def _variable(self, item: Any, context: Any) -> Any:
        root, variable = self.get_root(), self.get("variable")
        root.called += variable != "year-suffix"
        if variable in root.spent:
            return None
        text = super()._variable(item, context)
        root.saw([variable], text)
        return String(self._process(text, variable)) if variable in _WITH_RANGES else text

    def quote(self, text: Any) -> Any:
        """Quotation marks within those of the style are single."""
        if self.get("quotes") == "true":
            text = String(str(text).translate(_SINGLE))
        return super().quote(text)


class Number(Counted, Cased, Terms, _Ranges, model.Number):  # type: ignore[misc]
    def process(self, item: Any, **kwargs: Any) -> Any:
        root = self.get_root()
        root.called += 1
        text = super().process(item, **kwargs)
        root.saw([self.get("variable")], text)
        return text


class Group(Counted, model.Group):  # type: ignore[misc]
    def process(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Nothing where variables were looked up and all of them were empty: words alone say nothing."""
        root = self.get_root()
        called, shown = root.called, root.shown
        text = self.render_children(item, delimiter=self.get("delimiter", ""), context=context, **kwargs)
        if text is None or (root.called > called and root.shown == shown):
            raise VariableError
        return text


class Choose(Counted, model.Choose):  # type: ignore[misc]
    pass


#: a number, also with letters around it, or several: `2`, `12A`, `3-4`, `1, 2 & 5`
_NUMERIC = re.compile(r"[A-Z]*\d+[A-Z]*(?:\s*[-–,&]\s*[A-Z]*\d+[A-Z]*)*$", re.IGNORECASE)


class If(model.If):  # type: ignore[misc]
    re_numeric = _NUMERIC


class ElseIf(model.Else_If):  # type: ignore[misc]
    re_numeric = _NUMERIC


class Label(Counted, Cased, Terms, model.Label):  # type: ignore[misc]
    def _is_plural(self, item: Any) -> bool:
        variable = self.get("variable")
        if variable.startswith("number-of"):
            number = str(item.reference.get(variable, ""))
            return not number.isdecimal() or int(number) > 1
        return bool(super()._is_plural(item))
