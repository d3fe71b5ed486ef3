"""Headings, what a person gave, what the system's format says and a sample of rows -> Columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.subscribers.columns import Column, Columns, How, Kind, Unclear
from newsletter.subscribers.columns.agreement import Agreement
from newsletter.subscribers.columns.agreement_headings import subject_of
from newsletter.subscribers.columns.cell_readers import reader_of
from newsletter.subscribers.columns.claims import (
    Claim,
    Field,
    address_by_cells,
    claims_of,
    looks_like_address,
    settled,
)
from newsletter.subscribers.columns.giving import given_mark, given_places, map_options, named
from newsletter.subscribers.columns.headings import FIELD_OF, word_of
from newsletter.subscribers.columns.marks import format_mark_of, mark_of
from newsletter.subscribers.columns.standings import READING_OF
from newsletter.subscribers.columns.who_left import refuse_who_left

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.formats import Format

_EMAIL = Field.of(Kind.ADDRESS)


def mapped(
    headings: tuple[str, ...],
    attributes: Mapping[str, Attribute],
    given: Mapping[str, str],
    sample: Sequence[Sequence[str]],
    format_: Format | None,
    name: str,
    *,
    consented: bool,
) -> Columns:
    """columns.py:columns_of, with clean headings.

    Raises:
        OptionUnusable: `given` names what is not there.
        Unclear: what a column holds must be said.
        ValueError: the header cannot be used; the message says what to do.
    """
    everybody = given_mark(given)
    places = given_places(headings, attributes, given)
    headless = _EMAIL in places.values() and any(map(looks_like_address, headings))
    words = [""] * len(headings) if headless else [word_of(heading) for heading in headings]
    shown = tuple(f"column {number}" for number in range(1, len(headings) + 1)) if headless else headings
    format_mark = format_mark_of(format_, words, name)
    claims = claims_of(
        words, places, format_.fields if format_ else {}, attributes.keys(), statuses=format_mark is None
    )
    claims += _address(claims, headings, sample)
    agreement = Agreement(claims, shown, sample, statuses=format_mark is None)
    if agreement.asks and consented and everybody is None:
        raise Unclear(agreement.asks[0])
    claims = [claim for claim in claims if claim.place not in agreement.not_meant]
    claims = settled([*claims, *agreement.claims], headings)
    mark = mark_of(claims, format_mark, everybody, shown)
    if format_ is None and everybody is None:
        refuse_who_left(name, shown, says_status=mark is not None)
    described = _described(format_, name, claims, shown, says_status=format_mark is None)
    return Columns(
        known=tuple(_column(claim, shown, attributes, format_) for claim in claims),
        ignored=_ignored(shown, {claim.place for claim in claims}),
        width=len(headings),
        headings=shown,
        mark=mark,
        format=format_.name if format_ else "",
        described=(*described, *agreement.described, *map(_sentence, agreement.asks)),
        headless=headless,
    )


def _address(claims: Sequence[Claim], headings: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Claim]:
    """Where the addresses are when no heading says so."""
    if any(claim.kind is Kind.ADDRESS for claim in claims):
        return []
    if any(map(looks_like_address, headings)):
        raise ValueError(
            "its first line is a reader, not a header; put a line such as email,first_name,last_name above it, or say "
            "which column is which: --map 1=email --map 2=first_name"
        )
    found = address_by_cells(
        sample, len(headings), {claim.place for claim in claims if claim.field or claim.how is not How.NAMED}
    )
    if len(found) == 1:
        return [Claim(found[0], _EMAIL, How.CELLS)]
    if found:
        raise Unclear(
            f"several columns hold addresses: {named([headings[index] for index in found])}; say which are the readers': "
            f"{map_options(headings)(found[0], 'email')}"
        )
    if lower := next((row for row in sample if any(FIELD_OF.get(word_of(cell)) == Kind.ADDRESS for cell in row)), None):
        raise ValueError(
            f"its first line is not its header; the headings seem to stand further down ({named(lower)}): delete the lines "
            "above them"
        )
    raise ValueError(
        f"no column holds the addresses; call it `email` (the columns found are: {named(headings)}), or say which it is: "
        '--map "HEADING=email"'
    )


def _column(
    claim: Claim, headings: Sequence[str], attributes: Mapping[str, Attribute], format_: Format | None
) -> Column:
    kind, name = claim.field or _EMAIL
    read = reader_of(
        kind,
        name,
        attributes,
        lenient=claim.how is How.FORMAT,
        guarded=format_ is not None and format_.guarded,
    )
    field = kind.value if kind is Kind.STATUS else name
    return Column(heading=headings[claim.place], field=field, index=claim.place, kind=kind, read=read, how=claim.how)


def _ignored(headings: Sequence[str], known: set[int]) -> tuple[str, ...]:
    return tuple(
        heading or f"column {index + 1}, without a heading"
        for index, heading in enumerate(headings)
        if index not in known
    )


def _described(
    format_: Format | None, name: str, claims: Sequence[Claim], headings: Sequence[str], *, says_status: bool
) -> tuple[str, ...]:
    said = []
    option = map_options(headings)
    if format_ and format_.title:
        said.append(f"This is an export of {format_.title}. {format_.remark(name)}".strip())
    for claim in claims:
        if claim.how is How.CELLS and claim.kind is Kind.ADDRESS:
            said.append(f"The addresses stand in the column `{headings[claim.place][:40]}`, by the look of its cells.")
        if claim.kind is Kind.STATUS and claim.how is How.NAMED and says_status:
            heading = headings[claim.place][:40]
            said.append(
                f"The column `{heading}` says how each person stands; whatever is not clearly subscribed is pending. If it "
                f"is about something else: {option(claim.place, '-')}"
            )
        if claim.kind is Kind.ATTRIBUTE and claim.how is How.NAMED and _speaks(claim, headings):
            heading = headings[claim.place][:40]
            said.append(
                f"The column `{heading}` fills your attribute of that name. If it says who is subscribed: "
                f"{option(claim.place, 'subscription status')}"
            )
    return tuple(said)


def _speaks(claim: Claim, headings: Sequence[str]) -> bool:
    return claim.word in READING_OF or subject_of(headings[claim.place]) is not None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
