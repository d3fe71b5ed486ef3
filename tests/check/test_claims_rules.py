"""What claims rules tell: levels, exceptions, what must be near, what is needed, signatures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from newsletter.check.claims.history import side_by_side
from newsletter.check.claims.ledger import Ledger
from newsletter.check.claims.screening import screen
from newsletter.model.problem import Level
from tests.check.claims import codes, content_of, rules_from, told
from tests.check.typed import HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.claims.profile import ClaimRules

DAY = date(2026, 11, 24)
BODY_LINE = HEAD.count("\n") + 1


def rule(more: str = "", say: str = "wonder*", level: str = "error") -> str:
    lines = "".join(f"    {line}\n" for line in more.splitlines())
    return f"rules:\n  - id: one\n    say: [{say}]\n    level: {level}\n    why: It promises too much.\n{lines}"


@pytest.mark.parametrize(
    ("level", "code", "problem"),
    [
        ("error", "claim-refused", Level.ERROR),
        ("review", "claim-review-open", Level.ERROR),
        ("information", "claim-told", Level.INFORMATION),
    ],
)
def test_each_level_has_a_code_and_points_at_the_words(level: str, code: str, problem: Level, tmp_path: Path) -> None:
    rules, problems = rules_from(rule(level=level))
    assert problems == []
    (found,) = told(tmp_path, "Walk.\n\nIt works\n**wonders** in days.", rules)
    assert (found.code, found.level) == (code, problem)
    assert (found.place.line, found.place.column) == (BODY_LINE + 3, 3)
    assert '"wonders" (one): It promises too much' in found.message


@pytest.mark.parametrize(
    ("more", "say", "text", "hit"),
    [
        ("", "wonder*", "It does not work wonders.", False),
        ("unless: []", "wonder*", "It does not work wonders.", True),
        ("unless: [quoted]", "wonder*", "They call it a “wonder”.", False),
        ("", "wonder*", "They call it a “wonder”.", True),
        ("unless: [callout]", "wonder*", "::: callout\nA wonder.\n:::", False),
        ("unless: [negated, small]", "wonder*", "A small wonder.", False),
        ("where: quoted", "wonder*", "A wonder.", False),
        ("where: quoted", "wonder*", "> A wonder.", True),
        ("near: {words: [pill], within: 2}", "wonder*", "A pill of great wonder.", False),
        ("near: {words: [pill], within: 3}", "wonder*", "A pill of great wonder.", True),
        ("near: {words: [pill]}", "wonder*", "A wonder. A pill.", False),
        ("needs: {citation: true}\nlevel: review", "wonder*", "A wonder [@ok2020].", False),
        ("needs: {citation: true}\nlevel: review", "wonder*", "A wonder.", True),
        ("needs: {words: [may|might]}\nlevel: review", "wonder*", "It may do wonders.", False),
        ("", "wonder*", "![A wonder](photo.jpg)", True),
        ("", "wonder*", '::: callout title="A wonder"\nWalk.\n:::', True),
        ("", "wonder*", "| Wonder |\n|---|\n| Walk |", True),
        ("", "wonder*", "- Wonder", True),
        ("", "wonder*", '::: button href="https://example.org"\nWonder\n:::', True),
        ("", "no pain", "No pain.", True),
        ("", "no pain", "We do not promise that there is no pain.", False),
        ("", "approved", "It was never approved.", False),
        ("", "agency ... approved", "The agency has not approved it.", False),
    ],
)
def test_where_a_phrase_counts(more: str, say: str, text: str, hit: bool, tmp_path: Path) -> None:
    level = "level: error\n" if "level" not in more else ""
    source = f"rules:\n  - id: one\n    say: [{say}]\n    why: It promises too much.\n"
    source += "".join(f"    {line}\n" for line in f"{level}{more}".splitlines())
    rules, problems = rules_from(source)
    assert problems == []
    assert bool(codes(tmp_path, text, rules)) is hit


def test_an_error_that_has_what_it_needs_is_still_for_review(tmp_path: Path) -> None:
    rules, _ = rules_from(rule("needs: {citation: true}"))
    assert codes(tmp_path, "A wonder.", rules) == ["claim-refused"]
    assert codes(tmp_path, "A wonder [@ok2020].", rules) == ["claim-review-open"]


def test_the_inbox_is_looked_at_and_titles_of_references_are_not(tmp_path: Path) -> None:
    rules, _ = rules_from(rule(say="cure*"))
    text = "---\ntitle: A cure\nsubject: It cures\npreheader: Cured within a day, or within two\n---\nAs others saw [@ok2020]."
    lines = [problem.place.line for problem in told(tmp_path, text, rules)]
    assert lines == [2, 3, 4]


NOTICE = """\
notices:
  small:
    block: callout
    words: ["not approved"]
    example: It is not approved.
