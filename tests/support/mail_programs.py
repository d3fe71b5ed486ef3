"""For tests about mail programs: a table of caniemail.com as it is published, made up; a workspace with templates of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter.pipeline import prepare
from newsletter.settings import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem

ISSUE = """\
---
title: Walking after a knee operation
preheader: How far, how often, and when to stop and call us
date: 2026-12-01
---

"""
SETTINGS = """\
[newsletter]
name = "Larkmeadow Letters"
base_url = "https://news.example.org"

[sender]
name = "Larkmeadow Joint Clinic"
address = "letters@example.org"
postal_address = "12 Example Street, Springfield, CA 90001"
phone = "213-555-0142"

"""


def published(*, day: str = "2026-01-31", letter: str = "n", slug: str = "css-display-flex") -> dict[str, Any]:
    """As many features as the true one; of the first, one program forgot what it knew."""
    first = {
        "slug": slug,
        "title": "display:flex",
        "stats": {
            "gmail": {"ios": {"2019-02": "y", "2020-11": f"{letter} #1"}},
            "hey": {"desktop-webmail": {"1": "y"}},
        },
    }
    others = [
        {"slug": f"made-up-{n}", "title": f"Made up {n}", "stats": {"gmail": {"ios": {"1": "y"}}}} for n in range(300)
    ]
    return {"api_version": "1.0.4", "last_update_date": f"{day} 18:08:06 +0000", "data": [first, *others]}


def problems_of(folder: Path, files: Mapping[str, str]) -> Sequence[Problem]:
    """What is wrong with an issue in a new workspace; of `files`, issue.md is a body and newsletter.toml is added to ours."""
    issue = folder / "issues" / "walking" / "issue.md"
    texts = {**files, "issues/walking/issue.md": ISSUE + files.get("issue.md", "Walk a little every day.\n")}
    texts["newsletter.toml"] = SETTINGS + files.get("newsletter.toml", "")
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return prepare(load(folder, {}), issue, datetime(2026, 11, 24, 12, tzinfo=UTC)).problems
