"""Sentences of the author's own, each with the references that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.model.document import Emphasis, inlines_of, plain_text, walk_inlines
from newsletter.model.journal import journal_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.prose.passages import Passage
    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Block
    from newsletter.model.problem import Place
    from newsletter.model.reference import Reference

_OWN_WORDS = frozenset({Kind.PROSE, Kind.HEADING, Kind.CELL, Kind.CAPTION})
#: how many sentences further down a study may be cited that one sentence introduces
_NEAR = 3
#: goes on about the study of the sentence before
_GOES_ON = re.compile(
    r"(?:It|Its|They|Their|This|The (?:authors?|researchers|study|paper|trial|review|report|survey|analysis|article|team|work"
    r"|results|findings))\b"
)
#: begins with a study of its own
_ANOTHER = re.compile(
    r"\b(?:another|other|others|(?:a|an|one|two|three|several|some|many)(?: [\w-]{1,20}){0,3}"
    r" (?:stud(?:y|ies)|papers?|trials?|reviews?|reports?|surveys?|analys[ei]s|articles?|teams?|groups?))\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:study|paper|trial|review|report|survey|analysis|article|meta-?analysis|published|et al|colleagues)\b"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cited:
    """`words` is the sentence with its quotations covered, as long as before. `own` when the citation stands in it."""

    sentence: Sentence
    words: str
    references: tuple[Reference, ...]
    own: bool
    #: what stands in emphasis in the same block, as keys of names
    emphasis: frozenset[str]

    def place(self, offset: int) -> Place:
        return self.sentence.place_at(offset)

    @property
    def marks(self) -> tuple[int, ...]:
        """Where the citations stand within `words`."""
        return tuple(mark.at - self.sentence.start for mark in self.sentence.marks)


def cited_sentences(content: Content) -> Iterator[Cited]:
    """What an English issue says with citations, in reading order; quotations, buttons and links to read on are left out."""
    if not english(content):
        return
    known = {reference.key: reference for reference in content.references}
    block, emphasis = None, frozenset[str]()
    for passage in passages(content):
        if passage.kind in _OWN_WORDS and passage.marks:
            if passage.block is not block:
                # the cells of a table share one
                block, emphasis = passage.block, emphasised(passage.block)
            yield from _cited(passage, known, emphasis)


def _cited(passage: Passage, known: dict[str, Reference], emphasis: frozenset[str]) -> Iterator[Cited]:
    covered = own_words(passage)
    found = sentences(passage)
    for number, sentence in enumerate(found):
        about = (sentence,) if sentence.marks else _around(found, number)
        keys = (item.key for one in about for mark in one.marks for item in mark.citation.items)
        references = tuple(known[key] for key in dict.fromkeys(keys) if key in known)
        if references:
            words = covered[sentence.start : sentence.end]
            own = bool(sentence.marks)
            yield Cited(sentence=sentence, words=words, references=references, own=own, emphasis=emphasis)


def _around(found: Sequence[Sentence], number: int) -> tuple[Sentence, ...]:
    """The sentences whose citations are of the study that one without any speaks of: just before it, or soon after."""
    text = found[number].text
    if not _STUDY.search(text):
        return ()
    before = found[number - 1] if number else None
    if before and before.marks and _GOES_ON.match(text):
        return (before,)
    for later in found[number + 1 : number + 1 + _NEAR]:
        if _ANOTHER.search(later.text):
            return ()
        if later.marks:
            return (later,)
    return ()


def own_words(passage: Passage) -> str:
    """The text of a passage with its quotations covered."""
    pieces, done = [], 0
    for start, end in passage.quotes:
        pieces += [passage.text[done:start], COVER * (end - start)]
        done = end
    return "".join([*pieces, passage.text[done:]])


def emphasised(block: Block) -> frozenset[str]:
    """The keys of what stands in emphasis in a block, as names of journals are compared."""
    inlines = (inline for run in inlines_of(block) for inline in walk_inlines(run))
    return frozenset(journal_key(plain_text(inline.content)) for inline in inlines if isinstance(inline, Emphasis))
