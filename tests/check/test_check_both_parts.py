"""The HTML and the text part say the same words: what one lacks is told, and the ways in which they write differently are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import Mail, check_mail
from newsletter.check.finished import both_parts
from newsletter.check.finished.part_words import html_passages, levelled, text_passages
from newsletter.check.page import read_page
from newsletter.model.issue import Issue
from newsletter.model.problem import Place
from newsletter.model.rendered import Context, Origins, Rendered, Slot
from tests.check.typed import SETTINGS

if TYPE_CHECKING:
    from newsletter.model.rendered import Parts

TITLE = Place(file="issue.md", line=2, column=1)
FIRST = Place(file="issue.md", line=9, column=1)
SECOND = Place(file="issue.md", line=12, column=3)
ISSUE = Issue(
    slug="s",
    path=Path("issue.md"),
    title="Hips",
    subject=("Hips",),
    preheader=(),
    language="en",
    template="article",
    citation_style="x",
    body=(),
    places={"title": TITLE},
)
FOOT = '<p>You receive this because you subscribed. <a href="https://example.org/u">Unsubscribe</a></p>'
FOOT_TEXT = "You receive this because you subscribed.\nUnsubscribe: https://example.org/u\n"
NAME = Slot(name="first_name", context=Context.HTML, fallback="reader")


def told(html: Parts, text: Parts) -> list[tuple[str, Place, str]]:
    """Code, place and words. The first paragraph is the author's first block, the second one the second."""
    whole: Parts = ("<html><body><h1>Hips</h1>", *html, FOOT, "</body></html>")
    flat = "".join(part for part in whole if isinstance(part, str))
    starts = [offset for offset in range(len(flat)) if flat.startswith("<p>", offset)]
    marks = (
        (0, FIRST if len(starts) == 1 else TITLE),
        *zip(starts[:-1], [FIRST, *[SECOND] * 9], strict=False),
        (starts[-1], TITLE),
    )
    rendered = Rendered(
        subject=("Hips",),
        preheader=(),
        html=whole,
        text=("Hips\n====\n\n", *text, "\n\n", FOOT_TEXT),
        from_name="",
        from_address="a@example.org",
        reply_to="",
        language="en",
    )
    origins = Origins(marks=marks)
    mail = Mail(issue=ISSUE, rendered=rendered, origins=origins, disclaimers=(), references=(), settings=SETTINGS)
    found = check_mail(mail, both_parts.RULES)
    return [(one.code, one.place, one.message) for one in found]


def places(html: str, text: str) -> list[tuple[str, Place]]:
    return [(code, place) for code, place, _ in told((html,), (text,))]


ONE, TWO = "<p>Walk a little every day, even when it rains.</p>", "<p>Rest when it hurts, and call us.</p>"
ONE_TEXT, TWO_TEXT = "Walk a little every day,\neven when it rains.", "Rest when it hurts, and call us."


def test_the_same_words_are_no_problem() -> None:
    assert told((ONE + TWO,), (f"{ONE_TEXT}\n\n{TWO_TEXT}",)) == []


def test_a_paragraph_that_the_text_part_lacks_is_told_at_its_line() -> None:
    ((code, place, message),) = told((ONE + TWO,), (ONE_TEXT,))
    assert (code, place) == ("parts-differ", SECOND)
    assert "the text part lacks" in message
    assert "hurts" in message


def test_a_paragraph_that_the_html_lacks_is_told_at_the_line_before_it() -> None:
    more = "Ask your physician before you begin to run again."
    ((code, place, message),) = told((ONE + TWO,), (f"{ONE_TEXT}\n\n{more}\n\n{TWO_TEXT}",))
    assert (code, place) == ("parts-differ", FIRST)
    assert "the HTML lacks" in message
    assert "physician" in message


def test_a_single_word_that_differs_is_told_in_both_directions() -> None:
    assert places(ONE + TWO.replace("hurts", "aches"), f"{ONE_TEXT}\n\n{TWO_TEXT}") == [("parts-differ", SECOND)] * 2


def test_a_number_that_differs_is_told() -> None:
    assert ("parts-differ", FIRST) in places(
        "<p>Take 20 tablets a day, not more.</p>", "Take 30 tablets a day, not more."
    )


