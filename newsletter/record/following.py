"""What follows from an event for the person that it is about: who is suppressed, who leaves which lists.

| event | what follows |
|---|---|
| hard bounce; dropped as bounced or invalid | the address that was mailed is suppressed; another one that its reader has since is not |
| complaint; dropped as reported | that address and the one that the reader has now are suppressed |
| unsubscribed from everything; dropped as unsubscribed | the same, and every list is left |
| unsubscribed | the lists of the mailing are left |
| soft bounce | soft_bounces.py |

An erased person is not looked at: all that could be said is already so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import NO_TIME, EventKind
from newsletter.model.recording import Leaving
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import THEIR_OWN_NO, Suppressing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.event import Event
    from newsletter.model.recording import Named, Reached

_REASONS: Mapping[EventKind, SuppressionReason] = {
    EventKind.HARD_BOUNCE: SuppressionReason.HARD_BOUNCE,
    EventKind.COMPLAINED: SuppressionReason.COMPLAINT,
}


def reason_of(event: Event) -> SuppressionReason | None:
    """Why nobody should write there any more; None for most events."""
    if event.kind is EventKind.DROPPED:
        return event.known_as
    if event.kind is EventKind.UNSUBSCRIBED and event.everything:
        return SuppressionReason.LEFT_EVERYTHING
    return _REASONS.get(event.kind)


def suppressing(event: Event, reached: Reached, mailed: Named | None, source: str) -> list[Suppressing]:
    """Whom to suppress. `mailed` is the address that the event names, None where it names none."""
    reason, person = reason_of(event), reached.person
    if reason is None or person is None:
        return []
    theirs = person.named
    if reason in THEIR_OWN_NO:
        whom = {theirs, mailed or theirs}
    elif mailed is None and _has_moved(reached):
        return []  # an older address came back, and nobody knows any more which
    else:
        whom = {mailed or theirs}
    return [
        Suppressing(
            identity_hash=one.identity_hash,
            identity=one.identity
            if one.identity_hash == theirs.identity_hash
            else None,  # a former one is kept as a hash
            reason=reason,
            source=source,
            at=None if event.at == NO_TIME else event.at,
        )
        for one in sorted(whom)
    ]


def _has_moved(reached: Reached) -> bool:
    moved_at = reached.person.moved_at if reached.person else None
    return moved_at is not None and (reached.sent_at is None or moved_at > reached.sent_at)


def leaving(event: Event, reached: Reached) -> Leaving | None:
    """Which lists its person leaves."""
    if reached.person is None:
        return None
    if reason_of(event) is SuppressionReason.LEFT_EVERYTHING:
        return Leaving(reached.person.number, event.mailing, True, event.at)
    if event.kind is EventKind.UNSUBSCRIBED and event.mailing:
        return Leaving(reached.person.number, event.mailing, False, event.at)
    return None
