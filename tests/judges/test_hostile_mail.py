"""Whatever an author writes stays words: no script, no handler, no element that the templates did not make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.judges.mails import mail
from tests.support.chromium import NEEDS_CHROMIUM

if TYPE_CHECKING:
    from tests.judges.looked import Desk

pytestmark = NEEDS_CHROMIUM

_MADE_BY_NOBODY = """[...document.querySelectorAll("*")].filter(one =>
    ["script", "iframe", "object", "form", "input", "svg", "b", "i", "u"].includes(one.localName)
    || [...one.attributes].some(({name, value}) => name.startsWith("on") || /^javascript:/i.test(value))
).map(one => one.outerHTML)"""


def test_words_that_look_like_markup_are_words(desk: Desk) -> None:
    page = desk.show(mail("hostile-digest"))
    assert page.evaluate(_MADE_BY_NOBODY) == []
    assert (desk.said, desk.refused) == ([], [])
    words = page.inner_text("body")
    for number in (1, 2, 4, 5, 6, 8, 9, 10, 12):
        assert f"<script>alert({number})</script>" in words
    for whole in ("👨‍👩‍👧‍👦", "🏳️‍🌈", "zero\u200dwidth", "soft\u00adhyphen", 'O\'Neill "the knee"'):
        assert whole in words
    assert len(page.title()) == 500


def test_nothing_breaks_out_of_its_place(desk: Desk) -> None:
    page = desk.show(mail("hostile-digest"))
    inside = "[...document.querySelectorAll('.content, .reference, .footer')].every(one => one.closest('.hold'))"
    assert page.evaluate(inside)
    assert page.evaluate("document.body.children.length") == 2
    assert page.evaluate("document.querySelectorAll('[role=article]').length") == 1


def test_a_script_would_be_seen(desk: Desk) -> None:
    one = mail("hostile-digest")
    script = "<script>alert(1)</script><img src=https://elsewhere.example.org/x.png>"
    page = desk.show(one, one.html.replace("</body>", f"{script}</body>"))
    assert page.evaluate(_MADE_BY_NOBODY)
    assert (desk.said, desk.refused) == (["1"], ["https://elsewhere.example.org/x.png"])
