"""Sentences of the author's own, each with the references that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.evidence.cited_tables import cells_about_sources
from newsletter.check.evidence.publication_words import DID
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import Sentence, sentences
from newsletter.check.remembered import remembered
from newsletter.model.document import Emphasis, Table, inlines_of, plain_text, walk_inlines
from newsletter.model.journal import journal_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.evidence.cited_tables import Column
    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Block
    from newsletter.model.problem import Place
    from newsletter.model.reference import Reference

_OWN_WORDS = frozenset({Kind.PROSE, Kind.HEADING, Kind.CELL, Kind.CAPTION})
#: how many sentences further down a study may be cited that one sentence introduces
_NEAR = 3
_ITS_WORK = (
    r"(?:authors?|researchers|study|paper|trial|review|report|survey|analysis|article|team|work|results|findings|guidelines?"
    r"|recommendations|statement|research)"
)
#: goes on about the study of the sentence before
_GOES_ON = re.compile(
    rf"(?:It|Its|They|Their|This|(?:The|That|These|Those)(?: [\w-]{{1,20}}){{0,2}}? {_ITS_WORK})\b"
    # the journal that had it
    rf"|[A-Z][\w.]{{0,20}}(?: (?:of|and|&|the|in|[A-Z][\w.]{{0,20}})){{0,10}}? published (?:it|(?:the|that|this) {_ITS_WORK})\b(?! of\b)"
)
#: begins with a study of its own
_ANOTHER = re.compile(
    r"\b(?:another|other|(?<!the )others|(?:a|an|one|two|three|several|some|many)(?: [\w-]{1,20}){0,3}"
    r" (?:stud(?:y|ies)|papers?|trials?|reviews?|reports?|surveys?|analys[ei]s|articles?|teams?|groups?))\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:study|paper|trial|review|report|survey|analysis|article|meta-?analysis|published|et al|colleagues)\b"
    # two makers of one
    rf"|(?:^|: )[A-Z][\w’'-]{{1,30}} (?:and|&) [A-Z][\w’'-]{{1,30}} (?:{DID})\b"
)
#: what only a publication does
_APPEARED = re.compile(rf"\b(?:appeared|came out|dates? (?:back )?(?:from|to)|reported|{_ITS_WORK})\b")


@dataclass(frozen=True, kw_only=True, eq=False)
class Cited:
    """`words` is the sentence with its quotations covered, as long as before. `own` when the citation stands in it."""

    sentence: Sentence
    words: str
    references: tuple[Reference, ...]
    own: bool
    #: what stands in emphasis in the same block, as keys of names
    emphasis: frozenset[str]
    #: where it is a cell whose row cites something, what its column is about
    column: Column | None = None

    def place(self, offset: int) -> Place:
        return self.sentence.place_at(offset)

    @property
    def marks(self) -> tuple[int, ...]:
        """Where the citations stand within `words`."""
        return tuple(mark.at - self.sentence.start for mark in self.sentence.marks)


@remembered
def cited_sentences(content: Content) -> tuple[Cited, ...]:
    """What an English issue says with citations, in reading order; quotations, buttons and links to read on are left out."""
    return tuple(_cited_sentences(content)) if english(content) else ()


def _cited_sentences(content: Content) -> Iterator[Cited]:
    known = {reference.key: reference for reference in content.references}
    # the cells of a table share one block
    for _, group in groupby(passages(content), key=lambda passage: id(passage.block)):
        found = [passage for passage in group if passage.kind in _OWN_WORDS]
        if any(passage.marks for passage in found):
            yield from _cited_in(found[0].block, found, known)


def _cited_in(block: Block, found: Sequence[Passage], known: dict[str, Reference]) -> Iterator[Cited]:
    emphasis = emphasised(block)
    for passage in found:
        if passage.marks:
            yield from _cited(passage, known, emphasis)
    if isinstance(block, Table):
        for cell, column, marks in cells_about_sources(block, found):
            references = _references(marks, known)
            whole = Sentence(passage=cell, start=0, end=len(cell.text), marks=())
            if references:
                yield Cited(
                    sentence=whole,
                    words=own_words(cell),
                    references=references,
                    own=False,
                    emphasis=emphasis,
                    column=column,
                )


def _cited(passage: Passage, known: dict[str, Reference], emphasis: frozenset[str]) -> Iterator[Cited]:
    covered = own_words(passage)
    found = sentences(passage)
    for number, sentence in enumerate(found):
        about = (sentence,) if sentence.marks else _around(found, number)
        references = _references([mark for one in about for mark in one.marks], known)
        if references:
            words = covered[sentence.start : sentence.end]
            own = bool(sentence.marks)
            yield Cited(sentence=sentence, words=words, references=references, own=own, emphasis=emphasis)


def _references(marks: Iterable[Mark], known: dict[str, Reference]) -> tuple[Reference, ...]:
    keys = (item.key for mark in marks for item in mark.citation.items)
    return tuple(known[key] for key in dict.fromkeys(keys) if key in known)


def _around(found: Sequence[Sentence], number: int) -> tuple[Sentence, ...]:
    """The sentences whose citations are of the study that one without any speaks of: just before it, or soon after."""
    text = found[number].text
    before = found[number - 1] if number else None
    if before and before.marks and _GOES_ON.match(text) and (_STUDY.search(text) or _APPEARED.search(text)):
        return (before,)
    if not _STUDY.search(text):
        return ()
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
