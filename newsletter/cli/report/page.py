"""A report as one HTML page that needs nothing but itself: no script, no other file, on the screen and on paper.

Its templates are the tool's own (names without .j2 are not copied into workspaces): numbers are not for dressing up.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.compose.escaping import one_line
from newsletter.render.environment import environment
from newsletter.report.figures import Share

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from newsletter.report.document import Cell, Document

#: letters of a label in a chart; the whole of it stands in the table
_LABEL = 46


def page(document: Document, zone: ZoneInfo) -> str:
    templates = environment(())

    def cell(value: Cell) -> str:
        return _cell(value, zone)

    templates.filters |= {"cell": cell, "shown": one_line, "label": _label, "is_number": _is_number}
    return templates.get_template("web/numbers/page.html").render(report=document)


def _cell(value: Cell, zone: ZoneInfo) -> str:
    if value is None:
        return "not known"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    if isinstance(value, Share):
        return str(value).replace(" %", "\u00a0%")  # one_line() would take it for a space
    return f"{value:,}" if isinstance(value, int) else one_line(value)


def _label(text: str) -> str:
    said = one_line(text)
    return said if len(said) <= _LABEL else f"{said[: _LABEL - 1].rstrip()}…"


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | Share)
