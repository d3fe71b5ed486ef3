"""Each cited reference with what the checks say about it, and where it is cited."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from newsletter.check.sources.notices import became_of
from newsletter.check.sources.retraction_table import age_in_days
from newsletter.model.notice import NoticeKind
from newsletter.pipeline.report.abstracts import stored
from newsletter.pipeline.report.facts import CitedReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from newsletter.check.knowledge import Knowledge
    from newsletter.model.notice import Notice
    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Entry, Reference
    from newsletter.pipeline.report.facts import Statement

_LANGUAGE = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z0-9]{2,8}){0,2}")
_BECAME = {
    NoticeKind.RETRACTION: "retracted",
    NoticeKind.CONCERN: "its journal expressed concern",
    NoticeKind.CORRECTION: "corrected",
    NoticeKind.REINSTATEMENT: "retracted, and reinstated",
}


class OfReferences:
    """Sorts problems to the entry that they are told at; entries on one line begin at other columns."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self._at: dict[Place, list[str]] = defaultdict(list)
        self._own: dict[Problem, str] = {}
        for reference in references:
            for place in {reference.at, *reference.places.values()}:
                self._at[place].append(reference.key)
            self._own |= dict.fromkeys(reference.problems, reference.key)

    def key(self, problem: Problem) -> str | None:
        """The reference that a problem is about; the message names it where several stand at one place."""
        if problem in self._own:
            return self._own[problem]
        keys = self._at.get(problem.place, [])
        named = [key for key in keys if problem.message.startswith(f"`{key[:80]}`")]
        return named[0] if named else keys[0] if len(keys) == 1 else None


def sorted_out(
    references: Sequence[Reference], problems: Iterable[Problem]
) -> tuple[dict[str, list[Problem]], list[Problem]]:
    """The problems of each reference by its key, and all others."""
    of = OfReferences(references)
    theirs: dict[str, list[Problem]] = defaultdict(list)
    others: list[Problem] = []
    for problem in problems:
        key = of.key(problem)
        (others if key is None else theirs[key]).append(problem)
    return theirs, others


def cited_references(
    references: Sequence[Reference],
    entries: Sequence[Entry],
    problems: dict[str, list[Problem]],
    statements: Iterable[Statement],
    knowledge: Knowledge,
    shown: dict[str, str],
) -> tuple[CitedReference, ...]:
    """In the order of their numbers; `shown` are the names of files as people know them."""
    citing: dict[int, list[int]] = defaultdict(list)
    for statement in statements:
        for source in statement.sources:
            citing[source.number].append(statement.number)
    return tuple(
        CitedReference(
            entry=entry,
            file=shown.get(reference.at.file, reference.at.file),
            line=reference.at.line,
            abstract=stored(reference),
            language=_language(reference),
            retractions=tuple(_retractions(reference, knowledge)),
            problems=tuple(problems.get(reference.key, ())),
            statements=tuple(citing[entry.number]),
        )
        for reference, entry in zip(references, entries, strict=True)
    )


def table_described(knowledge: Knowledge, made: date) -> str:
    """`Retraction Watch, 2026-11-02, 27 days old`; empty where there is no table."""
    table = knowledge.retractions
    if table is None:
        return ""
    days = age_in_days(table, made)
    return f"{table.described()}, {days:,} {'day' if days == 1 else 'days'} old"


def _retractions(reference: Reference, knowledge: Knowledge) -> Iterator[str]:
    """What became of it, or where nothing was found."""
    notices = became_of(reference, knowledge)
    yield from (f"{_BECAME[kind]}: {_said(notice)}" for kind, notice in notices.items())
    if not (reference.csl.get("DOI") or reference.csl.get("PMID")):
        yield "could not be looked up: it has neither a DOI nor a PubMed number"
    elif not notices:
        asked = "the table of retractions and its stored record" if knowledge.retractions else "its stored record"
        yield f"nothing found in {asked}"


def _said(notice: Notice) -> str:
    parts = (notice.source, notice.date.isoformat() if notice.date else "", notice.text)
    return ", ".join(part for part in parts if part)


def _language(reference: Reference) -> str:
    text = reference.csl.get("language")
    return text if isinstance(text, str) and _LANGUAGE.fullmatch(text) else ""
