"""`:::` blocks: pairing, attributes, and what their authors get wrong."""

from __future__ import annotations

import pytest

from newsletter.model.blocks import KINDS
from newsletter.model.document import (
    BlockQuote,
    CodeBlock,
    List,
    Paragraph,
    TypedBlock,
    plain_text,
    plain_words,
    walk_blocks,
)
from newsletter.model.problem import Level
from tests.read.letters import TOP, body, issue_of, only, problem, read_body, told_in_body


def names(text: str) -> list[str]:
    blocks = issue_of(read_body(text)).body
    return [block.name for block in walk_blocks(blocks) if isinstance(block, TypedBlock)]


def attributes(text: str) -> dict[str, str]:
    block = only(text)
    assert isinstance(block, TypedBlock)
    return {key: plain_words(value) for key, value in block.attributes.items()}


def test_a_block_with_attributes_and_content() -> None:
    block = only("::: callout title=\"Before you run\" style='warning'\nAsk *first*.\n\n- a\n:::\n")
    assert isinstance(block, TypedBlock)
    assert {key: plain_words(value) for key, value in block.attributes.items()} == {
        "title": "Before you run",
        "style": "warning",
    }
    paragraph, bullets = block.blocks
    assert isinstance(paragraph, Paragraph)
    assert isinstance(bullets, List)
    assert (block.at.line, block.at.column) == (TOP, 1)
    assert {key: at.column for key, at in block.attribute_places.items()} == {"title": 13, "style": 36}


@pytest.mark.parametrize(
    "text",
    [
        '::: button href="https://example.org"\nGo\n:::',
        "::: callout\nx\n:::",
        '::: figure src="a.png" alt=""\n:::',
        '::: quote attribution="Ann"\nx\n:::',
    ],
)
def test_every_kind_is_read(text: str) -> None:
    assert names(text) == [text.split()[1]]


def test_every_kind_is_in_that_test() -> None:
    assert {"button", "callout", "figure", "quote"} <= KINDS.keys()


def test_values_may_hold_the_other_quotes_signs_and_backslashes() -> None:
    assert attributes("""::: callout title='He said "no" = [@a] `x` *y* &amp; \\n'\nx\n:::""") == {
        "title": 'He said "no" = [@a] `x` *y* &amp; \\n'
    }
    assert attributes(""":::callout   title = "it's"  \nx\n:::  """) == {"title": "it's"}


def test_a_bare_fence_closes_the_innermost_block() -> None:
    text = "::: callout\nouter\n\n::: quote\ninner\n:::\nouter again\n:::\nafter\n"
    callout, after = body(text)
    assert isinstance(callout, TypedBlock)
    first, quote, again = callout.blocks
    assert isinstance(quote, TypedBlock)
    assert [plain_text(b.content) for b in (first, *quote.blocks, again, after) if isinstance(b, Paragraph)] == [
        "outer",
        "inner",
        "outer again",
        "after",
    ]


def test_more_colons_do_the_same() -> None:
    assert names("::::: callout\n::: quote\nx\n::::\n:::") == ["callout", "quote"]


def test_blocks_in_lists_and_quotes_and_the_other_way_round() -> None:
    bullets = only("- item\n\n  ::: callout\n  - inner\n  :::\n- next\n")
    assert isinstance(bullets, List)
    assert isinstance(bullets.items[0].blocks[1], TypedBlock)
    quote = only("> ::: callout\n> x\n> :::\n> y\n")
    assert isinstance(quote, BlockQuote)
    assert isinstance(quote.blocks[0], TypedBlock)
    callout = only("::: callout\n- a\n- b\n:::")
    assert isinstance(callout, TypedBlock)
    assert isinstance(callout.blocks[0], List)
    other = only("::: callout\n> a\n:::")
    assert isinstance(other, TypedBlock)
    assert isinstance(other.blocks[0], BlockQuote)


def test_a_fence_ends_a_paragraph_without_an_empty_line() -> None:
    assert names("text\n::: callout\nx\n:::\ntext") == ["callout"]


