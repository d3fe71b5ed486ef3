"""claims.yaml: each mistake at its own line, all else in force; files laid over one another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.pipeline.claims import ledger_of, lock_of, rules_of, rules_of_texts, shipped_profiles, write_ledger
from newsletter.settings import load
from tests.check.claims import rules_from
from tests.check.examples import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.settings import Workspace

GOOD = "rules:\n  - id: good\n    say: [wonder*]\n    why: It promises too much.\n"


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ("  - id: bad\n    says: [x]\n    say: [x]\n    why: y\n", 6, "unknown key `says`"),
        ("  - id: bad\n    say: [x]\n", 5, "has no `why`"),
        ("  - say: [x]\n    why: y\n", 5, "`id` is missing"),
        ("  - id: bad\n    say: 7\n    why: y\n", 6, "`say`"),
        ("  - id: bad\n    say: [ab]\n    level: fatal\n    why: y\n", 7, "`level` cannot be"),
        ("  - id: bad\n    say: [ab]\n    near: {words: [b], within: 0}\n    why: y\n", 7, "too small"),
        ("  - id: bad\n    say: [ab]\n    near: {within: 2}\n    why: y\n", 7, "missing"),
        ("  - id: bad\n    say: [ab, '*b']\n    why: y\n", 6, "star"),
        ("  - id: bad\n    say:\n      - ab\n      - 'x {bone}'\n    why: y\n", 8, "no list `{bone}`"),
        ("  - id: bad\n    say: [ab]\n    unless: [negatd]\n    why: y\n", 7, "`negatd`"),
        ("  - id: bad\n    say: [ab]\n    needs: {notice: none}\n    why: y\n", 7, "needs the notice `none`"),
        ("  - id: good\n    say: [ab]\n    why: y\n", 5, "already, in line 2"),
        ("  - just words\n", 5, "no rule"),
        ("colour: red\n", 5, "unknown key `colour`"),
        ("words: {tissue: ['{bone}']}\n", 5, "cannot stand in another"),
        ("extends: [x]\n", 5, "`extends`"),
    ],
)
def test_a_mistake_is_told_at_its_line_and_the_other_rules_stay(more: str, line: int, words: str) -> None:
    rules, problems = rules_from(GOOD + more)
    assert [(problem.code, problem.place.line) for problem in problems] == [("claims-rules-broken", line)]
    assert words in problems[0].message
    assert "good" in rules.by_id


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rules:\n  - id: x\n\tsay: y\n", 3),
        ("rules: [", 1),
        ("just words", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: &x [*x]", 1),
    ],
)
def test_broken_yaml_is_told_in_words_that_fit_this_file(text: str, line: int) -> None:
    _, problems = rules_of_texts("claims.yaml", text, None, "newsletter.toml")
    assert problems[0].code == "claims-rules-broken"
    assert problems[0].place.line == line
    assert not any("front matter" in f"{one.message} {one.fix}" for one in problems)


def test_a_workspace_changes_turns_off_and_adds_to_a_profile() -> None:
    text = (
        "extends: regenerative-us\n"
        "words:\n  tissue: [callus]\n"
        "rules:\n"
        "  - {id: novelty, level: review}\n"
        "  - {id: price, level: off}\n"
        "  - {id: own, say: [magic], why: It is none.}\n"
    )
    rules, problems = rules_of_texts("claims.yaml", text, None, "newsletter.toml")
    assert rules is not None
    assert list(problems) == []
    assert rules.by_id["novelty"].level.value == "review"
    assert rules.by_id["novelty"].say
    assert "price" not in rules.by_id
    assert rules.rules[-1].id == "own"
    assert len(rules.by_id["regrow-tissue"].fingerprint) == 12
    assert rules.finder.find(("regrow", "callus"))


def test_a_change_of_a_rule_that_is_not_there_asks_whether_another_was_meant() -> None:
    _, problems = rules_of_texts("c", "extends: regenerative-us\nrules:\n  - {id: noveltie, level: off}\n", None, "s")
    assert "did you mean `novelty`?" in problems[0].fix


OWN = """\
rules:
  - id: warm-hands
    say: [magic touch]
    near: {words: [surgeon*, our team], within: 8}
    unless: [negated, quoted]
    needs: {citation: true}
    why: It promises what no hand can do.
    examples:
