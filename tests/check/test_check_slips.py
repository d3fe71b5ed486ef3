"""Markdown that is nearly right is told where it stands; what is right, or is code, is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check import Knowledge, check_issue
from newsletter.check.rulebook import Content
from newsletter.check.written import doubled, slips, slips_citations, slips_emphasis, slips_links, slips_lists
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from tests.check.typed import HEAD, SETTINGS, problems, told

if TYPE_CHECKING:
    from pathlib import Path

RULES = (*slips.RULES, *slips_links.RULES, *slips_emphasis.RULES, *slips_lists.RULES, *doubled.RULES)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Words.\n\n##Opening hours\n\nMore.", ("heading-not-read", 7, 1)),
        ("Words.\n\n#Opening hours\n\nMore.", ("heading-not-read", 7, 1)),
        ("> ###Quoted\n\nMore.", ("heading-not-read", 5, 3)),
        ("Please bring **your card ** along.", ("emphasis-not-read", 5, 14)),
        ("Please bring ** your card** along.", ("emphasis-not-read", 5, 14)),
        ("Please bring **your card along.", ("emphasis-not-read", 5, 14)),
        ("Please **bring** it, and\nplease **your card along.", ("emphasis-not-read", 6, 8)),
        ("- one **item\n- two", ("emphasis-not-read", 5, 7)),
        ("Please **your card* along.", ("emphasis-not-read", 5, 8)),
        ("Please *your card * along.", ("emphasis-not-read", 5, 8)),
        ("Für Leser*innen und Besucher*innen.", ("emphasis-within-words", 5, 10)),
        ("Das sind 2*3*4 Wochen.", ("emphasis-within-words", 5, 11)),
        ("Breathe out CO~2~ slowly.", ("small-letters-not-read", 5, 15)),
        ("A room of 20 m^2^.", ("small-letters-not-read", 5, 15)),
        ("See [the hours] (https://example.org/h).", ("link-not-read", 5, 5)),
        ("See (the hours)[https://example.org/h].", ("link-not-read", 5, 5)),
        ("See [the hours](https://example.org/h and more.", ("link-not-read", 5, 5)),
        ("See [the hours](https://example.org/my page) here.", ("link-not-read", 5, 5)),
        ("See [our **hours**](https://example.org/h\nand more.", ("link-not-read", 5, 5)),
        ("![A knee] (knee.jpg)", ("link-not-read", 5, 1)),
        ("![A knee](my knee.jpg)", ("link-not-read", 5, 1)),
        ("![A knee](knee.jpg", ("link-not-read", 5, 1)),
        ("See <www.example.org>.", ("link-not-read", 5, 5)),
        ("Bring:\n\n• your card\n• the letter", ("list-not-read", 7, 1)),
        ("Bring:\n– your card\n– the letter", ("list-not-read", 6, 1)),
        ("Bring:\n\n• your card\n\n• the letter", ("list-not-read", 7, 1)),
        ("Bring:\n\n-your card\n-the letter", ("list-not-read", 7, 1)),
        ("Then:\n\n1.Sit down\n2.Stand up", ("list-not-read", 7, 1)),
        ("Then go on:\n2. Sit down\n3. Stand up", ("list-not-read", 6, 1)),
        ("| Day | Hours |\n| Monday | 8 |", ("table-not-read", 5, 1)),
        ("| Day | Hours |\n|---|\n| Monday | 8 |", ("table-not-read", 5, 1)),
        ("| Day | Hours |\n|---|---|\n| Monday | 8 |\n\n| Tuesday | 9 |", ("table-not-read", 9, 1)),
        ('::button href="https://example.org"\nBook a visit', ("block-not-read", 5, 1)),
        (':: callout title="Please note"\nBook a visit', ("block-not-read", 5, 1)),
        ("Book a visit ::: callout\n\nWords.", ("block-not-read", 5, 14)),
        ("Dear readers,\n\n    We are closed on Monday and open on Tuesday.", ("code-by-accident", 7, 5)),
        ("Dear readers,\n\n\t- Bring your card\n\t- Bring a friend", ("code-by-accident", 7, 2)),
        ("Walk to the the park.", ("word-twice", 5, 9)),
        ("Walk to the\nthe park.", ("word-twice", 5, 9)),
    ],
)
def test_a_slip_is_told_once_and_where_it_stands(tmp_path: Path, body: str, expected: tuple[str, int, int]) -> None:
    assert told(tmp_path, body, RULES) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "## A heading\n\n#running is fun, and #walking is too.",
        "We are #1 in town.\n\n#1 in town\n\n#hip #knee",
        "A \\*\\* and 5 * 3 and **bold** and *it* and ***both*** and **bold *and it* bold**.",
        '**{{ city | default("here") }}** and `**code **` and **`code`**.',
        "* one\n* two **bold**\n\n***\n\nPrices* vary.\n\n*Taxes included.",
        "| a | p |\n|---|---|\n| b | 0.42** |\n\n** p < 0.01",
        "See [1] (https://example.org is cited there) and [the notes] (page 3) and f(x)[3].",
        "See [a](https://example.org/a_(b)) [b](<https://example.org/my page>) [c](https://example.org 'T (t)').",
        '[![A knee](knee.jpg)](https://example.org "x") and [d](https://example.org/{{ city | default("a b") }}).',
        "[hours]\n\n[hours]: https://example.org/hours",
        '[long](https://example.org/a\n"title on the next line")',
        "Words:\n- one\n- two\n\n1. one\n2. two\n\n7. seven\n8. eight",
        "We moved here in\n2019. Since then we grew.",
        "At night it was\n-5 degrees, then\n-2 degrees.",
        "– Who is there?\n\nNobody.\n\n— Mark, a patient",
        "| Day | Hours |\n|---|:-:|\n| Monday | 8 |\n| Tuesday | **9** |\n",
        "a | b\n--|--\n1 | 2\n\nThe norm |x| is small, |x| < |y|.",
        '::: callout title="Note: this"\nWords :: and ::more.\n:::\n\nThe ratio 3::4.',
        "- item\n\n    A paragraph of the same item, with several words.\n",
        "```\n##Title **bold ** [a] (https://example.org) the the\n| a | b |\n• one\n::button\n```",
        "    pip install newsletter --upgrade\n    x = {1: 2}\n",
        "    for reader in readers: send(reader)\n",
        "`##a` and `[a] (https://example.org)` and ``the ` the``.",
        "I know that that is so. Very very good. He had had it. New York, new York. 10 10 10",
        "walk-in in the morning, and on on-call days. The 1st 1st.",
        "~~~\n**bold **\n~~~\n\n> ```\n> the the\n> ```\n\n- ```\n  **bold **\n  ```\n",
    ],
)
def test_what_is_right_or_code_is_left_alone(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, body, RULES) == []


def test_doubled_words_are_looked_for_in_the_languages_that_we_know(tmp_path: Path) -> None:
    def issue(language: str, words: str) -> str:
        return HEAD.replace("title:", f"language: {language}\ntitle:") + words

    assert told(tmp_path, issue("de", "Gehen Sie mit mit uns."), RULES) == [("word-twice", 6, 11)]
    assert told(tmp_path, issue("de", "Die, die die Übung kennen, freuen sich."), RULES) == []
    assert told(tmp_path, issue("fr", "Nous nous voyons. Il va dans dans le parc."), RULES) == [("word-twice", 6, 25)]
    assert told(tmp_path, issue("es", "Camine por por el parque."), RULES) == [("word-twice", 6, 8)]
    assert told(tmp_path, issue("cy", "mae mae hi"), RULES) == []


def test_several_slips_are_all_told(tmp_path: Path) -> None:
    body = "##One\n\n**two ** [three] (https://example.org)\n\n• four\n"
    assert [(code, line) for code, line, _ in told(tmp_path, body, RULES)] == [
        ("heading-not-read", 5),
        ("link-not-read", 7),
        ("emphasis-not-read", 7),
        ("list-not-read", 9),
    ]


def test_the_message_shows_the_words(tmp_path: Path) -> None:
    (one,) = problems(tmp_path, "Please bring **your card ** along.", RULES)
    assert "**your card **" in one.message
    assert "**like this**" in one.fix


@pytest.mark.parametrize(
    "bomb",
    [
        "**a " * 50_000,
        "[" * 200_000,
        "[a](" * 9_000,
        "(a)[" * 9_000,
        "•\n" * 50_000,
        "| " * 100_000,
        "a\n" * 200_000,
        "` `` " * 40_000,
    ],
)
def test_hostile_text_is_gone_through(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "issue.md"
    path.write_text(HEAD + "Words.\n", encoding="utf-8")
    issue = read_issue(path, SETTINGS, lambda _: ({}, [])).issue
    assert issue is not None
    content = Content(issue=issue, whole=issue, references=(), settings=SETTINGS, source=HEAD + bomb)
    found = [one for rule in RULES for one in rule(content)]
    assert all(one.place.line > HEAD.count("\n") for one in found)


def test_a_citation_directly_below_the_first_line_of_a_block_is_none_in_an_attribute(tmp_path: Path) -> None:
    path = tmp_path / "issue.md"
    body = '::: callout title="Rest"\nIt helps [@lee2019].\n:::\n\n::: callout title="As in [@lee2019]"\nRest.\n:::\n'
    path.write_text(HEAD + body, "utf-8")
    cited = Reference(key="lee2019", csl={"title": "Hips"}, at=Place(file="refs.json", line=1))
    reading = read_issue(path, SETTINGS, lambda _: ({"lee2019": cited}, []))
    assert reading.issue is not None
    found = check_issue(reading.issue, (cited,), SETTINGS, reading.source, slips_citations.RULES)
    assert [(one.code, one.place.line, one.place.column) for one in found] == [("citation-not-read", 9, 26)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It helps, says @Lee2019, a lot.", [(5, 16, "Did you mean @lee2019?")]),
        ("See @lee2091 for more.", [(5, 5, "Did you mean @lee2019?")]),
        (
            "It helps [see@lee2019].",
            [(5, 10, "Write [@key], with the key of the source; several as [@one; @two, p. 4].")],
        ),
        ("It helps.[^1]", [(5, 10, "Write [@key], with the key of the source; several as [@one; @two, p. 4].")]),
        ("Write to @larkmeadow, @knee4life or lee@lee2019.example.org.", []),
        ("See [@lee2019, p. 4] and @lee2019 [p. 3].", []),
        ("`@Lee2019` and \\@Lee2019", []),
    ],
)
def test_a_citation_that_is_nearly_right_is_told(
    body: str, expected: list[tuple[int, int, str]], tmp_path: Path
) -> None:
    path = tmp_path / "issue.md"
    path.write_text(f"{HEAD}{body}\n\nAs known [@lee2019].\n", "utf-8")
    cited = Reference(key="lee2019", csl={"title": "Hips"}, at=Place(file="refs.json", line=1))
    reading = read_issue(path, SETTINGS, lambda _: ({"lee2019": cited}, []))
    assert reading.issue is not None
    known = Knowledge(library=reading.references)
    found = check_issue(reading.issue, (cited,), SETTINGS, reading.source, slips_citations.RULES, known)
    assert [(one.place.line, one.place.column, one.fix) for one in found] == expected
