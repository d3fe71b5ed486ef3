"""The report of a mailing: the sum first, then what became of it, then what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.mailing import MailingState, Outcome
from newsletter.model.reporting import FEW
from newsletter.report import basis, mailing_noted, mailing_notes, mailing_returned, mailing_sums, mailing_unknown
from newsletter.report.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.reporting import MailingFacts
    from newsletter.report.around import Around
    from newsletter.report.document import Cell, Section


def report_of(facts: MailingFacts, around: Around) -> Document:
    return Document(
        about=("mailing", facts.mailing.number),
        title=f"Mailing {facts.mailing.number}: {facts.mailing.issue}",
        newsletter=around.newsletter,
        made=around.now,
        facts=tuple(_facts(facts)),
        warnings=tuple(_warnings(facts)),
        sections=tuple(_sections(facts, around)),
        unknown=tuple(mailing_unknown.unknown(facts, around)),
        numbers=_numbers(facts),
    )


def _numbers(facts: MailingFacts) -> Mapping[str, int | bool | Mapping[str, int]]:
    """What few did stays untold here as well."""
    noted = facts.noted.people if facts.noted.readers >= FEW else {}
    return {
        "audience": facts.tally.audience,
        "outcomes": {outcome.value: facts.tally[outcome] for outcome in Outcome},
        "sum_holds": facts.tally.holds,
        "fates": {fate.value: count for fate, count in facts.fates.items()},
        "left": facts.left.people,
        "tracked": facts.noted.readers,
        "engaged": {kind.value: count for kind, count in noted.items()},
    }


def _facts(facts: MailingFacts) -> Iterator[tuple[str, Cell]]:
    mailing = facts.mailing
    if facts.subject:
        yield "Subject", facts.subject
    yield "State", mailing.state.value
    yield "To", ", ".join(mailing.lists)
    if mailing.segments:
        yield "Only the segments", ", ".join(mailing.segments)
    if mailing.excepted:
        yield "Without", ", ".join(mailing.excepted)
    if mailing.due_at and not mailing.started_at:
        yield "Planned for", mailing.due_at
    if mailing.started_at:
        yield "Begun", mailing.started_at
    if mailing.finished_at:
        yield "Ended", mailing.finished_at
    yield "Through", ", ".join(facts.through) or mailing.sender
    if mailing.again:
        yield "Also to those who had it, because", mailing.again


def _warnings(facts: MailingFacts) -> Iterator[str]:
    mailing, tally = facts.mailing, facts.tally
    if mailing.state is MailingState.SCHEDULED:
        yield "This mailing has not begun: who gets it is found out when it begins, and there is nothing to report yet."
    if mailing.real is False and mailing.started_at:
        yield "This was a rehearsal: nothing of it reached a reader."
    elif mailing.real is False:
        yield "By the settings it is a rehearsal: nothing of it reaches a reader."
    if mailing.state in {MailingState.SENDING, MailingState.PAUSED}:
        yield f"This mailing is {mailing.state.value}: its numbers are not the last ones."
    if not tally.holds:
        yield (
            f"The sum does not hold: {tally.total:,} deliveries are accounted for, and the audience is {tally.audience:,}. "
            "Look for the reason: newsletter db check"
        )
    if tally[Outcome.UNCERTAIN]:
        yield (
            f"In doubt: {tally[Outcome.UNCERTAIN]:,}. Nobody can say whether they arrived; see "
            f"newsletter mailings show {mailing.number}"
        )


def _sections(facts: MailingFacts, around: Around) -> Iterator[Section]:
    if facts.mailing.started_at is None:
        return
    yield from mailing_sums.sections(facts, around)
    if not basis.reached_nobody(facts):
        yield from mailing_returned.sections(facts, around)
        yield from mailing_noted.sections(facts)
    yield from mailing_notes.sections(facts)
