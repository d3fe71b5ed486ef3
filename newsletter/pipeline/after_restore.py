"""After a backup was put in place: no new mailing before somebody has looked what went out meanwhile.

The restored database does not know who has those issues, and would mail everybody once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import SendingRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy.engine import Connection

    from newsletter.store.upkeep.restored import Restoration

#: issues that are named
_MOST_NAMED = 5
_CONFIRM = "newsletter db restore --checked"


def why_not(connection: Connection, issue: str, zone: ZoneInfo, *, again: bool) -> SendingRefused | None:
    """What stands against a new mailing of this issue; None where nothing does."""
    from newsletter.store.upkeep import restored

    known = restored.get(connection)
    if known is None:
        return None
    at = f"{known.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    if issue in known.issues and not (known.checked_at and again):
        return _went_out(issue, at, is_checked=known.checked_at is not None)
    return None if known.checked_at else _unchecked(known, at, zone)


def _went_out(issue: str, at: str, *, is_checked: bool) -> SendingRefused:
    why = (
        f"the issue {issue} went out after the backup that was restored on {at}; this database does not know who has it, and "
        "everybody would get it a second time"
    )
    if is_checked:
        return SendingRefused(
            why, f"Do not send it again. If you mean it, say why: newsletter send {issue} --again REASON"
        )
    return SendingRefused(
        why,
        "Do not send it again: take it out of cron. If you mean it: look what else went out, confirm that with "
        f"`{_CONFIRM}`, and send it with --again REASON.",
    )


def _unchecked(known: Restoration, at: str, zone: ZoneInfo) -> SendingRefused:
    taken = f" of {known.taken_at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if known.taken_at else ""
    went_out = f" (among it: {in_words(known.issues)})" if known.issues else ""
    return SendingRefused(
        f"no new mailing since a backup{taken} was restored on {at}: this database does not know what went out after the "
        f"backup{went_out}, and nobody has confirmed that they looked",
        f"Ask your provider whether this issue is out already, and see docs/running.md, Restoring. Then: {_CONFIRM}",
    )


def in_words(issues: Sequence[str]) -> str:
    more = len(issues) - _MOST_NAMED
    return ", ".join(issues[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
