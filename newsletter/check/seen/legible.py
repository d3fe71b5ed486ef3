"""Letters that are hard to read: small print, justified lines, paragraphs in capitals or wholly in bold."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.mail import squashed
from newsletter.check.rulebook import Finding, form_rule, issue_rule, mail_rule
from newsletter.check.seen.contrast import sample
from newsletter.check.seen.shown import words_of_disclaimers
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.check.seen.views import LONG_ENOUGH
from newsletter.model.document import List, Paragraph, Strong, Text, TypedBlock, plain_text, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.rulebook import Content
    from newsletter.check.seen.computed import Written
    from newsletter.model.document import Blocks, Inlines

#: pixels: small print (the house rule, docs/templates.md), and running text
SMALLEST, SMALLEST_RUNNING = 13, 14
#: footnote numbers may be smaller than the text that they stand on
_RAISED = frozenset({"sup", "sub"})
#: letters of a text that people read line by line
_RUNNING = 100
#: words up to which a bold paragraph looks like a heading
_HEADING_WORDS = 8
_CAPITALS_WORDS, _CAPITALS_LETTERS = 5, 25
_LETTER = re.compile(r"[^\W\d_]")


@mail_rule("text-small", Level.WARNING)
def letters_are_large_enough(mail: Mail) -> Iterator[Finding]:
    """Text smaller than 13 pixels, or running text smaller than 14.

    Many readers cannot read it without a magnifying glass, least of all on a telephone. Our own templates have at least 13 pixels
    for small print and 16 for running text; this comes from a template of the workspace.

    Bad (templates/email/blocks/paragraph.html.j2):

        <p style="font-size:11px;color:#1f2933">{{ content }}</p>

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    for size, texts in _by_size(mail).items():
        first = texts[0]
        more = f" and {len(texts) - 1} more" if len(texts) > 1 else ""
        message = f'"{sample(first.text)}"{more}: this text has a size of {size:g} pixels'
        least, level = (SMALLEST, Level.WARNING) if size < SMALLEST else (SMALLEST_RUNNING, Level.INFORMATION)
        fix = f"Give it {least} pixels or more in the template{'' if size < SMALLEST else '; 16 are best'}."
        yield Finding(at=place_of_tag(mail, first.element, styled=True), message=message, fix=fix, level=level)


def _by_size(mail: Mail) -> dict[float, list[Written]]:
    """The texts that are too small, by their smallest size in any view."""
    styles = mail.page.styles
    disclaimers = words_of_disclaimers(mail).values()
    found: dict[float, list[Written]] = {}
    for written in styles.texts:
        letters = len(_LETTER.findall(written.text[: 2 * _RUNNING]))
        least = SMALLEST_RUNNING if letters >= _RUNNING and _is_of_the_body(mail, written) else SMALLEST
        looks = (styles.look(written.element, view) for view in styles.views)
        sizes = [look.size for look in looks if not look.out_of_sight and look.size < least]
        if sizes and letters and not _is_raised(written) and not _is_of(disclaimers, written):
            found.setdefault(round(min(sizes), 1), []).append(written)
    return found


def _is_of_the_body(mail: Mail, written: Written) -> bool:
    """The author's own words, not the small print around them."""
    return mail.place(written.element.offset).file == str(mail.issue.path)


def _is_of(disclaimers: Iterable[str], written: Written) -> bool:
    """Small print of a disclaimer is told in check/seen/shown.py."""
    piece = squashed(written.text)
    return len(piece) >= LONG_ENOUGH and any(piece in words for words in disclaimers)


def _is_raised(written: Written) -> bool:
    around = (written.element, *written.element.up())
    return any(
        element.tag in _RAISED or "vertical-align:super" in element.attributes.get("style", "") for element in around
    )


