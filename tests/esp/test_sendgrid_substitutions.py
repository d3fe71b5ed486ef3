"""Tags and values: whatever the readers are called, each gets his own text and nobody else's."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.slots import fill_slot
from newsletter.esp.sendgrid.substitutions import substituted
from newsletter.model.rendered import Context, Slot
from tests.compose.letters import HOSTILE, in_html

if TYPE_CHECKING:
    from newsletter.model.rendered import Parts

NAMES = st.one_of(st.text(max_size=30), st.sampled_from(list(HOSTILE.values())), st.text("~*!$+_;abcdef0", max_size=3))
SLOTS = st.builds(
    Slot,
    name=st.sampled_from("abc"),
    context=st.sampled_from(Context),
    fallback=st.sampled_from(["", "reader", "~", " a "]),
)
#: pieces of what tags are made of
BITS = [*"~*!$+_;", *"abcdefAZ", "~a", "*b", "0", "~c0"]
PARTS = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(BITS), SLOTS), max_size=9).map(tuple)
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


def test_where_every_usual_start_of_a_tag_occurs_a_longer_one_is_found() -> None:
    everything = "".join(f"{first}{second}" for first in "~*!$+_;" for second in string.ascii_letters)
    parts = (everything, Slot(name="name", context=Context.TEXT))
    result = substituted("seed", [parts], [{"name": "x"}, {"name": "y"}])
    (tag,) = result.substitutions[0]
    assert re.fullmatch(r"~[0-9a-f]{16}0", tag)
    assert result.texts[0].count(tag) == 1


def test_no_tag_occurs_in_the_headers_either() -> None:
    parts = (Slot(name="name", context=Context.TEXT),)
    readers = [{"name": "x"}, {"name": "y"}]
    (tag,) = substituted("seed", [parts], readers).substitutions[0]
    (other,) = substituted("seed", [parts], readers, beside=["", f"news{tag}@example.org"]).substitutions[0]
    assert other[:2] != tag[:2]


def test_each_of_very_many_slots_has_a_tag_that_is_not_the_beginning_of_another() -> None:
    names = [f"s{number}" for number in range(80)]
    parts = tuple(Slot(name=name, context=Context.TEXT) for name in names)
    readers = [{name: f"{reader} {name};" for name in names} for reader in ("one", "two", "three")]
    result = substituted("seed", [parts], [*readers, {name: f"{name};" for name in names}])
    texts = [put_together(result.texts[0], list(own.items())) for own in result.substitutions]
    assert texts[0] == "".join(f"one {name};" for name in names)
    assert texts[3] == "".join(f"{name};" for name in names)


def test_three_links_and_two_forms_of_a_name_of_a_thousand_readers_stay_below_the_strictest_limit() -> None:
    contexts = ((Context.URL, Context.TEXT_URL), (Context.HTML, Context.TEXT))
    slots = [Slot(name=name, context=one) for name in "upv" for one in contexts[0]]
    slots += [Slot(name="first_name", context=one) for one in contexts[1]]
    names = ("Ada", "Alexandra", "Zoë", "O'Neill & Sons", "Maximilian")
    readers = [
        {"first_name": names[n % 5]}
        | {name: f"https://news.example.org/{name}/AQAAAAcAA{n:03}abcdefghijKLMNopqrst" for name in "upv"}
        for n in range(1000)
    ]
    result = substituted("seed", [tuple(slots)], readers)
    octets = sum(len((tag + text).encode()) for own in result.substitutions for tag, text in own.items())
    assert octets < 50_000
