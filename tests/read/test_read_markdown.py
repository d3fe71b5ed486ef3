"""CommonMark with tables -> the tree."""

from __future__ import annotations

from newsletter.model.document import (
    Align,
    BlockQuote,
    CodeBlock,
    Divider,
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    Paragraph,
    Strong,
    Table,
    Text,
    TypedBlock,
    plain_text,
    plain_words,
    walk_blocks,
)
from newsletter.model.problem import Level
from tests.read.letters import TOP, body, inlines, issue_of, only, problem, read, read_body, told_in_body


def anchors(text: str) -> list[str]:
    blocks = issue_of(read_body(text)).body
    return [block.anchor for block in walk_blocks(blocks) if isinstance(block, Heading)]


def test_paragraphs_emphasis_and_line_breaks() -> None:
    paragraph = only("One *two **three*** four  \nfive\\\nsix\nseven")
    assert isinstance(paragraph, Paragraph)
    assert paragraph.content == (
        Text(text="One "),
        Emphasis(content=(Text(text="two "), Strong(content=(Text(text="three"),)))),
        Text(text=" four"),
        LineBreak(),
        Text(text="five"),
        LineBreak(),
        Text(text="six seven"),
    )


def test_escapes_and_entities_join_with_the_text_around_them() -> None:
    assert inlines(r"a \* b &amp; c &eacute; \_d\_") == [Text(text="a * b & c é _d_")]


def test_lists() -> None:
    bullets, numbers = body("- a\n- b\n  - c\n\n3. x\n\n4. y\n")
    assert isinstance(bullets, List)
    assert (bullets.start, bullets.tight, len(bullets.items)) == (None, True, 2)
    assert isinstance(bullets.items[1].blocks[1], List)
    assert isinstance(numbers, List)
    assert (numbers.start, numbers.tight, len(numbers.items)) == (3, False, 2)
    assert (numbers.items[1].at.line, numbers.items[1].at.column) == (TOP + 6, 1)


def test_an_ordinary_numbered_list_starts_with_one() -> None:
    numbers = only("1. x\n2. y")
    assert isinstance(numbers, List)
    assert numbers.start == 1


def test_quotes_code_and_dividers() -> None:
    quote, divider, fenced, _, indented = body("> a\n>\n> b\n\n---\n\n```python\nx = 1\n```\n\nz\n\n    y\n")
    assert isinstance(quote, BlockQuote)
    assert len(quote.blocks) == 2
    assert isinstance(divider, Divider)
    assert isinstance(fenced, CodeBlock)
    assert isinstance(indented, CodeBlock)
    assert (fenced.text, indented.text) == ("x = 1\n", "y\n")


def test_a_table() -> None:
    table = only("| Name | Age |  |\n|:--|--:|:-:|\n| *Ann* | 5 \\| 6 | x |\n| Bo | | |\n")
    assert isinstance(table, Table)
    assert table.align == (Align.LEFT, Align.RIGHT, Align.CENTER)
    assert table.header == ((Text(text="Name"),), (Text(text="Age"),), ())
    assert table.rows == (
        ((Emphasis(content=(Text(text="Ann"),)),), (Text(text="5 | 6"),), (Text(text="x"),)),
        ((Text(text="Bo"),), (), ()),
    )


def test_a_table_without_alignment_leaves_it_to_the_client() -> None:
    table = only("a | b\n--|--\nc | d\n")
    assert isinstance(table, Table)
    assert table.align == (None, None)


def test_words_that_a_table_would_drop_are_told() -> None:
    assert told_in_body("| a | b |\n|---|---|\n| c | d |\n| e | f | g |\n") == [("table-cells", 4, 8)]
    assert told_in_body("> | a | b |\n> |---|---|\n> | e | f | g\n") == [("table-cells", 3, 10)]
    assert told_in_body("a | b\n--|--\nc | c |\nd |\n") == []


def test_a_row_that_lacks_a_cell_is_told() -> None:
    assert told_in_body("| a | b |\n|---|---|\n| c |\n| d | |\n| `x` \\| y | z\n") == [("table-cells", 3, 1)]


def test_places_of_paragraphs_in_lists_and_quotes() -> None:
    blocks = body("> - one\n>\n>   two\n")
    places = [(b.at.line - TOP + 1, b.at.column) for b in walk_blocks(blocks) if isinstance(b, Paragraph)]
    assert places == [(1, 5), (3, 5)]


def test_raw_html_is_shown_and_told_once_per_place() -> None:
    text = 'A <b>bold</b> <br/> word\n\n<div class="x">\n<!-- note -->\n</div> & </span> <a\nhref="y">\n\n1 < 2 > 0 <3'
    assert told_in_body(text) == [
        ("raw-html", 1, 3),
        ("raw-html", 1, 15),
        ("raw-html", 3, 1),
        ("raw-html", 4, 1),
        ("raw-html", 5, 10),
        ("raw-html", 5, 18),
    ]
    assert inlines("A <b>bold</b>") == [Text(text="A <b>bold</b>")]
    found = read_body("A <b>bold</b>").problems[0]
    assert found.level is Level.WARNING
    assert "**bold**" in found.fix


