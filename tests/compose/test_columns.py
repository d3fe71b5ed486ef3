"""A column of values is what each of them becomes alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.columns import columns_of
from newsletter.compose.message import slot_text
from newsletter.model.rendered import Context, Slot
from tests.compose.letters import HOSTILE

PLAIN = ["Ada", "Anne-Marie", "Zoë", "שרה", "", " Lee ", "Dr. (K.) Moss", "O'Neill", "a  b", "x ", "½", "a\nb", "東"]
URLS = [
    "https://news.example.org/u/AQAAAA-_x",
    "http://a.test/%20",
    "mailto:a@b.test",
    "/u/x",
    "https://x.test/?a&b",
    "é",
]
VALUES = st.one_of(st.sampled_from([*PLAIN, *URLS, *HOSTILE.values()]), st.text(max_size=20))
COLUMNS = st.one_of(
    st.lists(st.sampled_from(PLAIN), max_size=6),
    st.lists(st.sampled_from(URLS[:2]), max_size=6),
    st.lists(VALUES, max_size=6),
)


SLOTS = st.builds(
    Slot,
    name=st.sampled_from("ab"),
    context=st.sampled_from(Context),
    fallback=st.sampled_from(["", "reader", " you ", "é", "<"]),
)


@given(slots=st.lists(SLOTS, max_size=6), values=COLUMNS)
def test_a_column_is_what_each_value_becomes_alone(slots: list[Slot], values: list[str]) -> None:
    readers = [{"a": value, "b": value[::-1]} for value in values]
    wanted = {slot: tuple(slot_text(slot, own) for own in readers) for slot in slots}
    assert columns_of(slots, readers) == wanted


def test_who_has_no_such_value_gets_the_fallback() -> None:
    slot = Slot(name="a", context=Context.HTML, fallback="dear reader")
    assert columns_of([slot], [{}, {"a": " "}, {"a": "Ada"}]) == {slot: ("dear reader", "dear reader", "Ada")}
