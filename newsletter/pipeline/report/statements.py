"""Spots -> statements: which of them a medical reviewer has to see, and everything that is known about each."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.check.claims.ledger import sentence_of
from newsletter.check.claims.profile import ClaimLevel
from newsletter.check.claims.screening import screen
from newsletter.pipeline.report.abstracts import nearest, stored
from newsletter.pipeline.report.checks import codes_for_reviewers
from newsletter.pipeline.report.facts import FlaggedClaim, Part, Piece, SignOff, Source, Statement
from newsletter.pipeline.report.quotations import by_passage, found_quotations
from newsletter.pipeline.report.spots import problems_at, spots
from newsletter.pipeline.report.words import Words, uncovered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.check.claims.screening import Claim
    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.pipeline.report.facts import Quotation
    from newsletter.pipeline.report.quotations import Found
    from newsletter.pipeline.report.spots import Spot
    from newsletter.render.numbers import Numbers

#: told by what a statement says about its claims
_SAID_BY_CLAIMS = frozenset({"claim-refused", "claim-review-open", "claim-told"})
_Claims = dict[tuple[str, frozenset[str]], list["Claim"]]


def statements_of(
    content: Content, problems: Iterable[Problem], numbers: Numbers, *, raised: bool
) -> tuple[tuple[Part, ...], list[Problem]]:
    """The statements under their headings, and the problems that are told at none of them."""
    found = spots(content)
    told = problems_at(found, problems, str(content.issue.path))
    gathering = _Gathering(content, numbers, raised=raised)
    rest = list(told.rest)
    statements: list[tuple[str, Statement]] = []
    for number, spot in enumerate(found):
        here = told.at.get(number, [])
        if statement := gathering.statement(len(statements) + 1, spot, here):
            statements.append((spot.heading, statement))
        else:
            rest += here
    parts = groupby(statements, key=lambda one: one[0])
    return tuple(Part(heading=heading, statements=tuple(one for _, one in group)) for heading, group in parts), rest


class _Gathering:
    """Everything that is asked once for the whole issue."""

    def __init__(self, content: Content, numbers: Numbers, *, raised: bool) -> None:
        self._numbers = numbers
        self._references: Mapping[str, Reference] = {one.key: one for one in content.references}
        self._words = Words(numbers, raised=raised)
        self._learnt: set[int] = set()
        self._quotations = by_passage(found_quotations(content, numbers.number))
        self._claims = _by_sentence(screen(content).claims)
        self._codes = codes_for_reviewers()

    def statement(self, number: int, spot: Spot, problems: Sequence[Problem]) -> Statement | None:
        """None for what a reviewer need not see."""
        self._learn(spot)
        claims = [claim for text, keys in spot.said for claim in self._claims.get((sentence_of(text), keys), ())]
        quotations = self._quotations_in(spot)
        if not (spot.marks or claims or quotations or any(one.code in self._codes for one in problems)):
            return None
        before, after = self._around(spot)
        return Statement(
            number=number,
            line=spot.at.line,
            sentence=self._pieces(spot),
            before=before,
            after=after,
            where=spot.where,
            readers=spot.readers,
            sources=tuple(self._source(key, spot, quotations) for key in self._cited(spot, quotations)),
            quotations=tuple(one.quotation for one in quotations),
            claims=tuple(_flagged(claim) for claim in claims),
            problems=tuple(one for one in problems if not (claims and one.code in _SAID_BY_CLAIMS)),
        )

    def _learn(self, spot: Spot) -> None:
        if spot.passage is not None and id(spot.passage) not in self._learnt:
            self._learnt.add(id(spot.passage))
            self._words.learn(spot.passage)

    def _pieces(self, spot: Spot) -> tuple[Piece, ...]:
        if spot.passage is None:
            return (Piece(text=spot.text),)
        return self._words.pieces(spot.passage, spot.start, spot.end, spot.marks)

    def _around(self, spot: Spot) -> tuple[str, str]:
        if spot.passage is None:
            return "", ""
        before, after = self._words.before(spot.passage, spot.start), self._words.after(spot.passage, spot.end)
        return spot.row[0] + before, after + spot.row[1]

    def _quotations_in(self, spot: Spot) -> list[Found]:
        of_passage = self._quotations.get(id(spot.passage), ()) if spot.passage is not None else ()
        return [one for one in of_passage if spot.start <= one.start < max(spot.end, spot.start + 1)]

    def _cited(self, spot: Spot, quotations: Sequence[Found]) -> list[str]:
        """In the order of their numbers; a quoted block may name its source in a line of its own."""
        quoted = {one.quotation.number for one in quotations}
        cited = {key for key in self._references if key in spot.keys or self._numbers.number(key) in quoted}
        return sorted(cited, key=self._numbers.number)

    def _source(self, key: str, spot: Spot, quotations: Sequence[Found]) -> Source:
        abstract, number = stored(self._references[key]), self._numbers.number(key)
        shown = any(_shows(one.quotation, number) for one in quotations)
        excerpt = "" if shown or not abstract else nearest(" ".join((spot.row[0], spot.text, spot.row[1])), abstract)
        return Source(number=number, excerpt=excerpt, has_abstract=bool(abstract))


def _shows(quotation: Quotation, number: int) -> bool:
    """Whether a passage of this reference's abstract stands beside the quotation already."""
    return quotation.number == number and quotation.field == "abstract" and bool(quotation.source)


def _by_sentence(claims: Iterable[Claim]) -> _Claims:
    """The same words with the same sources a second time are covered by the same claim."""
    found: _Claims = {}
    for claim in claims:
        found.setdefault((claim.sentence, frozenset(claim.flag.statement.keys)), []).append(claim)
    return found


def _flagged(claim: Claim) -> FlaggedClaim:
    signed = claim.accepted or claim.before
    return FlaggedClaim(
        state=_state(claim),
        rule=claim.flag.rule.id,
        words=uncovered(claim.flag.words),
        why=claim.flag.rule.why,
        instead=claim.flag.rule.instead,
        reviewer=signed.reviewer if signed else "",
        signed_on=signed.date if signed else None,
        reason=signed.why if signed else "",
        changed=claim.changed(),
    )


def _state(claim: Claim) -> SignOff:
    match claim.flag.level:
        case ClaimLevel.ERROR:
            return SignOff.REFUSED
        case ClaimLevel.REVIEW:
            return SignOff.ACCEPTED if claim.accepted else SignOff.OPEN
        case _:
            return SignOff.TOLD
