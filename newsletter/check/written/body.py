"""The body of an issue: something to read, headings with something under them, links with words on them."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, form_rule, issue_rule
from newsletter.model.blocks import KINDS, LISTED_LEVELS
from newsletter.model.document import (
    BlockQuote,
    CodeBlock,
    Divider,
    Heading,
    Image,
    Link,
    List,
    MergeTag,
    TypedBlock,
    every_inline,
    plain_text,
    plain_words,
    walk_blocks,
    walk_inlines,
)
from newsletter.model.problem import Level
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.document import Block, Blocks
    from newsletter.model.problem import Place


#: blocks that say something without content
_TELLING = frozenset({"figure", "event", "author"})
_BOTH_ALIKE = (
    "Put the link into the part of the issue where the heading stands, or the heading where all readers get it."
)


@issue_rule("body-empty", Level.ERROR)
def there_is_something_to_read(content: Content) -> Iterator[Finding]:
    """An issue without text.

    There is nothing below the second `---` line that a reader could read.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        ---

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    if not says_something(content.issue.body):
        fix = "Write it below the second `---` line."
        yield Finding(at=content.issue.place("title"), message="the issue has no text", fix=fix)


@form_rule("heading-without-content", Level.WARNING)
def headings_have_content(content: Content) -> Iterator[Finding]:
    """A heading with nothing under it.

    The next heading of the same level, or the end, follows at once. Write the text, or remove the heading.

    Bad:

        Welcome to our autumn letter.

        ## Opening hours

        ## Who we are

        We are four.

    Good:

        Welcome to our autumn letter.

        ## Opening hours

        Monday to Friday.

        ## Who we are

        We are four.
    """
    for blocks in _sequences(content.issue.body):
        solid = [block for block in blocks if not isinstance(block, Divider)]
        for block, after in zip_longest(solid, solid[1:]):
            if isinstance(block, Heading) and _ends_section(block, after):
                message = f'nothing stands under the heading "{plain_text(block.content)}"'
                yield Finding(at=block.at, message=message, fix="Write its text, or remove the heading.")


@issue_rule("link-text-empty", Level.ERROR)
def links_have_words(content: Content) -> Iterator[Finding]:
    """A link with nothing that says where it leads.

    A linked image without alt text, or a link around white space: who hears the mail, or does not see its images, cannot tell
    where it leads. Write words, or describe the image.

    Bad:

        [![](photo.jpg)](https://example.org/stairs)

    Good:

        [![How to climb stairs](photo.jpg)](https://example.org/stairs)
    """
    issue = content.issue  # reading tells links and buttons with nothing in them
    for inline in every_inline(issue.body):
        if isinstance(inline, Link) and not plain_text(inline.content).strip() and not _is_personal(inline):
            yield _nameless("this link", inline.at)
    for block in walk_blocks(issue.body):
        if (
            isinstance(block, TypedBlock)
            and block.name == "button"
            and block.blocks
            and not says_something(block.blocks)
        ):
            yield _nameless("this button", block.at)
        if isinstance(block, TypedBlock) and block.name == "figure" and _leads_without_words(block):
            yield _nameless("this linked image has no alt text, so it", block.at)


@form_rule("link-target", Level.ERROR)
def anchors_lead_somewhere(content: Content) -> Iterator[Finding]:
    """A link that leads nowhere, or where it may not.

    A target is a whole web address with https, `mailto:` or `tel:`, or the name of a heading of this issue such as
    `#opening-hours`. In an issue with parts for some readers, the heading must be in the mail of everybody who gets the link.

    Bad:

        See the [opening hours](#hours).

        ## Opening hours

        Monday to Friday.

    Good:

        See the [opening hours](#opening-hours).

        ## Opening hours

        Monday to Friday.
    """
    anchors, elsewhere = heading_anchors(content.issue.body), set(heading_anchors(content.whole.body))
    for target, at in link_targets(content.issue.body):
        if not target.startswith("#") or target[1:] in {*anchors, "top"}:
            continue
        if target[1:] in elsewhere:
            message = f"the heading `{target}` that this link leads to is not there"
            yield Finding(at=at, message=message, fix=_BOTH_ALIKE)
        else:
            message = f"no heading of this issue is called `{target[:60]}`"
            yield Finding(at=at, message=message, fix=_known_headings(target[1:], anchors))


