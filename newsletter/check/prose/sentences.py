"""Passages -> sentences, each with the citations that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.prose.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place

#: where a sentence may end: its marks, closing quotes and brackets, then white space before what may begin one
_END = re.compile(rf"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[¿¡]*[A-ZÀ-ÖØ-Þ0-9{COVER}]|\s*$)")
_INITIAL = re.compile(r"\s+[A-Z]\.")
_LAST_WORD = re.compile(r"[\w.&-]+$")
#: never the end of a sentence
_TITLES = frozenset(
    """dr mr mrs ms mx prof rev hon st vs viz cf fig figs no nos eq ref refs vol pp p ed eds eg e.g ie i.e approx ca
    tab sec ch jan feb mar apr jun jul aug sept sep oct nov dec""".split()
)
#: the end of a sentence only where the next word is one that begins sentences
_SOFT = frozenset("etc al a.m p.m u.s u.k u.s.a e.u inc ltd co corp jr sr md m.d ph.d dept univ assoc".split())
_STARTERS = frozenset(
    """a after all although an and another any as at because before both but by each even every few finally first for
    from he her here his how however i if in instead it its many most my no nobody none not now of on once one only or
    other our over she since so some still such that the their then there therefore these they this those though to today
    under until we what when where whether which while who why with without yet you your patients studies""".split()
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sentence:
    """A stretch of a passage from `start` to `end`, without white space around it."""

    passage: Passage
    start: int
    end: int
    #: inside it, or right behind its end
    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def place(self) -> Place:
        return self.place_at(0)

    def place_at(self, offset: int) -> Place:
        """Where the character at this offset of the sentence stands in the author's file."""
        return self.passage.place(self.start + offset)


def every_sentence(content: Content) -> Iterator[Sentence]:
    """All sentences of the body in reading order; a heading or a label is one too."""
    for passage in passages(content):
        yield from sentences(passage)


def sentences(passage: Passage) -> tuple[Sentence, ...]:
    """A citation behind the full stop belongs to the sentence in front of it, one at the beginning to the first."""
    text = passage.text
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() < len(text.rstrip()) and not _ends(text, match):
            continue
        spans.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return tuple(_with_marks(passage, spans))


def _with_marks(passage: Passage, spans: list[tuple[int, int]]) -> Iterator[Sentence]:
    marks = list(passage.marks)
    for number, (start, end) in enumerate(spans):
        last = number == len(spans) - 1
        mine = 0
        while mine < len(marks) and (last or marks[mine].at <= end):
            mine += 1
        begin, finish = start, end
        while begin < finish and passage.text[begin].isspace():
            begin += 1
        while finish > begin and passage.text[finish - 1].isspace():
            finish -= 1
        yield Sentence(passage=passage, start=begin, end=finish, marks=tuple(marks[:mine]))
        del marks[:mine]


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether these marks end a sentence, and not an abbreviation or an initial."""
    if match[0][0] != "." or match[0].startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 12), match.start())
    last = word[0].strip(".").casefold() if word else ""
    if last in _TITLES and not (last == "no" and _next_word(text, match.end()) in _STARTERS):
        return False
    if last in _SOFT or (len(last) == 1 and last.isalpha() and word and word[0][0].isupper()):
        return not _INITIAL.match(text, match.end()) and _next_word(text, match.end()) in _STARTERS
    return True


def _next_word(text: str, start: int) -> str:
    word = re.compile(r"\W*(\w+)").match(text, start, start + 60)
    return word[1].casefold() if word else ""
