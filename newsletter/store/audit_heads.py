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

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
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
    lines = (_LINE.fullmatch(line.strip()) for line in grown_text(path).splitlines())
    return tuple(
        Head(number=int(found[1]), hash=found[2], at=datetime.strptime(found[3], "%Y-%m-%dT%H:%M:%S%z"))
        for found in lines
        if found
    )
