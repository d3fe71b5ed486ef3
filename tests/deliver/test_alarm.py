"""The mailing stops by itself when too many of the last readers were refused."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from newsletter.deliver.alarm import AT_LEAST, LAST, Alarm
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Chunk, ChunkState


def chunk(number: int, count: int) -> Chunk:
    return Chunk(number=number, mailing=1, first=1, last=count, state=ChunkState.SUBMITTING)


def hears(alarm: Alarm, number: int, count: int, verdict: Verdict = Verdict.ACCEPTED, *, bad: int = 0) -> str:
    blamed = dict.fromkeys(range(1, bad + 1), "550")
    alarm.hear(chunk(number, count), Answer(verdict=verdict, blamed=blamed), range(1, count + 1))
    return alarm.reason


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 400)), max_size=30), st.integers(1, 30))
def test_it_counts_the_last_thousand(answers: list[tuple[int, int]], percent: int) -> None:
    alarm, last = Alarm(percent=percent), deque[bool]([], LAST)
    for number, (refused, others) in enumerate(answers):
        alarm.note(number, refused=refused, others=others, left=0)
        last += [True] * refused + [False] * others
        too_many = sum(last) >= AT_LEAST and sum(last) > percent / 100 * len(last)
        assert bool(alarm.reason) == too_many


def test_fewer_than_twenty_stop_nothing_however_small_the_list() -> None:
    alarm = Alarm(percent=5)
    assert not hears(alarm, 1, 19, Verdict.REFUSED)
    assert hears(alarm, 2, 1, Verdict.REFUSED) == "20 of the last 20 readers were refused, more than 5 %"


def test_five_percent_are_none_too_many_and_one_more_is() -> None:
    assert not hears(Alarm(percent=5), 1, 1000, bad=50)
    assert hears(Alarm(percent=5), 1, 1000, bad=51) == "51 of the last 1,000 readers were refused, more than 5 %"


def test_at_0_it_never_stops() -> None:
    assert not hears(Alarm(percent=0), 1, 1000, Verdict.REFUSED)


def test_a_few_bad_addresses_of_a_request_are_not_all_that_there_is() -> None:
    alarm = Alarm(percent=5)
    assert not hears(alarm, 1, 1000, Verdict.BLAMED, bad=30)
    assert not hears(alarm, 1, 970)


def test_bad_addresses_that_are_named_one_at_a_time_add_up() -> None:
    alarm = Alarm(percent=5)
    reasons = [hears(alarm, 1, 1000 - n, Verdict.BLAMED, bad=1) for n in range(60)]
    assert reasons.index("51 of the last 1,000 readers were refused, more than 5 %") == 50


def test_who_was_put_off_and_given_up_is_not_counted() -> None:
    alarm = Alarm(percent=5)
    deferred = dict.fromkeys(range(1, 101), "452 full")
    alarm.hear(chunk(1, 100), Answer(verdict=Verdict.ACCEPTED, deferred=deferred), range(1, 101))
    assert not alarm.reason


def test_doubt_and_trouble_are_no_refusals() -> None:
    alarm = Alarm(percent=5)
    assert not hears(alarm, 1, 1000, Verdict.UNCERTAIN)
    assert not hears(alarm, 2, 1000, Verdict.TRY_LATER)


def test_chunks_that_were_not_even_reached_do_not_water_it_down() -> None:
    alarm = Alarm(percent=5)
    for number in range(8):
        hears(alarm, number, 1000, Verdict.TRY_LATER)
    assert hears(alarm, 9, 30, Verdict.REFUSED) == "30 of the last 30 readers were refused, more than 5 %"
