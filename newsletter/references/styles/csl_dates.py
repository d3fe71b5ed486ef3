"""Dates by the CSL specification, where citeproc departs from it: ranges keep their years.

https://docs.citationstyles.org/en/stable/specification.html#date-ranges
"""

# ruff: noqa: ANN401 - citeproc has no types

from __future__ import annotations

from typing import Any

from citeproc import model
from citeproc.source import VariableError

from newsletter.references.styles.csl_base import Cased, Terms


class DatePart(Cased, Terms, model.Date_Part):  # type: ignore[misc]
    def render(self, *args: Any, **kwargs: Any) -> Any:
        """citeproc writes what a style changes about a locale's date into the locale; it is taken back."""
        before = dict(self.attrib)
        try:
            return super().render(*args, **kwargs)
        finally:
            if dict(self.attrib) != before:
                self.attrib.clear()
                self.attrib.update(before)


#: what of a date differs -> what is printed twice
_SPANS = {"year": {"year", "month", "day"}, "month": {"month", "day"}, "day": {"day"}}


class Date(Terms, model.Date):  # type: ignore[misc]
    def process(self, item: Any, variable: str | None = None, **kwargs: Any) -> Any:
        root, name = self.get_root(), variable or self.get("variable")
        if isinstance(root, model.Locale):
            return super().process(item, variable, **kwargs)
        root.called += 1
        if name in root.spent:
            raise VariableError
        text = super().process(item, variable, **kwargs)
        root.saw([name], text)
        return text

    def render_date_range(self, date_range: Any, show_parts: Any = None, context: Any = None) -> Any:
        """`2011–2013`, `2012 Jan–Mar`, `January 5–8, 2012`: what both ends share is printed once."""
        begin, end = date_range.begin, date_range.end
        differing = next((part for part in _SPANS if begin.get(part) != end.get(part)), None)
        shown = [part for part in self.iterchildren() if part.get("name") in show_parts]
        twice = [at for at, part in enumerate(shown) if differing and part.get("name") in _SPANS[differing]]
        if not twice:
            return self.render_single_date(begin, show_parts, context)
        low, high = twice[0], twice[-1] + 1
        style_context = context if self.is_locale_date() and context is not None else self
        first, last = (self._joined(shown[low:high], one, style_context) for one in (begin, end))
        if not (first or last):
            return None
        span = f"{first.rstrip(' ,')}{self._dash(shown[low], style_context)}{last}"
        before, after = (self._joined(some, begin, style_context) for some in (shown[:low], shown[high:]))
        return style_context.join([text for text in (before, span, after) if text])

    @staticmethod
    def _joined(parts: list[Any], when: Any, context: Any) -> str:
        texts = []
        for part in parts:
            try:
                texts.append(part.render(when, context))
            except VariableError:
                continue
        return str(context.join([text for text in texts if text]))

    @staticmethod
    def _dash(part: Any, context: Any) -> str:
        own = context.find(f"cs:date-part[@name='{part.get('name')}']", part.nsmap)
        return str((own if own is not None else part).get("range-delimiter", "–"))
