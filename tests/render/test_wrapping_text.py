"""Wrapping: nothing is lost, no line is too long, URLs and marks stay whole."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.text_wrap import chopped, columns, prefixed, underlined, wrapped


def test_words_move_to_the_next_line() -> None:
    assert wrapped("one two three four", 9) == "one two\nthree\nfour"


def test_given_line_breaks_stay() -> None:
    assert wrapped("one\ntwo three", 20) == "one\ntwo three"


def test_a_url_is_never_broken_and_its_neighbours_wrap_around_it() -> None:
    url = "<https://example.org/a/very/long/path/that/does/not/fit>."
    assert wrapped(f"see {url} then go", 20) == f"see\n{url}\nthen go"


def test_east_asian_text_breaks_between_characters_but_not_before_a_full_stop() -> None:
    assert wrapped("水水水水。水", 8) == "水水水\n水。水"


def test_an_emoji_family_stays_together() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert wrapped(family * 4, 4).split("\n") == [family * 2] * 2 or columns(family) == 6


def test_a_mark_of_a_slot_stays_whole_within_east_asian_text() -> None:
    mark = "slot0123456789abn12x"
    lines = wrapped("水水水水水" + mark + "水水", 24).split("\n")
    assert sum(mark in line for line in lines) == 1


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])), st.integers(24, 80))
def test_wrapping_loses_no_character_and_keeps_the_width(text: str, width: int) -> None:
    result = wrapped(text, width)
    assert re.sub(r"[ \n]", "", result) == text.replace(" ", "")
    assert all(
        columns(line) <= width or "://" in line or "tel:" in line or _closings(line) for line in result.split("\n")
    )


def _closings(line: str) -> bool:
    """A closing mark may hang over the edge."""
    return line[-1] in "。、，．！？）」』】〕》〉；：・…"


@given(st.text(alphabet="ab \t", max_size=200), st.integers(24, 80))
def test_chopped_lines_keep_their_spaces(text: str, width: int) -> None:
    assert chopped(text, width).replace("\n", "") == text


def test_prefixes_and_underlines() -> None:
    assert prefixed("a\n\nb", "> ") == "> a\n>\n> b"
    assert prefixed("a\nb", "1. ", "   ") == "1. a\n   b"
    assert underlined("水水", "=") == "水水\n===="
    assert underlined("", "=") == "\n==="
