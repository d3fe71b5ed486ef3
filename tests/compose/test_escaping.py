"""A value can do no harm where it stands."""

from __future__ import annotations

import html
import unicodedata
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.escaping import escape, one_line, safe_url
from newsletter.model.rendered import Context
from tests.compose.letters import HOSTILE

VALUES = st.one_of(st.text(), st.sampled_from(list(HOSTILE.values())))
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(VALUES)
def test_one_line_takes_out_what_breaks_a_line_or_turns_it_and_nothing_else(value: str) -> None:
    harmful = {"Cc", "Zl", "Zp", "Cs"}
    wanted = "".join(" " if unicodedata.category(c) in harmful or c in TURNING else c for c in value).strip()
    assert one_line(value) == wanted


def test_joiners_within_emoji_stay() -> None:
    assert one_line("🏃🏽‍♀️") == "🏃🏽‍♀️"


@given(VALUES)
def test_a_value_in_html_is_text_only(value: str) -> None:
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(f"{tag} {attrs}")

    Reader().feed(f"<p title='{escape(value, Context.ATTRIBUTE)}'>{escape(value, Context.HTML)}</p>")
    assert len(seen) == 1
    assert html.unescape(escape(value, Context.HTML)) == html.unescape(html.escape(one_line(value)))


@given(VALUES)
def test_a_piece_of_a_url_stays_one_piece(value: str) -> None:
    piece = escape(value, Context.URL_PART)
    assert unquote(piece) == one_line(value)
    assert urlsplit(f"https://example.org/{piece}").path == f"/{piece}"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "", "http://[", "vbscript:x"]
)
def test_a_url_that_no_reader_should_be_sent_to_becomes_a_hash(url: str) -> None:
    assert safe_url(url) == "#"


@pytest.mark.parametrize("url", ["https://example.org/a?b=c&d=%20#e", "mailto:a@example.org", "tel:+15550100"])
def test_an_ordinary_url_is_left_alone(url: str) -> None:
    assert safe_url(url) == url
    assert escape(url, Context.TEXT_URL) == url
    assert html.unescape(escape(url, Context.URL)) == url


def test_a_url_cannot_leave_its_attribute() -> None:
    assert escape("https://example.org/' onclick='x", Context.URL) == "https://example.org/%27%20onclick=%27x"
