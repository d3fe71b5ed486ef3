"""What is known of one system's exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from newsletter.subscribers.columns.standings import Marking


def _says_nothing(_at: Mapping[str, int], _name: str) -> Marking | None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """Columns are named by their words (headings.py:word_of)."""

    #: for --format
    name: str
    title: str
    #: whether a file is such an export, by the words of its headings
    recognises: Callable[[Set[str]], bool]
    #: word -> field, for columns whose heading alone does not tell, or tells something else; `-` for nothing
    fields: Mapping[str, str]
    #: word -> its column, and the file's name -> how rows stand; None when the file does not say
    marking: Callable[[Mapping[str, int], str], Marking | None] = _says_nothing
    #: what whoever imports has to know; of the file's name
    remark: Callable[[str], str] = lambda _name: ""
    #: its cells have an apostrophe before what a spreadsheet would run as a formula
    guarded: bool = False
