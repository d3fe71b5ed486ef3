"""Buttondown: the type of a subscriber is their status; metadata is a JSON map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.subscribers.columns.standings import BLOCKED, BOUNCED, COMPLAINED, PENDING, SUBSCRIBED, UNSUBSCRIBED
from newsletter.subscribers.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.subscribers.columns.standings import Marking

#: unpaid, unactivated and whatever comes later is pending
_MARKS = dict.fromkeys(("regular", "premium", "trialed", "gifted", "churning"), SUBSCRIBED) | {
    "unsubscribed": UNSUBSCRIBED,
    "removed": UNSUBSCRIBED,
    "undeliverable": BOUNCED,
    "complained": COMPLAINED,
    "blocked": BLOCKED,
}


def _marking(at: Mapping[str, int], _name: str) -> Marking | None:
    kind = at["type"]
    return lambda cells: _MARKS.get(cells[kind].strip().lower() if kind < len(cells) else "", PENDING)


BUTTONDOWN = Format(
    name="buttondown",
    title="Buttondown",
    recognises=lambda words: (
        "type" in words
        and bool({"email_address", "email"} & words)
        and len({"metadata", "creation_date", "unsubscription_date", "undeliverability_date", "source"} & words) >= 3
    ),
    fields={
        "email_address": "email",
        "email": "email",
        "type": "status",
        "metadata": "attributes",
        "tags": "tags",
        "creation_date": "joined_at",
        "unsubscription_date": "left_at",
        "ip_address": "ip",
        **dict.fromkeys(("id", "notes", "source", "undeliverability_date"), "-"),
    },
    marking=_marking,
)
