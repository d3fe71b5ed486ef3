"""Whatever authors, importers and readers write stays text, in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.compose.slots import fill
from newsletter.model.document import CodeBlock, Heading, Table
from newsletter.model.reference import Entry, Run
from newsletter.render.text_wrap import columns
from tests.render.dom import filled_html, filled_text, tree
from tests.render.issues import VALUES, at, bullets, cite, inlines, link, paragraph, rendering, settings, tag, typed

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.render import Rendering

HOSTILE = (
    '<script>alert("1")</script>',
    "\"><img src=x onerror=alert(1)> ' onmouseover='x",
    "x" * 500,
    "\u6c34" * 200,
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 and \U0001f44d\U0001f3fd",
    "\u05e9\u05dc\u05d5\u05dd 12 <b>",
    "--> ]]> <!-- {{ x }} {% y %} <% z %>",
    "a\x00b\x1b[31m\u0085\ud800c",
    "&lt;b&gt; &amp; &copy",
    'data-origin="3" <p data-origin="4">',
    "slot000000000000n0x",
)


def visible(words: str) -> str:
    kept = "".join(c for c in words if c.isprintable() or c == "\u200d" or c == "\u05dd")
    return " ".join(kept.split())


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_and_never_markup(words: str, tmp_path: Path) -> None:
    harmless, mail = (
        rendering(
            paragraph(some, cite("k")),
            Heading(level=2, content=inlines(some), anchor="h", at=at(1)),
            CodeBlock(text=some, at=at(1)),
            typed("callout", paragraph(some), title=some),
            typed("quote", paragraph(some), attribution=some),
            typed("figure", paragraph(some), src="https://example.org/i.png", alt=some, credit=some),
            typed("author", paragraph(some), name=some, role=some, src="https://example.org/i.png", alt=some),
            typed(
                "event", paragraph(some), title=some, place=some, start="2026-12-08T18:00", href="https://example.org"
            ),
            typed("contents", title=some),
            typed("columns", typed("column", paragraph(some)), typed("column", paragraph(some))),
            typed("related", bullets([paragraph(link(some, "https://example.org"))]), title=some),
            typed("table", Table(header=(inlines(some),), rows=(), align=(None,), at=at(1)), caption=some),
            paragraph(link(some, "https://example.org/?q=" + some)),
            folder=tmp_path,
            title=some,
            authors=(some,),
            subject=(some,),
            preheader=(some,),
            references=(
                Entry(
                    key="k",
                    number=1,
                    runs=(Run(text=some, italic=True),),
                    url="https://x.example/" + some,
                    authors=some,
                ),
            ),
        )
        for some in ("harmless", words)
    )
    assert mail.problems == ()
    assert _elements(mail) == _elements(harmless)
    heading = " ".join(tree(mail).findtext(".//h1").split())
    assert heading == visible(words)
    assert filled_html(mail).isascii()
    assert all(columns(line) <= 78 or "://" in line for line in filled_text(mail).splitlines())


def _elements(mail: Rendering) -> list[tuple[str, list[str]]]:
    """Tags with their attributes; the direction is that of the words."""
    elements = (element for element in tree(mail).iter() if isinstance(element.tag, str))
    return [(element.tag, sorted(set(element.keys()) - {"dir"})) for element in elements]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " java\nscript:x", "data:text/html,x", "page.html", "//x", "", "http://[x"]
)
def test_a_link_that_no_reader_should_follow_leads_nowhere(url: str, tmp_path: Path) -> None:
    mail = rendering(paragraph(link("here", url)), folder=tmp_path)
    assert tree(mail).xpath("//a[text()='here']/@href") == ["#"]


def test_addresses_beyond_ascii_arrive_in_both_parts(tmp_path: Path) -> None:
    mail = rendering(
        paragraph(link("x", "https://m\u00fcller.example:8080/\u00e9 t\u00e9?q=\u20ac&a=%20#\u00fc")), folder=tmp_path
    )
    wanted = "https://xn--mller-kva.example:8080/%C3%A9%20t%C3%A9?q=%E2%82%AC&a=%20#%C3%BC"
    assert tree(mail).xpath("//a[text()='x']/@href") == [wanted]
    assert f"x\n<{wanted}>\n" in filled_text(mail)


def test_a_readers_values_are_escaped_for_their_place(tmp_path: Path) -> None:
    mail = rendering(
        paragraph("Dear ", tag(), link("page", tag("page", None)), link("search", "https://example.org/?q=", tag())),
        folder=tmp_path,
        preheader=("Hi ", tag()),
        subject=("For ", tag()),
    )
    values = VALUES | {"first_name": '<b>"A&B"</b>\r\nBcc: x', "page": "javascript:alert(1)"}
    root = tree(mail)
    html = fill(mail.rendered.html, values)
    assert "<b>" not in html
    assert "&lt;b&gt;&quot;A&amp;B&quot;&lt;/b&gt;" in html
    assert 'href="https://example.org/?q=%3Cb%3E%22A%26B%22%3C%2Fb%3E' in html
    assert 'href="#"' in html
    assert "\n" not in fill(mail.rendered.subject, values)
    assert root.xpath("//a[text()='page']/@href") == ["#"]


def test_the_same_marks_are_kept_apart_from_what_an_author_writes(tmp_path: Path) -> None:
    mail = rendering(paragraph("slot", tag(), "n0x"), folder=tmp_path)
    assert "slotAnan0x" in tree(mail).text_content()


def test_settings_with_markup_are_text(tmp_path: Path) -> None:
    newsletter = {"name": "Care & <Joints>", "base_url": "https://news.example.org"}
    mail = rendering(folder=tmp_path, settings=settings(newsletter=newsletter))
    assert "Care & <Joints>" in tree(mail).text_content()
    assert "Care & <Joints>" in filled_text(mail)
