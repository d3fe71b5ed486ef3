"""`only` and `except` blocks: the names that they give, and whether every reader gets something to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.body import says_something
from newsletter.model.audiences import read_audience
from newsletter.model.document import TypedBlock, plain_words, walk_blocks
from newsletter.model.problem import error, information, warning
from newsletter.model.variants import MOST_NAMES, MOST_VARIANTS, audience_names, form_for, variants_of
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Settings


def audiences_are_known(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    """Lists live in the database, which a check never needs: a name that is no segment may still be right."""
    for block in _choices(issue):
        at = block.attribute_places.get("audience", block.at)
        for name in read_audience(plain_words(block.attributes.get("audience", ()))) or ():
            if name in settings.segments or name in issue.audience:
                continue
            if guess := nearest(name, settings.segments):
                fix = f"Did you mean `{guess}`? If `{name}` is a list, all is well."
                yield warning("audience-unknown", at, f"there is no segment `{name}`", fix)
            else:
                fix = f"If it is a list, all is well; else add [segments.{name}] to newsletter.toml."
                yield information("audience-unknown", at, f"`{name}` is not a segment", fix)


def there_are_not_too_many_variants(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    if variants_of(issue.body, settings.can_share_a_reader) is None:
        names = audience_names(issue.body)
        at = next(_choices(issue)).at
        message = (
            f"the `only` and `except` blocks of this issue name {len(names)} segments and lists, which makes more than "
            f"{MOST_VARIANTS} different mails"
        )
        fix = f"Name fewer (at most {MOST_NAMES}), or write an issue of its own for some of them."
        yield error("variants-too-many", at, message, fix)


def everybody_gets_something(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    if not says_something(issue.body):
        return  # there is nothing at all, which is told already
    for variant in variants_of(issue.body, settings.can_share_a_reader) or ():
        if not says_something(form_for(issue.body, variant.readers[0])):
            who = f"readers in {variant.name}" if variant.name else "readers in none of its segments"
            fix = "Write something for them too, or send it only to those that it is for."
            yield warning("variant-empty", next(_choices(issue)).at, f"{who} would get a mail without text", fix)


def blocks_are_for_somebody(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    """Such as `only` walkers within `only` runners, where nobody can be both."""
    variants = variants_of(issue.body, settings.can_share_a_reader) or ()
    shown = {block.at for variant in variants for block in walk_blocks(form_for(issue.body, variant.readers[0]))}
    for block in _choices(issue) if variants else ():
        if block.blocks and shown.isdisjoint(inner.at for inner in walk_blocks(block.blocks)):
            fix = "Correct its `audience`, or that of the block around it."
            yield warning("audience-nobody", block.at, "no reader can get what stands in this block", fix)


def _choices(issue: Issue) -> Iterator[TypedBlock]:
    return (
        block for block in walk_blocks(issue.body) if isinstance(block, TypedBlock) and block.name in {"only", "except"}
    )


RULES = (
    audiences_are_known,
    there_are_not_too_many_variants,
    everybody_gets_something,
    blocks_are_for_somebody,
)
