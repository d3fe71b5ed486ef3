"""The file that remembers where the audit log ended at times: outside the database, so that no change of it reaches there.

A line for each time, `number hash time mark`: a workspace may have another database to rehearse with, whose log is not this
one; the mark tells which it was. A crash leaves at most a torn last line, which is passed over.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.files import add_line, alone_in, grown_text
from newsletter.model.audit import Head

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64}) ([0-9-]{10}T[0-9:]{8}Z)(?: ([0-9a-f]{8}))?")
_HEADING = "# Where the audit log ended: number and hash of its last entry. Keep it, and keep copies elsewhere.\n"


def note(path: Path, head: Head, now: datetime, mark: str = "") -> None:
    """Add a line, on the disk when this returns; what is noted already changes nothing.

    Raises:
        FileUnreadable: the file cannot be read or written.
    """
    with alone_in(path.parent):
        if (head.number, head.hash) not in {(one.number, one.hash) for one in read(path, mark)}:
            line = f"{head.number} {head.hash} {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {mark}"
            add_line(path, line.rstrip(), _HEADING)


def read(path: Path, mark: str = "") -> tuple[Head, ...]:
    """In the order in which they were noted; none when there is no such file. `at` is when that was.

    With a mark those of that database, and those that name none.

    Raises:
        FileUnreadable: it is there and cannot be read.
    """
    lines = (line for line in grown_text(path).splitlines() if not mark or _mark(line) in {mark, ""})
    return tuple(head for line in lines if (head := _head(line)))


def of_others(path: Path, mark: str) -> int:
    """How many heads are of other databases than the one with this mark.

    Raises:
        FileUnreadable: as above.
    """
    return len(read(path)) - len(read(path, mark))


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


def _mark(line: str) -> str:
    found = _LINE.fullmatch(line.strip())
    return (found[4] or "") if found else ""


def _moment(told: str) -> datetime:
    return datetime.strptime(told, "%Y-%m-%dT%H:%M:%S%z")
