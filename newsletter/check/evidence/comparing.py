"""A quotation beside the text that it is taken from: which words differ.

Case, quotation marks, hyphens, punctuation and British or American spelling are no differences; an ellipsis stands for any
words, and so does what is in square brackets. Each piece of a quotation is put where most of its pairs of words stand in the
source, and compared there by difflib; pieces are short, so that the cost stays linear.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: longer pieces are compared part by part
_PIECE = 60
#: words of the source on both sides of where a piece probably stands
_ROOM = 8
#: a single common word at an end is a stray where so many more words lie between in the source
_STRAY = 3
#: a shorter piece says nothing
_SHORT = 3
#: pairs of words that stand more often in a source do not tell where a piece is
_OFTEN = 30
_TOKEN = re.compile(r"per\s?cent\b|\d+(?:[.,·]\d+)*|%|&|[^\W\d_]+(?:[’'][^\W\d_]+)*", re.IGNORECASE)
#: what may stand for other words, and signs that are none
_GAP = re.compile(r"\[[^\[\]]{2,80}\]|\(?(?:\.\s?){3,}\)?|…|[\ue000-\uf8ff]")
_LETTER = re.compile(r"\[(\w)\](?=\w)")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,100}>|\b[A-Z][A-Z&/ ]{3,50}:")
_WORDS_FOR_NUMBERS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_SIGNS = {"%": "percent", "per cent": "percent", "&": "and"}
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
_BRITISH_IS = re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations)$)")
_BRITISH_OUR = re.compile(r"(?<=[a-z]{3})our(?=s?$|ed$|ing$)")


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word or number: as it stands in its text, and as it is compared."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Words of the quotation that are others in the source; either may be empty. `at` is an offset into the quotation."""

    quoted: str
    source: str
    at: int

    @property
    def has_numbers(self) -> bool:
        return any(character.isdigit() for character in self.quoted + self.source)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How much of a quotation stands in a source: `common` of its `words`, at most `longest` in a row."""

    words: int
    common: int
    longest: int
    differences: tuple[Difference, ...]

    @property
    def share(self) -> float:
        return self.common / self.words if self.words else 0.0


@dataclass(frozen=True, kw_only=True)
class Match:
    """A run of common words: where in the piece, where in the source, how many."""

    a: int
    b: int
    size: int


class Source:
    """A text that is quoted from, with an index of its pairs of words."""

    def __init__(self, text: str) -> None:
        self.text = _MARKUP.sub(lambda found: " " * len(found[0]), text)
        self.tokens = tokens(self.text)
        self.keys = [token.key for token in self.tokens]
        self.pairs: dict[tuple[str, str], list[int]] = {}
        for number, pair in enumerate(pairwise(self.keys)):
            places = self.pairs.setdefault(pair, [])
            if len(places) < _OFTEN:
                places.append(number)

    def window(self, keys: Sequence[str]) -> tuple[int, int]:
        """Where a piece most likely stands, with some room on both sides; empty where none of its pairs is found."""
        votes: Counter[int] = Counter()
        for number, pair in enumerate(pairwise(keys)):
            votes.update(place - number for place in self.pairs.get(pair, ()))
        if not votes:
            return 0, 0
        best = max(votes.values())
        start = min(place for place, count in votes.items() if count == best)
        room = min(_ROOM, len(keys) // 2 + 1)
        return max(0, start - room), min(len(self.keys), start + len(keys) + room)


@lru_cache(maxsize=512)
def source(text: str) -> Source:
    """Kept, because an abstract may be quoted more than once."""
    return Source(text)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words and numbers of a text, or of a part of it."""
    found = _TOKEN.finditer(text, start, len(text) if end is None else end)
    return [Token(key=_key(one[0]), start=one.start(), end=one.end()) for one in found]


def _key(word: str) -> str:
    folded = " ".join(unicodedata.normalize("NFKC", word).casefold().replace("’", "'").split())
    if folded[:1].isdigit():
        return _THOUSANDS.sub("", folded.replace("·", "."))
    folded = _SIGNS.get(folded) or _WORDS_FOR_NUMBERS.get(folded) or folded
    return _BRITISH_OUR.sub("or", _BRITISH_IS.sub("iz", folded))


