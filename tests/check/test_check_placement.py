"""Marks of citations stand behind their words, on one side of full stops, and not in headings."""

from __future__ import annotations

import pytest

from newsletter.check.evidence import placement
from newsletter.model.problem import Level
from tests.check.cited import found

BEFORE, MIXED, HEADING = "citation-before-words", "citation-placement-mixed", "citation-in-heading"


def told(body: str, language: str = "en") -> list[tuple[str, int, int]]:
    problems = found(body, placement.RULES, language=language)
    return [(one.code, one.place.line, one.place.column) for one in problems]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[@a] Walking early helps most of us.", [(BEFORE, 6, 1)]),
        ("**[@a] Walking** early helps most of us.", [(BEFORE, 6, 3)]),
        ("Words.\n\n[@a; @b] Walking early helps.", [(BEFORE, 8, 1)]),
        ("- [@a] walking early helps\n- rest", [(BEFORE, 6, 3)]),
        ("> [@a] Walking early helps most.", [(BEFORE, 6, 3)]),
        ("Walking early helps [@a].[@b] Rest does not help [@a].", [(BEFORE, 6, 26), (MIXED, 6, 26)]),
        ("Walk with us. [@a] Studies show that it helps.", [(BEFORE, 6, 15)]),
        ("Walk with us. [@a] It helped 30 % of patients.", [(BEFORE, 6, 15)]),
        ("- **Against:** [@a] In a three-arm trial, pain came back.", [(BEFORE, 6, 16)]),
        ('They were happier with the slow version: [@a] "Satisfaction was higher than before."', [(BEFORE, 6, 42)]),
        ("One thing is sure: [@a] People who walk early go home sooner.", [(BEFORE, 6, 20)]),
        ("According to [@a], it helps most.", [(BEFORE, 6, 14)]),
        ("It helps, as shown in [@a].", [(BEFORE, 6, 23)]),
        ("Das hilft laut [@a] den meisten.", [(BEFORE, 6, 16)]),
        ("One [@a]. Two [@b]. Three.[@a] Four.", [(MIXED, 6, 27)]),
        ("One.[@a] Two.[@b] Three [@a]. Four.", [(MIXED, 6, 25)]),
        ("He said “one.”[@a] Two [@b]. Three (four [@a]).", [(MIXED, 6, 15)]),
        ("One [@a].\n\n- Two.[@b]\n- Three [@a]!", [(MIXED, 8, 7)]),
        ("## Walking helps [@a]\n\nWords.", [(HEADING, 6, 18)]),
    ],
)
def test_a_misplaced_citation_is_told_where_it_stands(body: str, expected: list[tuple[str, int, int]]) -> None:
    assert told(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Walking early helps [@a].",
        "Walking early helps.[@a] Rest does not.[@b]",
        "Walking early helps. [@a] Rest does not. [@b]",
        "Studies show that walking helps. [@a] We agree.",
        "Studies show that walking helps. [@a] Studies show that rest does not. [@b]",
        "@a found that walking helps. In @b rest is best.",
        "Studies [@a] show it, and others [@b] do not [@a].",
        "Walking, running [@a], and rest [@b]; also sleep [@a]: all help.",
        "Walking helps [@a] [@b].",
        "Walking helps [@a][@b].",
        "| [@a] | Walking early helps |\n|---|---|\n| [@b] | Rest |",
        "- [@a]\n- [@b]",
        "[@a]",
        "[see @a] here.",
        "Does it help?[@a] Yes!",
        "It helps “most of us” [@a].",
        "The number of the study is in the list [@a].",
        "We agree with the authors of the study [@a].",
        "## Walking\n\nIt helps [@a].",
        "Dr. [@a] Example. It is of no use.",
        "Sources: [@a], [@b].",
        "Our sources are these: [@a] and [@b].",
        "Further reading: [@a] on stairs, [@b] on hills.",
        "As the authors write [@a]: walking early helps most.",
        "More on this: [@a].",
        "Walking helps [@a].\n\n> Walking helps most of us. [@b]",
    ],
)
def test_citations_in_their_place_are_left_alone(body: str) -> None:
    assert told(body) == []


def test_the_rarer_side_is_named_once_with_its_lines() -> None:
    (one,) = found("One [@a].\n\nTwo [@a].\n\nThree.[@b] Four.\n\nFive.[@a] Six [@b].", placement.RULES)
    assert one.message == "2 of 5 citations stand behind the full stop (lines 10, 12), the others before it"
    assert one.fix == "Put all of them before the full stop, as 3 are."
    assert one.level is Level.INFORMATION


def test_many_lines_are_counted_and_not_all_named() -> None:
    body = "One [@a]. Two [@a]. Three.\n\n" + "Four [@a].\n\n" * 10 + "Five.[@b] Six.\n\n" * 8
    (one,) = found(body, placement.RULES)
    assert "and 2 more" in one.message


def test_placement_is_looked_at_in_every_language() -> None:
    assert told("[@a] Gehen hilft den meisten. Ruhe [@b]. Mehr.[@a] Ende.", "de") == [(BEFORE, 6, 1), (MIXED, 6, 47)]
    assert told("Gehen hilft. [@a] Studies show more.", "de") == []
