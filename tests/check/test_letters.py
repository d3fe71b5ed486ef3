"""Two letters as clinics write them, through the whole pipeline: one with every source in order, one with slips."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.model.problem import Level
from newsletter.pipeline import prepare
from newsletter.settings import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.problem import Problem

LETTERS = Path(__file__).parent / "letters"
NOW = datetime(2026, 12, 8, tzinfo=UTC)
#: file and line of each slip in the letter about knees, and the code that is meant for it
SLIPS = {
    ("issue.md", 19, "citation-year-differs"),  # a paper of 2019
    ("issue.md", 19, "quotation-differs"),  # "still", not "clearly"
    ("issue.md", 23, "citation-month-differs"),  # it was March
    ("issue.md", 25, "evidence-without-citation"),
    ("issue.md", 33, "word-misspelled"),
    ("issue.md", 39, "citation-journal-differs"),  # it was the BMJ
    ("issue.md", 39, "citation-unknown"),
    ("issue.md", 47, "citation-not-recent"),  # fourteen years old
    ("issue.md", 51, "word-twice"),
    ("issue.md", 57, "citation-before-words"),
    ("issue.md", 61, "number-disagrees"),
    ("issue.md", 63, "wrong-words"),
    ("issue.md", 71, "web-residue"),
    ("references.json", 3, "reference-et-al"),
    ("references.json", 62, "reference-pages-backwards"),
}


def problems_of(slug: str) -> Sequence[Problem]:
    return prepare(load(LETTERS, {}), LETTERS / slug / "issue.md", NOW).problems


def test_a_letter_whose_sources_are_in_order_is_told_nothing() -> None:
    """Nine sources from PubMed and the front matter, years, journals and people named, numbers, quotations, a timetable."""
    assert [f"{one.place}: {one.code}: {one.message}" for one in problems_of("sport-with-a-new-hip")] == []


def test_each_slip_of_a_letter_is_told_in_its_line_and_no_other_warning_is_given() -> None:
    told = problems_of("sore-knees")
    found = {(Path(one.place.file).name, one.place.line, one.code): one.level for one in told}
    assert found.keys() >= SLIPS
    assert {place for place, level in found.items() if level is not Level.INFORMATION} <= SLIPS
