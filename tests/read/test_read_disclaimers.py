"""Disclaimer files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from newsletter.model.document import Paragraph, Text
from newsletter.read import load_disclaimers, read_disclaimer
from tests.read.letters import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
---
id: general
title: Please note
version: "2"
effective_from: 2026-01-01
effective_until: 2026-12-31
---
This is *no* advice.
"""


def codes(text: str, file: str = "general.en.md") -> list[str]:
    disclaimer, problems = read_disclaimer(text, file)
    assert disclaimer is None
    return [problem.code for problem in problems]


def test_a_disclaimer_is_read() -> None:
    disclaimer, problems = read_disclaimer(GOOD, "templates/disclaimers/general.es-MX.md")
    assert problems == []
    assert disclaimer is not None
    assert (disclaimer.id, disclaimer.language, disclaimer.title, disclaimer.version) == (
        "general",
        "es-MX",
        "Please note",
        "2",
    )
    assert disclaimer.in_force(date(2026, 12, 31))
    assert not disclaimer.in_force(date(2027, 1, 1))
    assert isinstance(disclaimer.body[0], Paragraph)


def test_byte_order_mark_and_line_ends_make_no_difference() -> None:
    assert read_disclaimer("\ufeff" + GOOD.replace("\n", "\r\n"), "general.en.md") == read_disclaimer(
        GOOD, "general.en.md"
    )


def test_merge_tags_of_the_sender_need_the_settings() -> None:
    text = GOOD.replace("*no*", "{{ sender.phone }}")
    assert codes(text) == ["merge-tag-unknown"]
    disclaimer, problems = read_disclaimer(text, "general.en.md", SETTINGS)
    assert problems == []
    assert disclaimer is not None
    assert isinstance(paragraph := disclaimer.body[0], Paragraph)
    assert paragraph.content == (Text(text="This is 213-555-0142, 213-555-0143 advice."),)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("id: general", "id: other", "disclaimer-name"),
        ('version: "2"', "version: 2", "front-matter-type"),
        ('version: "2"\n', "", "front-matter-missing"),
        ("2026-12-31", "2025-12-31", "disclaimer-dates"),
        ("2026-01-01", "soon", "front-matter-value"),
        ("This is *no* advice.\n", "", "disclaimer-empty"),
        ("title: Please note", "titel: Please note", "front-matter-unknown-key"),
        ("This is", "This is [@a]", "citation-unknown"),
    ],
)
def test_mistakes_are_problems(before: str, after: str, code: str) -> None:
    assert code in codes(GOOD.replace(before, after))


@pytest.mark.parametrize("file", ["general.md", "general..md", "general.en.us.md", ".en.md"])
def test_the_name_of_the_file_says_id_and_language(file: str) -> None:
    assert "disclaimer-name" in codes(GOOD, file)


def test_the_shipped_disclaimers_have_no_problem() -> None:
    disclaimers, problems = load_disclaimers(())
    assert problems == []
    assert {(d.id, d.language) for d in disclaimers} >= {("general", "en"), ("delivery", "de"), ("emergency", "es")}


def test_a_disclaimer_is_the_same_for_every_reader() -> None:
    assert codes(GOOD.replace("*no*", "{{ first_name | default('no') }}")) == ["merge-tag-unknown"]


@pytest.mark.parametrize("body", ["\u200b", "---", "![words](https://example.org/words.png)"])
def test_a_disclaimer_without_words_of_its_own_has_no_text(body: str) -> None:
    assert "disclaimer-empty" in codes(GOOD.replace("This is *no* advice.", body))


def test_a_file_that_is_not_utf8_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "disclaimers").mkdir()
    (tmp_path / "disclaimers" / "general.en.md").write_bytes(GOOD.replace("advice", "caf\u00e9").encode("latin-1"))
    disclaimers, problems = load_disclaimers((tmp_path,))
    assert [problem.code for problem in problems] == ["file-encoding"]
    assert "general@en" not in {f"{one.id}@{one.language}" for one in disclaimers}
    assert disclaimers


def test_disclaimers_of_a_workspace_may_name_the_sender(tmp_path: Path) -> None:
    (tmp_path / "disclaimers").mkdir()
    text = GOOD.replace("*no*", "{{ sender.phone }}")
    (tmp_path / "disclaimers" / "general.en.md").write_text(text, encoding="utf-8")
    assert load_disclaimers((tmp_path,), SETTINGS)[1] == []
