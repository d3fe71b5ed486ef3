"""Names of journals with a slip of the pen: "amercian journal of sports medicine" means "american journal of sports medicine"."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: words that carry no meaning of their own
_SMALL = frozenset("of the and in for on de et".split())
_FEWEST_WORDS = 3
#: letters of a word in which one slip, or two, can be told from another word
_LONG, _LONGER = 5, 8


class Slips:
    """The names of a table by their halves: where only one word is wrong, one half is right."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names

    def meant(self, name: str) -> str:
        """The name of the table that this one nearly is; empty where none is near, or where every word of it is known."""
        words = name.split()
        if sum(word not in _SMALL for word in words) < _FEWEST_WORDS:
            return ""
        middle = len(words) // 2
        halves = ((len(words), True, tuple(words[:middle])), (len(words), False, tuple(words[middle:])))
        near = {
            found for half in halves for found in self._halves.get(half, ()) if self._differs_by_a_slip(words, found)
        }
        return min(near) if len(near) == 1 else ""

    def _differs_by_a_slip(self, words: list[str], name: str) -> bool:
        pairs = [(mine, known) for mine, known in zip(words, name.split(), strict=True) if mine != known]
        return len(pairs) == 1 and is_slip(*pairs[0]) and pairs[0][0] not in self._words

    @cached_property
    def _halves(self) -> Mapping[tuple[int, bool, tuple[str, ...]], list[str]]:
        halves: dict[tuple[int, bool, tuple[str, ...]], list[str]] = {}
        for name in self._names:
            words = name.split()
            if len(words) >= _FEWEST_WORDS:
                middle = len(words) // 2
                halves.setdefault((len(words), True, tuple(words[:middle])), []).append(name)
                halves.setdefault((len(words), False, tuple(words[middle:])), []).append(name)
        return halves

    @cached_property
    def _words(self) -> frozenset[str]:
        """What is a word of some title is no slip of another: cardiology and radiology."""
        return frozenset(word for name in self._names for word in name.split())


def is_slip(word: str, known: str) -> bool:
    """One letter wrong, missing, added, or two that changed places; two of these in a long word."""
    if min(len(word), len(known)) < _LONG or word[0] != known[0] or abs(len(word) - len(known)) > 2:
        return False
    return _distance(word, known) <= (2 if min(len(word), len(known)) >= _LONGER else 1)


def _distance(a: str, b: str) -> int:
    """Edits between two words, an exchange of neighbours being one (optimal string alignment)."""
    a, b = a[:40], b[:40]
    before, last = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
