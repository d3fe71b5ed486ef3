"""When a part of run-due is due again, and when its trouble is news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newsletter.model.duty import MANY, Duty
from tests.support.mailing import BEGIN

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def is_due(duty: Duty, after: timedelta) -> bool:
    return duty.is_due(BEGIN + after, HOUR, 5 * MINUTE)


def test_what_was_never_done_is_due() -> None:
    assert is_due(Duty(name="pruning"), timedelta())


def test_it_is_due_again_an_hour_after_it_went_well() -> None:
    well = Duty(name="pruning", succeeded_at=BEGIN, ended_at=BEGIN)
    assert [is_due(well, HOUR - MINUTE), is_due(well, HOUR)] == [False, True]


def test_what_failed_is_tried_again_sooner() -> None:
    failed = Duty(name="pruning", succeeded_at=BEGIN - HOUR, ended_at=BEGIN, failed_in_a_row=1)
    assert [is_due(failed, 4 * MINUTE), is_due(failed, 5 * MINUTE)] == [False, True]


def test_a_clock_that_was_put_back_by_a_year_keeps_nothing_waiting() -> None:
    assert is_due(Duty(name="pruning", succeeded_at=BEGIN), -365 * DAY)


def to_be_told(duty: Duty, after: timedelta = timedelta(), *, passing: bool = False) -> bool:
    return duty.is_to_be_told(BEGIN + after, passing=passing)


def test_a_failure_is_told_at_once_and_again_after_a_day() -> None:
    assert to_be_told(Duty(name="inbox", succeeded_at=BEGIN - DAY))
    told = Duty(name="inbox", succeeded_at=BEGIN - DAY, failed_in_a_row=9, told_at=BEGIN)
    assert [to_be_told(told, after) for after in (MINUTE, DAY - MINUTE, DAY)] == [False, False, True]


@pytest.mark.parametrize(("before", "told"), [(0, False), (MANY - 2, False), (MANY - 1, True), (MANY, True)])
def test_a_server_that_is_away_for_a_moment_is_no_news(before: int, told: bool) -> None:
    assert to_be_told(Duty(name="mailbox", failed_in_a_row=before), passing=True) is told


def test_what_comes_and_goes_is_told_once_an_hour() -> None:
    again = Duty(name="inbox", told_at=BEGIN, succeeded_at=BEGIN + MINUTE)
    assert not again.is_told
    assert [to_be_told(again, after) for after in (2 * MINUTE, HOUR)] == [False, True]


def test_only_what_was_told_is_said_to_work_again() -> None:
    assert Duty(name="inbox", failed_in_a_row=1, told_at=BEGIN).is_told
    assert not Duty(name="inbox", failed_in_a_row=1, told_at=BEGIN, succeeded_at=BEGIN + MINUTE).is_told
    assert not Duty(name="inbox", failed_in_a_row=0, told_at=BEGIN).is_told