@mail_rule("text-justified", Level.INFORMATION)
def lines_are_not_justified(mail: Mail) -> Iterator[Finding]:
    """Long text that is stretched to both edges.

    Mail programs do not divide words, so justified lines have holes in them, worst on a phone. Readers with dyslexia lose the
    line. Let text run free on one side.

    Bad (templates/email/blocks/paragraph.html.j2):

        <p style="font-size:17px;color:#1f2933;text-align:justify">{{ content }}</p>

    Bad:

        Walk a little every day, at first from room to room, then around the house, then as far as the bakery and back again, and
        rest whenever it hurts.

    Good:

        Walk a little every day.
    """
    styles = mail.page.styles
    for written in (one for one in styles.texts if len(one.text) >= _RUNNING):
        look = styles.look(written.element, styles.views[0])
        if look.align == "justify" and not look.out_of_sight:
            message = f'"{sample(written.text)}" is stretched to both edges'
            fix = "Take `text-align: justify` out of the template."
            yield Finding(at=mail.place(written.element.offset), message=message, fix=fix)
            return  # it is one style for all of them


@issue_rule("paragraph-capitals", Level.INFORMATION)
def paragraphs_are_not_shouted(content: Content) -> Iterator[Finding]:
    """A paragraph that is written in capital letters.

    Capitals are read as shouting, and more slowly, since all words have the same shape; screen readers may spell them letter by
    letter. Write it as usual and put what matters into bold, or use a callout.

    Bad:

        PLEASE CALL US BEFORE YOU COME TO THE CLINIC ON A HOLIDAY.

    Good:

        Please call us **before** you come to the clinic on a holiday.
    """
    for block in walk_blocks(content.issue.body):
        if isinstance(block, Paragraph) and _is_shouted(plain_text(block.content)):
            message = f'this paragraph is written in capitals: "{sample(plain_text(block.content))}"'
            fix = "Write it as usual, and put what matters into **bold** or into a callout."
            yield Finding(at=block.at, message=message, fix=fix)


def _is_shouted(text: str) -> bool:
    """Hebrew has no capitals, and is not shouted for an abbreviation in it."""
    capitals = sum(letter.isupper() for letter in text)
    return text.isupper() and len(text.split()) >= _CAPITALS_WORDS and capitals >= _CAPITALS_LETTERS


@form_rule("paragraph-bold", Level.INFORMATION)
def headings_are_written_as_headings(content: Content) -> Iterator[Finding]:
    """A short paragraph wholly in bold that looks like a heading.

    Readers who hear the mail jump from heading to heading, and do not find this one; the list of contents lacks it, too. Write
    it with `##` or `###`.

    Bad:

        **What to bring with you**

        A list of your medicines, and comfortable shoes.

    Good:

        ## What to bring with you

        A list of your medicines, and comfortable shoes.
    """
    for blocks in _columns_of_text(content.issue.body):
        for block, after in pairwise(blocks):
            if isinstance(block, Paragraph) and isinstance(after, Paragraph | List) and _is_bold_line(block.content):
                message = f'"{sample(plain_text(block.content))}" looks like a heading, but is a paragraph in bold'
                fix = "Write it with ## or ###, so that readers who hear the mail can jump to it."
                yield Finding(at=block.at, message=message, fix=fix)


def _columns_of_text(blocks: Blocks) -> Iterator[Blocks]:
    """Runs of blocks where headings are usual: the issue's own and those of columns."""
    yield blocks
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock) and block.name == "column":
            yield block.blocks


def _is_bold_line(content: Inlines) -> bool:
    solid = [one for one in content if not (isinstance(one, Text) and not one.text.strip())]
    text = plain_text(content).strip()
    return (
        len(solid) == 1
        and isinstance(solid[0], Strong)
        and 0 < len(text.split()) <= _HEADING_WORDS
        and not text.endswith((".", "!", "?", ",", ";", "…"))
        and bool(_LETTER.search(text))
    )


RULES = (
    letters_are_large_enough,
    lines_are_not_justified,
    paragraphs_are_not_shouted,
    headings_are_written_as_headings,
)
