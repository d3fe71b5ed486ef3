"""Mailchimp: a zip with one file for each status, which only the name of the file says for sure.

The headings of the address and of all merge fields are the owner's own words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.subscribers.columns.standings import BOUNCED, PENDING, SUBSCRIBED, UNSUBSCRIBED
from newsletter.subscribers.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns.standings import Marking

#: cleaned: a hard bounce, or many soft ones; nonsubscribed: bought something, say, and never opted in
_MARKS = {"subscribed": SUBSCRIBED, "unsubscribed": UNSUBSCRIBED, "cleaned": BOUNCED, "nonsubscribed": PENDING}
#: also within `Copy of subscribed_...`
_NAME = re.compile(rf"(?<![a-z])({'|'.join(_MARKS)})_", re.IGNORECASE)
#: what somebody allowed where the audience asks for it (GDPR); empty: nothing
_PERMISSIONS = "marketing_permissions"


def _mark_of_file(at: Mapping[str, int], name: str) -> Mark | None:
    """Columns that only one status has are believed before the name."""
    if "clean_time" in at:
        return BOUNCED
    if "unsub_time" in at:
        return UNSUBSCRIBED
    said = _NAME.search(name)
    return _MARKS[said[1].lower()] if said else None


def _marking(at: Mapping[str, int], name: str) -> Marking | None:
    mark = _mark_of_file(at, name)
    if mark is SUBSCRIBED and _PERMISSIONS in at:
        allowed = at[_PERMISSIONS]
        return lambda cells: SUBSCRIBED if allowed < len(cells) and cells[allowed].strip() else PENDING
    return (lambda _cells: mark) if mark else None


def _remark(name: str) -> str:
    if said := _NAME.search(name):
        return f"The file's name says how its people stand: {said[1].lower()}."
    return (
        "Mailchimp says in the name of the file how its people stand; this one does not. Give it the name back that it had "
        "(subscribed_..., nonsubscribed_...), or make sure that all of its people agreed."
    )


MAILCHIMP = Format(
    name="mailchimp",
    title="Mailchimp",
    recognises=lambda words: {"leid", "euid"} <= words or {"member_rating", "optin_time", "confirm_time"} <= words,
    fields={
        "confirm_time": "joined_at",
        "confirm_ip": "ip",
        "unsub_time": "left_at",
        "clean_time": "left_at",
        "timezone": "timezone",
        "tags": "tags",
        **dict.fromkeys(("optin_time", "optin_ip", "cc", "last_changed", "notes"), "-"),
    },
    marking=_marking,
    remark=_remark,
)
