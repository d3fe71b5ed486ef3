"""What some rules find in a body that cites: the references `a` and `b` are known, with the abstract that is given."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.check import check_issue
from newsletter.model.document import cited_keys
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from tests.check.typed import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.check.rulebook import Rule
    from newsletter.model.problem import Problem

#: the body begins on line 6
HEAD = "---\ntitle: Walking after a knee operation\nlanguage: {language}\nreferences: refs.json\n---\n"


def found(
    body: str,
    rules: Sequence[Rule[Any]],
    *,
    abstract: object = None,
    title: str = "Walking early after an operation of the knee",
    language: str = "en",
) -> list[Problem]:
    csl = {"title": title, "abstract": abstract}
    known = {key: Reference(key=key, csl=csl, at=Place(file="refs.json", line=1)) for key in ("a", "b")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "issue.md"
        path.write_text(HEAD.format(language=language) + body, "utf-8")
        reading = read_issue(path, SETTINGS, lambda _: (known, []))
    assert reading.issue is not None, reading.problems
    cited = [known[key] for key in cited_keys(reading.issue.body)]
    return check_issue(reading.issue, cited, SETTINGS, reading.source, rules)
