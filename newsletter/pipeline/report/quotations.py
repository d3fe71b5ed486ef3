"""The quotations of an issue beside the stored text of their sources, the words that differ marked on both sides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.evidence.abstracts import compared
from newsletter.check.evidence.comparing import pieces, source
from newsletter.check.evidence.quotes import SIGNED, quotations, quoted_blocks
from newsletter.model.document import TypedBlock, plain_words
from newsletter.pipeline.report.abstracts import stored
from newsletter.pipeline.report.facts import Finding, Piece, PieceKind, Quotation
from newsletter.pipeline.report.words import uncovered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from newsletter.check.evidence.abstracts import Beside, Quoted
    from newsletter.check.evidence.comparing import Source, Token
    from newsletter.check.evidence.quotes import QuotedBlock
    from newsletter.check.prose.passages import Passage
    from newsletter.check.rulebook import Content

#: shorter ones without a source are words that somebody weighs
_LONG = 6
#: so many characters of the source are shown on each side at most
_AROUND = 240
#: a single word in common counts only where so few more words lie between in one text than in the other
_STRAY = 3
_ENDS = re.compile(r"[.!?]\s")


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """A quotation of a passage, from `start` to `end` without its quotation marks."""

    passage: Passage
    start: int
    end: int
    quotation: Quotation


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


def found_quotations(content: Content, number: Callable[[str], int]) -> list[Found]:
    """Those that a reviewer should see: all that could be compared, the longer ones besides, and quoted blocks."""
    by_place = {(id(one.passage), one.start, one.end): (one, beside) for one, beside in compared(content)}
    found = [found for one, beside in by_place.values() if (found := _compared(one, beside, number))]
    known = {(id(one.passage), one.start, one.end) for one in found}
    for one in quotations(content):
        if one.length >= _LONG and (id(one.passage), one.start, one.end) not in known:
            found.append(_plain(one.passage, one.start, one.end, cited=bool(one.marks)))
    for block in quoted_blocks(content):
        found += (one for one in _of_block(block) if (id(one.passage), one.start, one.end) not in known)
    return found


def _compared(one: Quoted, beside: Beside | None, number: Callable[[str], int]) -> Found | None:
    if beside is None:
        if not one.is_close:
            return None
        has = any(stored(reference) for reference in one.references)
        finding = Finding.NOT_FOUND if has else Finding.NOT_COMPARED
        numbers = {number(reference.key) for reference in one.references}
        only = numbers.pop() if len(numbers) == 1 else 0
        quotation = Quotation(finding=finding, quoted=(Piece(text=uncovered(one.text)),), number=only)
        return Found(passage=one.passage, start=one.start, end=one.end, quotation=quotation)
    text = beside.reference.csl.get(beside.field)
    quoted, from_source = side_by_side(one.text, source(text if isinstance(text, str) else ""))
    quotation = Quotation(
        finding=Finding.SAME if beside.is_same else Finding.DIFFERS,
        quoted=(Piece(text=uncovered(one.text)),) if beside.is_same else quoted,
        source=tuple(Piece(text=one.text) for one in from_source) if beside.is_same else from_source,
        number=number(beside.reference.key),
        field=beside.field,
    )
    return Found(passage=one.passage, start=one.start, end=one.end, quotation=quotation)


def _of_block(block: QuotedBlock) -> Iterator[Found]:
    """Its paragraphs, all said by whoever signed one of them or stands in its attribution."""
    speaker = plain_words(block.block.attributes.get("attribution", ())) if isinstance(block.block, TypedBlock) else ""
    signed = [SIGNED.search(one.text, max(0, len(one.text) - 200)) for one in block.passages]
    said_by = speaker or next((match[0].strip(" \n—–-") for match in signed if match), "")
    for passage, match in zip(block.passages, signed, strict=True):
        end = match.start() if match else len(passage.text)
        if passage.text[:end].strip():
            yield _plain(passage, 0, end, cited=bool(block.marks), speaker=said_by)


def _plain(passage: Passage, start: int, end: int, *, cited: bool, speaker: str = "") -> Found:
    finding = Finding.NOT_COMPARED if cited else Finding.SPOKEN if speaker else Finding.NO_SOURCE
    quotation = Quotation(finding=finding, quoted=(Piece(text=uncovered(passage.text[start:end])),), speaker=speaker)
    return Found(passage=passage, start=start, end=end, quotation=quotation)


def side_by_side(quotation: str, text: Source) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The quotation with the words that are not in the source, and the source's passage with those that were left out."""
    added: list[_Span] = []
    places: list[_Span] = []
    left_out: list[_Span] = []
    for part in pieces(quotation):
        runs = _common(part, text)
        if not runs:
            added.append(_Span(part[0].start, part[-1].end))
            continue
        first, last = _edges(part, text, runs)
        places.append(_Span(text.tokens[first].start, text.tokens[last - 1].end))
        for mine, theirs in _between(part, runs, first, last):
            words, others = part[mine.start : mine.end], text.tokens[theirs.start : theirs.end]
            # "age-matched" and "agematched" are the same
            if "".join(one.key for one in words) != "".join(one.key for one in others):
                added += [_Span(words[0].start, words[-1].end)] if words else []
                left_out += [_Span(others[0].start, others[-1].end)] if others else []
    return (
        tuple(_cut(quotation, _Span(0, len(quotation)), added, PieceKind.ADDED)),
        tuple(_shown(text.text, places, left_out)),
    )


