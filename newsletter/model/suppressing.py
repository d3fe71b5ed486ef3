"""Who is never mailed: the history of a suppression, what a file says of one address, how an import of such a file went."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.model.importing import Rejection
    from newsletter.model.subscriber import Suppression

#: of several reasons the last of these is the gravest, and stands
GRAVITY: Mapping[SuppressionReason, int] = {
    reason: place
    for place, reason in enumerate(
        (
            SuppressionReason.BY_HAND,
            SuppressionReason.BAD_ADDRESS,
            SuppressionReason.HARD_BOUNCE,
            SuppressionReason.LEFT_EVERYTHING,
            SuppressionReason.COMPLAINT,
            SuppressionReason.ERASED,
        )
    )
}
#: the person said no to us themselves: who lifts it has to say that they asked for mail again
THEIR_OWN_NO = frozenset({SuppressionReason.LEFT_EVERYTHING, SuppressionReason.COMPLAINT, SuppressionReason.ERASED})
#: only mail could not be delivered; nobody said no, so a lifting leaves their lists as they are
ONLY_UNDELIVERABLE = frozenset({SuppressionReason.HARD_BOUNCE, SuppressionReason.BAD_ADDRESS})


class SuppressionAction(StrEnum):
    ADDED = "added"
    LIFTED = "lifted"


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressionEvent:
    """`source`: where a reason came from; of a lifting, why. A lifting has the reason that stood until then."""

    action: SuppressionAction
    reason: SuppressionReason
    source: str
    at: datetime


def only_undeliverable(events: Sequence[SuppressionEvent]) -> bool:
    """Whether, since the last lifting, no reason was given but that mail could not be delivered."""
    reasons: set[SuppressionReason] = set()
    for event in events:
        if event.action is SuppressionAction.LIFTED:
            reasons.clear()
        else:
            reasons.add(event.reason)
    return reasons <= ONLY_UNDELIVERABLE


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressedIdentity:
    """A line of `suppressions list`. `identity` is None where it is not known any more: its person was erased."""

    identity_hash: str
    identity: str | None
    suppression: Suppression


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppressing:
    """An identity that is to be suppressed; `at` is None where nobody knows since when."""

    identity_hash: str
    identity: str | None
    reason: SuppressionReason
    source: str
    at: datetime | None = None


class Suppressed(StrEnum):
    """What became of one `Suppressing`."""

    #: nobody had suppressed it
    NEW = "new"
    #: was suppressed for a lesser reason
    GRAVER = "graver"
    #: is suppressed for another reason that is as grave or graver; the new one is kept in the history
    NOTED = "noted"
    #: nothing changed
    KNOWN = "known"
    #: somebody lifted it after the time that the file names: that decision stands
    LIFTED_SINCE = "lifted since"


@dataclass(kw_only=True)
class SuppressionReport:
    """How an import went. rows = new + already + lifted_since + repeated + the sum of `passed_over` + rejected_rows."""

    #: what the file was taken for, such as "SendGrid bounces"
    kind: str = ""
    #: its name, or that of the member of a zip
    file: str = ""
    #: what whoever imports should know of such files
    remark: str = ""
    #: why nothing was read of it: one of several tables in a zip that is about other people
    left_out: str = ""
    rows: int = 0
    #: identities that are suppressed by this import, and had not been
    new: int = 0
    #: identities that were suppressed before
    already: int = 0
    #: of `already`: the file has a graver reason, which stands now
    graver: int = 0
    #: not suppressed again: somebody lifted it after the time that the file names
    lifted_since: int = 0
    #: further rows of a person
    repeated: int = 0
    #: why a row is none of these -> how many
    passed_over: dict[str, int] = field(default_factory=dict)
    rejected_rows: int = 0
    #: the first of the rejected
    rejected: list[Rejection] = field(default_factory=list)
    #: new and already, by the reason in the file
    reasons: dict[SuppressionReason, int] = field(default_factory=dict)
    #: subscriptions that ended, since their people left everything
    left: int = 0

    def as_json(self) -> dict[str, object]:
        """The shape that `suppressions import --json` prints."""
        reasons = {reason.value: count for reason, count in self.reasons.items()}
        return {**vars(self), "reasons": reasons, "rejected": [entry.as_json() for entry in self.rejected]}
