"""docs/issue-format.md and docs/blocks.md name everything, and their examples are read without a problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.model.blocks import KINDS
from newsletter.model.subscriber import SUBSCRIBER_FIELDS
from newsletter.read import FrontMatter, load_disclaimers
from newsletter.read.fields import DisclaimerMatter
from newsletter.read.names import settings_constants
from tests.read.letters import SETTINGS, read, read_body

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "issue-format.md").read_text("utf-8")
BLOCKS = (DOCS / "blocks.md").read_text("utf-8")
BLOCK_EXAMPLES = re.findall(r"^```markdown\n(.*?)^```$", BLOCKS, re.MULTILINE | re.DOTALL)
EXAMPLES = re.findall(r"^```markdown( issue)?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("whole", "text"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_has_no_problem(whole: str, text: str) -> None:
    result = read(text, "smith2020", "lee2019") if whole else read_body(text, "smith2020", "lee2019")
    assert [found for found in result.problems if found.code not in {"reference-uncited", "title-not-shown"}] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6
    assert load_disclaimers(())[1] == []


def test_every_key_is_named() -> None:
    for key in (*FrontMatter.model_fields, *DisclaimerMatter.model_fields):
        assert re.search(rf"^\| .*`{key}`.* \|", PAGE, re.MULTILINE), key


def test_every_block_and_attribute_is_named() -> None:
    for kind in KINDS.values():
        (row,) = re.findall(rf"^\| `{kind.name}` \|.*$", PAGE, re.MULTILINE)
        for attribute in kind.attributes:
            assert f"`{attribute}`" in row
        for choice in (choice for choices in kind.choices.values() for choice in choices):
            assert choice in row


def test_every_name_of_a_merge_tag_is_named() -> None:
    for name in (*SUBSCRIBER_FIELDS, *settings_constants(SETTINGS), "issue.title", "issue.date"):
        assert f"`{name}`" in PAGE


@pytest.mark.parametrize("text", BLOCK_EXAMPLES, ids=range(len(BLOCK_EXAMPLES)))
def test_an_example_of_a_block_has_no_problem(text: str) -> None:
    assert read_body(text).problems == ()


def test_every_block_is_shown_with_source_and_picture() -> None:
    for name in KINDS:
        assert re.search(rf"^## .*`{name}`", BLOCKS, re.MULTILINE), name
        assert any(f"::: {name}" in example for example in BLOCK_EXAMPLES), name
    pictures = re.findall(r"!\[[^\]]+\]\((pictures/[^)]+)\)", BLOCKS)
    assert {Path(picture).stem for picture in pictures} == KINDS.keys() - {"column", "except"}
    for picture in pictures:
        assert (DOCS / picture).stat().st_size < 20_000
