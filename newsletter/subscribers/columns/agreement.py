"""Columns that no system's heading tells, and that say who agreed: by the words of their headings and by their cells.

Whoever answered no must never be subscribed because nobody looked at the column: it is used, told, or asked about.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from newsletter.subscribers.columns import How, Kind
from newsletter.subscribers.columns.agreement_headings import Turn, subject_of
from newsletter.subscribers.columns.claims import Claim, Field
from newsletter.subscribers.columns.giving import map_options, named
from newsletter.subscribers.columns.headings import word_of
from newsletter.subscribers.columns.moments import moment_value
from newsletter.subscribers.columns.standings import (
    READING_OF,
    agreement_of,
    answer_of,
    by_agreed_on,
    by_blocking,
    by_bouncing,
    by_declining,
    by_leaving,
    by_yes,
    denies,
    ends_mail,
    is_status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.subscribers.columns.agreement_headings import Subject
    from newsletter.subscribers.columns.standings import Reading

#: a column of this heading alone says who agreed, or to which newsletters somebody belongs
_NEWSLETTER = "newsletter"
_STATUS, _JOINED, _LEFT = Field.of(Kind.STATUS), Field.of(Kind.JOINED_AT), Field.of(Kind.LEFT_AT)
_READING: Mapping[Turn, Reading] = {
    Turn.AGREED: by_yes,
    Turn.DECLINED: by_declining,
    Turn.LEFT: by_leaving,
    Turn.UNCLEAR: by_yes,
}
_DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:\D.*)?", re.ASCII)
#: single letters and digits are answers only in this company: an `f` alone is more likely a sex
_LETTERS = ({"y", "n"}, {"j", "n"}, {"s", "n"}, {"0", "1"}, {"x"})
_MOST_TOLD, _MOST_SENTENCES = 5, 20


class Cells(Enum):
    """What the cells of a column are, most of them."""

    EMPTY = auto()
    ANSWERS = auto()
    DAYS = auto()
    #: some sound like an answer, most are none
    MIXED = auto()
    TEXTS = auto()


def reading_for(heading: str) -> Reading | None:
    """How cells are read below a heading that speaks of consent."""
    subject = subject_of(heading)
    return _reading_of(subject, heading) if subject else None


def _reading_of(subject: Subject, heading: str) -> Reading:
    if subject.turn is Turn.TROUBLE:
        return by_blocking if re.search("list|suppress", word_of(heading)) else by_bouncing
    return _READING[subject.turn]


class Agreement:
    """What was found out about the columns that nothing else claims. `asks` are questions that only a person can answer."""

    def __init__(
        self, claims: Sequence[Claim], headings: Sequence[str], sample: Sequence[Sequence[str]], *, statuses: bool
    ) -> None:
        """`statuses`: columns of statuses count; else the system that wrote the file says how its people stand."""
        self.claims: list[Claim] = []
        self.described: list[str] = []
        self.asks: list[str] = []
        #: places that look as if they said who agreed, and do not
        self.not_meant: set[int] = set()
        self._headings = headings
        self._option = map_options(headings)
        yes_or_no: list[int] = []
        taken = {claim.place for claim in claims if claim.field}
        for claim in claims if sample else ():
            cells = [row[claim.place].strip() for row in sample if claim.place < len(row)]
            if claim.how is How.NAMED and claim.word == _NEWSLETTER and claim.kind is Kind.STATUS:
                self._newsletter(claim, cells)
            elif claim.how is How.NAMED and claim.kind is Kind.STATUS and READING_OF.get(claim.word) is by_yes:
                self._subscribed_on(claim, cells)
            elif claim.how is How.NAMED and claim.field is None and claim.place not in taken:
                subject = subject_of(headings[claim.place])
                if subject and statuses:
                    self._look(claim.place, subject, cells)
                elif statuses and _speak_for_themselves(cells):
                    self._ask(claim.place, Turn.AGREED, "holds words for who agreed, left or bounced")
                elif _only_answers(cells):
                    yes_or_no.append(claim.place)
        if (more := len(self.described) - _MOST_SENTENCES) > 0:
            self.described[_MOST_SENTENCES:] = [f"{more} more columns were looked at in the same way."]
        self._tell(yes_or_no)

    def _newsletter(self, claim: Claim, cells: Sequence[str]) -> None:
        """Yes and no, or the names of newsletters?"""
        kind = _kind_of(cells)
        if kind is Cells.TEXTS:
            self.not_meant.add(claim.place)
            self._unused(claim.place)
        elif kind is Cells.MIXED:
            self._ask(claim.place, Turn.AGREED)

    def _subscribed_on(self, claim: Claim, cells: Sequence[str]) -> None:
        """A column `subscribed` of days: when they subscribed."""
        if _kind_of(cells) is Cells.DAYS:
            self.not_meant.add(claim.place)
            self._take(claim.place, by_agreed_on, Turn.AGREED, _JOINED)

    def _look(self, place: int, subject: Subject, cells: Sequence[str]) -> None:
        kind = _kind_of(cells)
        asks = subject.sure and not subject.aside
        if subject.turn is Turn.TROUBLE:
            if not subject.aside and kind is not Cells.EMPTY:
                self._take(place, _reading_of(subject, self._headings[place]), subject.turn)
        elif kind is Cells.ANSWERS or (kind is Cells.EMPTY and not subject.aside):
            if subject.turn is Turn.UNCLEAR and kind is Cells.ANSWERS:
                self._ask(place, subject.turn)
            else:
                self._take(place, _READING[subject.turn], subject.turn)
        elif kind is Cells.DAYS and subject.turn in {Turn.LEFT, Turn.DECLINED}:
            self._take(place, by_leaving, Turn.LEFT, _LEFT)
        elif kind is Cells.DAYS and asks and subject.turn is Turn.AGREED:
            self._take(place, by_agreed_on, subject.turn, _JOINED)
        elif kind is Cells.MIXED or asks:
            self._ask(place, subject.turn)
        elif not subject.aside:
            self._unused(place)

    def _take(self, place: int, reading: Reading, turn: Turn, moment: Field | None = None) -> None:
        self.claims.append(Claim(place, _STATUS, How.CELLS, reading=reading))
        if moment:
            self.claims.append(Claim(place, moment, How.CELLS))
        what = {
            Turn.LEFT: "seems to say who left: whoever has anything but a no there is unsubscribed",
            Turn.TROUBLE: "seems to say where no mail goes: whoever has a yes there is suppressed, with anything else but a "
            "no they are pending",
            Turn.DECLINED: "seems to say who wants no mail: whoever has a yes there is not subscribed",
        }.get(turn, "seems to say who agreed: whoever has no clear yes there is not subscribed")
        if moment is _JOINED:
            what = "seems to say when they agreed: whoever has no day there is pending"
        self.described.append(
            f"The column {self._name(place)} {what}. If it is about something else: {self._option(place, '-')}"
        )

    def _ask(self, place: int, turn: Turn, what: str = "") -> None:
        what = what or (
            "speaks both of agreeing and of leaving or not wanting"
            if turn is Turn.UNCLEAR
            else f"seems to say who {'agreed' if turn is Turn.AGREED else 'left or wants no mail'}, and most of its cells are "
            "neither yes nor no"
        )
        left = f", {self._option(place, 'unsubscribed')} if yes means that they left" if turn is Turn.UNCLEAR else ""
        self.asks.append(
            f"the column {self._name(place)} {what}; say what it is: {self._option(place, 'status')} if it tells who "
            f"agreed (without a clear yes they stay pending){left}, or {self._option(place, '-')} if it is about something else"
        )

    def _unused(self, place: int) -> None:
        self.described.append(
            f"The column {self._name(place)} is not used. If it says who agreed: {self._option(place, 'status')}"
        )

    def _tell(self, places: Sequence[int]) -> None:
        if not places:
            return
        are = "columns" if len(places) > 1 else "column"
        more = f" and {len(places) - _MOST_TOLD} more" if len(places) > _MOST_TOLD else ""
        names = named([self._headings[place] for place in places[:_MOST_TOLD]]) + more
        hold, one = ("hold", "one of them") if len(places) > 1 else ("holds", "it")
        self.described.append(
            f"The {are} {names} {hold} yes and no, and {'are' if len(places) > 1 else 'is'} not used. If {one} says who agreed "
            f"to get mail: {self._option(places[0], 'status')}; to leave it out for good: {self._option(places[0], '-')}"
        )

    def _name(self, place: int) -> str:
        return f"`{self._headings[place][:60]}`"


def _kind_of(cells: Sequence[str]) -> Cells:
    filled = [cell for cell in cells if cell]
    if not filled:
        return Cells.EMPTY
    answers = sum(agreement_of(cell) is not None for cell in filled)
    days = sum(map(_is_day, filled))
    if 2 * answers > len(filled):
        return Cells.ANSWERS
    if 2 * days > len(filled):
        return Cells.DAYS
    return Cells.MIXED if answers or any(map(denies, filled)) else Cells.TEXTS


def _speak_for_themselves(cells: Sequence[str]) -> bool:
    """Whatever the heading says: statuses of readers, or `I agree`."""
    filled = [cell for cell in cells if cell]
    if 2 * sum(map(is_status, filled)) > len(filled) and any(map(ends_mail, filled)):
        return True
    agreed = sum(agreement_of(cell) is not None and answer_of(cell) is None for cell in filled)
    return 2 * agreed > len(filled)


def _is_day(cell: str) -> bool:
    return len(cell) <= 40 and (_DAY.fullmatch(cell) is not None or moment_value(cell) is not None)


def _only_answers(cells: Sequence[str]) -> bool:
    filled = {cell.casefold() for cell in cells if cell}
    if not filled or not all(answer_of(cell) for cell in filled):
        return False
    return any(len(cell) > 1 for cell in filled) or filled in _LETTERS
