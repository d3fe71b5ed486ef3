"""`only` and `except` blocks: the names that they give, and whether every reader gets something to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.body import says_something
from newsletter.model.audiences import read_audience
from newsletter.model.blocks import CHOICES
from newsletter.model.document import TypedBlock, plain_words, walk_blocks
from newsletter.model.problem import Level
from newsletter.model.variants import MOST_VARIANTS, audience_names, form_for, readers_in_words, variants_of
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place


@issue_rule("audience-unknown", Level.WARNING)
def audiences_are_known(content: Content) -> Iterator[Finding]:
    """A name in `only` or `except` that is no segment.

    It is a warning where a segment has nearly this name. It may also be a list, and then all is well: lists live in the
    database, which a check never needs. Sending stops if it is neither.

    Bad (newsletter.toml):

        [attributes]
        sport = { type = "choice", choices = ["running", "walking"] }
        [segments.runners]
        attribute = "sport"
        equals = "running"

    Bad:

        Welcome to our autumn letter.

        ::: only audience="runer"
        Rest for two weeks before you run.
        :::

    Good (newsletter.toml):

        [attributes]
        sport = { type = "choice", choices = ["running", "walking"] }
        [segments.runners]
        attribute = "sport"
        equals = "running"

    Good:

        Welcome to our autumn letter.

        ::: only audience="runners"
        Rest for two weeks before you run.
        :::
    """
    issue, settings = content.issue, content.settings
    for block in _choices(issue):
        at = block.attribute_places.get("audience", block.at)
        for name in _names(block):
            if name in settings.segments or name in issue.audience:
                continue
            if guess := nearest(name, settings.segments):
                fix = f"Did you mean `{guess}`? If `{name}` is a list, all is well."
                yield Finding(at=at, message=f"there is no segment `{name}`", fix=fix)
            else:
                fix = f"If it is a list, all is well; else add [segments.{name}] to newsletter.toml."
                message = f"`{name}` is not a segment"
                yield Finding(at=at, message=message, fix=fix, level=Level.INFORMATION)


@issue_rule("audience-segment", Level.WARNING)
def a_mailing_goes_to_lists(content: Content) -> Iterator[Finding]:
    """An audience without a list.

    A mailing goes to lists, and a segment narrows it. Name a list beside the segment, put `list = "..."` into the segment, or
    put what is for the segment into an `only` block.

    Bad (newsletter.toml):

        [attributes]
        sport = { type = "choice", choices = ["running", "walking"] }
        [segments.runners]
        attribute = "sport"
        equals = "running"

    Bad:

        ---
        title: Walking after a knee operation
        audience: runners
        ---

        Rest for two weeks before you run.

    Good (newsletter.toml):

        [attributes]
        sport = { type = "choice", choices = ["running", "walking"] }
        [segments.runners]
        attribute = "sport"
        equals = "running"

    Good:

        ---
        title: Walking after a knee operation
        audience: [friends, runners]
        ---

        Rest for two weeks before you run.
    """
    issue, settings = content.issue, content.settings
    segments = [name for name in issue.audience if name in settings.segments]
    if len(segments) < len(issue.audience) or any(settings.sharing.names_its_list(name) for name in segments):
        return
    for name in segments:
        message = f"`{name}` is a segment that names no list, and a mailing goes to lists"
        fix = f"Name a list here too, or put `list` into [segments.{name}] of newsletter.toml. "
        fix += f"If there is a list `{name}` as well, all is well."
        yield Finding(at=issue.place("audience"), message=message, fix=fix)


@issue_rule("variants-too-many", Level.ERROR, must=True)
def there_are_not_too_many_variants(content: Content) -> Iterator[Finding]:
    """Blocks that make more than 32 different mails, or name too many lists.

    Each combination of `only` and `except` that a reader can be in is a mail of its own, which is rendered and checked. Name
    fewer segments and lists, or write another issue for some of them.

    Bad:

        Welcome to our autumn letter.

        ::: only audience="one"
        A
        :::
        ::: only audience="two"
        B
        :::
        ::: only audience="three"
        C
        :::
        ::: only audience="four"
        D
        :::
        ::: only audience="five"
        E
        :::
        ::: only audience="six"
        F
        :::

    Good:

        Welcome to our autumn letter.

        ::: only audience="one"
        A
        :::
    """
    issue, settings = content.issue, content.settings
    if variants_of(issue.body, settings.can_share_a_reader) is None:
        names = audience_names(issue.body)
        at = next(_choices(issue)).at
        message = (
            f"the `only` and `except` blocks of this issue name {len(names)} segments and lists, which readers can be in "
            f"in too many ways; at most {MOST_VARIANTS} different mails are made"
        )
        fix = "Name fewer, or write an issue of its own for some of them."
        yield Finding(at=at, message=message, fix=fix)


@issue_rule("variant-empty", Level.WARNING)
def everybody_gets_something(content: Content) -> Iterator[Finding]:
    """Readers who would get a mail without text.

    All that the issue says stands in parts for others. Write something for them too, or send it only to those that it is for.

    Bad:

        ::: only audience="runners"
        Rest for two weeks before you run.
        :::

    Good:

        Welcome to our autumn letter.

        ::: only audience="runners"
        Rest for two weeks before you run.
        :::
    """
    issue, settings = content.issue, content.settings
    if not says_something(issue.body):
        return  # there is nothing at all, which is told already
    for variant in variants_of(issue.body, settings.can_share_a_reader) or ():
        if not says_something(form_for(issue.body, variant.readers[0])):
            message = f"{readers_in_words(variant.name)} would get a mail without text"
            fix = "Write something for them too, or send it only to those that it is for."
            yield Finding(at=next(_choices(issue)).at, message=message, fix=fix)


@issue_rule("audience-nobody", Level.WARNING)
def blocks_are_for_somebody(content: Content) -> Iterator[Finding]:
    """A block that no reader can get.

    Such as `only` walkers within `only` runners, where nobody can be both. Correct its `audience`, or that of the block around
    it.

    Bad:

        Welcome to our autumn letter.

        ::: only audience="runners"
        Rest for two weeks before you run.

        ::: except audience="runners"
        Walk every day.
        :::
        :::

    Good:

        Welcome to our autumn letter.

        ::: only audience="runners"
        Rest for two weeks before you run.
        :::

        ::: except audience="runners"
        Walk every day.
        :::
    """
    issue, settings = content.issue, content.settings
    variants = variants_of(issue.body, settings.can_share_a_reader) or ()
    shown = {block.at for variant in variants for block in walk_blocks(form_for(issue.body, variant.readers[0]))}
    hidden = [block for block in _choices(issue) if _hides_all(block, shown)] if variants else []
    for block in hidden:
        if not any(inner in hidden for inner in walk_blocks(block.blocks)):
            fix = "Correct its `audience`, or that of the block around it."
            yield Finding(at=block.at, message="no reader can get what stands in this block", fix=fix)


def _hides_all(block: TypedBlock, shown: Collection[Place]) -> bool:
    """Not where its audience could not be read, which has been told."""
    places = {inner.at for inner in walk_blocks(block.blocks)}
    return bool(places and _names(block)) and places.isdisjoint(shown)


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
)
