"""The rules about `only` and `except`: known names, a number that can be rendered, something to read for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check import check_issue
from newsletter.model.document import Heading, Link, Paragraph, Text
from newsletter.model.problem import Level
from newsletter.settings import Settings
from tests.check.test_check_blocks import block
from tests.check.test_check_issue import AT, SETTINGS, WORDS, found, with_body

if TYPE_CHECKING:
    from newsletter.model.document import Block, TypedBlock

WITH_SEGMENTS = Settings.model_validate(
    SETTINGS.model_dump(exclude_unset=True)
    | {
        "attributes": {"sport": {"type": "choice", "choices": ["running", "walking"]}},
        "segments": {
            "runners": {"attribute": "sport", "equals": "running"},
            "walkers": {"attribute": "sport", "equals": "walking"},
        },
    }
)


def only(audience: str, *content: Block) -> TypedBlock:
    return block("only", *content, audience=audience)


def words(line: int) -> Paragraph:
    return Paragraph(content=(Text(text="Words."),), at=replace(WORDS.at, line=line))


def test_a_segment_of_the_workspace_and_a_list_of_the_issue_are_known() -> None:
    issue = replace(with_body(WORDS, only("runners, friends", words(1))), audience=("friends",))
    assert found(issue, WITH_SEGMENTS) == []


def test_a_misspelt_segment_is_told_at_its_attribute_with_the_nearest_one() -> None:
    (problem,) = check_issue(with_body(WORDS, only("runers", words(1))), (), WITH_SEGMENTS)
    assert (problem.code, problem.level, problem.place.column) == ("audience-unknown", Level.WARNING, 20)
    assert "`runners`" in problem.fix


def test_an_audience_of_segments_alone_is_told_unless_one_names_its_list() -> None:
    issue = replace(with_body(WORDS), audience=("runners",))
    (problem,) = check_issue(issue, (), WITH_SEGMENTS)
    assert (problem.code, problem.level) == ("audience-segment", Level.WARNING)
    assert "`runners` is a segment that names no list" in problem.message
    assert check_issue(replace(issue, audience=("runners", "friends")), (), WITH_SEGMENTS) == []
    dumped = WITH_SEGMENTS.model_dump(exclude_unset=True)
    dumped["segments"]["runners"] = {"all": [dumped["segments"]["runners"], {"list": "friends"}]}
    assert check_issue(issue, (), type(WITH_SEGMENTS).model_validate(dumped)) == []


def test_an_audience_that_could_not_be_read_is_told_by_the_reader_alone() -> None:
    assert found(with_body(WORDS, only("Runners", words(1))), WITH_SEGMENTS) == []


def test_each_mail_is_looked_at_by_itself() -> None:
    heading = Heading(level=2, content=(Text(text="Plan"),), anchor="plan", at=replace(AT, line=1))
    for_runners, for_others = only("runners", words(2)), block("except", words(3), audience="runners")
    assert found(with_body(heading, for_runners, for_others), WITH_SEGMENTS) == []
    (problem,) = check_issue(with_body(WORDS, heading, for_runners), (), WITH_SEGMENTS)
    assert problem.code == "heading-without-content"
    assert "(in the mail for readers in none of the segments)" in problem.message
    # headings alone in their blocks have what follows them
    alone = with_body(only("runners", heading), block("except", heading, audience="runners"), WORDS)
    assert found(alone, WITH_SEGMENTS) == []


def test_a_link_to_a_heading_that_stands_in_a_part_for_others_is_told() -> None:
    heading = Heading(level=2, content=(Text(text="Plan"),), anchor="plan", at=replace(AT, line=1))
    link = Link(target=("#plan",), content=(Text(text="the plan"),), at=replace(AT, line=4))
    text = Paragraph(content=(link,), at=replace(AT, line=4))
    assert found(with_body(text, only("runners", heading, words(2), text)), WITH_SEGMENTS) == [
        ("link-target", Level.ERROR)
    ]
    (problem,) = check_issue(with_body(WORDS, text, only("runners", heading, words(2))), (), WITH_SEGMENTS)
    assert problem.place.line == 4
    assert "(in the mail for readers in none of the segments)" in problem.message
    assert found(with_body(WORDS, only("runners", heading, words(2), text)), WITH_SEGMENTS) == []


def test_a_mail_has_one_list_of_contents_and_each_variant_may_have_its_own() -> None:
    heading = Heading(level=2, content=(Text(text="Plan"),), anchor="plan", at=AT)
    first = replace(block("contents"), at=replace(AT, line=20))
    second = replace(block("contents", title="x"), at=replace(AT, line=30))
    (problem,) = check_issue(with_body(first, heading, WORDS, second), (), WITH_SEGMENTS)
    assert (problem.code, problem.level, problem.place.line) == ("block-repeated", Level.ERROR, 30)
    assert "line 20" in problem.message
    apart = with_body(only("runners", first), block("except", second, audience="runners"), heading, WORDS)
    assert found(apart, WITH_SEGMENTS) == []
    (problem,) = check_issue(with_body(only("runners", first), second, heading, WORDS), (), WITH_SEGMENTS)
    assert (problem.code, "readers in runners" in problem.message) == ("block-repeated", True)


def test_a_name_that_may_be_a_list_is_worth_knowing() -> None:
    assert found(with_body(WORDS, only("board", words(1))), WITH_SEGMENTS) == [("audience-unknown", Level.INFORMATION)]


def test_six_independent_names_are_too_many_but_values_of_one_attribute_are_not() -> None:
    issue = with_body(WORDS, *(only(f"list{n}", words(n)) for n in range(6)))
    assert ("variants-too-many", Level.ERROR) in found(issue, WITH_SEGMENTS)
    segments = {f"s{n}": {"attribute": "sport", "equals": f"sport {n}"} for n in range(12)}
    attributes = {"sport": {"type": "choice", "choices": [f"sport {n}" for n in range(12)]}}
    settings = Settings.model_validate(
        SETTINGS.model_dump(exclude_unset=True) | {"attributes": attributes, "segments": segments}
    )
    assert found(with_body(WORDS, *(only(name, words(1)) for name in segments)), settings) == []


def test_readers_who_would_get_an_empty_mail_are_told() -> None:
    messages = [problem.message for problem in check_issue(with_body(only("runners", words(1))), (), WITH_SEGMENTS)]
    assert messages == ["readers in none of the segments would get a mail without text"]
    issue = with_body(block("except", words(1), audience="walkers"))
    (problem,) = check_issue(issue, (), WITH_SEGMENTS)
    assert (problem.code, "walkers" in problem.message) == ("variant-empty", True)


def test_a_block_that_nobody_can_get_is_told() -> None:
    issue = with_body(WORDS, only("runners", words(1), only("walkers", words(2))))
    assert found(issue, WITH_SEGMENTS) == [("audience-nobody", Level.WARNING)]
