"""An issue from the text that its author typed, read as the pipeline reads it, and what some rules find in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.check import check_issue
from newsletter.read import read_issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.check.rulebook import Rule
    from newsletter.model.problem import Problem

SETTINGS = Settings.model_validate(
    {
        "newsletter": {"name": "Larkmeadow Letters", "base_url": "https://news.example.org"},
        "sender": {"name": "Larkmeadow Clinic", "address": "a@example.org", "postal_address": "12 Example Street"},
        "attributes": {"city": {"type": "text"}},
    }
)
#: the body begins on line 5
HEAD = "---\ntitle: Walking after a knee operation\npreheader: How far, how often, and when to stop and call us\n---\n"


def problems(folder: Path, text: str, rules: Sequence[Rule[Any]]) -> list[Problem]:
    """What the rules find in a whole file, or in a body below the usual front matter."""
    path = folder / "issue.md"
    path.write_text(text if text.startswith("---\n") else HEAD + text, encoding="utf-8")
    reading = read_issue(path, SETTINGS, lambda _: ({}, []))
    assert reading.issue is not None
    return check_issue(reading.issue, (), SETTINGS, reading.source, rules)


def told(folder: Path, text: str, rules: Sequence[Rule[Any]]) -> list[tuple[str, int, int]]:
    """Code, line and column of each."""
    return [(one.code, one.place.line, one.place.column) for one in problems(folder, text, rules)]
