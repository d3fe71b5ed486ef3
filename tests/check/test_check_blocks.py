"""The rules about single blocks: times of events, contents without headings, blocks that say something by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check import check_issue
from newsletter.model.document import Paragraph, Text, TypedBlock
from newsletter.model.problem import Level, Place
from tests.check.test_check_issue import AT, SETTINGS, WORDS, found, heading, with_body

if TYPE_CHECKING:
    from newsletter.model.document import Block


def block(name: str, /, *content: Block, **attributes: str) -> TypedBlock:
    given = {key: (value,) for key, value in attributes.items()}
    places = {key: Place(file="issue.md", line=9, column=20 + index) for index, key in enumerate(given)}
    return TypedBlock(name=name, attributes=given, blocks=content, at=AT, attribute_places=places)


def test_an_event_that_ends_before_it_begins_is_told_at_its_end() -> None:
    event = block("event", title="a", start="2026-12-01T18:00", end="2026-12-01T17:00")
    (problem,) = check_issue(with_body(block("callout", event)), (), SETTINGS)
    assert (problem.code, problem.level, problem.place.column) == ("event-times", Level.ERROR, 22)


@pytest.mark.parametrize("times", [{"end": "2026-12-02"}, {}, {"end": "nonsense"}, {"end": "2026-12-01T19:00+01:00"}])
def test_other_events_are_fine(times: dict[str, str]) -> None:
    assert found(with_body(block("event", title="a", start="2026-12-01T18:00", **times))) == []


def test_the_zone_of_the_workspace_decides_which_time_is_earlier() -> None:
    event = block("event", title="a", start="2026-12-01T18:00", end="2026-12-01T19:00+01:00")
    west = SETTINGS.newsletter.model_copy(update={"timezone": "America/Los_Angeles"})
    settings = SETTINGS.model_copy(update={"newsletter": west})
    assert found(with_body(event), settings) == [("event-times", Level.ERROR)]


def test_contents_need_headings() -> None:
    assert found(with_body(block("contents"), WORDS)) == [("contents-empty", Level.WARNING)]
    assert found(with_body(block("contents"), heading("x", 4), WORDS)) == [("contents-empty", Level.WARNING)]
    assert found(with_body(block("contents"), block("callout", heading("x", 3), WORDS))) == []


@pytest.mark.parametrize("name", ["event", "author"])
def test_an_event_or_an_author_alone_is_a_body(name: str) -> None:
    assert found(with_body(block(name, title="a", name="b"))) == []


def test_a_heading_in_a_column_needs_content_there() -> None:
    column = block("column", heading("x"))
    columns = block("columns", column, block("column", Paragraph(content=(Text(text="y"),), at=AT)))
    assert found(with_body(columns)) == [("heading-without-content", Level.WARNING)]


def test_leftovers_are_found_in_every_attribute() -> None:
    blocks = (
        block("table", WORDS, caption="TODO"),
        block("author", WORDS, name="TODO", role="TODO", alt="TODO"),
        block("event", WORDS, title="TODO", place="TODO", start="2026-12-01"),
        block("related", WORDS, title="TODO"),
        block("columns", block("column", Paragraph(content=(Text(text="TODO"),), at=AT))),
    )
    assert found(with_body(*blocks)) == [("text-leftover", Level.WARNING)] * 8
