"""Style rules that no element of the mail can use are left out; whatever may be of use stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.inline_styles import inline_styles
from newsletter.render.unused_styles import without_unused_styles
from tests.render.issues import paragraph, rendering

if TYPE_CHECKING:
    from pathlib import Path


def kept(css: str, classes: str = "text") -> str:
    html = without_unused_styles(
        f'<html><head><style>{css}</style></head><body><p class="{classes}">a</p></body></html>'
    )
    return re.sub(r"\s+", " ", html[html.index("<style>") + 7 : html.index("</style>")]).strip()


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".text{color:red}.event{color:blue}", ".text{color:red}"),
        (".event,.text,.leaf .text{color:red}", ".text{color:red}"),
        ("p{color:red}", "p{color:red}"),
        ("/* a .text note */.text{color:red}", ".text{color:red}"),
        (
            "@media (max-width:600px){.text{color:red}.event{a:b}}.event{c:d}",
            "@media (max-width:600px){ .text{color:red}}",
        ),
        ("@font-face{font-family:x}.event{a:b}.text{c:d}", "@font-face{font-family:x} .text{c:d}"),
        ("@import url(x.css);.event{a:b} .text{c:d}", "@import url(x.css); .text{c:d}"),
        (".ExternalClass{a:b}.moz-text-html .text{c:d}#outlook a{e:f}", ".ExternalClass{a:b} .moz-text-html .text{c:d} #outlook a{e:f}"),
        ("[data-ogsc] .event{a:b}[data-ogsc] .text{c:d}", "[data-ogsc] .text{c:d}"),
        ("a[class~='text']{a:b}", "a[class~='text']{a:b}"),
        (":is(.gone,p) b,.gone:not(.text,p){a:b}", ":is(.gone,p) b{a:b}"),
        ("p:not(.gone){a:b}", "p:not(.gone){a:b}"),
        ("a[title='.gone,x'],.gone,b{a:b}", "a[title='.gone,x'],b{a:b}"),
        (":root{color-scheme:light dark}", ":root{color-scheme:light dark}"),
    ],
)  # fmt: skip
def test_only_rules_for_classes_that_are_not_there_go(css: str, left: str) -> None:
    assert kept(css) == left


@given(st.text("ab.{}@;,:/* \n", max_size=40))
def test_no_stylesheet_is_too_odd_and_doing_it_twice_changes_nothing(css: str) -> None:
    assert kept(kept(css)) == kept(css)


def test_the_words_of_an_author_are_never_taken_for_styles(tmp_path: Path) -> None:
    words = 'Write <p style="color:red; margin:0"> and class="x" or <style>.gone{a: b; c: d}</style> here.'
    mail = rendering(paragraph(words), folder=tmp_path).rendered
    html = "".join(part for part in mail.html if isinstance(part, str))
    assert "color:red; margin:0" in html
    assert ".gone{a: b; c: d}" in html


def test_style_attributes_have_no_blanks_between_their_declarations() -> None:
    html = inline_styles("<html><head><style>p{color:#000000;margin:0}</style></head><body><p>a; b</p></body></html>")
    assert '<p style="color:#000000;margin:0">a; b</p>' in html
