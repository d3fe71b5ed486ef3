"""`only` and `except` blocks: the names that they give, and whether every reader gets something to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.body import heading_anchors, link_targets, says_something
from newsletter.check.each_variant import each_once
from newsletter.model.audiences import read_audience
from newsletter.model.blocks import CHOICES
from newsletter.model.document import TypedBlock, plain_words, walk_blocks
from newsletter.model.problem import error, information, warning
from newsletter.model.variants import MOST_VARIANTS, audience_names, form_for, readers_in_words, variants_of
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from newsletter.model.document import Blocks
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Settings


def audiences_are_known(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    """Lists live in the database, which a check never needs: a name that is no segment may still be right."""
    for block in _choices(issue):
        at = block.attribute_places.get("audience", block.at)
        for name in _names(block):
            if name in settings.segments or name in issue.audience:
                continue
            if guess := nearest(name, settings.segments):
                fix = f"Did you mean `{guess}`? If `{name}` is a list, all is well."
                yield warning("audience-unknown", at, f"there is no segment `{name}`", fix)
            else:
                fix = f"If it is a list, all is well; else add [segments.{name}] to newsletter.toml."
                yield information("audience-unknown", at, f"`{name}` is not a segment", fix)


def a_mailing_goes_to_lists(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    """`audience: runners` in the front matter: who means a segment would be told only when sending."""
    for name in issue.audience:
        if name in settings.segments:
            message = f"`{name}` is a segment, and a mailing goes to lists"
            fix = f'Name a list here, and put what is for them into `::: only audience="{name}"`. '
            fix += f"If there is a list `{name}` as well, all is well."
            yield warning("audience-segment", issue.place("audience"), message, fix)


def there_are_not_too_many_variants(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    if variants_of(issue.body, settings.can_share_a_reader) is None:
        names = audience_names(issue.body)
        at = next(_choices(issue)).at
        message = (
            f"the `only` and `except` blocks of this issue name {len(names)} segments and lists, which readers can be in "
            f"in too many ways; at most {MOST_VARIANTS} different mails are made"
        )
        fix = "Name fewer, or write an issue of its own for some of them."
        yield error("variants-too-many", at, message, fix)


def everybody_gets_something(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    if not says_something(issue.body):
        return  # there is nothing at all, which is told already
    for variant in variants_of(issue.body, settings.can_share_a_reader) or ():
        if not says_something(form_for(issue.body, variant.readers[0])):
            message = f"{readers_in_words(variant.name)} would get a mail without text"
            fix = "Write something for them too, or send it only to those that it is for."
            yield warning("variant-empty", next(_choices(issue)).at, message, fix)


def blocks_are_for_somebody(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    """Such as `only` walkers within `only` runners, where nobody can be both."""
    variants = variants_of(issue.body, settings.can_share_a_reader) or ()
    shown = {block.at for variant in variants for block in walk_blocks(form_for(issue.body, variant.readers[0]))}
    hidden = [block for block in _choices(issue) if _hides_all(block, shown)] if variants else []
    for block in hidden:
        if not any(inner in hidden for inner in walk_blocks(block.blocks)):
            fix = "Correct its `audience`, or that of the block around it."
            yield warning("audience-nobody", block.at, "no reader can get what stands in this block", fix)


def _hides_all(block: TypedBlock, shown: Collection[Place]) -> bool:
    """Not where its audience could not be read, which has been told."""
    places = {inner.at for inner in walk_blocks(block.blocks)}
    return bool(places and _names(block)) and places.isdisjoint(shown)


def links_lead_somewhere_for_everybody(issue: Issue, _: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    """A link to a heading that stands in a part for others."""
    variants = variants_of(issue.body, settings.can_share_a_reader) or ()
    anchors = {f"#{anchor}" for anchor in heading_anchors(issue.body)}
    forms = ((variant.name, form_for(issue.body, variant.readers[0])) for variant in variants)
    yield from each_once((name, _lost_links(form, anchors)) for name, form in forms)


def _lost_links(form: Blocks, anchors: set[str]) -> Iterator[Problem]:
    lost = anchors.difference(f"#{anchor}" for anchor in heading_anchors(form))
    for target, at in link_targets(form):
        if target in lost:
            message = f"the heading `{target}` that this link leads to is not there"
            fix = "Put the link into the part of the issue where the heading stands, or the heading where all readers get it."
            yield error("link-target", at, message, fix)


def _names(block: TypedBlock) -> tuple[str, ...]:
    return read_audience(plain_words(block.attributes.get("audience", ()))) or ()


def _choices(issue: Issue) -> Iterator[TypedBlock]:
    return (block for block in walk_blocks(issue.body) if isinstance(block, TypedBlock) and block.name in CHOICES)


RULES = (
    audiences_are_known,
    a_mailing_goes_to_lists,
    there_are_not_too_many_variants,
    everybody_gets_something,
    blocks_are_for_somebody,
    links_lead_somewhere_for_everybody,
)