def test_words_that_are_all_there_but_not_in_this_order_are_told() -> None:
    html = ONE + "<p>It rains every day, even a little; walk when it rains a little.</p>"
    assert places(html, ONE_TEXT)[0] == ("parts-differ", SECOND)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<p>See the <a href="https://example.org/h">opening hours</a>.</p>',
            "See the opening hours\n<https://example.org/h>.",
        ),
        ('<p>See <a href="https://example.org/h">example.org/h</a>.</p>', "See <https://example.org/h>."),
        ('<p>Write to <a href="mailto:a@example.org">a@example.org</a></p>', "Write to <a@example.org>"),
        ('<p><a href="https://example.org/b">Book a visit</a></p>', "-> Book a visit:\n   https://example.org/b"),
        (
            '<p>It helps<sup class="cite"><a href="#ref-1">1</a>,<a href="#ref-2">2</a></sup> a lot.</p>',
            "It helps [1,2] a lot.",
        ),
        ("<p>It helps<sup>see 1(p. 4), also 2</sup> a lot.</p>", "It helps [see 1(p. 4),\nalso 2] a lot."),
        ("<p>A <strong>bold</strong> and <em>soft</em> word.</p>", "A *bold* and _soft_\nword."),
        ('<p><img src="a" alt="A runner climbs stairs"> Stairs</p>', "[A runner climbs\nstairs]\nStairs"),
        (
            "<table><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>8-12</td></tr></table>",
            "Day: Monday\nHours: 8-12",
        ),
        (
            "<table><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>8</td></tr></table>",
            "Day     Hours\n------  -----\nMonday  8",
        ),
        ("<ul><li>one card</li><li>two cards</li></ul>", "- one card\n- two cards"),
        ("<ol><li>first do this</li><li>then do that</li></ol>", "7. first do this\n8. then do that"),
        ("<p>Rechtsschutz&#173;versicherungs&#8203;gesellschaften</p>", "Rechtsschutzversicherungsgesell\nschaften"),
        ("<p>STRASSE &amp; Caf&eacute;</p>", "Straße & Cafe\u0301"),
        ("<p>私たちは月曜日に休みます。</p>", "私たちは月曜\n日に休みます。"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ('<p>Words.</p><div style="display:none">A hidden preheader that nobody sees</div>', "Words."),
        ('<p>Words. <a href="#top">Back to the top of this page</a></p>', "Words."),
        (
            "<blockquote><p>Quoted words of hers</p></blockquote><p>A. Patient</p>",
            "> Quoted words of hers\n> -- A. Patient",
        ),
        ("<p>ריצה אחרי <b>ניתוח</b> בירך</p>", "ריצה אחרי *ניתוח*\nבירך"),
        ('<p>Dial <a href="tel:112">112</a>.</p>', "Dial <112>."),
        ('<p>Call <a href="tel:303-555-0177">303-555-0177</a> at night.</p>', "Call <303-555-0177> at night."),
        ('<p>Our fees: <a href="#fees">see the table below</a>.</p>', "Our fees: see the table below."),
        (
            "<table><tr><th>Result</th><th>PRP (n = 144)</th></tr><tr><td>Knee pain, 0-10</td><td>-2.1</td></tr></table>",
            "Result: Knee pain, 0-10\nPRP (n = 144): -2.1",
        ),
    ],
)
def test_what_the_two_may_write_differently_is_silent(html: str, text: str) -> None:
    assert told((html,), (text,)) == []


def test_a_few_words_around_the_author_s_text_are_decoration() -> None:
    assert told((ONE, "<p>Follow us</p>"), (f"{ONE_TEXT}\n\nPhone: 213-555-0142\n\nFollow us",)) == []


def test_a_merge_tag_that_one_part_lacks_is_told_at_its_line() -> None:
    tag = replace(NAME, context=Context.TEXT)
    assert told(("<p>Dear ", NAME, ", walk.</p>"), ("Dear ", tag, ", walk.")) == []
    found = told(("<p>Dear ", NAME, ", walk.</p>"), ("Dear you, walk.",))
    assert ("merge-tag-in-one-part", FIRST) in [(code, place) for code, place, _ in found]
    found = told(("<p>Dear you, walk.</p>",), ("Dear ", tag, ", walk."))
    assert "the HTML has no `{{ first_name }}`" in found[-1][2]


def test_the_mail_s_own_links_are_not_compared() -> None:
    own = Slot(name="view_url", context=Context.URL)
    assert told((ONE.replace("<p>", '<p><a href="'), own, '">Walk</a></p>'), (ONE_TEXT,))[0][0] == "parts-differ"
    codes = [code for code, _, _ in told((ONE, '<p><a href="', own, '">Walk</a></p>'), (ONE_TEXT,))]
    assert "merge-tag-in-one-part" not in codes


@given(st.text(max_size=80), st.integers(4, 30))
def test_words_do_not_depend_on_where_lines_end(text: str, width: int) -> None:
    """Save those that are longer than a line, and what looks like an address."""
    words = [word for word in text.split() if word.isalpha() and word.isascii() and len(word) < width]
    assert levelled("\n".join(words)) == levelled(" ".join(words))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for passage in text_passages(text):
        assert passage.words
        assert 0 <= passage.offset < len(text)
    assert all(passage.words for passage in html_passages(read_page(text).root))
