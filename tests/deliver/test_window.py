"""When mail may leave, compared with a clock on the wall that is read minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.deliver.window import Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
#: the nights in which their clocks are put forward and back in 2026, in UTC
TURNS = {
    BERLIN: (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    NEW_YORK: (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
}


def shows(zone: ZoneInfo, moment: datetime) -> tuple[str, str]:
    """What a clock on the wall shows there."""
    local = moment.astimezone(zone)
    return DAYS[local.weekday()], local.strftime("%H:%M")


def opening_by_minutes(days: frozenset[str], hours: str | None, zone: ZoneInfo, now: datetime) -> datetime:
    begin, end = (hours or "00:00-24:00").split("-")
    moment = now
    while True:
        day, clock = shows(zone, moment)
        if day in days and begin <= clock < end:
            return moment
        moment = moment.replace(second=0, microsecond=0) + MINUTE


@st.composite
def hours(draw: st.DrawFn) -> str | None:
    begin, end = sorted(draw(st.lists(st.integers(0, 24 * 12), min_size=2, max_size=2, unique=True)))
    texts = [f"{minutes * 5 // 60:02}:{minutes * 5 % 60:02}" for minutes in (begin, end)]
    return draw(st.sampled_from([None, "-".join(texts)]))


near_a_turn = st.builds(
    lambda zone, which, seconds: (zone, TURNS[zone][which] + timedelta(seconds=seconds)),
    st.sampled_from([BERLIN, NEW_YORK]),
    st.sampled_from([0, 1]),
    st.integers(-26 * 3600, 4 * 3600),
)


@settings(max_examples=60, deadline=None)
@given(zone_and_now=near_a_turn, days=st.frozensets(st.sampled_from(DAYS), min_size=1), hours=hours())
@example(zone_and_now=(BERLIN, TURNS[BERLIN][0] - MINUTE), days=frozenset({"sun"}), hours="02:10-02:50")
@example(zone_and_now=(BERLIN, TURNS[BERLIN][0] - MINUTE), days=frozenset({"sun"}), hours="02:30-05:00")
@example(zone_and_now=(BERLIN, TURNS[BERLIN][1] - MINUTE), days=frozenset({"sun"}), hours="02:30-05:00")
@example(zone_and_now=(NEW_YORK, TURNS[NEW_YORK][1]), days=frozenset({"sun"}), hours="01:30-24:00")
def test_it_opens_when_a_clock_on_the_wall_says_so(
    zone_and_now: tuple[ZoneInfo, datetime], days: frozenset[str], hours: str | None
) -> None:
    zone, now = zone_and_now
    window = Window.of(days, hours, zone)
    opening = window.opening(now)
    assert opening == opening_by_minutes(days, hours, zone, now)
    assert window.is_open(opening)
    assert window.is_open(now) == (opening == now)


@pytest.mark.parametrize("hours", [None, "00:00-24:00"])
def test_without_days_and_hours_it_is_always_open(hours: str | None) -> None:
    window = Window.of(DAYS, hours, BERLIN)
    assert all(window.is_open(turn + hour * timedelta(hours=1)) for turn in TURNS[BERLIN] for hour in range(-30, 30))


def test_until_24_00_is_until_midnight() -> None:
    window = Window.of(["fri"], "20:00-24:00", UTC)
    friday = datetime(2026, 12, 4, tzinfo=UTC)
    assert window.is_open(friday.replace(hour=23, minute=59, second=59))
    assert not window.is_open(friday + timedelta(days=1))
    assert window.opening(friday + timedelta(days=1)) == friday + timedelta(days=7, hours=20)


def test_its_end_is_no_more_in_it() -> None:
    window = Window.of(DAYS, "08:00-20:00", BERLIN)
    assert window.is_open(datetime(2026, 7, 1, 17, 59, 59, tzinfo=UTC))
    assert not window.is_open(datetime(2026, 7, 1, 18, 0, tzinfo=UTC))


def test_a_moment_of_any_zone_is_understood() -> None:
    window = Window.of(DAYS, "08:00-20:00", BERLIN)
    evening_in_new_york = datetime(2026, 7, 1, 22, 0, tzinfo=NEW_YORK)
    assert window.opening(evening_in_new_york) == datetime(2026, 7, 2, 6, 0, tzinfo=UTC)
