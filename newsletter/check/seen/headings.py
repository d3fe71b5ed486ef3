"""The headings of the finished mail, as a screen reader lists them (https://www.w3.org/WAI/tutorials/page-structure/headings/)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, form_rule, mail_rule
from newsletter.check.seen.images import seen
from newsletter.model.document import Heading, plain_text, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Blocks
    from newsletter.model.problem import Place

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@mail_rule("heading-main", Level.WARNING)
def there_is_one_main_heading(mail: Mail) -> Iterator[Finding]:
    """A mail with no main heading, or with several.

    Who hears the mail begins at its `h1`, which is the title of the issue. A template of the workspace leaves it out or writes a
    second one. Write one `<h1>` with the title, and `<h2>` and below for the rest.

    Bad (templates/email/article.html.j2):

        {% extends "email/base.html.j2" %}
        {% block opening %}<tr><td class="pad"><p class="text">{{ title }}</p></td></tr>{% endblock %}

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    mains = [heading for heading in seen(mail, *_HEADINGS) if heading.tag == "h1"]
    if not mains:
        fix = "Write the title of the issue as <h1> in the template."
        yield Finding(at=mail.issue.place("title"), message="the mail has no main heading (h1)", fix=fix)
    for heading in mains[1:]:
        fix = "Make it an <h2> in the template; the title is the only <h1>."
        message = f'the mail has a second main heading (h1): "{heading.words[:60]}"'
        yield Finding(at=mail.place(heading.offset), message=message, fix=fix)


@mail_rule("heading-order", Level.WARNING)
def levels_are_not_skipped(mail: Mail) -> Iterator[Finding]:
    """A template writes a heading whose level is more than one below the heading above.

    Screen readers announce the levels, and readers who jump between headings look for the one that is missing. Use the next level
    in the template, and give the heading its size with a class.

    Bad (templates/email/blocks/heading.html.j2):

        <h{{ level + 2 }} class="h{{ level }}">{{ content }}</h{{ level + 2 }}>

    Bad:

        ## Opening hours

        Monday to Friday.

    Good:

        ## Opening hours

        Monday to Friday.
    """
    told = _skipping_places(mail.issue.body)
    for above, heading in pairwise(seen(mail, *_HEADINGS)):
        if _level(heading) > _level(above) + 1 and mail.place(heading.offset) not in told:
            message = (
                f'"{heading.words[:60]}" is a heading of level {_level(heading)} below one of level {_level(above)}'
            )
            fix = f"Write it as <h{_level(above) + 1}> in the template; screen readers announce the levels."
            yield Finding(at=mail.place(heading.offset), message=message, fix=fix)


def _skipping_places(blocks: Blocks) -> set[Place]:
    """Of the author's own headings that skip a level, which are told where they are read."""
    return {heading.at for above, heading in _steps(blocks) if heading.level > above + 1}


def _steps(blocks: Blocks) -> Iterator[tuple[int, Heading]]:
    """Each heading with the level of the one above; the title has level 1."""
    level = 1
    for heading in (block for block in walk_blocks(blocks) if isinstance(block, Heading)):
        yield level, heading
        level = heading.level


@form_rule("heading-skip-variant", Level.WARNING)
def levels_are_not_skipped_for_some(content: Content) -> Iterator[Finding]:
    """A heading skips a level in the mail of some readers, since the heading above it is for others.

    In the whole issue the levels follow each other; what an `only` or `except` block leaves out makes a gap. Screen readers announce
    the levels. Put a heading of the level between where these readers get it, too, or raise this one.

    Bad (newsletter.toml):

        [attributes]
        sport = { type = "choice", choices = ["running", "walking"] }

        [segments.runners]
        attribute = "sport"
        equals = "running"

    Bad:

        ::: only audience="runners"
        ## For runners

        Begin with one lap.
        :::

        ### In the first week

        Rest when it hurts.

    Good:

        ## For everybody

        Begin slowly.

        ### In the first week

        Rest when it hurts.
    """
    told = _skipping_places(content.whole.body)
    for above, heading in _steps(content.issue.body):
        if heading.level > above + 1 and heading.at not in told:
            words = plain_text(heading.content)[:60]
            message = f'"{words}" has level {heading.level}, but the heading above it has level {above}'
            fix = f"Use {'#' * (above + 1)} here, or put a heading of this level where all readers get it."
            yield Finding(at=heading.at, message=message, fix=fix)


@mail_rule("heading-blank", Level.WARNING)
def headings_have_words(mail: Mail) -> Iterator[Finding]:
    """A template writes a heading without words.

    Screen readers announce a heading and then nothing. Remove it, or make it a gap.

    Bad (templates/email/blocks/divider.html.j2):

        <h2 class="h2">&nbsp;</h2>

    Bad:

        Walk a little every day.

        ---

        Rest when it hurts.

    Good:

        Walk a little every day.

        ---

        Rest when it hurts.
    """
    for heading in seen(mail, *_HEADINGS):
        described = any(one.attributes.get("alt", "").strip() for one in heading.walk() if one.tag == "img")
        if not heading.words and not described:
            message = f"the mail has a heading (<{heading.tag}>) without words"
            yield Finding(at=mail.place(heading.offset), message=message, fix="Remove it from the template.")


def _level(heading: Element) -> int:
    return int(heading.tag[1])


RULES = (
    there_is_one_main_heading,
    levels_are_not_skipped,
    levels_are_not_skipped_for_some,
    headings_have_words,
)
