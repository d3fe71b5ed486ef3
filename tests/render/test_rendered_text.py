"""The text part: rendered from the model, readable without any markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.compose.slots import fill
from newsletter.model.document import CodeBlock, Image, Link, Table, Text
from newsletter.render.text_wrap import columns
from tests.render.dom import filled_text, tree
from tests.render.issues import (
    VALUES,
    at,
    bullets,
    cite,
    entries,
    everything,
    heading,
    inlines,
    link,
    paragraph,
    rendering,
    tag,
    typed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.document import Block
    from newsletter.render import Rendering


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Rendering:
    return everything(tmp_path_factory.mktemp("issue"))


def body(folder: Path, *blocks: Block) -> str:
    """What stands between the title and the signature."""
    text = filled_text(rendering(*blocks, folder=folder, references=entries()))
    return text.partition("A title\n=======\n")[2].partition("\nLarkmeadow Joint Clinic\n")[0].strip("\n")


def test_no_line_is_longer_than_78_unless_a_url_is(mail: Rendering) -> None:
    assert all(len(line) <= 78 or "://" in line for line in filled_text(mail).splitlines())


def test_every_web_link_of_the_html_is_in_the_text(mail: Rendering) -> None:
    text = filled_text(mail)
    links = tree(mail).xpath("//a[starts-with(@href, 'http')]/@href")
    assert len(links) > 15
    assert [url for url in links if url not in text] == []


def test_the_unsubscribe_link_comes_last(mail: Rendering) -> None:
    assert filled_text(mail).rstrip("\u200c\n").endswith(f"Unsubscribe: {VALUES['unsubscribe_url']}")


def test_disclaimers_and_signature_are_in_the_text(mail: Rendering) -> None:
    text = filled_text(mail)
    for words in ("In an emergency\n~~~~~~~~~~~~~~~\n", "12 Example Street", "Phone: 213-555-0142", "Care for joints"):
        assert words in text


def test_references_are_numbered_with_their_url_on_its_own_line(mail: Rendering) -> None:
    lines = filled_text(mail).splitlines()
    start = lines.index("References")
    assert lines[start + 1] == "----------"
    assert lines[start + 3].startswith("1.  Fouilleron N")
    assert "    https://doi.org/10.1302/example.10" in lines


def test_headings_are_underlined_by_level(tmp_path: Path) -> None:
    assert body(tmp_path, heading("One"), heading("Two", level=3)) == "One\n---\n\nTwo\n~~~"


def test_citations_are_numbers_in_brackets(tmp_path: Path) -> None:
    text = body(
        tmp_path,
        paragraph("A ", cite("ref1", "ref2", "ref3"), " and ", cite("ref1", "ref3", suffix="p. 4")),
        paragraph(cite("ref2", in_text=True), " say so ", cite("ref4", prefix="see")),
    )
    assert text == "A [1-3] and [1(p4), 3]\n\nFouilleron et al [2] say so [see 4]"


def test_links_show_their_target_once(tmp_path: Path) -> None:
    text = body(
        tmp_path,
        paragraph(link("here", "https://example.org/a"), " ", link("https://example.org/b", "https://example.org/b")),
        paragraph(link("ask@example.org", "mailto:ask@example.org"), " ", link("above", "#one")),
    )
    assert text == "here <https://example.org/a> <https://example.org/b>\n\n<ask@example.org> above"


def test_buttons_and_quotes_and_callouts_have_a_plain_form(tmp_path: Path) -> None:
    text = body(
        tmp_path,
        typed("button", paragraph("Book"), href="https://example.org/book"),
        typed("quote", paragraph("Well said."), attribution="A reader"),
        typed("callout", paragraph("Look out."), style="warning"),
    )
    assert text == "-> Book: https://example.org/book\n\n> Well said.\n> -- A reader\n\n| Important\n| Look out."


def test_lists_hang_and_nest(tmp_path: Path) -> None:
    long = paragraph("word " * 20)
    text = body(
        tmp_path, bullets([long], [paragraph("b"), bullets([paragraph("c")])]), bullets([paragraph("x")], start=9)
    )
    lines = text.splitlines()
    assert lines[0].startswith("- word word")
    assert lines[1].startswith("  word")
    assert lines[2:] == ["- b", "  - c", "", "9. x"]


def test_a_table_too_wide_for_a_line_is_told_row_by_row(tmp_path: Path) -> None:
    wide = Table(
        header=(inlines("Name"), inlines("Story")),
        rows=((inlines("Ana"), inlines("long " * 20)), (inlines("Bo"), inlines("short"))),
        align=(None, None),
        at=at(1),
    )
    text = body(tmp_path, wide)
    assert text.splitlines()[0] == "Name: Ana"
    assert text.endswith("Name: Bo\nStory: short")


def test_images_show_their_alternative_text(tmp_path: Path) -> None:
    picture = Image(source=("https://example.org/a.png",), alt="a knee", at=at(1))
    decoration = Image(source=("https://example.org/b.png",), alt="", at=at(1))
    figure = typed("figure", paragraph("How it bends."), src="https://example.org/c.png", alt="A knee", credit="Us")
    text = body(tmp_path, paragraph("See ", picture, decoration, "."), figure)
    assert text == "See [a knee].\n\n[A knee]\nHow it bends.\nImage: Us"


def test_code_keeps_its_spaces_and_stays_within_the_line(tmp_path: Path) -> None:
    text = body(tmp_path, CodeBlock(text=f"if x:\n    {'y' * 90}\n", at=at(1)))
    assert text.startswith("    if x:\n        yyy")
    assert max(map(columns, text.splitlines())) <= 78


@pytest.mark.parametrize("words", ["caf\u00e9", "\u00a35", "\u00bfQu\u00e9?"])
def test_text_of_latin_1_ends_with_a_character_beyond_it(words: str, tmp_path: Path) -> None:
    text = fill(rendering(paragraph(words), folder=tmp_path).rendered.text, VALUES)
    assert text.endswith("\u200c")


def test_a_readers_name_cannot_make_the_text_latin_1(tmp_path: Path) -> None:
    text = fill(
        rendering(paragraph("Dear ", tag()), folder=tmp_path).rendered.text, VALUES | {"first_name": "Ren\u00e9"}
    )
    assert text.endswith("\u200c")


@pytest.mark.parametrize("words", ["plain", "\u00a35 \u2013 \u20ac5"])
def test_other_text_needs_no_such_character(words: str, tmp_path: Path) -> None:
    assert not filled_text(rendering(paragraph(words), folder=tmp_path)).endswith("\u200c")


def test_a_table_of_contents_opens_the_text_of_a_digest(tmp_path: Path) -> None:
    text = filled_text(rendering(heading("One"), heading("Two"), folder=tmp_path, template="digest"))
    assert "In this issue:\n- One\n- Two\n\nOne\n---" in text


def test_a_link_within_a_link_is_only_its_words(tmp_path: Path) -> None:
    inner = link("inner", "https://example.org/inner")
    outer = Link(target=("https://example.org/outer",), content=(Text(text="see "), inner, cite("ref1")), at=at(1))
    root = tree(rendering(paragraph(outer), folder=tmp_path, references=entries()))
    assert not root.xpath("//a//a[@href]")
