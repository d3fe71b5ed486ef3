"""How the people of a table stand: all that says so, joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import OptionUnusable
from newsletter.subscribers.columns import How, Kind
from newsletter.subscribers.columns.agreement import reading_for
from newsletter.subscribers.columns.standings import READING_OF, by_leaving, by_word, gravest, marking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns.claims import Claim
    from newsletter.subscribers.columns.standings import Marking, Reading
    from newsletter.subscribers.formats import Format


def format_mark_of(format_: Format | None, words: Sequence[str], name: str) -> Marking | None:
    if format_ is None:
        return None
    at = {word: index for index, word in reversed([*enumerate(words)])}
    try:
        return format_.marking(at, name)
    except KeyError as missing:
        raise OptionUnusable(
            "--format",
            f"this is no export of {format_.title} as we know them: it has no column `{missing.args[0]}`; leave --format out",
        ) from None


def mark_of(
    claims: Sequence[Claim], format_mark: Marking | None, everybody: Mark | None, headings: Sequence[str]
) -> Marking | None:
    """The gravest of what the format says, the columns of statuses, and what a person says of everybody.

    Where the format says nothing all columns of statuses count, otherwise only those that a person gave.
    """
    readings = [
        (claim.place, _reading(claim, headings))
        for claim in claims
        if claim.kind is Kind.STATUS and (claim.how is How.GIVEN or format_mark is None)
    ]
    if format_mark is None:
        readings += [(claim.place, by_leaving) for claim in claims if claim.kind is Kind.LEFT_AT]
    says = [format_mark] if format_mark else []
    if readings:
        says.append(marking(readings))
    if everybody:
        says.append(lambda _cells: everybody)
    if len(says) < 2:
        return says[0] if says else None
    return lambda cells: gravest(*(say(cells) for say in says))


def _reading(claim: Claim, headings: Sequence[str]) -> Reading:
    """How the cells of a column of statuses are read: by what a person called it, else by its heading."""
    if claim.reading:
        return claim.reading
    said = READING_OF.get(claim.field.name, by_word) if claim.field and claim.how is How.GIVEN else by_word
    if said is not by_word:
        return said
    return READING_OF.get(claim.word) or reading_for(headings[claim.place]) or by_word