"""


@pytest.mark.parametrize(
    ("examples", "lines"),
    [
        ('      hit: ["Our surgeon\'s magic touch."]\n      no-hit: [There is no magic touch.]\n', []),
        ("      hit: [Her magic touch helps.]\n", [9]),
        ("      hit:\n        - The surgeon's magic touch.\n        - Her magic touch.\n", [11]),
        ("      no-hit: >-\n        Our team has\n        a magic touch.\n", [9]),
        (
            "      no-hit:\n        - Our team's magic touch [@a2020; @b].\n        - Our team has a “magic touch”.\n",
            [],
        ),
        ("      no-hit: [Rest. Our team has a magic touch. Rest.]\n      hit: []\n", [9]),
    ],
)
def test_a_rule_that_misses_its_own_example_is_told_at_the_example(examples: str, lines: list[int]) -> None:
    rules, problems = rules_of_texts("claims.yaml", OWN + examples, None, "s")
    assert rules is not None
    assert [(one.code, one.level.value, one.place.line) for one in problems] == [
        ("claims-rule-example", "warning", line) for line in lines
    ]


@pytest.mark.parametrize(
    "text", ["rules: 7\n", "rules:\n  - {id: a, say: [b], why: c, examples: {hit: [7]}}\n", "rules: [a]\n"]
)
def test_examples_of_broken_rules_are_not_tried_out(text: str) -> None:
    assert {one.code for one in rules_of_texts("claims.yaml", text, None, "s")[1]} == {"claims-rules-broken"}


def test_the_file_in_the_docs_is_in_order() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "claims.md").read_text()
    text = docs.split("```yaml\n")[1].split("```")[0]
    rules, problems = rules_of_texts("claims.yaml", text, "regenerative-us", "newsletter.toml")
    assert rules is not None
    assert list(problems) == []
    assert rules.by_id["warm-hands"].examples.hit


def test_a_profile_that_is_not_shipped_is_told_where_it_is_named() -> None:
    _, problems = rules_of_texts("claims.yaml", None, "regenerative-uk", "newsletter.toml")
    assert [(one.place.file, one.code) for one in problems] == [("newsletter.toml", "claims-rules-broken")]
    assert "regenerative-us" in problems[0].fix
    assert shipped_profiles() == ["regenerative-us"]


def workspace(folder: Path, settings: str = "") -> Workspace:
    write({"newsletter.toml": settings}, folder)
    return load(folder, {})


def test_without_profile_and_file_nothing_happens(tmp_path: Path) -> None:
    assert rules_of(workspace(tmp_path / "a")) == (None, [])


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"rules: \x00", b"\xff" * 10, b"x" * 1_000_001], ids=["16", "nul", "latin", "large"]
)
def test_a_file_that_is_no_text_is_an_error_and_no_rules(content: bytes, tmp_path: Path) -> None:
    place = workspace(tmp_path / "a")
    (place.folder / "claims.yaml").write_bytes(content)
    rules, problems = rules_of(place)
    assert rules is None
    assert {problem.code for problem in problems} == {"claims-rules-broken"}
    path = place.folder / "issues" / "example" / "issue.md"
    lock_of(path).write_bytes(content)
    ledger, problems = ledger_of(path)
    assert ledger.broken
    assert {problem.code for problem in problems} == {"claims-lock-broken"}


def test_signatures_lie_beside_the_issue(tmp_path: Path) -> None:
    assert lock_of(tmp_path / "walking" / "issue.md") == tmp_path / "walking" / "claims.lock"
    assert lock_of(tmp_path / "walking.md") == tmp_path / "walking.claims.lock"
    ledger, problems = ledger_of(tmp_path / "walking.md")
    assert problems == []
    assert write_ledger(tmp_path / "walking.md", ledger).read_text().startswith("# Sentences")
    assert [path.name for path in tmp_path.iterdir()] == ["walking.claims.lock"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_an_error_and_not_waited_for(make: Callable[[Path], None], tmp_path: Path) -> None:
    place = workspace(tmp_path / "a")
    make(place.folder / "claims.yaml")
    assert [problem.code for problem in rules_of(place)[1]] == ["claims-rules-broken"]
    path = place.folder / "issues" / "example" / "issue.md"
    make(lock_of(path))
    ledger, problems = ledger_of(path)
    assert ledger.broken
    assert [problem.code for problem in problems] == ["claims-lock-broken"]


def test_a_full_disk_changes_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "walking.md"
    before = write_ledger(path, ledger_of(path)[0]).read_text()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left") as stopped:
        write_ledger(path, ledger_of(path)[0])
    assert stopped.value.filename == str(lock_of(path))
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("walking.claims.lock", before)]
