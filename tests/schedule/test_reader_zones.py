"""One time on everybody's clock, in every zone of the world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.clock import moments_of
from newsletter.schedule.reader_zones import earliest, moment_there, moments_by_zone, passed, zone_named

ZONES = sorted(available_timezones())
HOME = ZoneInfo("America/Los_Angeles")
#: what clocks show, without a zone; whole days were skipped in some places
SHOWN = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001
    lambda shown: shown.replace(second=0, microsecond=0)
)


@pytest.mark.parametrize(
    ("name", "shown", "moment"),
    [
        ("Europe/Berlin", "2026-12-01T09:00", "2026-12-01T08:00"),
        # skipped: 02:00 to 03:00
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        # twice: the first
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        # half an hour is skipped
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-03T15:30"),
        # a whole day was
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),
    ],
)
def test_a_time_is_found_in_its_zone(name: str, shown: str, moment: str) -> None:
    found = moment_there(datetime.fromisoformat(shown), ZoneInfo(name))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given(SHOWN, st.sampled_from(ZONES))
def test_it_is_the_first_moment_at_which_clocks_show_it_or_else_the_end_of_the_gap(shown: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    moment, found = moment_there(shown, zone), moments_of(shown, zone)
    there = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    if found:
        assert (there, moment) == (shown, found[0].astimezone(UTC))
    else:
        just_before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None, fold=0)
        assert just_before < shown < there


def test_readers_of_no_zone_or_an_unknown_one_live_where_the_newsletter_does() -> None:
    for name in ("", "Mars/Olympus", "../etc/passwd", "America", "Europe/Berlin\n", "x" * 300):
        assert zone_named(name, HOME) is HOME or zone_named(name, HOME).key == HOME.key


def test_it_begins_where_the_first_readers_are_and_tells_where_it_has_passed() -> None:
    readers = {"Asia/Tokyo": 2, "": 3, "Pacific/Kiritimati": 0}
    moments = moments_by_zone(datetime(2026, 12, 1, 9), readers, HOME)  # noqa: DTZ001
    assert earliest(moments, readers) == datetime(2026, 12, 1, 0, tzinfo=UTC)
    assert earliest(moments, {}) == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert passed(moments, readers, datetime(2026, 12, 1, 8, tzinfo=UTC)) == {"Asia/Tokyo": 2}
    assert passed(moments, readers, datetime(2026, 11, 30, 8, tzinfo=UTC)) == {}
