"""Numbers about patients and outcomes without a source: per cents, ratios, means, risks. For English."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.evidence.appeals import uncited_appeal
from newsletter.check.evidence.nearby import MANY, quoted, spots
from newsletter.check.evidence.number_words import numbers
from newsletter.check.prose.languages import english
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.evidence.nearby import Spot
    from newsletter.check.evidence.number_words import Number
    from newsletter.check.rulebook import Content

_FIX = "Cite the source of the number: write [@key] at the end of the sentence, or leave the number out."


@issue_rule("number-without-citation", Level.INFORMATION)
def numbers_are_cited(content: Content) -> Iterator[Finding]:
    """A number about patients or outcomes without a source.

    A per cent, a ratio, a mean or a risk comes from somewhere, and readers build their hopes on it. Cite the source in the
    sentence or in the one beside it. "9 out of 10 patients", "30 % of people" and statistics such as "n = 40" are told as a warning,
    other numbers as information. Prices, times, doses and instructions are not meant.

    Bad:

        Nine out of ten patients walk without a stick after a year.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Nine out of ten patients walk without a stick after a year [@ok2020]. Walk for 10 minutes, 2 times a day, at 50 % of
        your usual speed.
    """
    if english(content):
        yield from islice(_all(content), MANY)


def _all(content: Content) -> Iterator[Finding]:
    for spot in spots(content):
        found = _uncited(spot)
        if found:
            words = " ".join(spot.sentence.text[found.start : found.end].split())
            message = f'"{words}" is a number without a source'
            level = Level.WARNING if found.sure and not (spot.is_linked or spot.leads) else Level.INFORMATION
            yield Finding(at=spot.sentence.place_at(found.start), message=message, fix=_FIX, level=level)


def _uncited(spot: Spot) -> Number | None:
    """The surest number of a sentence with no citation in it or near it; the rule on appeals has told the rest."""
    if spot.is_cited or spot.around or spot.shortly_before or (spot.after is not None and spot.after.marks):
        return None
    sentence = spot.sentence
    found = [one for one in numbers(sentence.text) if not quoted(sentence.passage, sentence.start + one.start)]
    if not found or uncited_appeal(spot):
        return None
    return next((one for one in found if one.sure), found[0])


RULES = (numbers_are_cited,)
