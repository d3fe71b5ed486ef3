"""claims.lock: the same text for the same signatures, one broken entry costs only itself, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.claims.ledger import Entry, Ledger, cited, hash_of, read, write
from tests.check.claims import reference

DAY = date(2026, 11, 24)


def entry(
    sentence: str = "A wonder.", rule: str = "one@abc", references: tuple[str, ...] = ("ok@1f",), why: str = "Seen"
) -> Entry:
    return Entry(
        hash=hash_of(rule, sentence, references),
        rule=rule,
        sentence=sentence,
        references=references,
        reviewer="Dr. A. Example",
        why=why,
        date=DAY,
    )


TWO = Ledger(entries=(entry(), entry("Another wonder.")))


def test_order_of_signing_does_not_show_in_the_file() -> None:
    assert write(TWO) == write(Ledger(entries=TWO.entries[::-1]))
    assert write(read(write(TWO), "x")[0]) == write(TWO)


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(lambda text: text.strip() != "")


@given(sentence=words, why=words, keys=st.lists(words, max_size=3))
def test_whatever_is_written_is_read_again(sentence: str, why: str, keys: list[str]) -> None:
    one = entry(sentence, references=tuple(keys), why=why)
    ledger, problems = read(write(Ledger(entries=(one,))), "claims.lock")
    assert problems == []
    assert ledger.entries == (one,)


def broken(text: str) -> tuple[int, int, str]:
    """How many entries are left, the line of the problem, and its words."""
    ledger, problems = read(text, "claims.lock")
    assert [problem.code for problem in problems] == ["claims-lock-broken"]
    assert ledger.broken
    return len(ledger.entries), problems[0].place.line, problems[0].message


def line_of(text: str, piece: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if piece in line)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('sentence = "A wonder."', 'sentence = "A great wonder."', "changed by hand"),
        ('references = ["ok@1f"]', 'references = ["ok@2f"]', "changed by hand"),
        ('rule = "one@abc"', 'rule = "two@abc"', "changed by hand"),
        ('why = "Seen"', 'why = ""', "`why`"),
        ('why = "Seen"', "why = 7", "`why`"),
        ("date = 2026-11-24", 'date = "today"', "`date`"),
        ("date = 2026-11-24", "date = 2026-11-24\nmood = 1", "`mood`"),
        ('reviewer = "Dr. A. Example"', 'reviewer = "Dr. A.', "cannot be read"),
        ('why = "Seen"', "why = " + "[" * 4_000, "cannot be read"),
        ('why = "Seen"', "why = " + "a." * 5_000, "far too long"),
    ],
)
def test_a_broken_entry_is_told_and_costs_only_itself(old: str, new: str, words: str) -> None:
    text = write(TWO)
    first = text.index("[[accepted]]", text.index('sentence = "A wonder."') - 100)
    left, line, message = broken(text[:first] + text[first:].replace(old, new, 1))
    assert left == 1
    assert words in message
    assert 0 <= line - line_of(text[:first] + "HERE", "HERE") < 9


def test_the_marks_of_a_merge_are_named() -> None:
    first, second = (write(Ledger(entries=(one,))).split("[[accepted]]")[1] for one in TWO.entries)
    text = f"<<<<<<< ours\n[[accepted]]{first}=======\n[[accepted]]{second}>>>>>>> theirs\n"
    ledger, problems = read(text, "claims.lock")
    assert ledger.broken
    assert all("git left its marks" in problem.message for problem in problems)
    assert problems[0].place.line == 1
    mended = "\n".join(line for line in text.split("\n") if line[:1] not in {"<", "=", ">"})
    assert set(read(mended, "claims.lock")[0].entries) == set(TWO.entries)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "# nothing\n", "\ufeff", "[[accepted]]", "x = 1", "[[accepted]]\n" * 500, "\x00" * 9, "[" * 9_000],
)
def test_any_text_is_read_without_a_crash(text: str) -> None:
    ledger, problems = read(text, "claims.lock")
    assert ledger.entries == ()
    assert ledger.broken is bool(problems)


def test_a_new_signature_replaces_that_for_the_same_sentence_and_rule() -> None:
    later = replace(entry(rule="one@def"), why="Seen again")
    assert set(TWO.with_entry(later).entries) == {later, TWO.entries[1]}
    assert TWO.without([TWO.entries[0].hash]).entries == TWO.entries[1:]


def test_a_reference_is_known_by_its_record() -> None:
    library = {"ok": reference("ok")}
    assert cited(["ok"], library) == cited(["ok", "ok"], library)
    assert cited(["ok"], library) != cited(["ok"], {"ok": reference("ok", "Another title")})
    assert cited(["gone"], {}) == ("gone@missing",)
