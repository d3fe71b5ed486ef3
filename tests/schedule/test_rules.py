"""Recurring times: what people write, on which days they fall, and at which moments they come."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import TimeUnclear
from newsletter.schedule.rules import DAYS, rule_written

ZONES = sorted(available_timezones())
BERLIN = ZoneInfo("Europe/Berlin")
WHICH = ("", "first ", "second ", "third ", "fourth ", "last ")
RULES = st.builds(
    lambda days, at: f"{days} {at:%H:%M}",
    st.one_of(
        st.sampled_from(["daily", "weekdays", "last day", *(f"{which}{day}" for which in WHICH for day in DAYS)]),
        st.lists(st.sampled_from(DAYS), min_size=1).map(",".join),
        st.integers(1, 28).map(lambda day: f"{day}th"),
    ),
    st.times(),
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("first tuesday 09:00", "first tuesday 09:00"),
        ("every first Tuesday of the month at 9:00", "first tuesday 09:00"),
        ("last friday 17:30", "last friday 17:30"),
        ("every monday 8:00", "monday 08:00"),
        ("thursday, monday 09:00", "monday,thursday 09:00"),
        ("Mondays and Thursdays at 9:30", "monday,thursday 09:30"),
        ("tue 9:00", "tuesday 09:00"),
        ("15th 10:00", "15th 10:00"),
        ("on the 1st 10:00", "1st 10:00"),
        ("last day of the month 10:00", "last day 10:00"),
        ("daily 07:00", "daily 07:00"),
        ("every day 07:00", "daily 07:00"),
        ("weekdays 09:00", "weekdays 09:00"),
        ("every weekend 09:00", "saturday,sunday 09:00"),
    ],
)
def test_what_people_write_is_read(written: str, read: str) -> None:
    assert str(rule_written(written)) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("fist teusday 9:00", 'Did you mean "first tuesday 09:00"?'),
        ("fifth monday 9:00", 'Did you mean "last monday 09:00"?'),
        ("every other monday 9:00", "Write such as"),
        ("monday-friday 9:00", "Write such as"),
        ("monday 9am", 'Write "monday 09:00".'),
        ("monday 9 pm", 'Write "monday 21:00".'),
        ("monday", 'Write such as "monday 09:00".'),
        ("31st 9:00", 'Write "last day 09:00"'),
        ("40th 9:00", "no month has a 40th"),
        ("monday 25:00", "no clock shows 25:00"),
        ("monday 9:00 10:00", "Make one for each time."),
        ("first weekday 9:00", "is no recurring time"),
        ("whenever", "Write such as"),
        ("", "Write such as"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(written: str, said: str) -> None:
    with pytest.raises(TimeUnclear) as why:
        rule_written(written)
    assert said in f"{why.value.why}. {why.value.next_step}"


@given(st.text(max_size=30))
def test_no_text_is_too_strange_to_be_answered(text: str) -> None:
    with suppress(TimeUnclear):
        rule = rule_written(text)
        assert rule_written(str(rule)) == rule


@given(RULES)
def test_a_rule_as_it_is_stored_is_the_same_rule(text: str) -> None:
    rule = rule_written(text)
    assert rule_written(str(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("first tuesday 09:00", ["2026-12-01", "2027-01-05", "2027-02-02"]),
        ("last friday 09:00", ["2026-12-25", "2027-01-29", "2027-02-26"]),
        ("last day 09:00", ["2026-12-31", "2027-01-31", "2027-02-28"]),
        ("28th 09:00", ["2026-12-28", "2027-01-28", "2027-02-28"]),
        ("weekdays 09:00", ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07"]),
    ],
)
def test_it_falls_on_these_days(rule: str, days: list[str]) -> None:
    found = [str(one.date()) for one in rule_written(rule).local_times(date(2026, 12, 1), date(2027, 2, 28))]
    assert found[: len(days)] == days


@pytest.mark.parametrize(
    ("rule", "day", "moment"),
    [
        # clocks skip 02:30 and go on at 03:00
        ("daily 02:30", date(2027, 3, 28), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        # they show it twice: the first time counts
        ("daily 02:30", date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_when_clocks_are_moved_it_comes_once_that_day(rule: str, day: date, moment: datetime) -> None:
    begin = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    assert [found for found, _ in rule_written(rule).moments(begin, begin + timedelta(hours=23), BERLIN)] == [moment]


@given(RULES, st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 20 * 24 * 60))
def test_looked_for_in_two_steps_no_time_is_lost_and_none_comes_twice(
    text: str, name: str, first: date, minutes: int
) -> None:
    rule, zone = rule_written(text), ZoneInfo(name)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    middle, end = begin + timedelta(minutes=minutes), begin + timedelta(days=40)
    whole = list(rule.moments(begin, end, zone))
    assert [*rule.moments(begin, middle, zone), *rule.moments(middle, end, zone)] == whole
    assert whole == sorted(whole)
    assert all(rule.falls_on(shown.date()) for _, shown in whole)
