"""A workspace with a letter that has everything a medical reviewer's page shows; everybody in it is made up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from newsletter.pipeline.claims import write_ledger
from newsletter.pipeline.screening import screened
from newsletter.settings import load
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.settings import Workspace

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
RULES = """\
rules:
  - id: quick
    level: review
    say: [quickly]
    why: It promises speed
  - id: cure
    level: error
    say: [cures]
    why: Nothing does
"""
LETTER = """\
---
title: "Walking </title><script>alert(1)</script> cures"
preheader: What to expect in the first weeks, and when to call us about it
date: 2026-12-01
authors: [Dr. Ada Example]
references: refs.json
---

Dear {{ first_name | default("reader") }}, we read two papers [@doe; @roe]. People heal quickly [@doe]. Nothing of note stands here.

## What the papers say

The authors wrote that "walking early reduces pain in the first weeks after the operation" [@doe]. They also wrote that
"nobody should climb stairs before the wound has closed" [@doe].

As @roe shows, many walk [@doe, p. 4].

| Paper | Kind |
|:--|:--|
| Doe, 2020 [@doe] | Trial |

::: quote attribution="Bo Example, reader"
I walked home. It was fine.
:::

::: only audience="runners"
Runners heal quickly [@roe].
:::
"""


def paper(key: str, family: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "type": "article-journal",
        "title": "Walking early",
        "container-title": "Journal of Examples",
        "author": [{"family": family, "given": "Ada"}],
        "issued": {"date-parts": [[2020]]},
        "volume": "7",
        "page": "12-19",
        "DOI": f"10.1234/{key}",
        **more,
    }


PAPERS = [
    paper(
        "doe",
        "Doe",
        abstract="BACKGROUND: Stairs. Walking early may reduce pain in the first weeks after the operation.",
    ),
    paper(
        "roe",
        "Roe",
        title="RETRACTED: Walking <script>alert(2)</script>\u202e early",
        DOI=None,
        URL="javascript:alert(3)",
    ),
]


def workspace_for_review(folder: Path) -> tuple[Workspace, Path]:
    """One of its claims is signed, on the references as they were."""
    made = workspaces.make(folder)
    settings = folder / "newsletter.toml"
    more = '\n[segments.runners]\nattribute = "city"\nequals = "Springfield"\n'
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    (folder / "claims.yaml").write_text(RULES, "utf-8")
    path = made.write_issue(LETTER)
    papers = [{name: value for name, value in one.items() if value is not None} for one in PAPERS]
    path.with_name("refs.json").write_text(json.dumps(papers), "utf-8")
    place = load(folder, {})
    found = screened(place, path)
    first = found.screening.open[0]
    write_ledger(path, found.ledger.with_entry(first.signed("Dr. B. Sample", "Table 2 <b>", date(2026, 11, 30))))
    return place, path