def test_a_heading_of_level_one_is_an_error_and_kept_as_level_two() -> None:
    result = read_body("# Knees\n\nx\n\nHips\n====\n")
    assert [(p.code, p.level, p.place.line) for p in result.problems] == [
        ("heading-level", Level.ERROR, TOP),
        ("heading-level", Level.ERROR, TOP + 4),
    ]
    assert [block.level for block in issue_of(result).body if isinstance(block, Heading)] == [2, 2]


def test_a_skipped_heading_level_is_told() -> None:
    assert told_in_body("## a\n\n#### b\n\n##### c\n\n## d\n") == [("heading-skip", 3, 1)]
    assert told_in_body("### a") == [("heading-skip", 1, 1)]


def test_words_underlined_by_a_divider_are_told() -> None:
    assert told_in_body("Some words\n---\n") == [("heading-underlined", 1, 1)]


def test_a_heading_without_words_is_told_and_left_out() -> None:
    assert told_in_body("##\n\nx") == [("heading-empty", 1, 1)]


def test_anchors_are_unique_ascii() -> None:
    text = "## Über *Größe* & Co.\n\n## Über Größe & Co\n\n## Über Größe co 2\n\n## 你好\n\n## {{ city }}\n\n## ???\n"
    assert anchors(text) == [
        "uber-grosse-co",
        "uber-grosse-co-2",
        "uber-grosse-co-2-2",
        "section-4",
        "section-5",
        "section-6",
    ]


def test_headings_in_blocks_are_fine() -> None:
    assert anchors("::: callout\n## Inside\n:::\n\n## Outside") == ["inside", "outside"]


def test_an_image_alone_in_its_paragraph_is_a_figure() -> None:
    figure = only("![A knee &amp; a {{ city | default('hip') }}](knee.jpg)")
    assert isinstance(figure, TypedBlock)
    assert figure.name == "figure"
    assert {key: plain_words(value) for key, value in figure.attributes.items()} == {
        "src": "knee.jpg",
        "alt": "A knee & a hip",
    }
    assert figure.blocks == ()
    assert figure.at.line == TOP


def test_the_title_of_such_an_image_is_its_caption() -> None:
    figure = only('![x](knee.jpg "A *knee* [@a]")', "a")
    assert isinstance(figure, TypedBlock)
    (caption,) = figure.blocks
    assert isinstance(caption, Paragraph)
    assert plain_text(caption.content) == "A knee "
    assert len(caption.content) == 4


def test_a_linked_image_alone_is_a_figure_with_a_link() -> None:
    figure = only("[![x](knee.jpg)](https://example.org)")
    assert isinstance(figure, TypedBlock)
    assert plain_words(figure.attributes["href"]) == "https://example.org"


def test_an_image_within_a_line_stays_there() -> None:
    image = next(i for i in inlines("See ![an *x* [@a]](x.png) here", "a") if isinstance(i, Image))
    assert (image.source, image.alt, image.at.column) == (("x.png",), "an x [@a]", 5)


def test_links_by_definition() -> None:
    link = next(i for i in inlines("See [this page][p].\n\n[p]: https://example.org\n") if isinstance(i, Link))
    assert link.target == ("https://example.org",)
    assert link.content == (Text(text="this page"),)


def test_nothing_is_percent_encoded() -> None:
    for target in ("https://example.org/ä?q=%20&x=[1]", "https://bücher.example/"):
        link = next(i for i in inlines(f"[x]({target})") if isinstance(i, Link))
        assert link.target == (target,)


def test_a_title_of_a_link_is_told_not_to_be_shown() -> None:
    assert told_in_body('[x](https://example.org "More")') == [("title-not-shown", 1, 1)]


def test_a_link_without_words_is_told() -> None:
    assert told_in_body("a [](https://example.org) b") == [("link-empty", 1, 3)]


def test_code_that_is_not_closed_is_told() -> None:
    assert told_in_body("x\n\n```\ncode\n\n## not a heading\n") == [("code-unclosed", 3, 1)]
    assert told_in_body("> ~~~\n> code\n> ~~~\n\n- ```\n  x\n  ```\n") == []


def test_deep_nesting_is_one_problem() -> None:
    for text in (
        ">" * 21 + " x",
        "\n".join("  " * depth + "- x" for depth in range(22)),
        "::: callout\n" * 21 + "x\n" + ":::\n" * 21,
    ):
        result = read_body(text)
        assert [p.code for p in result.problems if p.level is Level.ERROR] == ["nesting-too-deep"]
        assert problem(result, "nesting-too-deep").place.line >= TOP
    assert read_body(">" * 20 + " x").problems == ()
    assert read_body("\n".join("  " * depth + "- x" for depth in range(20))).problems == ()


def test_deep_emphasis_keeps_its_words() -> None:
    result = read_body("*a " * 30 + "b" + " c*" * 30)
    assert [p.code for p in result.problems] == ["nesting-too-deep"]
    assert "".join(i.text for i in inlines("*a " * 30 + "b" + " c*" * 30) if isinstance(i, Text)).count("a") == 30


def test_places_count_from_the_top_of_the_file() -> None:
    result = read("---\ntitle: T\n---\n\n\ntext <b>\n")
    assert (result.problems[0].place.line, result.problems[0].place.column) == (6, 6)