def _common(part: Sequence[Token], text: Source) -> list[tuple[_Span, _Span]]:
    """The runs of words that both have: where in the part, where in the source."""
    keys = [token.key for token in part]
    start, end = text.window(keys)
    matcher = SequenceMatcher(None, keys, text.keys[start:end], autojunk=False)
    runs = [
        (_Span(one.a, one.a + one.size), _Span(one.b + start, one.b + start + one.size))
        for one in matcher.get_matching_blocks()
        if one.size
    ]
    while len(runs) > 1 and _is_stray(runs[0], runs[0], runs[1]):
        del runs[0]
    while len(runs) > 1 and _is_stray(runs[-1], runs[-2], runs[-1]):
        del runs[-1]
    return runs


def _is_stray(one: tuple[_Span, _Span], before: tuple[_Span, _Span], after: tuple[_Span, _Span]) -> bool:
    mine, theirs = after[0].start - before[0].end, after[1].start - before[1].end
    return one[0].end - one[0].start == 1 and theirs - mine >= _STRAY


def _edges(part: Sequence[Token], text: Source, runs: Sequence[tuple[_Span, _Span]]) -> tuple[int, int]:
    """The words of the source that the part stands for: as many more at each end as the part has there."""
    (mine, theirs), (mine_last, theirs_last) = runs[0], runs[-1]
    return max(0, theirs.start - mine.start), min(len(text.tokens), theirs_last.end + len(part) - mine_last.end)


def _between(
    part: Sequence[Token], runs: Sequence[tuple[_Span, _Span]], first: int, last: int
) -> Iterator[tuple[_Span, _Span]]:
    edges = [(_Span(0, 0), _Span(first, first)), *runs, (_Span(len(part), len(part)), _Span(last, last))]
    for (mine, theirs), (mine_next, theirs_next) in pairwise(edges):
        yield _Span(mine.end, mine_next.start), _Span(theirs.end, theirs_next.start)


def _shown(text: str, places: Sequence[_Span], left_out: Sequence[_Span]) -> Iterator[Piece]:
    """The places in the order of the source, each with the sentences that it stands in."""
    for number, place in enumerate(_joined([_around(text, place) for place in places])):
        if number:
            yield Piece(text=" … ")
        yield from _cut(text, place, left_out, PieceKind.LEFT_OUT)


def _around(text: str, place: _Span) -> _Span:
    before = text[max(0, place.start - _AROUND) : place.start]
    after = text[place.end : place.end + _AROUND]
    begins = [match.end() for match in _ENDS.finditer(before)]
    start = place.start - len(before) + (begins[-1] if begins else 0)
    ends = _ENDS.search(after)
    return _Span(start, place.end + (ends.start() + 1 if ends else len(after)))


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    found: list[_Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if found and span.start <= found[-1].end + 1:
            found[-1] = _Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _cut(text: str, within: _Span, marked: Sequence[_Span], kind: PieceKind) -> Iterator[Piece]:
    done = within.start
    for span in _joined([one for one in marked if within.start <= one.start and one.end <= within.end]):
        if span.start > done:
            yield Piece(text=uncovered(text[done : span.start]))
        yield Piece(text=uncovered(text[span.start : span.end]), kind=kind)
        done = span.end
    if done < within.end:
        yield Piece(text=uncovered(text[done : within.end]))


def by_passage(found: Sequence[Found]) -> Mapping[int, list[Found]]:
    """In the order of their beginnings; the key is the passage's id()."""
    sorted_: dict[int, list[Found]] = {}
    for one in sorted(found, key=lambda one: one.start):
        sorted_.setdefault(id(one.passage), []).append(one)
    return sorted_
