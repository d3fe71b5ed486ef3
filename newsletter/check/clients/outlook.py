"""What the author of a template has done for Outlook on Windows alone: tables and grounds in comments that only it reads.

Where such a comment stands, a feature that Outlook lacks has its fallback there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTLOOK = frozenset({"outlook.windows", "outlook.windows-mail"})
_COMMENT = re.compile(r"<!--\[if ([^\]]{1,40})\]>")
#: where one column ends and the next begins: right before a column, or within what holds the columns, behind the first
_BEFORE, _BEHIND = 600, 8000
#: a comment that is longer is not closed
_LONGEST = 200_000


class ForOutlook:
    """The conditional comments of a page, read once and only when asked."""

    def __init__(self, html: str) -> None:
        self._html = html

    def has_cells(self, offset: int) -> bool:
        """Whether the columns at the offset have a ghost table, whose cells follow each other there."""
        at = bisect_left(self._cells, offset - _BEFORE)
        return at < len(self._cells) and self._cells[at] <= offset + _BEHIND

    def has_ground(self) -> bool:
        """Whether the mail draws grounds for Outlook by itself (VML)."""
        return self._draws

    def is_hidden(self, offset: int) -> bool:
        """Whether the element stands between `<!--[if !mso]><!-->` and its end, where Outlook does not look."""
        at = bisect_left(self._others, (offset, 0)) - 1
        return at >= 0 and self._others[at][1] > offset

    @cached_property
    def _cells(self) -> list[int]:
        inside = ((start, self._html[start:end]) for start, end in self._comments(meant=True))
        return [start for start, text in inside if "</td" in text and "<td" in text.partition("</td")[2]]

    @cached_property
    def _others(self) -> list[tuple[int, int]]:
        return list(self._comments(meant=False))

    @cached_property
    def _draws(self) -> bool:
        return "<v:fill" in self._html or "<v:image" in self._html

    def _comments(self, *, meant: bool) -> Iterator[tuple[int, int]]:
        """Where comments for Outlook, or for all others, begin and end."""
        for found in _COMMENT.finditer(self._html):
            condition = found[1].replace(" ", "").replace("(", "")
            if ("!mso" not in condition and "mso" in condition) if meant else condition.startswith("!mso"):
                end = self._html.find("<![endif]", found.end(), found.end() + _LONGEST)
                yield found.start(), end if end >= 0 else found.end()
