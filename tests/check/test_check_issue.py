"""The rules about an issue's content, each on the smallest issue that it should and should not touch."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.check import SHIPPED, prose
from newsletter.check import check_issue as check_all
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written import leftovers
from newsletter.model.document import (
    Citation,
    CitationItem,
    Divider,
    Emphasis,
    Heading,
    Image,
    Link,
    List,
    ListItem,
    MergeTag,
    Paragraph,
    Text,
    TypedBlock,
)
from newsletter.model.issue import Issue
from newsletter.model.problem import Level, Place
from newsletter.model.reference import Reference
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.document import Block

#: rules about words have tests of their own; the words here are none
RULES = tuple(rule for rule in SHIPPED if rule not in prose.RULES)
check_issue = partial(check_all, rules=RULES)

AT = Place(file="issue.md", line=9, column=1)
SETTINGS = Settings.model_validate(
    {
        "newsletter": {"name": "Letters", "base_url": "https://news.example.org"},
        "sender": {
            "name": "Clinic",
            "address": "letters@example.org",
            "postal_address": "12 Example Street",
            "phone": "213-555-0142",
        },
    }
)
WORDS = Paragraph(content=(Text(text="Good words."),), at=AT)
ISSUE = Issue(
    slug="s",
    path=Path("issue.md"),
    title="Hips",
    subject=("Hips and how they move",),
    preheader=("What we know about hips and what we would like to know",),
    language="en",
    template="article",
    citation_style="american-medical-association",
    body=(WORDS,),
    places={"title": AT},
)


def heading(text: str, level: int = 2) -> Heading:
    return Heading(level=level, content=(Text(text=text),), anchor="a", at=AT)


def found(issue: Issue, settings: Settings = SETTINGS) -> list[tuple[str, Level]]:
    return [(p.code, p.level) for p in check_issue(issue, (), settings)]


def with_body(*blocks: Block) -> Issue:
    return replace(ISSUE, body=blocks)


def test_a_good_issue_has_no_problem() -> None:
    assert check_issue(ISSUE, (), SETTINGS) == []


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, [("subject-empty", Level.ERROR)]),
        (1, []),
        (70, []),
        (71, [("subject-long", Level.WARNING)]),
        (150, [("subject-long", Level.WARNING)]),
        (151, [("subject-long", Level.ERROR)]),
    ],
)
def test_a_subject_is_there_and_fits(length: int, expected: list[tuple[str, Level]]) -> None:
    assert found(replace(ISSUE, subject=("x" * length,))) == expected


def test_a_subject_that_only_a_reader_can_fill_is_empty() -> None:
    tag = MergeTag(name="first_name", fallback=None, at=AT)
    assert found(replace(ISSUE, subject=(tag,))) == [("subject-empty", Level.ERROR)]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, [("preheader-missing", Level.WARNING)]),
        (39, [("preheader-length", Level.INFORMATION)]),
        (40, []),
        (90, []),
        (91, [("preheader-length", Level.INFORMATION)]),
    ],
)
def test_a_preheader_is_there_and_fits(length: int, expected: list[tuple[str, Level]]) -> None:
    assert found(replace(ISSUE, preheader=("x" * length,))) == expected


@pytest.mark.parametrize("body", [(), (Divider(at=AT),), (Paragraph(content=(Text(text=" "),), at=AT),)])
def test_a_body_without_words_is_an_error(body: tuple[Block, ...]) -> None:
    assert ("body-empty", Level.ERROR) in found(with_body(*body))


def test_a_figure_alone_is_a_body() -> None:
    assert found(with_body(TypedBlock(name="figure", attributes={"src": ("a.png",)}, blocks=(), at=AT))) == []


def test_a_heading_with_nothing_under_it_is_told() -> None:
    expected = [("heading-without-content", Level.WARNING)]
    assert found(with_body(WORDS, heading("One"), heading("Two"), WORDS)) == expected
    assert found(with_body(WORDS, heading("Last"))) == expected
    assert found(with_body(heading("One", 3), heading("Two", 2), WORDS)) == expected
    assert found(with_body(WORDS, heading("Last"), Divider(at=AT))) == expected
    callout = TypedBlock(name="callout", attributes={}, blocks=(WORDS, heading("In")), at=AT)
    assert found(with_body(callout, WORDS)) == expected


def test_a_heading_may_be_followed_by_its_own_subheading() -> None:
    assert found(with_body(heading("One"), heading("One and a half", 3), WORDS)) == []


def test_a_link_or_button_without_words_is_an_error() -> None:
    target = ("https://example.org",)
    unseen = Image(source=("a.png",), alt="", at=AT)
    nameless = Link(target=target, content=(Emphasis(content=(unseen,)),), at=AT)
    item = ListItem(blocks=(Paragraph(content=(Text(text="see "), nameless), at=AT),), at=AT)
    assert found(with_body(List(items=(item,), at=AT))) == [("link-text-empty", Level.ERROR)]
    blank = Paragraph(content=(Text(text="\u00a0"),), at=AT)
    button = TypedBlock(name="button", attributes={"href": target}, blocks=(blank,), at=AT)
    assert found(with_body(WORDS, button)) == [("link-text-empty", Level.ERROR)]


def test_a_linked_figure_needs_an_alt_text() -> None:
    attributes = {"src": ("a.png",), "alt": (), "href": ("https://example.org",)}
    linked = TypedBlock(name="figure", attributes=attributes, blocks=(), at=AT)
    assert found(with_body(linked)) == [("link-text-empty", Level.ERROR)]
    assert found(with_body(replace(linked, attributes=attributes | {"alt": ("A hip",)}))) == []
    assert found(with_body(replace(linked, attributes=attributes | {"href": ()}))) == []


def test_a_link_may_be_a_readers_own_word() -> None:
    tag = MergeTag(name="city", fallback=None, at=AT)
    link = Link(target=("https://example.org",), content=(tag,), at=AT)
    assert found(with_body(Paragraph(content=(link,), at=AT))) == []


def test_a_described_image_is_the_words_of_its_link() -> None:
    image = Image(source=("a.png",), alt="A hip", at=AT)
    link = Link(target=("https://example.org",), content=(image,), at=AT)
    assert found(with_body(Paragraph(content=(link,), at=AT))) == []


@pytest.mark.parametrize("text", ["TODO: numbers", "as TK said", "TKTK", "XXX", "XXXX", "FIXME", "Lorem  ipsum dolor"])
def test_marks_and_filler_are_told_with_their_place(text: str) -> None:
    (problem,) = check_issue(with_body(Paragraph(content=(Text(text=text),), at=AT)), (), SETTINGS)
    assert (problem.code, problem.level, problem.place) == ("text-leftover", Level.WARNING, AT)
    assert " ".join(text.split()) in problem.message


@pytest.mark.parametrize("text", ["todo", "TKA", "Todos", "size XX", "XXXL", "an ipsum"])
def test_ordinary_words_are_no_leftovers(text: str) -> None:
    assert found(with_body(Paragraph(content=(Text(text=text),), at=AT))) == []


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("es", "Volvemos del XXX Congreso Nacional", False),
        ("es", "el XXX aniversario de la sociedad", False),
        ("es", "Llame al XXX para reservar", True),
        ("es", "TODO al 50 %", False),
        ("en", "at the games of the XXX Olympiad", False),
        ("en", "Call XXX Monday to Friday", True),
        ("en", "The speaker is tbd", True),
        ("de", "Die TK zahlt", False),
    ],
)
def test_what_is_a_word_of_a_language_is_no_leftover(language: str, text: str, told: bool) -> None:
    issue = replace(with_body(Paragraph(content=(Text(text=text),), at=AT)), language=language)
    assert found(issue) == ([("text-leftover", Level.WARNING)] if told else [])


def test_a_piece_of_a_web_address_is_no_leftover() -> None:
    link = Link(target=("https://example.org/ticks/tbd/",), content=(Text(text="ticks"),), at=AT)
    assert found(with_body(Paragraph(content=(link,), at=AT))) == []


def test_an_abbreviation_that_is_explained_once_is_no_leftover_anywhere() -> None:
    blocks = [Paragraph(content=(Text(text=text),), at=AT) for text in ("tick-borne disease (TBD)", "TBD is rare.")]
    source = "---\ntitle: Ticks\n---\n\ntick-borne disease (TBD)\n\nTBD is rare.\n"
    assert check_issue(with_body(*blocks), (), SETTINGS, source) == []
    unexplained = source.replace("tick-borne disease", "The speaker")
    codes = [problem.code for problem in check_issue(with_body(*blocks), (), SETTINGS, unexplained)]
    assert codes == ["text-leftover", "text-leftover"]


def test_settings_that_still_say_todo_are_told() -> None:
    sender = SETTINGS.sender.model_copy(update={"postal_address": "TODO street", "phone": ()})
    settings = SETTINGS.model_copy(update={"sender": sender})
    assert [code for code, _ in found(ISSUE, settings)] == ["settings-leftover", "sender-phone-missing"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Your address here", True),
        ("Your practice", True),
        ("Adresse hier", True),
        ("Your health matters", False),
        ("Better health starts here", False),
        ("Ihre Gesundheit", False),
        ("Su salud primero", False),
    ],
)
def test_only_the_words_of_an_example_are_left_over_in_the_settings(words: str, told: bool) -> None:
    sender = SETTINGS.sender.model_copy(update={"tagline": words})
    settings = SETTINGS.model_copy(update={"sender": sender})
    assert [code for code, _ in found(ISSUE, settings)] == (["settings-leftover"] if told else [])


def test_no_phone_is_asked_for_where_no_disclaimer_asks_readers_to_call() -> None:
    sender = SETTINGS.sender.model_copy(update={"phone": ()})
    policy = SETTINGS.policy.model_copy(update={"required": ("general",), "topics": {"hip": ("delivery",)}})
    settings = SETTINGS.model_copy(update={"sender": sender, "policy": policy})
    assert found(ISSUE, settings) == []
    assert found(replace(ISSUE, topics=("hip",)), settings) == [("sender-phone-missing", Level.WARNING)]
    assert found(replace(ISSUE, disclaimers=("delivery",)), settings) == [("sender-phone-missing", Level.WARNING)]


def test_a_rule_that_crashes_is_a_problem_and_hides_no_other() -> None:
    @issue_rule("house-broken", Level.WARNING)
    def broken(_: Content) -> Iterator[Finding]:
        yield Finding(at=AT, message="found before it broke", fix="f")
        raise ZeroDivisionError

    @issue_rule("house-fine", Level.WARNING)
    def fine(_: Content) -> Iterator[Finding]:
        yield Finding(at=AT, message="m", fix="f")

    before, crash, after = check_issue(ISSUE, (), SETTINGS, rules=(broken, fine))
    assert (before.code, crash.code, crash.level, after.code) == (
        "house-broken",
        "check-crashed",
        Level.ERROR,
        "house-fine",
    )
    assert "house-broken" in crash.message


def test_of_one_kind_the_first_hundred_are_told_and_that_there_are_more() -> None:
    looked: list[int] = []

    @issue_rule("house-many", Level.WARNING)
    def many(_: Content) -> Iterator[Finding]:
        for number in range(1_000_000):
            looked.append(number)
            yield Finding(at=AT, message=f"number {number}", fix="f")

    found = check_issue(ISSUE, (), SETTINGS, rules=(many,))
    assert [p.message for p in found[98:]] == ["number 98", "number 99; there are more of these below"]
    assert len(looked) == 101


def test_many_marks_are_looked_at_once_each() -> None:
    """Quadratic, this would take hours."""
    text = "lorem TODO tbd XXX xxx " * 20_000
    content = with_body(Paragraph(content=(Text(text=text),), at=AT))
    assert len(check_issue(content, (), SETTINGS, source=text, rules=leftovers.RULES)) == 100
    words = "el XXX Congreso TK " * 20_000 + "thymidine kinase (TK)"
    spanish = replace(with_body(Paragraph(content=(Text(text=words),), at=AT)), language="es")
    assert check_issue(spanish, (), SETTINGS, source=words, rules=leftovers.RULES) == []


def test_leftovers_in_cited_titles_count() -> None:
    reference = Reference(key="k", csl={"title": "TODO"}, at=Place(file="r.json", line=4))
    assert check_issue(ISSUE, (reference,), SETTINGS) == []


def test_a_front_matter_that_could_not_be_read_lacks_no_preheader() -> None:
    assert found(replace(ISSUE, preheader=(), places={})) == []


def test_a_link_to_a_heading_needs_that_heading() -> None:
    def to(target: str) -> Paragraph:
        return Paragraph(content=(Link(target=(target,), content=(Text(text="x"),), at=AT),), at=AT)

    button = TypedBlock(name="button", attributes={"href": ("#b",)}, blocks=(WORDS,), at=AT)
    assert found(with_body(heading("First"), to("#a"), to("#top"), to("https://example.org/#z"))) == []
    assert found(with_body(heading("First"), to("#aa"))) == [("link-target", Level.ERROR)]
    assert found(with_body(WORDS, button)) == [("link-target", Level.ERROR)]


def test_names_and_numbers_of_references_are_no_leftovers() -> None:
    cited = with_body(Paragraph(content=(Citation(items=(CitationItem(key="k", at=AT),), at=AT),), at=AT), WORDS)
    csl = {"title": "Hips", "author": [{"family": "TK"}], "volume": "XXX"}
    assert check_issue(cited, (Reference(key="k", csl=csl, at=AT),), SETTINGS) == []
    csl = {"title": "TODO"}
    assert [p.code for p in check_issue(cited, (Reference(key="k", csl=csl, at=AT),), SETTINGS)] == ["text-leftover"]
