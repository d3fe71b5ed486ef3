"""How fast it goes: never more readers than allowed, in whatever second or hour one looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.deliver.pace import HOUR, Pace
from tests.support.mailing import BEGIN

SECOND = timedelta(seconds=1)


def most_in_any(length: timedelta, gone: list[tuple[float, int]]) -> int:
    """The most readers in any stretch of this length that begins with one of them."""
    seconds = length.total_seconds()
    return max((sum(count for at, count in gone if begin <= at < begin + seconds) for begin, _ in gone), default=0)


steps = st.lists(
    st.tuples(st.floats(0, 2.5), st.integers(1, 9), st.floats(0, 1.5), st.floats(0, 1)), min_size=1, max_size=25
)


@given(steps=steps, per_second=st.floats(0.2, 20))
def test_no_second_has_more_whenever_between_claim_and_answer_the_provider_counts_them(
    steps: list[tuple[float, int, float, float]], per_second: float
) -> None:
    pace, now = Pace(per_second=per_second), 0.0
    landing: list[tuple[float, int]] = []
    seen_by_provider: list[tuple[float, int]] = []
    for pause, wanted, takes, share in steps:
        now += pause
        for at, count in sorted(landing):
            if at <= now:
                pace.land(count, BEGIN + timedelta(seconds=at))
                landing.remove((at, count))
        room = pace.room(BEGIN + timedelta(seconds=now))
        assert room is not None
        if count := min(wanted, room):
            pace.begin(count, BEGIN + timedelta(seconds=now))
            landing.append((now + takes, count))
            seen_by_provider.append((now + takes * share, count))
    length = timedelta(seconds=max(1, 1 / per_second))
    assert most_in_any(length - timedelta(milliseconds=1), seen_by_provider) <= max(1, int(per_second))


@given(
    steps=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 400)), max_size=30),
    per_hour=st.integers(1, 500),
    restarts=st.sets(st.integers(0, 30)),
)
def test_no_hour_has_more_over_any_number_of_restarts(
    steps: list[tuple[int, int]], per_hour: int, restarts: set[int]
) -> None:
    pace, now = Pace(per_hour=per_hour), BEGIN
    ledger: list[tuple[float, int]] = []
    for number, (pause, wanted) in enumerate(steps):
        now += timedelta(seconds=pause)
        if number in restarts:
            pace = Pace(per_hour=per_hour)
            pace.hear([(BEGIN + timedelta(seconds=at), count) for at, count in ledger], now)
        if count := min(wanted, pace.room(now) or 0):
            pace.begin(count, now)
            pace.land(count, now)
            ledger.append(((now - BEGIN).total_seconds(), count))
    assert most_in_any(HOUR, ledger) <= per_hour


@given(gone=st.lists(st.tuples(st.integers(0, 3599), st.integers(1, 50)), min_size=1, max_size=20))
def test_after_the_wait_there_is_room_and_not_a_moment_before(gone: list[tuple[int, int]]) -> None:
    pace, now = Pace(per_hour=50), BEGIN + timedelta(seconds=3600)
    pace.hear([(BEGIN + timedelta(seconds=at), count) for at, count in gone], now)
    wait = pace.wait(now)
    assert bool(pace.room(now)) == (wait == timedelta(0))
    if wait:
        assert not pace.room(now + wait - timedelta(microseconds=1))
    assert pace.room(now + wait)


def test_without_a_limit_any_number_goes_at_once() -> None:
    pace = Pace()
    pace.begin(1_000_000, BEGIN)
    assert (pace.room(BEGIN), pace.wait(BEGIN)) == (None, timedelta(0))


def test_both_limits_hold_at_once() -> None:
    pace = Pace(per_second=10, per_hour=15)
    pace.begin(10, BEGIN)
    pace.land(10, BEGIN)
    assert pace.wait(BEGIN) == SECOND
    assert pace.room(BEGIN + SECOND) == 5


def test_half_a_reader_a_second_is_one_in_two_seconds() -> None:
    pace = Pace(per_second=0.5)
    assert pace.room(BEGIN) == 1
    pace.begin(1, BEGIN)
    pace.land(1, BEGIN)
    assert (pace.wait(BEGIN), pace.room(BEGIN + 2 * SECOND)) == (2 * SECOND, 1)


def test_what_is_under_way_holds_its_place_however_long_the_answer_takes() -> None:
    pace = Pace(per_second=10)
    pace.begin(10, BEGIN)
    assert pace.room(BEGIN + 60 * SECOND) == 0
    assert pace.wait(BEGIN + 60 * SECOND) > timedelta(0)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_is_put_back_keeps_nobody_waiting_for_longer_than_the_limit_says(back: timedelta) -> None:
    pace = Pace(per_hour=10)
    pace.begin(10, BEGIN)
    pace.hear([(BEGIN, 10)], BEGIN - back)
    assert timedelta(0) < pace.wait(BEGIN - back) <= HOUR
    pace.hear([(BEGIN, 10)], BEGIN - back + SECOND)
    assert pace.room(BEGIN - back + HOUR) == 10


def test_a_setting_that_was_lowered_lets_nobody_go_until_enough_time_has_passed() -> None:
    pace = Pace(per_hour=10)
    pace.hear([(BEGIN, 500)], BEGIN)
    assert (pace.room(BEGIN), pace.wait(BEGIN)) == (0, HOUR)
