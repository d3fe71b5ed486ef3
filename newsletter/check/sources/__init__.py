"""Rules about the references themselves: the cited ones of an issue, or any others (`check_sources`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rules import run
from newsletter.check.sources import (
    ahead,
    days,
    gaps,
    gaps_of_works,
    identifiers,
    journals,
    people,
    retracted,
    retraction_table,
    title_marks,
    titles,
)
from newsletter.check.sources.rule import Library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.check.knowledge import Knowledge
    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference

#: about one source each
SOURCE_RULES = (
    *retracted.RULES,
    *gaps.RULES,
    *gaps_of_works.RULES,
    *ahead.RULES,
    *people.RULES,
    *titles.RULES,
    *title_marks.RULES,
    *journals.RULES,
    *identifiers.RULES,
    *days.RULES,
)
#: in the order in which they run
RULES = (*SOURCE_RULES, *retraction_table.RULES)


def check_sources(references: Iterable[Reference], knowledge: Knowledge, at: Place) -> list[Problem]:
    """The same rules over any references; `at` is the place told for a rule that crashes."""
    return run(SOURCE_RULES, at, Library(references=tuple(references), knowledge=knowledge))
