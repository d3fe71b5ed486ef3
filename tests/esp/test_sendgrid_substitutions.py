"""Tags and values: whatever the readers are called, each gets his own text and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.slots import fill_slot
from newsletter.esp.sendgrid.substitutions import substituted
from newsletter.model.rendered import Context, Slot
from tests.compose.letters import HOSTILE, in_html

if TYPE_CHECKING:
    from newsletter.model.rendered import Parts

NAMES = st.one_of(st.text(max_size=30), st.sampled_from(list(HOSTILE.values())))
SLOTS = st.builds(
    Slot, name=st.sampled_from("abc"), context=st.sampled_from(Context), fallback=st.sampled_from(["", "reader", "-nl"])
)
PARTS = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["-nl", "-", "0-"]), SLOTS), max_size=9).map(tuple)
READERS = st.lists(st.fixed_dictionaries({"a": NAMES, "b": NAMES, "c": NAMES}), min_size=1, max_size=5)


def by_definition(slot: Slot, values: dict[str, str]) -> str:
    texts = {Context.TEXT, Context.TEXT_URL, Context.HEADER}
    return fill_slot(slot, values) if slot.context in texts else in_html((slot,), values)


def put_together(text: str, substitutions: list[tuple[str, str]]) -> str:
    for tag, value in substitutions:
        text = text.replace(tag, value)
    return text


@given(parts=PARTS, readers=READERS)
def test_replacing_in_any_order_gives_each_reader_the_filled_text(parts: Parts, readers: list[dict[str, str]]) -> None:
    result = substituted("seed", [parts], readers)
    for values, substitutions in zip(readers, result.substitutions, strict=True):
        wanted = "".join(part if isinstance(part, str) else by_definition(part, values) for part in parts)
        pairs = list(substitutions.items())
        assert put_together(result.texts[0], pairs) == wanted
        assert put_together(result.texts[0], pairs[::-1]) == wanted


def test_links_with_one_token_share_one_short_tag() -> None:
    slots = [Slot(name=name, context=context) for name in "upv" for context in (Context.URL, Context.TEXT_URL)]
    readers = [{name: f"https://news.example.org/{name}/AQAAAAcAA{n:08}" for name in "upv"} for n in range(1000)]
    result = substituted("seed", [tuple(slots)], readers)
    assert [len(own) for own in result.substitutions] == [1] * 1000
    assert sum(len(tag + text) for own in result.substitutions for tag, text in own.items()) < 20_000


def test_what_all_readers_share_needs_no_tag() -> None:
    parts = ("Dear ", Slot(name="name", context=Context.TEXT, fallback="reader"), "!")
    result = substituted("seed", [parts], [{"name": "Ada"}, {"name": "Ada"}])
    assert result.texts == ("Dear Ada!",)
    assert result.substitutions == ({}, {})


def test_a_reader_who_guesses_the_tag_changes_it() -> None:
    parts = (Slot(name="name", context=Context.TEXT), " and ", Slot(name="other", context=Context.TEXT))
    first = substituted("seed", [parts], [{"name": "x", "other": "p"}, {"name": "y", "other": "q"}])
    tag = next(iter(first.substitutions[0]))
    guessed = [{"name": tag, "other": "p"}, {"name": "y", "other": "q"}]
    again = substituted("seed", [parts], guessed)
    assert tag not in again.substitutions[0]
    assert put_together(again.texts[0], list(again.substitutions[0].items())) == f"{tag} and p"


def test_the_same_chunk_gives_the_same_tags() -> None:
    parts = (Slot(name="name", context=Context.TEXT),)
    readers = [{"name": "x"}, {"name": "y"}]
    assert substituted("seed", [parts], readers) == substituted("seed", [parts], readers)


def test_a_text_that_holds_every_short_group_of_digits_gets_a_longer_tag() -> None:
    everything = "".join(f"{number:04x}" for number in range(0x10000))
    parts = (everything, Slot(name="name", context=Context.TEXT))
    result = substituted("seed", [parts], [{"name": "x"}, {"name": "y"}])
    (tag,) = result.substitutions[0]
    assert len(tag) > len("-nl0123456 70-")
    assert result.texts[0].count(tag) == 1
