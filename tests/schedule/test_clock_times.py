"""Times as people write them, in the zone of their workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import TimeUnclear
from newsletter.model.clock import moments_of
from newsletter.schedule.clock_times import local_time_written, moment_written

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE = ZoneInfo("America/Los_Angeles")
#: what clocks show, without a zone
EARLY, LATE = datetime(2026, 1, 3), datetime(2040, 1, 1)  # noqa: DTZ001
ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01 18:00", datetime(2026, 12, 2, 2, tzinfo=UTC)),
        ("2026-12-01T18:00", datetime(2026, 12, 2, 2, tzinfo=UTC)),
        ("2026-12-01 9:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        (" 2026-07-01 18:00:30 ", datetime(2026, 7, 2, 1, 0, 30, tzinfo=UTC)),
        ("2026-12-01 18:00+01:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("2026-11-01 01:30-07:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01 01:30-08:00", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_that_of_the_workspaces_clocks_unless_it_says_otherwise(text: str, moment: datetime) -> None:
    assert moment_written(text, HERE, NOW) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-01 01:30", 'twice on 2026-11-01. Write "2026-11-01 01:30-07:00" or "2026-11-01 01:30-08:00".'),
        ("2026-03-08 02:30", 'never show that time on 2026-03-08. Write "2026-03-08 01:30" or "2026-03-08 03:30".'),
        ("2025-12-31 15:59", "2025-12-31 15:59 PST has passed. It is 2025-12-31 16:00 PST: write a time to come."),
        ("2025-12-31 16:00", "has passed"),
        ("2026-12-01", "that is no day and time. Write both"),
        ("tomorrow", "that is no day and time. Write both"),
        ("", "that is no day and time. Write both"),
        ("9999-12-31 23:59", "that is no day and time. Write both"),
        ("0001-01-01 00:00+14:00", "that is no day and time. Write both"),
    ],
)
def test_what_is_no_single_moment_to_come_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(TimeUnclear) as why:
        moment_written(text, HERE, NOW)
    assert said in f"{why.value.why}. {why.value.next_step}"


@pytest.mark.parametrize("text", ["9999-12-31 23:59", "0001-01-01 00:00", "2026-12-01 09:00+01:00"])
def test_a_time_that_not_every_clock_can_show_is_refused(text: str) -> None:
    with pytest.raises(TimeUnclear):
        local_time_written(text, HERE)


@given(st.datetimes(EARLY, LATE), st.sampled_from(ZONES))
def test_what_is_offered_instead_is_always_taken(shown: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    text = shown.isoformat(" ", "minutes")
    try:
        moment = moment_written(text, zone, NOW)
    except TimeUnclear as why:
        offered = [moment_written(one, zone, NOW) for one in why.next_step.split('"')[1::2]]
        assert len({*offered}) == 2
        assert offered == sorted(offered)
        return
    assert [moment] == [*moments_of(datetime.fromisoformat(text), zone)]


@given(st.datetimes(EARLY, LATE, timezones=st.sampled_from([*map(ZoneInfo, ZONES)])))
def test_every_moment_is_one_of_those_at_which_its_time_is_shown(moment: datetime) -> None:
    zone = moment.tzinfo
    assert isinstance(zone, ZoneInfo)
    real = moment.astimezone(UTC).astimezone(zone)
    assert real.astimezone(UTC) in [one.astimezone(UTC) for one in moments_of(real.replace(tzinfo=None, fold=0), zone)]
