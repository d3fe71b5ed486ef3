"""Markdown that its author nearly wrote: headings, tables and blocks that stay text, and text that becomes code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import is_fenced, typed_text
from newsletter.model.blocks import KINDS
from newsletter.model.document import CodeBlock, Table, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_HEADING = re.compile(rf"[ >]{{0,6}}(#{{1,6}})(?!\w{{1,40}}##)(?=[\w\"'¿¡\u201e\u201c\u00ab{COVER}])")
_BLOCK = re.compile(rf"[ >]{{0,6}}(::)[ \t]*({'|'.join(KINDS)})(?![\w:])")
_BLOCK_INSIDE = re.compile(rf"[^\s:>][ \t]+(:::)[ \t]*({'|'.join(KINDS)})(?=[ \t]+\w+=|[ \t]*$)")
_ROW = re.compile(r"[ >]{0,6}\|[ \t].*\|[ \t]*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE_LIKE = re.compile(r"[{};=<>$\\`]|\(\)|\s--\w|^\s*[#%$]")
_MARKDOWN = re.compile(r"\s*(?:[-*+] \S|\d{1,3}[.)] \S|:::|#{1,6} \S|> \S|!?\[[^\]\n]{1,100}\]\()")
_FEWEST_WORDS = 4


@issue_rule("heading-not-read", Level.WARNING)
def headings_are_read(content: Content) -> Iterator[Finding]:
    """A heading without a space behind its number signs.

    `## Opening hours` is a heading; `##Opening hours` is a paragraph that begins with number signs.

    Bad:

        We have moved.

        ##Opening hours

        Monday to Friday.

    Good:

        We have moved.

        ## Opening hours

        Monday to Friday.
    """
    typed = typed_text(content)
    lines = list(typed.lines())
    for index, (start, line) in enumerate(lines):
        found = _HEADING.match(line)
        if found and (len(found[1]) > 1 or _is_a_title(line, lines[max(0, index - 1) : index + 2])):
            message = f'there is no space behind `{found[1]}`, so this is no heading: "{line.strip()[:40]}"'
            fix = f"Write `{'#' * max(2, len(found[1]))} ` with a space behind it."
            yield Finding(at=typed.at(start + found.start(1)), message=message, fix=fix)


def _is_a_title(line: str, around: list[tuple[int, str]]) -> bool:
    """One number sign may begin a hashtag in a sentence; a title stands alone, and is neither a number nor several tags."""
    alone = sum(1 for _, other in around if other.strip()) == 1
    return (
        alone
        and line.count("#") == 1
        and not line.rstrip().endswith((".", "!", "?"))
        and not line.lstrip()[1].isdigit()
    )


@issue_rule("table-not-read", Level.WARNING)
def tables_are_read(content: Content) -> Iterator[Finding]:
    """Rows of a table that stay text, with their bars.

    Below the header of a table stands a line of hyphens with as many cells as the header, and no empty line may stand between
    the rows.

    Bad:

        | Day    | Hours |
        | Monday | 8-12  |

    Good:

        | Day    | Hours |
        | ------ | ----- |
        | Monday | 8-12  |
    """
    typed = typed_text(content)
    tables = {block.at.line for block in walk_blocks(content.whole.body) if isinstance(block, Table)}
    within = told = False
    for number, (start, line) in enumerate(typed.lines(), 1):
        is_row = bool(_ROW.fullmatch(line)) and line.count("|") > 2
        within = number in tables or (within and bool(line.strip()))
        if is_row and not within and not told:
            message = f'this row is no part of a table, so readers see its bars: "{line.strip()[:40]}"'
            fix = "Put a line such as `| --- | --- |` below the header, with as many cells, and no empty line between rows."
            yield Finding(at=typed.at(start + line.index("|")), message=message, fix=fix)
        told = (told or is_row) and not within and bool(line.strip())


@issue_rule("block-not-read", Level.WARNING)
def blocks_are_read(content: Content) -> Iterator[Finding]:
    """A block with two colons instead of three, or one that does not begin its line.

    A block begins with a line `::: button href="..."`: three colons at the start of the line, then its name.

    Bad:

        ::button href="https://example.org/book"
        Book a visit

    Good:

        ::: button href="https://example.org/book"
        Book a visit
        :::
    """
    typed = typed_text(content)
    for start, line in typed.lines():
        for pattern, why in ((_BLOCK, "has two colons"), (_BLOCK_INSIDE, "does not begin its line")):
            if found := pattern.match(line) if pattern is _BLOCK else pattern.search(line):
                message = f"this `{found[2]}` {why}, so it is no block but text"
                fix = f"Begin a line with three colons: `::: {found[2]} ...`, and end the block with a line `:::`."
                yield Finding(at=typed.at(start + found.start(1)), message=message, fix=fix)


@issue_rule("code-by-accident", Level.WARNING)
def indentation_is_meant(content: Content) -> Iterator[Finding]:
    """Ordinary words that became code because they stand four spaces to the right.

    Markdown reads lines that begin with four spaces or a tab as code: readers get them in a typewriter's letters, and nothing
    in them is bold or a link. Remove the spaces. Code that is meant stands between two lines of three backticks.

    Bad:

        Dear readers,

            We are closed on Monday and open again on Tuesday.

    Good:

        Dear readers,

        We are closed on Monday and open again on Tuesday.
    """
    source = content.source.split("\n")
    for block in walk_blocks(content.whole.body):
        if (
            isinstance(block, CodeBlock)
            and 0 < block.at.line <= len(source)
            and not is_fenced(source[block.at.line - 1])
        ):
            first = block.text.strip().partition("\n")[0]
            if _is_prose(block.text):
                message = f'these words become code, because they begin with four spaces or a tab: "{first[:40]}"'
                fix = "Remove the spaces; put code that is meant between two lines of three backticks."
                yield Finding(at=block.at, message=message, fix=fix)


def _is_prose(text: str) -> bool:
    """Sentences or Markdown, and nothing that only code has."""
    if _MARKDOWN.match(text):
        return True
    words, letters = _WORD.findall(text), sum(character.isalpha() or character.isspace() for character in text)
    starts_so = text.strip()[:1].isupper() or not text.isascii() or text.rstrip().endswith((".", "!", "?", ":", ","))
    return len(words) >= _FEWEST_WORDS and starts_so and letters > 0.8 * len(text) and not _CODE_LIKE.search(text)


RULES = (headings_are_read, tables_are_read, blocks_are_read, indentation_is_meant)
