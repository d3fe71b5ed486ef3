"""Issues looked at with claims rules: the text that an author typed, the YAML of the rules, what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.claims.building import RulesFile, build
from newsletter.check.claims.rules import RULES
from newsletter.check.knowledge import Knowledge
from newsletter.check.rulebook import Content
from newsletter.check.rules import run
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.pipeline.claims import rules_of_texts
from newsletter.read import read_issue
from newsletter.read.places import Lines
from newsletter.read.yaml_tree import read_yaml
from tests.check.typed import HEAD, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.claims.ledger import Ledger
    from newsletter.check.claims.profile import ClaimRules
    from newsletter.model.problem import Problem

KEYS = ("ok2020", "ok2021")


def rules_from(text: str) -> tuple[ClaimRules, list[Problem]]:
    """The rules of one file."""
    yaml = read_yaml(Lines("claims.yaml", text))
    top = Place(file="claims.yaml", line=1, column=1)
    return build([RulesFile(values=yaml.values, place_of=lambda path: yaml.place_of(path, top))])


def shipped() -> ClaimRules:
    rules, problems = rules_of_texts("claims.yaml", None, "regenerative-us", "newsletter.toml")
    assert rules is not None
    assert list(problems) == []
    return rules


def reference(key: str, title: str = "A cure for arthritis, guaranteed") -> Reference:
    return Reference(key=key, csl={"id": key, "type": "article-journal", "title": title}, at=Place(file="refs.json"))


def content_of(
    folder: Path, text: str, rules: ClaimRules, ledger: Ledger | None = None, title: str = "A cure for arthritis"
) -> Content:
    """An issue with this body, or this whole file; it may cite KEYS."""
    library = {key: reference(key, title) for key in KEYS}
    path = folder / "issue.md"
    path.write_text(text if text.startswith("---\n") else HEAD + text, encoding="utf-8")
    reading = read_issue(path, SETTINGS, lambda _: (library, []))
    assert reading.issue is not None
    return Content(
        issue=reading.issue,
        whole=reading.issue,
        references=tuple(library.values()),
        settings=SETTINGS,
        source=reading.source,
        knowledge=Knowledge(library=library, claims=rules, ledger=ledger),
    )


def told(folder: Path, text: str, rules: ClaimRules, ledger: Ledger | None = None) -> list[Problem]:
    content = content_of(folder, text, rules, ledger)
    return run(RULES, Place(file="issue.md"), content)


def codes(folder: Path, text: str, rules: ClaimRules) -> list[str]:
    return [problem.code for problem in told(folder, text, rules)]
