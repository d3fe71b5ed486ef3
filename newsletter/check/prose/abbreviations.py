"""Abbreviations in capitals: introduced before they are used, once, rightly, and for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.prose.capitals import Introduced, uses
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.prose import inbox_pieces
from newsletter.model.blocks import CHOICES
from newsletter.model.document import TypedBlock, plain_words, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.capitals import Use
    from newsletter.check.rulebook import Content

#: where a reader meets a text from its beginning to its end
_TEXT = frozenset({Kind.PROSE, Kind.CAPTION, Kind.CELL})


@issue_rule("abbreviation-not-introduced", Level.INFORMATION)
def abbreviations_are_introduced(content: Content) -> Iterator[Finding]:
    """An abbreviation that readers may not know, used before it is introduced.

    Write the words at the first place and the abbreviation in brackets behind them. Those that everybody knows (MRI, FDA, USA),
    degrees, states, units and those in the workspace's `glossary.txt` need no introduction.

    Bad:

        Most people with a torn ACL can walk after a week.

    Good:

        Most people with a torn anterior cruciate ligament (ACL) can walk after a week. A torn ACL does not always need an
        operation.
    """
    if not english(content):
        return
    known = {use.letters for use in uses(content) if use.common}
    introduced = {use.letters for use in uses(content) if use.introduced is not None}
    for use in uses(content):
        if use.letters in known or (use.introduced is None and use.sentence.passage.kind not in _TEXT):
            continue
        known.add(use.letters)
        if use.introduced is None:
            when = "before it is introduced" if use.letters in introduced else "and nowhere introduced"
            message = f'"{use.letters}" is used {when}'
            fix = (
                f"Write the full words here and ({use.letters}) behind them, or add it to the workspace's glossary.txt."
            )
            yield Finding(at=use.place, message=message, fix=fix)


@issue_rule("abbreviation-introduced-twice", Level.INFORMATION)
def abbreviations_are_introduced_once(content: Content) -> Iterator[Finding]:
    """An abbreviation that is introduced a second time.

    Readers wonder whether something else is meant. After its introduction the abbreviation is enough; where it is long ago,
    the full words alone are kinder. Captions, tables and quotations may explain it again.

    Bad:

        A torn anterior cruciate ligament (ACL) is no emergency. Most people with a torn anterior cruciate ligament (ACL) can
        walk after a week.

    Good:

        A torn anterior cruciate ligament (ACL) is no emergency. Most people with a torn ACL can walk after a week.
    """
    if not english(content):
        return
    first: dict[str, Use] = {}
    for use in uses(content):
        if not use.spelled or use.sentence.passage.kind is not Kind.PROSE or _for_some(use):
            continue
        if earlier := first.get(use.letters):
            message = f'"{use.letters}" is introduced again; it was on line {earlier.place.line}'
            yield Finding(at=use.place, message=message, fix=f"Write {use.letters} alone, or the full words alone.")
        first.setdefault(use.letters, use)


@issue_rule("abbreviation-unused", Level.INFORMATION)
def introduced_abbreviations_are_used(content: Content) -> Iterator[Finding]:
    """An abbreviation that is introduced and then never used.

    It makes the sentence longer and promises something that does not come.

    Bad:

        A torn anterior cruciate ligament (ACL) is no emergency. Most people can walk after a week.

    Good:

        A torn anterior cruciate ligament is no emergency. Most people can walk after a week.
    """
    if not english(content):
        return
    counts: dict[str, int] = {}
    for use in uses(content):
        counts[use.letters] = counts.get(use.letters, 0) + 1
    elsewhere = " ".join(_elsewhere(content))
    for use in uses(content):
        once = counts[use.letters] == 1 and use.letters not in elsewhere
        if (
            once
            and use.introduced is Introduced.BEHIND
            and use.spelled
            and not use.common
            and use.sentence.passage.kind in _TEXT
        ):
            message = f'"{use.letters}" is introduced here and used nowhere'
            yield Finding(at=use.place, message=message, fix=f"Leave out ({use.letters}).")


@issue_rule("abbreviation-letters", Level.WARNING)
def letters_follow_the_words(content: Content) -> Iterator[Finding]:
    """An abbreviation whose letters stand in another order than the words that it is introduced with.

    Mostly two letters were swapped while typing.

    Bad:

        A torn anterior cruciate ligament (ALC) is no emergency. A torn ALC needs rest.

    Good:

        A torn anterior cruciate ligament (ACL) is no emergency. A torn ACL needs rest.
    """
    if not english(content):
        return
    for use in uses(content):
        if use.swapped and not use.common and use.sentence.passage.kind in _TEXT:
            message = f'"{use.letters}" is introduced with words that begin with {use.swapped}'
            yield Finding(at=use.place, message=message, fix=f"Is {use.swapped} meant? Then correct it everywhere.")


def _for_some(use: Use) -> bool:
    """In a block that only some readers get: the others need an introduction of their own."""
    return any(isinstance(block, TypedBlock) and block.name in CHOICES for block in use.sentence.passage.inside)


def _elsewhere(content: Content) -> Iterator[str]:
    """Where an abbreviation may be used outside the running text."""
    yield from (words for _, _, words in inbox_pieces(content.whole))
    for block in walk_blocks(content.whole.body):
        if isinstance(block, TypedBlock):
            yield from map(plain_words, block.attributes.values())


RULES = (
    abbreviations_are_introduced,
    abbreviations_are_introduced_once,
    introduced_abbreviations_are_used,
    letters_follow_the_words,
)
