"""When an address that refuses for now is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.record.soft_bounces import gave_up_at

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def bounces(*days: float) -> list[tuple[int, datetime]]:
    """Of a mailing each."""
    return [(number, BEGIN + timedelta(days=day)) for number, day in enumerate(days)]


@pytest.mark.parametrize(
    ("told", "given_up"),
    [
        (bounces(0, 1, 2, 3), None),
        (bounces(0, 1, 2, 3, 4), 4),
        (bounces(0, 7, 14, 21, 28), 28),
        (bounces(0, 8, 16, 24, 32), None),
        (bounces(0, 40, 41, 42, 43, 44), 44),
        (bounces(0, 0.1, 0.2, 0.3, 0.4), None),
        (bounces(0, 1, 2, 3, 3.1), None),
        ([(1, at) for _, at in bounces(0, 1, 2, 3, 4, 5)], None),
        (bounces(30, 0, 10, 20, 5), 30),
        ([], None),
    ],
)
def test_five_mailings_on_five_days_within_thirty(told: list[tuple[int, datetime]], given_up: float | None) -> None:
    assert gave_up_at(told) == (None if given_up is None else BEGIN + timedelta(days=given_up))


@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(0, 60).map(lambda day: BEGIN + timedelta(days=day))), max_size=14
    ),
    st.data(),
)
def test_more_bounces_never_make_it_fewer(told: list[tuple[int, datetime]], data: st.DataObject) -> None:
    fewer = data.draw(st.lists(st.sampled_from(told), max_size=10)) if told else []
    before, after = gave_up_at(fewer), gave_up_at(told)
    assert before is None or (after is not None and after <= before)
    assert gave_up_at(data.draw(st.permutations(told))) == after