def pieces(quotation: str) -> list[list[Token]]:
    """The words of a quotation, cut where it leaves something out, and into parts that are quickly compared."""
    # "[W]e" is a word; blanks keep the offsets true
    text = _LETTER.sub(r"  \1", quotation)
    found: list[list[Token]] = []
    start = 0
    for gap in (*_GAP.finditer(text), None):
        words = tokens(text, start, gap.start() if gap else len(text))
        found += [words[at : at + _PIECE] for at in range(0, len(words), _PIECE)]
        start = gap.end() if gap else start
    return [piece for piece in found if len(piece) >= _SHORT]


def effort(parts: Iterable[Sequence[Token]], text: Source) -> int:
    """About how many steps a comparison takes, for those who have many to make."""
    return sum(2 * len(part) + _ROOM for part in parts) if text.keys else 0


@lru_cache(maxsize=512)
def compare(quotation: str, text: Source) -> Comparison:
    """The pieces of a quotation, each beside its place in the source."""
    words = common = longest = 0
    differences: list[Difference] = []
    for piece in pieces(quotation):
        words += len(piece)
        found = _aligned(piece, text)
        if not found:
            differences.append(Difference(quoted=_cut(quotation, piece), source="", at=piece[0].start))
            continue
        common += sum(one.size for one in found)
        longest = max(longest, *(one.size for one in found))
        differences += _differences(quotation, piece, text, found)
    return Comparison(words=words, common=common, longest=longest, differences=tuple(differences))


def _aligned(piece: Sequence[Token], text: Source) -> list[Match]:
    """The runs of words that both have, in order, their places in the source counted from its beginning."""
    keys = [token.key for token in piece]
    start, end = text.window(keys)
    matcher = SequenceMatcher(None, keys, text.keys[start:end], autojunk=False)
    found = [Match(a=one.a, b=one.b + start, size=one.size) for one in matcher.get_matching_blocks() if one.size]
    if len(found) > 1:
        found[0] = _nearer(found[0], found[1], keys, text)
        found[-1] = _nearer(found[-1], found[-2], keys, text)
    return _without_strays(found)


def _nearer(end: Match, inner: Match, keys: Sequence[str], text: Source) -> Match:
    """A single word at an end, moved to where it would stand if nothing were left out, if it stands there too."""
    place = inner.b + end.a - inner.a
    same = end.size == 1 and 0 <= place < len(text.keys) and text.keys[place] == keys[end.a]
    return Match(a=end.a, b=place, size=1) if same else end


def _without_strays(found: list[Match]) -> list[Match]:
    """Without a single "the" at either end that only happens to stand somewhere near."""
    while len(found) > 1 and found[0].size == 1 and _apart(found[0], found[1]):
        found = found[1:]
    while len(found) > 1 and found[-1].size == 1 and _apart(found[-2], found[-1]):
        found = found[:-1]
    return found


def _apart(one: Match, other: Match) -> bool:
    return (other.b - one.b - one.size) - (other.a - one.a - one.size) >= _STRAY


def _differences(quotation: str, piece: Sequence[Token], text: Source, found: list[Match]) -> Iterator[Difference]:
    """What stands between the common runs. In front of the first and behind the last, as many words of the source."""
    first, last = found[0], found[-1]
    after = len(piece) - last.a - last.size
    edges = [
        Match(a=0, b=max(0, first.b - first.a), size=0),
        *found,
        Match(a=len(piece), b=min(len(text.keys), last.b + last.size + after), size=0),
    ]
    for one, other in pairwise(edges):
        mine, theirs = piece[one.a + one.size : other.a], text.tokens[one.b + one.size : other.b]
        if "".join(token.key for token in mine) != "".join(token.key for token in theirs):
            at = mine[0].start if mine else piece[min(other.a, len(piece) - 1)].start
            yield Difference(quoted=_cut(quotation, mine), source=_cut(text.text, theirs), at=at)


def _cut(text: str, run: Sequence[Token]) -> str:
    return " ".join(text[run[0].start : run[-1].end].split()) if run else ""
