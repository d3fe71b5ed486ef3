"""What the commands about references say of a source that was retracted or is in doubt, and how their texts fit a terminal."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TYPE_CHECKING

from newsletter.cli import show
from newsletter.model.notice import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: kinds from the gravest -> what stands before a title
_MARKS = {NoticeKind.RETRACTION: "RETRACTED", NoticeKind.CONCERN: "IN DOUBT"}
#: how publishers mark the paper itself
_SAYS_SO = re.compile(r"\W?retracted(?: article| paper)?\s?[:\])]", re.IGNORECASE)
_NARROWEST = 30


def gravest(kinds: Iterable[NoticeKind]) -> NoticeKind | None:
    """The one that a title is marked with."""
    every = set(kinds)
    return next((kind for kind in _MARKS if kind in every), None)


def marked(title: str, kind: NoticeKind | None) -> str:
    """`RETRACTED: Walking early`; a title that says so itself stays as it is."""
    mark = _MARKS.get(kind) if kind else None
    return f"{mark}: {title}" if mark and not _SAYS_SO.match(title) else title


def columns() -> int:
    """COLUMNS, or the width of the terminal, or 80."""
    return shutil.get_terminal_size().columns


def field_lines(name: str, value: str, label: int = 22) -> Iterator[str]:
    """A name and its value, which goes on below its beginning."""
    first, rest = f"  {name:<{label}} ", " " * (label + 3)
    width = max(columns(), len(rest) + _NARROWEST)
    lines = textwrap.wrap(show.clean(value), width - len(rest), break_long_words=False, break_on_hyphens=False)
    yield first + (lines[0] if lines else "")
    yield from (rest + line for line in lines[1:])


def cut(text: str, width: int, *, at_word: bool = False) -> str:
    """With an ellipsis where it does not fit."""
    if show.display_width(text) <= width:
        return text
    used, end = 1, 0
    while (used := used + show.display_width(text[end])) <= width:
        end += 1
    short = text[:end]
    if at_word and not text[end].isspace() and " " in short:
        short = short.rpartition(" ")[0]
    return f"{short.rstrip(' ,;:.-')}…" if at_word else f"{short}…"
