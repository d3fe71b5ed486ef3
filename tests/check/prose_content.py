"""What rules about words get to see of a text that a test has at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.check.knowledge import Knowledge
from newsletter.check.page_of_rule import ISSUE, page_of
from newsletter.check.rulebook import Content
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from tests.check.typed import HEAD, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.rulebook import Rule
    from newsletter.model.problem import Problem


def content_of(folder: Path, text: str, **known: Any) -> Content:
    """Of a whole file, or of a body below the usual front matter. `words`, `csl` and `prose` are what else there is."""
    path = folder / "issue.md"
    path.write_text(text if text.startswith("---\n") else HEAD + text, encoding="utf-8")
    csl: Mapping[str, Any] | None = known.get("csl")
    at_hand = {"a": Reference(key="a", csl=csl, at=_nowhere(path))} if csl else {}
    reading = read_issue(path, SETTINGS, lambda _: (at_hand, []))
    assert reading.issue is not None
    prose = SETTINGS.prose.model_copy(update=known.get("prose", {}))
    return Content(
        issue=reading.issue,
        whole=reading.issue,
        references=tuple(at_hand.values()),
        settings=SETTINGS.model_copy(update={"prose": prose}),
        source=reading.source,
        knowledge=Knowledge(words=frozenset(known.get("words", ()))),
    )


def problems_in(folder: Path, rules: Sequence[Rule[Content]], text: str, **known: Any) -> list[Problem]:
    content = content_of(folder, text, **known)
    return [problem for rule in rules for problem in rule(content)]


def examples_of(rule: Rule[Any]) -> Iterable[tuple[str, bool]]:
    """The examples of a page, and whether it is the bad one."""
    page = page_of(rule)
    return ((page.bad[ISSUE], True), (page.good[ISSUE], False))


def _nowhere(path: Path) -> Any:
    from newsletter.model.problem import Place

    return Place(file=str(path))
