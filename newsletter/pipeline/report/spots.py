"""The words of an issue cut into spots that a reviewer judges one by one: sentences, joined where a quotation joins them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.check.claims.statements import statements
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.model.document import Table, TypedBlock, plain_words
from newsletter.pipeline.report.words import uncovered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place, Problem

_WHERE = {
    Kind.HEADING: "heading",
    Kind.CELL: "in a table",
    Kind.CAPTION: "caption",
    Kind.QUOTE: "quotation",
    Kind.LABEL: "button",
    Kind.RELATED: "link to read on",
}
TOP = "Title and inbox"
BEGINNING = "Before the first heading"


@dataclass(frozen=True, kw_only=True, eq=False)
class Spot:
    """`passage` is None for words that are no part of the body's text: title, subject, what a block's attribute says."""

    at: Place
    text: str
    heading: str
    #: its sentences, each with the keys that it cites
    said: tuple[tuple[str, frozenset[str]], ...]
    passage: Passage | None = None
    start: int = 0
    end: int = 0
    marks: tuple[Mark, ...] = ()
    where: str = ""
    #: the cells of its row before and behind it
    row: tuple[str, str] = ("", "")
    #: the last line that a problem of this spot may name
    last_line: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        items = (item.key for mark in self.marks for item in mark.citation.items)
        return tuple(dict.fromkeys(items)) or tuple(sorted({key for _, keys in self.said for key in keys}))

    @property
    def readers(self) -> str:
        """Who gets it, where not everybody does."""
        blocks = (block for block in self.passage.inside if isinstance(block, TypedBlock)) if self.passage else ()
        names = [(one.name, plain_words(one.attributes.get("audience", ()))) for one in blocks]
        said = {"only": "only readers in {}", "except": "not readers in {}"}
        return ", ".join(said[name].format(audience) for name, audience in names if name in said)


def spots(content: Content) -> list[Spot]:
    """All of them by their places in the file."""
    body = list(_body(content))
    told = {(spot.at.line, spot.at.column, text) for spot in body for text, _ in spot.said} | {
        (place.line, place.column, text) for text, place in _inner_places(body)
    }
    others = list(_elsewhere(content, told, body))
    return sorted([*others, *body], key=lambda spot: (spot.at.line, spot.at.column))


def _body(content: Content) -> Iterator[Spot]:
    heading = BEGINNING
    rows = _rows(passages(content))
    for passage in passages(content):
        if passage.kind is Kind.HEADING and passage.text.strip():
            heading = uncovered(passage.text)
        for group in _groups(passage):
            yield _spot(passage, group, heading, rows.get(id(passage), ("", "")))


def _groups(passage: Passage) -> Iterator[list[Sentence]]:
    """The sentences of a passage; those that one quotation joins stay together."""
    group: list[Sentence] = []
    quotes = list(passage.quotes)
    for sentence in sentences(passage):
        if group and not _joins(quotes, group[-1].end, sentence.start):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _joins(quotes: Sequence[tuple[int, int]], end: int, start: int) -> bool:
    """Whether a quotation begins before the one place and goes on behind the other."""
    number = bisect_right(quotes, (end - 1, start)) - 1
    return any(left < end and right > start for left, right in quotes[max(0, number) : number + 1])


def _spot(passage: Passage, group: Sequence[Sentence], heading: str, row: tuple[str, str]) -> Spot:
    marks = tuple(mark for sentence in group for mark in sentence.marks)
    start, end = group[0].start, group[-1].end
    last = max([passage.place(max(end - 1, start)).line, *(mark.citation.at.line for mark in marks)])
    return Spot(
        at=passage.place(start),
        text=passage.text[start:end],
        heading=heading,
        said=tuple((one.text, _keys(one)) for one in group),
        passage=passage,
        start=start,
        end=end,
        marks=marks,
        where=_WHERE.get(passage.kind, ""),
        row=row,
        last_line=last,
    )


def _keys(sentence: Sentence) -> frozenset[str]:
    return frozenset(item.key for mark in sentence.marks for item in mark.citation.items)


def _rows(found: Sequence[Passage]) -> dict[int, tuple[str, str]]:
    """For each cell the cells of its row on both sides, in one line each."""
    cells: dict[int, list[Passage]] = {}
    for passage in found:
        if passage.kind is Kind.CELL:
            cells.setdefault(id(passage.block), []).append(passage)
    sides: dict[int, tuple[str, str]] = {}
    for of_table in cells.values():
        table, waiting = of_table[0].block, iter(of_table)
        for row in (table.header, *table.rows) if isinstance(table, Table) else ():
            there = [one for cell in row if cell and (one := next(waiting, None))]
            texts = [uncovered(one.text.strip()) for one in there]
            for number, one in enumerate(there):
                left, right = " | ".join(texts[:number]), " | ".join(texts[number + 1 :])
                sides[id(one)] = (f"{left} | " if left else "", f" | {right}" if right else "")
    return sides


def _inner_places(body: Iterable[Spot]) -> Iterator[tuple[str, Place]]:
    """The sentences of a spot behind its first."""
    for spot in body:
        if spot.passage and len(spot.said) > 1:
            for sentence in sentences(spot.passage):
                if spot.start < sentence.start < spot.end:
                    yield sentence.text, sentence.place


def _elsewhere(content: Content, told: set[tuple[int, int, str]], body: Sequence[Spot]) -> Iterator[Spot]:
    """What readers see and no passage has; only claims are looked for in it."""
    if content.knowledge.claims is None:
        return
    starts = [(spot.at.line, spot.at.column) for spot in body]
    first = min((spot.at.line for spot in body), default=0)
    for one in statements(content):
        at = one.place_at(0)
        if (at.line, at.column, one.text) in told:
            continue
        above = bisect_right(starts, (at.line, at.column)) - 1
        in_front = at.line < first and not one.inside
        heading = TOP if in_front else body[above].heading if above >= 0 else BEGINNING
        where = f"in the {one.inside[-1]} block" if one.inside else "in the front matter" if in_front else "image"
        yield Spot(at=at, text=one.text, heading=heading, said=((one.text, frozenset(one.keys)),), where=where)


@dataclass(frozen=True, kw_only=True)
class Told:
    """Problems by the spot that they are told at, and those that are told at none."""

    at: dict[int, list[Problem]] = field(default_factory=dict)
    rest: list[Problem] = field(default_factory=list)


def problems_at(found: Sequence[Spot], problems: Iterable[Problem], file: str) -> Told:
    """By the number of the spot. A problem belongs to the last spot that begins before it and has not ended above it."""
    told = Told()
    others = {spot.at: number for number, spot in enumerate(found) if spot.passage is None}
    body = [(spot.at.line, spot.at.column, number) for number, spot in enumerate(found) if spot.passage]
    for problem in problems:
        at = problem.place
        index = bisect_right(body, (at.line, at.column, len(found))) - 1
        number = body[index][2] if index >= 0 else -1
        if problem.code.startswith("claim-") and at in others:
            told.at.setdefault(others[at], []).append(problem)
        elif at.file == file and number >= 0 and at.line <= found[number].last_line:
            told.at.setdefault(number, []).append(problem)
        else:
            told.rest.append(problem)
    return told
