"""Which fate stands: the same whatever the order, and whatever is told together."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.event import FATE_GRAVITY, FATE_RANK, Event, EventKind, Fate
from newsletter.record.fates import FATES, standing
from tests.support.reports import LATER

EVENTS = st.lists(
    st.builds(
        lambda kind, minute, n, detail: Event(
            id=f"{kind}{minute}{n}{detail}",
            at=LATER + timedelta(minutes=minute),
            kind=kind,
            mailing=1,
            n=n,
            detail=detail,
        ),
        st.sampled_from(EventKind),
        st.integers(0, 3),
        st.integers(1, 3),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=12,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_order_and_repeating_change_nothing(events: list[Event], chance: object) -> None:
    shuffled = [*events, *events[::2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing(shuffled) == standing(events)


@given(EVENTS, EVENTS)
def test_what_is_told_in_two_parts_stands_as_if_told_at_once(first: list[Event], second: list[Event]) -> None:
    def again(events: list[Event]) -> list[Event]:
        kinds = {fate: kind for kind, fate in FATES.items()}
        return [
            Event(id="x", at=one.at, kind=kinds[one.fate], mailing=one.mailing, n=one.n, detail=one.reason)
            for one in standing(events)
        ]

    assert standing(again(first) + again(second)) == standing(first + second)


def test_fates_have_an_order_that_no_one_is_left_out_of() -> None:
    assert [*FATE_RANK] == [*FATE_GRAVITY]
    assert {*FATE_RANK} == {*Fate} == {*FATES.values()}


def test_what_says_nothing_about_a_delivery_has_no_fate() -> None:
    nowhere = Event(id="1", at=LATER, kind=EventKind.DELIVERED)
    opened = Event(id="2", at=LATER, kind=EventKind.OPENED, mailing=1, n=1)
    assert standing([nowhere, opened]) == []
