"""Shares in words: two numbers always, never rounded to none or all, never a rate of nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from newsletter.report.figures import Share, counted

PARTS = some.tuples(some.integers(0, 2_000_000), some.integers(0, 2_000_000)).map(sorted)


@given(PARTS)
def test_both_numbers_stand_in_the_words(numbers: list[int]) -> None:
    part, whole = numbers
    said = str(Share(part, whole))
    assert said.startswith(f"{part:,} of {whole:,}")
    assert ("%" in said) == bool(whole)


@given(PARTS)
def test_a_part_is_never_rounded_to_none_or_all(numbers: list[int]) -> None:
    part, whole = numbers
    percent = Share(part, whole).percent
    assert (percent == "0.0 %") == (part == 0 < whole)
    assert (percent == "100.0 %") == (part == whole > 0)
    assert percent != "0.00 %"


def test_of_nobody_there_is_no_rate() -> None:
    assert Share(0, 0).rate is None
    assert str(Share(0, 0)) == "0 of 0"


def test_small_shares_have_two_places() -> None:
    said = [Share(part, 100_000).percent for part in (1, 40, 100, 999, 1_000, 99_999)]
    assert said == ["under 0.01 %", "0.04 %", "0.10 %", "1.00 %", "1.0 %", "over 99.9 %"]


def test_one_is_one() -> None:
    assert [counted(1, "mail"), counted(1200, "person", "people")] == ["1 mail", "1,200 people"]
