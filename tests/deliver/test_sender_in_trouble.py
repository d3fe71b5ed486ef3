"""A sender that is away, busy, or gives answers that nobody understands: how long it is left alone, and when we give up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.deliver.trouble import MOST_DOUBTS, Trouble
from tests.support.mailing import BEGIN

NO_WAIT = timedelta(0)
MINUTES = timedelta(minutes=30)


def trouble(patience: timedelta = MINUTES, seed: int = 1) -> Trouble:
    return Trouble(patience=patience, chance=random.Random(seed))


def tried_until_given_up(one: Trouble, retry_after: float | None = None) -> list[timedelta]:
    """Always no: when it is tried, counted from the first time."""
    now, moments = BEGIN, []
    while one.ends_at(now) is None:
        moments.append(now - BEGIN)
        one.not_reached(one.begin(), now, retry_after)
        now += one.wait(now)
    return moments


@given(st.integers(0, 1000))
def test_waiting_doubles_from_a_second_to_five_minutes_with_a_little_chance(seed: int) -> None:
    moments = tried_until_given_up(trouble(seed=seed))
    waits = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert all(0.8 * 2**n <= wait <= 1.2 * 2**n for n, wait in enumerate(waits[:8]))
    assert max(waits) <= 300


@given(seed=st.integers(0, 1000), minutes=st.integers(0, 300))
def test_it_is_tried_for_as_long_as_the_setting_says_and_once_at_the_very_end(seed: int, minutes: int) -> None:
    patience = timedelta(minutes=minutes)
    moments = tried_until_given_up(trouble(patience, seed))
    assert moments[0] == NO_WAIT
    assert moments[-1] == patience


def test_a_provider_that_names_a_time_is_given_that_time() -> None:
    one = trouble()
    one.not_reached(one.begin(), BEGIN, 40.0)
    assert one.wait(BEGIN) == timedelta(seconds=40)


def test_a_provider_that_names_a_time_beyond_our_patience_is_not_asked_again_before_it() -> None:
    one = trouble()
    one.not_reached(one.begin(), BEGIN, 3600.0)
    assert one.ends_at(BEGIN) == BEGIN + MINUTES
    assert one.wait(BEGIN) == timedelta(hours=1)


@pytest.mark.parametrize("retry_after", [-5.0, 0.0, float("inf"), 1e300])
def test_a_time_that_makes_no_sense_does_no_harm(retry_after: float) -> None:
    one = trouble()
    one.not_reached(one.begin(), BEGIN, retry_after)
    assert NO_WAIT < one.wait(BEGIN) <= timedelta(days=1)


def test_the_noes_to_what_was_under_way_together_are_one() -> None:
    one = trouble()
    attempts = [one.begin() for _ in range(16)]
    for attempt in attempts:
        one.not_reached(attempt, BEGIN, None)
    assert one.wait(BEGIN) <= timedelta(seconds=1.2)


def test_the_longest_time_that_any_of_them_names_counts() -> None:
    one = trouble()
    for attempt, named in [(one.begin(), 3.0), (one.begin(), 60.0), (one.begin(), 5.0)]:
        one.not_reached(attempt, BEGIN, named)
    assert one.wait(BEGIN) == timedelta(seconds=60)


def test_a_yes_after_it_ends_the_trouble() -> None:
    one = trouble()
    one.not_reached(one.begin(), BEGIN, None)
    one.accepted(one.begin(), BEGIN + timedelta(seconds=2))
    assert (one.is_on, one.wait(BEGIN + timedelta(seconds=2))) == (False, NO_WAIT)


def test_a_yes_to_what_was_under_way_before_does_not_take_back_a_no() -> None:
    one = trouble()
    early = one.begin()
    one.not_reached(one.begin(), BEGIN, 40.0)
    one.accepted(early, BEGIN)
    assert (one.is_on, one.wait(BEGIN)) == (True, timedelta(seconds=40))


def test_patience_counts_from_the_last_acceptance() -> None:
    one = trouble(timedelta(minutes=10))
    early = one.begin()
    one.not_reached(one.begin(), BEGIN, None)
    one.accepted(early, BEGIN + timedelta(minutes=8))
    one.not_reached(one.begin(), BEGIN + timedelta(minutes=12), None)
    assert one.ends_at(BEGIN + timedelta(minutes=12)) is None
    one.not_reached(one.begin(), BEGIN + timedelta(minutes=18), None)
    assert one.ends_at(BEGIN + timedelta(minutes=18)) is not None


def test_without_patience_the_first_no_is_the_last() -> None:
    one = trouble(NO_WAIT)
    one.not_reached(one.begin(), BEGIN, None)
    assert one.ends_at(BEGIN) == BEGIN


def test_several_doubts_in_a_row_are_for_a_person_and_a_yes_between_makes_them_none() -> None:
    one, now = trouble(), BEGIN
    for _ in range(MOST_DOUBTS - 1):
        one.in_doubt(one.begin(), now)
    one.accepted(one.begin(), now)
    for n in range(MOST_DOUBTS):
        assert not one.is_doubtful, n
        one.in_doubt(one.begin(), now)
    assert one.is_doubtful


def test_the_doubts_of_what_was_under_way_together_are_one() -> None:
    one = trouble()
    for attempt in [one.begin() for _ in range(16)]:
        one.in_doubt(attempt, BEGIN)
    assert (one.is_doubtful, one.is_on) == (False, True)


def test_doubt_is_no_reason_to_change_the_sender() -> None:
    one = trouble(NO_WAIT)
    one.in_doubt(one.begin(), BEGIN)
    assert one.ends_at(BEGIN) is None


moves = st.lists(
    st.tuples(st.sampled_from(["no", "yes", "doubt", "begin"]), st.integers(-5000, 5000), st.floats(0, 900) | st.none())
)


@given(moves)
def test_whatever_the_clock_does_no_wait_is_longer_than_what_was_asked_for(
    steps: list[tuple[str, int, float | None]],
) -> None:
    one, now, flying = trouble(), BEGIN, [1]
    one.begin()
    for what, jump, named in steps:
        now += timedelta(seconds=jump)
        attempt = flying[-1]
        if what == "begin":
            flying.append(one.begin())
        elif what == "yes":
            one.accepted(attempt, now)
        elif what == "doubt":
            one.in_doubt(attempt, now)
        else:
            one.not_reached(attempt, now, named)
        assert NO_WAIT <= one.wait(now) <= timedelta(seconds=900)
        ends = one.ends_at(now)
        assert ends is None or ends <= now + MINUTES
        assert isinstance(ends, datetime | None)
