"""Substack: the email list, and the table of subscribers of the dashboard. Erased people stand in it at a domain of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.subscribers.columns.standings import PENDING, SUBSCRIBED, UNSAID, UNSUBSCRIBED
from newsletter.subscribers.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns.standings import Marking

_ERASED = "@deletion-request.substack.com"
_MARKS = {"true": UNSUBSCRIBED, "false": SUBSCRIBED}


def _marking(at: Mapping[str, int], _name: str) -> Marking | None:
    address, disabled = at["email"], at.get("email_disabled")

    def mark(cells: Sequence[str]) -> Mark:
        if address < len(cells) and cells[address].strip().lower().endswith(_ERASED):
            raise ValueError("this person asked Substack to be erased, and is not imported")
        if disabled is None:
            return UNSAID
        return _MARKS.get(cells[disabled].strip().lower() if disabled < len(cells) else "", PENDING)

    return mark


SUBSTACK = Format(
    name="substack",
    title="Substack",
    recognises=lambda words: (
        {"email", "active_subscription", "email_disabled"} <= words or {"email", "stripe_plan", "start_date"} <= words
    ),
    fields={
        "email": "email",
        "created_at": "joined_at",
        "start_date": "joined_at",
        "email_disabled": "status",
        **dict.fromkeys(
            ("active_subscription", "expiry", "plan", "first_payment_at", "stripe_plan", "cancel_date", "type"), "-"
        ),
    },
    marking=_marking,
)
