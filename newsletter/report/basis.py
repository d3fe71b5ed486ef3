"""What the rates of a mailing are of, and whether they can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import Fate
from newsletter.model.mailing import Outcome
from newsletter.report.figures import Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.reporting import Fared, MailingFacts
    from newsletter.report.around import Around

#: the sender that writes files
OUTBOX = "outbox"
#: the mail reached a mailbox: who complains has it
_REACHED = (Fate.DELIVERED, Fate.COMPLAINED)


def reached_nobody(facts: MailingFacts) -> bool:
    """A rehearsal, or files that nobody mails."""
    return facts.mailing.real is False or {*facts.through} == {OUTBOX}


def delivered(fates: Mapping[Fate, int]) -> int:
    return sum(fates.get(fate, 0) for fate in _REACHED)


def tells_delivered(facts: MailingFacts, around: Around) -> bool:
    """Whether whoever carried all of it tells of each mail that arrives, or has told so."""
    all_tell = bool(facts.through) and {*facts.through} <= {*around.telling_all}
    return all_tell or bool(facts.fates.get(Fate.DELIVERED))


def tells_returned(facts: MailingFacts, around: Around) -> bool:
    return bool(facts.fates) or any(one in {*around.telling_all, *around.telling_returns} for one in facts.through)


def complaints(fates: Mapping[Fate, int]) -> Share:
    return Share(fates.get(Fate.COMPLAINED, 0), delivered(fates))


def handed_over(accepted: int, fates: Mapping[Fate, int], left: int) -> int:
    """What shares are of: something may be heard of mails that are in doubt, so the whole is never less than its parts."""
    return max(accepted, sum(fates.values()), left)


def handed_over_of(facts: MailingFacts) -> int:
    return handed_over(facts.tally[Outcome.ACCEPTED], facts.fates, facts.left.people)


def known_complaints(one: Fared) -> Share | None:
    """None where no delivery is known: then there is nothing that it could be a share of."""
    return complaints(one.fates) if delivered(one.fates) else None
