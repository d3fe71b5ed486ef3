"""The numbers at the head of a report, each with the places that it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from newsletter.model.problem import Level
from newsletter.pipeline.report.facts import Finding, SignOff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.pipeline.report.facts import Report, Statement

_COUNTED = {
    Finding.SAME: "word for word as in their source",
    Finding.DIFFERS: "that differ from their source",
    Finding.NOT_FOUND: "not in the stored abstract",
    Finding.NOT_COMPARED: "that could not be compared",
    Finding.SPOKEN: "of named persons",
    Finding.NO_SOURCE: "without a source",
}
_LEVELS = {Level.ERROR: "Errors", Level.WARNING: "Warnings", Level.INFORMATION: "Information"}
#: the words of a link, and the id that it leads to
Where: TypeAlias = "list[tuple[str, str]]"


def counts(report: Report) -> Iterator[tuple[str, int, Where]]:
    """What the summary says: a label, how many, and where: (name, anchor)."""
    every = report.statements
    yield "Statements to look at", len(every), [("all", "statements")] if every else []
    yield "Statements with a source", *_at(one for one in every if one.sources)
    yield "Statements without a source", *_at(one for one in every if not one.sources)
    for finding, words in _COUNTED.items():
        there = [one for one in every for quotation in one.quotations if quotation.finding is finding]
        if there or finding in {Finding.SAME, Finding.DIFFERS, Finding.NOT_FOUND}:
            yield f"Quotations {words}", len(there), _at(dict.fromkeys(there))[1]
    for state in (SignOff.REFUSED, SignOff.OPEN, SignOff.ACCEPTED):
        there = [one for one in every for claim in one.claims if claim.state is state]
        yield f"Claims {state.value}", len(there), _at(dict.fromkeys(there))[1]
    if report.missing_notices:
        yield "Claims without the notice that they need", report.missing_notices, _at(_without_notice(every))[1]
    for level in Level:
        yield _LEVELS[level], report.count(level), list(_problems_at(report, level))


def _at(statements: Iterable[Statement]) -> tuple[int, Where]:
    there = [(str(one.number), f"statement-{one.number}") for one in statements]
    return len(there), there


def _without_notice(statements: Iterable[Statement]) -> list[Statement]:
    return [one for one in statements if any(problem.code == "claim-block-missing" for problem in one.problems)]


def _problems_at(report: Report, level: Level) -> Iterator[tuple[str, str]]:
    for statement in report.statements:
        if any(problem.level is level for problem in statement.problems) or _has_claim(statement, level):
            yield str(statement.number), f"statement-{statement.number}"
    for reference in report.references:
        if any(problem.level is level for problem in reference.problems):
            yield f"reference {reference.number}", f"ref-{reference.number}"
    if any(problem.level is level for problem in report.problems):
        yield "elsewhere", "elsewhere"


def _has_claim(statement: Statement, level: Level) -> bool:
    """A claim that is refused or open is an error of the check, one that is told is information."""
    states = {Level.ERROR: {SignOff.REFUSED, SignOff.OPEN}, Level.INFORMATION: {SignOff.TOLD}}.get(level, set())
    return any(claim.state in states for claim in statement.claims)
