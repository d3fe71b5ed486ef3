"""The workspace's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.model.problem import Level
from newsletter.pipeline.glossary import words_of
from newsletter.settings import load

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.settings import Workspace

SETTINGS = """\
[newsletter]
name = "Larkmeadow Letters"
base_url = "https://news.example.org"
[sender]
name = "Larkmeadow Clinic"
address = "letters@example.org"
postal_address = "12 Example Street"
"""


def workspace(folder: Path, more: str = "") -> Workspace:
    (folder / "newsletter.toml").write_text(SETTINGS + more, "utf-8")
    return load(folder, {})


def test_each_line_is_a_word_or_a_phrase_and_remarks_are_none(tmp_path: Path) -> None:
    text = "\ufeff# ours\nLarkmeadow\r\n  growth   factor  # two words\n\nprehab\n"
    (tmp_path / "glossary.txt").write_text(text, "utf-8")
    words, problems = words_of(workspace(tmp_path))
    assert words == {"Larkmeadow", "growth factor", "prehab"}
    assert problems == []


def test_without_a_glossary_there_are_no_words_and_all_is_well(tmp_path: Path) -> None:
    assert words_of(workspace(tmp_path)) == (frozenset(), [])


@pytest.mark.parametrize("content", [None, b"caf\xe9\n", b"x" * 1_000_001])
def test_a_glossary_that_cannot_be_used_is_told(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "own.txt").write_bytes(content)
    words, (problem,) = words_of(workspace(tmp_path, '[prose]\nglossary = "own.txt"\n'))
    assert words == frozenset()
    assert (problem.code, problem.level) == ("glossary-unreadable", Level.WARNING)
    assert problem.place.file == str(tmp_path / "own.txt")


def test_a_folder_in_its_place_is_no_glossary(tmp_path: Path) -> None:
    (tmp_path / "glossary.txt").mkdir()
    assert words_of(workspace(tmp_path)) == (frozenset(), [])
