"""The rules about `only` and `except`: known names, a number that can be rendered, something to read for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check import check_issue
from newsletter.model.document import Paragraph, Text
from newsletter.model.problem import Level
from newsletter.settings import Settings
from tests.check.test_check_blocks import block
from tests.check.test_check_issue import SETTINGS, WORDS, found, with_body

if TYPE_CHECKING:
    from newsletter.model.document import TypedBlock

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


def only(audience: str, *content: Paragraph | TypedBlock) -> TypedBlock:
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
    assert messages == ["readers in none of its segments would get a mail without text"]
    issue = with_body(block("except", words(1), audience="walkers"))
    (problem,) = check_issue(issue, (), WITH_SEGMENTS)
    assert (problem.code, "walkers" in problem.message) == ("variant-empty", True)


def test_a_block_that_nobody_can_get_is_told() -> None:
    issue = with_body(WORDS, only("runners", words(1), only("walkers", words(2))))
    assert found(issue, WITH_SEGMENTS) == [("audience-nobody", Level.WARNING)]
