"""What `newsletter subscribers export` writes: the standing with one list, or with several, and why somebody is suppressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.subscriber import SuppressionReason
from newsletter.subscribers.columns.standings import PENDING, SUBSCRIBED, UNSUBSCRIBED, suppressed
from newsletter.subscribers.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns.standings import Marking

_MARKS = {"subscribed": SUBSCRIBED, "unsubscribed": UNSUBSCRIBED}
_REASONS = {reason.value: suppressed(reason) for reason in SuppressionReason if reason is not SuppressionReason.ERASED}


def _marking(at: Mapping[str, int], _name: str) -> Marking | None:
    status, reason = at.get("status", -1), at["suppressed"]

    def mark(cells: Sequence[str]) -> Mark:
        why = cells[reason].strip().lower() if reason < len(cells) else ""
        if why == SuppressionReason.ERASED.value:
            raise ValueError("this person was erased, and is not imported")
        if why:
            return _REASONS.get(why, PENDING)
        return _MARKS.get(cells[status].strip().lower() if 0 <= status < len(cells) else "", PENDING)

    return mark


OWN = Format(
    name="newsletter",
    title="this program",
    recognises=lambda words: {"email", "known_since", "tracking", "suppressed"} <= words,
    fields={
        "email": "email",
        "status": "status",
        "suppressed": "status",
        "tags": "tags",
        "joined_at": "joined_at",
        **dict.fromkeys(("known_since", "tracking", "status_since"), "-"),
    },
    marking=_marking,
    remark=lambda _name: (
        "Only the export of one list (--list) says how its people stand; from any other they are pending."
    ),
    guarded=True,
)
