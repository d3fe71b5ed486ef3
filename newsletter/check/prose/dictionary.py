"""The words of English: a general dictionary with how common each word is, the shipped lists beside it, and the nearest words
to one that is in none of them.

Loading the dictionary takes a tenth of a second, so it happens when the first issue is checked.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: in the dictionary, but in a letter nearly always a slip for another word
_SLIPS = frozenset({"calender", "calenders", "therefor"})
#: clinical words are likelier in a clinic's letter than their rank in general English says
_CLINICAL_RANK = 3_000
#: so common that two swapped letters explain a slip
_OFTEN = 2_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz'"
#: the longest word that near ones are looked for: the time grows with its length
_LONGEST = 24


@cache
def common_words() -> Mapping[str, int]:
    """Every word in small letters and how often it was counted; the rarest have 50."""
    from spellchecker import SpellChecker

    counted = SpellChecker(language="en", distance=1).word_frequency.dictionary
    for slip in _SLIPS:
        counted.pop(slip, None)
    return counted


@cache
def shipped_words() -> frozenset[str]:
    """The clinical words and those that the dictionary is too old for, as they are written."""
    return frozenset((*_listed("clinical-words.txt"), *_listed("everyday-words.txt")))


@cache
def shipped_small() -> frozenset[str]:
    """Those of the shipped words that need no capital."""
    return frozenset(word for word in shipped_words() if word.islower())


def _listed(name: str) -> Iterator[str]:
    text = (files("newsletter.check.prose") / "data" / name).read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def rank(word: str) -> int:
    """How common a word in small letters is; 0 for one that nobody knows."""
    count = common_words().get(word, 0)
    return max(count, _CLINICAL_RANK) if word in shipped_small() else count


def one_edit_away(word: str) -> tuple[str, ...]:
    """The known words that one letter more, less, other or swapped makes of this one, the commonest first."""
    if len(word) > _LONGEST:
        return ()
    known = {near for near in _edits(word) if rank(near) and not _is_owner(near, word)}
    return tuple(sorted(known, key=_likely_first(word)))


def two_edits_away(word: str) -> tuple[str, ...]:
    """The known words that two such edits make, among those that begin with the same letter."""
    if not 4 <= len(word) <= _LONGEST:
        return ()
    letters = set(word)
    near = (
        other
        for length in range(len(word) - 2, len(word) + 3)
        for other in _by_beginning().get((word[0], length), ())
        if len(letters.symmetric_difference(other)) <= 4 and _within_two(word, other)
    )
    return tuple(sorted(near, key=_likely_first(word)))


def _is_owner(near: str, word: str) -> bool:
    """An apostrophe is offered only where it is all that the word lacks: don't for dont, not knee's for knees."""
    return "'" in near and near.replace("'", "") != word


def _likely_first(word: str) -> Callable[[str], tuple[bool, bool, int, str]]:
    """A forgotten apostrophe or two swapped letters before all else, then the words with the same first letter."""
    letters = sorted(word)

    def key(near: str) -> tuple[bool, bool, int, str]:
        slipped = "'" in near or (sorted(near) == letters and rank(near) > _OFTEN)
        return not slipped, near[0] != word[0], -rank(near), near

    return key


def _edits(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, behind = word[:at], word[at:]
        yield from (before + letter + behind for letter in _LETTERS)
        if behind:
            yield before + behind[1:]
            yield from (before + letter + behind[1:] for letter in _LETTERS)
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:]


@cache
def _by_beginning() -> Mapping[tuple[str, int], list[str]]:
    """The words by first letter and length."""
    grouped: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in (*common_words(), *(shipped_small() - common_words().keys())):
        if "'" not in word:
            grouped[word[0], len(word)].append(word)
    return grouped


def _within_two(one: str, other: str) -> bool:
    """Whether two edits are enough: the usual table, row by row, given up as soon as a row is above two."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, opposite in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > 2:
            return False
    return row[-1] <= 2
