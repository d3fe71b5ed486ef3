"""Pages are typed from their first line to their last, and say what the program says.

docs/first-issue.md leads from `init` to a mailing that was signed off, sent at its time and reported.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

DOCS = Path(__file__).parent.parent / "docs"


def test_pages_show_what_the_program_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make docs` writes the answers anew."""
    monkeypatch.syspath_prepend(DOCS)
    tool = importlib.import_module("play_pages")
    pages = {path.name: path.read_text("utf-8") for path in tool.pages()}
    assert "first-issue.md" in pages
    for name, page in pages.items():
        assert steady(tool.played(page)) == steady(page), name


def steady(page: str) -> str:
    """Without what differs between versions of other packages: hashes of the mail, and how long something took."""
    return re.sub(r"\b[0-9a-f]{12,}\b|\b[0-9.]+ (?:ms|seconds?|s)\b", "...", page)