rules:
  - id: one
    say: [pill*]
    level: error
    why: Readers must know first.
    needs: {notice: small}
"""
BUTTON = '::: button href="https://example.org/visit"\nGo\n:::\n'
CALLOUT = "::: callout\nIt is not approved.\n:::\n"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"Pills.\n\n{CALLOUT}\n{BUTTON}", False),
        (f"Pills.\n\n{BUTTON}\n{CALLOUT}", True),
        (f"Pills. They are not approved.\n\n{BUTTON}", True),
        (f"Pills.\n\n[Book a visit](https://example.org)\n\n{CALLOUT}", True),
        (f"Pills.\n\n[More on feet](https://example.org/feet)\n\n{CALLOUT}\n{BUTTON}", False),
        (f'Pills.\n\n::: event title="Talk" start="2026-12-10" href="https://example.org"\n:::\n\n{CALLOUT}', True),
        (f"Pills.\n\n{CALLOUT}", False),
        ("Pills.", True),
        (f"We sell no pills.\n\n{BUTTON}", False),
    ],
)
def test_a_notice_stands_before_the_first_call_to_action(text: str, missing: bool, tmp_path: Path) -> None:
    rules, problems = rules_from(NOTICE)
    assert problems == []
    assert codes(tmp_path, text, rules) == ["claim-block-missing"] * missing


def test_what_a_missing_notice_could_say_is_told(tmp_path: Path) -> None:
    rules, _ = rules_from(NOTICE)
    (found,) = told(tmp_path, f"Pills.\n\nMore pills.\n\n{BUTTON}", rules)
    assert f"in a `callout` block above the first call to action (line {BODY_LINE + 4})" in found.fix
    assert "It is not approved." in found.fix


def test_a_signature_settles_a_review_until_sentence_rule_or_reference_changes(tmp_path: Path) -> None:
    text = "A wonder of a walk [@ok2020]. Rest."
    rules, _ = rules_from(rule(level="review"))
    (claim,) = screen(content_of(tmp_path, text, rules)).open
    ledger = Ledger(entries=(claim.signed("Dr. A. Example", "Table 2 says so", DAY),))
    assert told(tmp_path, text, rules, ledger) == []
    assert told(tmp_path, text.replace("of a walk", "of\na  walk"), rules, ledger) == []
    assert told(tmp_path, f"Rest first.\n\n{text}", rules, ledger) == []

    changed = told(tmp_path, text.replace("wonder", "great wonder"), rules, ledger)
    assert [problem.code for problem in changed] == ["claim-review-open", "claims-lock-stale"]
    other, _ = rules_from(rule(level="review", say="wonder*, miracle*"))
    (found,) = told(tmp_path, text, other, ledger)
    assert "accepted by Dr. A. Example on 2026-11-24; the rule changed since" in found.message
    explained, _ = rules_from(rule(level="review").replace("too much", "far too much"))
    assert told(tmp_path, text, explained, ledger) == []
    content = content_of(tmp_path, text, rules, ledger, title="Another title")
    assert screen(content).open[0].changed() == "the record of the reference ok2020 changed"
    assert screen(content).stale == ()
    (found,) = told(tmp_path, text.replace("@ok2020", "@ok2020; @ok2021"), rules, ledger)
    assert "; the reference ok2021 was added since" in found.message
    (found,) = told(tmp_path, text.replace(" [@ok2020]", ""), rules, ledger)
    assert "; the reference ok2020 was removed since" in found.message


def signed(folder: Path, text: str, rules: ClaimRules) -> Ledger:
    """A ledger with a signature for every open claim of a text."""
    claims = screen(content_of(folder, text, rules)).open
    return Ledger(entries=tuple(claim.signed("Dr. A. Example", "Table 2 says so", DAY) for claim in claims))


def test_another_wording_of_a_signed_sentence_says_whose_signature_it_had(tmp_path: Path) -> None:
    rules, _ = rules_from(rule(level="review"))
    ledger = signed(tmp_path, "Rest. A small wonder, every day.\n\nHis garden is a wonder of colours in May.", rules)
    new = "Rest. A great wonder, every single day.\n\nHis garden is a wonder of colours in May."
    opened, kept = told(tmp_path, new, rules, ledger)
    assert (opened.code, kept.code) == ("claim-review-open", "claims-lock-stale")
    said = (
        'it was accepted by Dr. A. Example on 2026-11-24 as: "A small wonder, every day."; the sentence changed since'
    )
    assert said in opened.message
    assert 'reads otherwise now: "A great wonder, every single day."' in kept.message
    assert "newsletter claims review" in kept.fix
    assert "tidy" not in kept.fix
    screening = screen(content_of(tmp_path, new, rules, ledger))
    assert screening.stale == ()
    assert [claim.sentence for claim in screening.reworded] == ["A great wonder, every single day."]


@pytest.mark.parametrize(
    ("text", "stale", "reworded"),
    [
        ("A wonderful view over the lake and over the hills behind it.", 1, 0),
        ("Nothing.", 1, 0),
        ("A small wonder, every night.\n\nA small wonder, every week.", 0, 1),
        ("A small wonder, every day, as he says [@ok2020].", 0, 1),
    ],
)
def test_a_signature_belongs_to_one_sentence_that_is_like_its_own(
    text: str, stale: int, reworded: int, tmp_path: Path
) -> None:
    rules, _ = rules_from(rule(level="review"))
    screening = screen(content_of(tmp_path, text, rules, signed(tmp_path, "A small wonder, every day.", rules)))
    assert (len(screening.stale), len(screening.reworded)) == (stale, reworded)


def test_the_words_that_differ_are_marked_in_both_wordings() -> None:
    old, new = side_by_side("A small wonder, every day.", "A great wonder, every single day.")
    assert old == "A [-small-] wonder, every day."
    assert new == "A {+great+} wonder, every {+single+} day."


def test_merge_tags_and_authors_in_the_sentence_can_be_read(tmp_path: Path) -> None:
    table = "| A | B |\n|---|---|\n| @ok2021 | the wonder of @ok2020 |"
    text = f'Hello {{{{ first_name | default("friend") }}}}, `a` wonder. @ok2020 saw wonders.\n\n{table}'
    rules, _ = rules_from(rule(level="review"))
    said = [claim.flag.statement.readable for claim in screen(content_of(tmp_path, text, rules)).claims]
    assert said == ["Hello friend, a wonder.", "@ok2020 saw wonders.", "the wonder of @ok2020"]


def test_the_same_words_in_heading_text_and_button_count_once(tmp_path: Path) -> None:
    text = f"## A wonder\n\nA wonder\n\n{BUTTON.replace('Go', 'A wonder')}"
    rules, _ = rules_from(rule(level="review"))
    assert len(screen(content_of(tmp_path, text, rules)).claims) == 1


def test_an_error_cannot_be_signed(tmp_path: Path) -> None:
    reviewed, _ = rules_from(rule(level="review"))
    (claim,) = screen(content_of(tmp_path, "A wonder.", reviewed)).open
    ledger = Ledger(entries=(claim.signed("Dr. A. Example", "It is fine", DAY),))
    refused, _ = rules_from(rule(level="error"))
    assert [p.code for p in told(tmp_path, "A wonder.", refused, ledger)][:1] == ["claim-refused"]


def test_a_sentence_that_stands_twice_is_signed_once(tmp_path: Path) -> None:
    rules, _ = rules_from(rule(level="review"))
    assert len(screen(content_of(tmp_path, "A wonder.\n\nA wonder.", rules)).open) == 1


def test_an_issue_in_another_language_is_said_not_to_be_looked_at(tmp_path: Path) -> None:
    text = "---\ntitle: Wunder\nlanguage: de\n---\nA wonder."
    rules, _ = rules_from(rule())
    assert codes(tmp_path, text, rules) == ["claims-not-screened"]
    german, _ = rules_from("language: de\n" + rule())
    assert codes(tmp_path, text, german) == ["claim-refused"]


@pytest.mark.parametrize(
    "text",
    [
        "wonder " * 2_000,
        "not wonder, " * 2_000,
        '"wonder" ' * 2_000,
        "\u202ewonder\u202d " * 500,
        "[" * 3_000 + "wonder",
    ],
)
def test_hostile_texts_do_no_harm(text: str, tmp_path: Path) -> None:
    rules, _ = rules_from(rule())
    assert len(codes(tmp_path, text, rules)) <= 1
