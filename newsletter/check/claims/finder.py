"""Looks for all phrases of all rules at once: one walk over the words, however many rules there are.

The phrases stand in a tree in which those that begin alike share their beginning. At each word, the places reached in the
tree move on or are dropped.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from newsletter.check.claims.phrases import GAP, GAP_STEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.check.claims.phrases import Step, Way

T = TypeVar("T")
_NUMBER = "#number"
#: words whose fitting steps are remembered
_MOST_KNOWN = 50_000


@dataclass(frozen=True)
class Hit(Generic[T]):
    """Words `first` to `last`, both included, say the phrase that `what` stands for."""

    what: T
    first: int
    last: int


@dataclass(eq=False)
class _Node(Generic[T]):
    steps: dict[Step, _Node[T]] = field(default_factory=dict)
    gap: _Node[T] | None = None
    ends: list[T] = field(default_factory=list)


class Finder(Generic[T]):
    def __init__(self, phrases: Iterable[tuple[Way, T]]) -> None:
        self._root: _Node[T] = _Node()
        self._exact: dict[str, set[Step]] = defaultdict(set)
        self._beginnings: dict[str, set[tuple[str, Step]]] = defaultdict(set)
        self._numbers: set[Step] = set()
        self._known: dict[str, frozenset[Step]] = {}
        for way, what in phrases:
            self._add(way, what)
        self._lengths = sorted({len(beginning) for beginning in self._beginnings})

    def find(self, words: Sequence[str]) -> list[Hit[T]]:
        """Every phrase in the words, in the order of their ends."""
        found: list[Hit[T]] = []
        reached: list[
            tuple[_Node[T], int, int]
        ] = []  # where in the tree, the first word, the words that a gap has left
        for index, word in enumerate(words):
            steps = self._steps(word)
            moved: dict[tuple[int, int, int], tuple[_Node[T], int, int]] = {}
            for node, first, left in [*reached, (self._root, index, 0)]:
                if left:
                    moved[id(node), first, left - 1] = (node, first, left - 1)
                for after in _after(node, steps):
                    found += [Hit(what, first, index) for what in after.ends]
                    if after.steps:
                        moved[id(after), first, 0] = (after, first, 0)
                    if after.gap:
                        moved[id(after.gap), first, GAP] = (after.gap, first, GAP)
            reached = list(moved.values())
        return found

    def _add(self, way: Way, what: T) -> None:
        node = self._root
        for step in way:
            if step == GAP_STEP:
                node.gap = node.gap or _Node()
                node = node.gap
                continue
            if step not in node.steps:
                node.steps[step] = _Node()
                self._learn(step)
            node = node.steps[step]
        if what not in node.ends:
            node.ends.append(what)

    def _learn(self, step: Step) -> None:
        for pattern in step.patterns:
            beginning, star, end = pattern.partition("*")
            if star:
                self._beginnings[beginning].add((end, step))
            elif pattern == _NUMBER:
                self._numbers.add(step)
            else:
                self._exact[pattern].add(step)

    def _steps(self, word: str) -> frozenset[Step]:
        """The steps of the tree that a word fits."""
        if (known := self._known.get(word)) is not None:
            return known
        fits = set(self._exact.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            for end, step in self._beginnings.get(word[:length], ()):
                if len(word) >= length + len(end) and word.endswith(end):
                    fits.add(step)
        if word[:1].isdigit():
            fits |= self._numbers
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[word] = found = frozenset(fits)
        return found


def _after(node: _Node[T], steps: frozenset[Step]) -> list[_Node[T]]:
    if len(steps) <= len(node.steps):
        return [node.steps[step] for step in steps if step in node.steps]
    return [after for step, after in node.steps.items() if step in steps]
