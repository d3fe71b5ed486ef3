"""Intervals put together for a chart: nothing is lost, and there are not too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from newsletter.model.reporting import Course
from newsletter.report.times import Together, chart, length_words

BEGIN = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COUNTS = some.dictionaries(
    some.integers(0, 20_000).map(lambda n: BEGIN + n * MINUTE), some.integers(1, 500), max_size=30
)


@given(COUNTS, COUNTS)
def test_the_sums_stay(handed: dict[datetime, int], delivered: dict[datetime, int]) -> None:
    course = Course(interval=MINUTE, handed_over=handed, delivered=delivered)
    if not handed and not delivered:
        assert chart(course, UTC) is None
        return
    together = Together(course)
    assert together.count <= 48
    for told in (handed, delivered):
        assert sum(together.counts(told)) == sum(told.values())
        assert len(together.counts(told)) == together.count


def test_stragglers_do_not_flatten_the_chart() -> None:
    delivered = {BEGIN + n * MINUTE: 1_000 for n in range(10)} | {BEGIN + timedelta(days=3): 3}
    together = Together(Course(interval=MINUTE, delivered=delivered))
    assert (together.step, together.count, together.tail) == (MINUTE, 10, True)
    assert together.counts(delivered)[-1] == 1_003


def test_a_chart_says_what_it_shows_in_the_zone_of_the_workspace() -> None:
    course = Course(interval=MINUTE, handed_over={BEGIN: 5, BEGIN + MINUTE: 9})
    made = chart(course, ZoneInfo("America/Los_Angeles"))
    assert made
    assert "most, 9, in the column of 2026-12-01 01:01" in made.says
    assert made.ticks == ("2026-12-01 01:00", "2026-12-01 01:01")


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 minute"), (30, "30 minutes"), (120, "2 hours"), (1440, "1 day")])
def test_lengths_in_words(minutes: int, said: str) -> None:
    assert length_words(timedelta(minutes=minutes)) == said
