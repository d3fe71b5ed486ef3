"""The body of an issue: something to read, headings with something under them, links with words on them."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

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
from newsletter.model.moments import ends_before, read_moment
from newsletter.model.problem import error, warning
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.document import Block, Blocks
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Settings


#: blocks that say something without content
_TELLING = frozenset({"figure", "event", "author"})


def there_is_something_to_read(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    if not says_something(issue.body):
        yield error(
            "body-empty", issue.place("title"), "the issue has no text", "Write it below the second `---` line."
        )


def headings_have_content(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    for blocks in _sequences(issue.body):
        solid = [block for block in blocks if not isinstance(block, Divider)]
        for block, after in zip_longest(solid, solid[1:]):
            if isinstance(block, Heading) and _ends_section(block, after):
                message = f'nothing stands under the heading "{plain_text(block.content)}"'
                yield warning("heading-without-content", block.at, message, "Write its text, or remove the heading.")


def links_have_words(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    """Reading tells links and buttons with nothing in them; here are those whose content nobody can see or hear."""
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


def anchors_lead_somewhere(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    """A link to a heading of the same issue needs a heading of that name; check/variants.py looks at each mail."""
    anchors = heading_anchors(issue.body)
    for target, at in link_targets(issue.body):
        if target.startswith("#") and target[1:] not in {*anchors, "top"}:
            guess = nearest(target[1:], anchors)
            known = (
                f"Headings are: {', '.join(f'#{name}' for name in anchors)}." if anchors else "There are no headings."
            )
            fix = f"Did you mean `#{guess}`?" if guess else known
            yield error("link-target", at, f"no heading of this issue is called `{target[:60]}`", fix)


def events_end_after_they_begin(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    zone = ZoneInfo(settings.newsletter.timezone)
    for block in _typed("event", issue.body):
        start, end = (read_moment(plain_words(block.attributes.get(name, ()))) for name in ("start", "end"))
        if start and end and ends_before(start, end, zone):
            place = block.attribute_places.get("end", block.at)
            yield error("event-times", place, "this event ends before it begins", "Correct `start` or `end`.")


def contents_have_headings(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    if any(isinstance(block, Heading) and block.level in LISTED_LEVELS for block in walk_blocks(issue.body)):
        return
    for block in _typed("contents", issue.body):
        fix = "Write headings with ## or ###, or remove the block."
        yield warning("contents-empty", block.at, "there are no headings to list here", fix)


def contents_stand_once(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    for kind in (kind for kind in KINDS.values() if kind.once):
        blocks = list(_typed(kind.name, issue.body))
        for block in blocks[1:]:
            message = f"there is a `{kind.name}` already, in line {blocks[0].at.line}"
            yield error("block-repeated", block.at, message, "Keep one of the two.")


def _typed(name: str, blocks: Blocks) -> Iterator[TypedBlock]:
    return (block for block in walk_blocks(blocks) if isinstance(block, TypedBlock) and block.name == name)


def heading_anchors(blocks: Blocks) -> list[str]:
    return [block.anchor for block in walk_blocks(blocks) if isinstance(block, Heading)]


def link_targets(blocks: Blocks) -> Iterator[tuple[str, Place]]:
    """Of links in the text and of blocks, with the place to correct."""
    yield from ((plain_words(link.target), link.at) for link in every_inline(blocks) if isinstance(link, Link))
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock) and "href" in block.attributes:
            yield plain_words(block.attributes["href"]), block.attribute_places.get("href", block.at)


def _nameless(what: str, at: Place) -> Problem:
    message = f"{what} has no words that say where it leads"
    return error("link-text-empty", at, message, "Write them, or describe the image with alt text.")


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


RULES = (there_is_something_to_read, links_have_words, anchors_lead_somewhere, events_end_after_they_begin)
#: these look at each variant by itself
FORM_RULES = (headings_have_content, contents_have_headings, contents_stand_once)
