"""A link that was followed is counted as it stands in the mail, and nothing of it tells by whom."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.keys import DeliveryToken
from newsletter.model.rendered import Context, Slot
from newsletter.record.links import links_of
from tests.support.mailing import rendered
from tests.support.readers import KEYS

TOKEN = KEYS.token(DeliveryToken(mailing=5, n=7))
NAME = Slot(name="first_name", context=Context.URL_PART, fallback="you")
TERM = Slot(name="city", context=Context.URL_PART)
OWN = Slot(name="unsubscribe_url", context=Context.URL)
MAIL = replace(
    rendered("walking"),
    html=(
        '<a href="https://example.org/walk">Walk</a>',
        '<a href="https://example.org/?a=1&amp;utm_source=letter&amp;to=all#top">x</a>',
        '<a style="x" HREF=\'https://example.org/K%C3%B6ln/\'>y</a> <a href="https://clinic.example.org/book/',
        NAME,
        "?utm_term=",
        TERM,
        '">Book</a> <a href="',
        OWN,
        '">leave</a> <a href="mailto:ask@example.org">ask</a> <a href="https://',
        Slot(name="city", context=Context.URL_PART),
        '.example.org/">z</a>',
    ),
    text=(
        "See https://example.org/only-in-text. Or https://example.org/t/",
        replace(NAME, context=Context.URL_PART),
        ", bye",
    ),
)
LINKS = links_of(MAIL)


@pytest.mark.parametrize(
    ("url", "counted_as"),
    [
        ("https://example.org/walk", "https://example.org/walk"),
        (" https://example.org/walk/ ", "https://example.org/walk"),
        ("https://example.org/walk?utm_campaign=added", "https://example.org/walk"),
        (
            "https://example.org/?a=1&utm_source=letter&to=all#top",
            "https://example.org/?a=1&utm_source=letter&to=all#top",
        ),
        (
            "https://example.org/?a=1&utm_source=theirs&to=all&utm_medium=x#top",
            "https://example.org/?a=1&utm_source=letter&to=all#top",
        ),
        ("https://example.org/Köln/", "https://example.org/K%C3%B6ln/"),
        ("https://example.org/only-in-text", "https://example.org/only-in-text"),
        ("https://example.org/t/Jane", "https://example.org/t/..."),
        (
            "https://clinic.example.org/book/jane-doe?utm_term=jane%20doe",
            "https://clinic.example.org/book/...?utm_term=...",
        ),
        ("https://clinic.example.org/book/you?utm_term=", "https://clinic.example.org/book/...?utm_term=..."),
        ("https://clinic.example.org/book/jane/doe?utm_term=x", "https://clinic.example.org"),
        ("https://Other.Example.ORG:8443/ada?name=Ada", "https://other.example.org:8443"),
        ("https://ada:secret@example.org/#ada", "https://example.org"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]"),
        (f"https://news.example.org/letters/u/{TOKEN}", ""),
        (f"https://news.example.org/p/{TOKEN}/", ""),
        (f"https://news.example.org/v/{TOKEN}?utm_source=x", ""),
        ("https://news.example.org/u/short", "https://news.example.org"),
        ("mailto:ask@example.org", ""),
        ("tel:+12135550142", ""),
        ("javascript:alert(1)", ""),
        ("https://[broken", ""),
        ("https://example.org:port/", ""),
        ("", ""),
    ],
)
def test_it_is_counted_as_it_stands_in_the_mail(url: str, counted_as: str) -> None:
    assert LINKS.counted_as(url) == counted_as


def test_links_of_several_variants_are_known() -> None:
    other = links_of(replace(MAIL, html=('<a href="https://example.org/for-runners?x=Ada">x</a>',), text=()))
    both = LINKS | other
    assert both.counted_as("https://example.org/for-runners?x=Ada") == "https://example.org/for-runners?x=Ada"
    assert both.counted_as("https://example.org/walk") == "https://example.org/walk"
    assert LINKS.counted_as("https://example.org/for-runners?x=Ada") == "https://example.org"


@given(st.text() | st.text().map(lambda rest: f"https://example.org/{rest}"))
def test_nothing_makes_it_raise_and_nothing_personal_is_left(url: str) -> None:
    shown = LINKS.counted_as(url)
    assert shown in {*LINKS.common.values(), *("...".join(pieces) for pieces in LINKS.personal)} or urlsplit(shown)[
        2:
    ] == ("", "", "")
    assert "@" not in shown
    shown.encode()


def test_a_long_link_with_many_slots_takes_no_time() -> None:
    slots: tuple[str | Slot, ...] = (NAME, "-") * 20
    many = links_of(replace(MAIL, html=('<a href="https://example.org/-', *slots, '">x</a>'), text=()))
    assert many.counted_as("https://example.org/" + "-" * 200 + "/") == "https://example.org"
    assert many.counted_as("https://example.org/" + "-x" * 20 + "-") == "https://example.org/-" + "...-" * 20
