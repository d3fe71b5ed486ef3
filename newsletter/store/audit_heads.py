"""The file that remembers where the audit log ended at times: outside the database, so that no change of it reaches there.

A line for each time, `number hash time`. A crash leaves at most a torn last line, which is passed over.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.files import add_line, alone_in, grown_text
from newsletter.model.audit import Head

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64}) ([0-9-]{10}T[0-9:]{8}Z)")
_HEADING = "# Where the audit log ended: number and hash of its last entry. Keep it, and keep copies elsewhere.\n"


def note(path: Path, head: Head, now: datetime) -> None:
    """Add a line, on the disk when this returns; what is noted already changes nothing.

    Raises:
        FileUnreadable: the file cannot be read or written.
    """
    with alone_in(path.parent):
        if (head.number, head.hash) not in {(one.number, one.hash) for one in read(path)}:
            add_line(path, f"{head.number} {head.hash} {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", _HEADING)


def read(path: Path) -> tuple[Head, ...]:
    """In the order in which they were noted; none when there is no such file. `at` is when that was.

    Raises:
        FileUnreadable: it is there and cannot be read.
    """
    return tuple(head for line in grown_text(path).splitlines() if (head := _head(line)))


def unread(path: Path) -> int:
    """How many lines are no heads, beside those that say what the file is: somebody's hand, or a disk, changed them.

    Raises:
        FileUnreadable: as above.
    """
    lines = [line for line in grown_text(path).splitlines() if line.strip() and not line.startswith("#")]
    return sum(_head(line) is None for line in lines)


def _head(line: str) -> Head | None:
    found = _LINE.fullmatch(line.strip())
    try:
        return Head(number=int(found[1]), hash=found[2], at=_moment(found[3])) if found else None
    except ValueError:  # no day of a calendar
        return None


def _moment(told: str) -> datetime:
    return datetime.strptime(told, "%Y-%m-%dT%H:%M:%S%z")
