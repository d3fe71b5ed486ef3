"""Ghost: members. `subscribed_to_emails` is true for whoever gets any newsletter; cells are guarded against formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.subscribers.columns.standings import PENDING, SUBSCRIBED, UNSUBSCRIBED
from newsletter.subscribers.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns.standings import Marking

_MARKS = {"true": SUBSCRIBED, "false": UNSUBSCRIBED}


def _marking(at: Mapping[str, int], _name: str) -> Marking | None:
    subscribed, deleted = at["subscribed_to_emails"], at.get("deleted_at", -1)

    def mark(cells: Sequence[str]) -> Mark:
        if 0 <= deleted < len(cells) and cells[deleted].strip():
            return UNSUBSCRIBED
        return _MARKS.get(cells[subscribed].strip().lower() if subscribed < len(cells) else "", PENDING)

    return mark


GHOST = Format(
    name="ghost",
    title="Ghost",
    recognises=lambda words: {"email", "subscribed_to_emails", "complimentary_plan", "labels"} <= words,
    fields={
        "email": "email",
        "name": "name",
        "subscribed_to_emails": "status",
        "created_at": "joined_at",
        "deleted_at": "left_at",
        "labels": "tags",
        **dict.fromkeys(("id", "note", "complimentary_plan", "stripe_customer_id", "tiers", "gift_id"), "-"),
    },
    marking=_marking,
    remark=lambda _name: (
        "Ghost counts somebody as subscribed who gets any of its newsletters. If you have several, export each by a filter."
    ),
    guarded=True,
)
