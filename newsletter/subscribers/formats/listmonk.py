"""listmonk: a status of the person, never one of the list; attributes as a JSON map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.subscribers.columns.standings import BLOCKED, PENDING, UNSAID
from newsletter.subscribers.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.subscribers.columns.standings import Marking

#: enabled means that mail may be sent, and not that they are on this list
_MARKS = {"enabled": UNSAID, "disabled": PENDING, "blocklisted": BLOCKED, "blacklisted": BLOCKED}


def _marking(at: Mapping[str, int], _name: str) -> Marking | None:
    status = at["status"]
    return lambda cells: _MARKS.get(cells[status].strip().lower() if status < len(cells) else "", PENDING)


LISTMONK = Format(
    name="listmonk",
    title="listmonk",
    recognises=lambda words: {"uuid", "email", "name", "attributes", "status"} <= words,
    fields={
        "name": "name",
        "attributes": "attributes",
        "status": "status",
        "created_at": "joined_at",
        "uuid": "-",
        "updated_at": "-",
    },
    marking=_marking,
    remark=lambda _name: (
        "listmonk's file does not say who is subscribed to which list. Export one list and one status of it at a time "
        "(confirmed, unconfirmed, unsubscribed), and state the consent for those only who confirmed."
    ),
)