def _known_headings(wanted: str, anchors: list[str]) -> str:
    if guess := nearest(wanted, anchors):
        return f"Did you mean `#{guess}`?"
    return f"Headings are: {', '.join(f'#{name}' for name in anchors)}." if anchors else "There are no headings."


@form_rule("contents-empty", Level.WARNING)
def contents_have_headings(content: Content) -> Iterator[Finding]:
    """A list of contents without headings to list.

    `contents` is made from the headings of the issue. Write some with `##` or `###`, or remove the block.

    Bad:

        ::: contents
        :::

        We are open from Monday to Friday.

    Good:

        ::: contents
        :::

        ## Opening hours

        We are open from Monday to Friday.
    """
    issue = content.issue
    if any(isinstance(block, Heading) and block.level in LISTED_LEVELS for block in walk_blocks(issue.body)):
        return
    for block in typed_blocks("contents", issue.body):
        fix = "Write headings with ## or ###, or remove the block."
        yield Finding(at=block.at, message="there are no headings to list here", fix=fix)


@form_rule("block-repeated", Level.ERROR)
def contents_stand_once(content: Content) -> Iterator[Finding]:
    """A block that may stand only once in a mail stands there twice.

    Keep one of the two lists of contents.

    Bad:

        ::: contents
        :::

        ## Opening hours

        We are open from Monday to Friday.

        ::: contents
        :::

    Good:

        ::: contents
        :::

        ## Opening hours

        We are open from Monday to Friday.
    """
    issue = content.issue
    for kind in (kind for kind in KINDS.values() if kind.once):
        blocks = list(typed_blocks(kind.name, issue.body))
        for block in blocks[1:]:
            message = f"there is a `{kind.name}` already, in line {blocks[0].at.line}"
            yield Finding(at=block.at, message=message, fix="Keep one of the two.")


def typed_blocks(name: str, blocks: Blocks) -> Iterator[TypedBlock]:
    return (block for block in walk_blocks(blocks) if isinstance(block, TypedBlock) and block.name == name)


def heading_anchors(blocks: Blocks) -> list[str]:
    return [block.anchor for block in walk_blocks(blocks) if isinstance(block, Heading)]


def link_targets(blocks: Blocks) -> Iterator[tuple[str, Place]]:
    """Of links in the text and of blocks, with the place to correct."""
    yield from ((plain_words(link.target), link.at) for link in every_inline(blocks) if isinstance(link, Link))
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock) and "href" in block.attributes:
            yield plain_words(block.attributes["href"]), block.attribute_places.get("href", block.at)


def _nameless(what: str, at: Place) -> Finding:
    message = f"{what} has no words that say where it leads"
    return Finding(at=at, message=message, fix="Write them, or describe the image with alt text.")


def _is_personal(link: Link) -> bool:
    return any(isinstance(inline, MergeTag) for inline in walk_inlines(link.content))


def _leads_without_words(figure: TypedBlock) -> bool:
    href, alt = figure.attributes.get("href", ()), figure.attributes.get("alt", ())
    return bool(href) and not alt


def _ends_section(heading: Heading, after: Block | None) -> bool:
    return after is None or (isinstance(after, Heading) and after.level <= heading.level)


def _sequences(blocks: Blocks) -> Iterator[Blocks]:
    """Every run of blocks that stand side by side."""
    yield blocks
    for block in walk_blocks(blocks):
        match block:
            case List():
                yield from (item.blocks for item in block.items)
            case BlockQuote() | TypedBlock():
                yield block.blocks


def says_something(blocks: Blocks) -> bool:
    """Words, code, or a block that says something by its attributes."""
    if any(isinstance(block, TypedBlock) and block.name in _TELLING for block in walk_blocks(blocks)):
        return True
    if any(isinstance(block, CodeBlock) and block.text.strip() for block in walk_blocks(blocks)):
        return True
    return any(isinstance(i, MergeTag | Image) or plain_text((i,)).strip() for i in every_inline(blocks))


RULES = (
    there_is_something_to_read,
    headings_have_content,
    links_have_words,
    anchors_lead_somewhere,
    contents_have_headings,
    contents_stand_once,
)