def test_code_hides_fences() -> None:
    callout = only("::: callout\n```\n:::\n::: nope\n```\n:::")
    assert isinstance(callout, TypedBlock)
    assert isinstance(callout.blocks[0], CodeBlock)
    assert names("    ::: callout\n") == []
    assert told_in_body("`::: callout`") == []


def test_an_unclosed_block_is_told_where_it_starts_and_keeps_its_content() -> None:
    result = read_body("a\n\n  ::: callout\nx\n\n::: quote\ny\n:::\n")
    found = problem(result, "block-unclosed")
    assert (found.place.line, found.place.column) == (TOP + 2, 3)
    assert "`callout`" in found.message
    assert len(list(walk_blocks(issue_of(result).body))) == 5


def test_a_block_that_a_list_item_ends_is_unclosed() -> None:
    assert told_in_body("- ::: callout\n  x\n:::\n") == [("block-unclosed", 1, 3), ("block-stray-fence", 3, 1)]


def test_a_stray_fence_is_told() -> None:
    assert told_in_body("a\n\n  :::\n\nb") == [("block-stray-fence", 3, 3)]


def test_an_unknown_block_names_the_nearest_and_keeps_its_content() -> None:
    result = read_body("::: calout\nx\n:::")
    found = problem(result, "block-unknown")
    assert (found.level, found.place.line, found.place.column) == (Level.ERROR, TOP, 1)
    assert "`callout`" in found.fix
    assert [p.code for p in result.problems] == ["block-unknown"]
    (paragraph,) = issue_of(result).body
    assert isinstance(paragraph, Paragraph)


def test_braces_of_other_dialects_are_explained() -> None:
    assert "without braces" in problem(read_body("::: {.callout}\nx\n:::"), "block-unknown").fix


@pytest.mark.parametrize(
    ("line", "code", "column", "hint"),
    [
        ('callout titel="x"', "block-unknown-attribute", 13, "`title`"),
        ('callout zzz="x"', "block-unknown-attribute", 13, "title, style"),
        ('callout title="a" title="b"', "block-duplicate-attribute", 23, "one of the two"),
        ('callout style="loud"', "block-attribute-value", 13, 'style="note"'),
        ('callout style=""', "block-attribute-value", 13, 'style="warning"'),
        ("callout title=x", "block-syntax", 13, 'title="..."'),
        ("callout title=“x y”", "block-syntax", 13, "straight"),
        ('callout title="x y', "block-syntax", 13, "quote"),
        ("callout title", "block-syntax", 13, 'key="value"'),
        ("callout :::", "block-syntax", 13, 'key="value"'),
        ("button", "block-missing-attribute", 5, 'href="..."'),
        ('figure src="a.png"', "block-missing-attribute", 5, 'alt=""'),
        ('figure alt="x"', "block-missing-attribute", 5, 'src="..."'),
    ],
)
def test_mistakes_in_the_first_line(line: str, code: str, column: int, hint: str) -> None:
    result = read_body(f"x\n\n    \n::: {line}\nText\n:::\n")
    assert [p.code for p in result.problems] == [code]
    place = result.problems[0].place
    assert (place.line, place.column) == (TOP + 3, column if column != 5 else 1)
    assert hint in result.problems[0].fix


def test_all_mistakes_of_a_line_come_at_once() -> None:
    text = '::: figure href="x" alt=knee zzz="1" loose\ncaption\n:::'
    assert [code for code, _, _ in told_in_body(text)] == [
        "block-missing-attribute",
        "link-target",
        "block-syntax",
        "block-unknown-attribute",
        "block-syntax",
    ]


def test_a_label_is_one_paragraph() -> None:
    for content in ("a\n\nb", "- a", "## a", "> a"):
        assert "block-content" in [c for c, _, _ in told_in_body(f'::: button href="https://e.org"\n{content}\n:::')]


def test_a_button_without_label_is_an_error_and_an_empty_callout_a_warning() -> None:
    button = problem(read_body('::: button href="https://e.org"\n:::'), "block-empty")
    callout = problem(read_body("::: callout\n:::"), "block-empty")
    assert (button.level, callout.level) == (Level.ERROR, Level.WARNING)
