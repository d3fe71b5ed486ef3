"""The file that remembers who was erased: keyed hashes and days, outside the database, so that no backup takes it back.

A line for each erasing, `hash day`, and one for each that was lifted, `hash day back`: the last line of a hash decides.
A crash leaves at most a torn last line: it is no hash and is passed over, or it counts as an erasing, which is the safe way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.files import add_line, alone_in, grown_text

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_LINE = re.compile(r"([0-9a-f]{32})(?:\s+\S+\s+(back))?(?=\s|\Z)")
_BACK = "back"
_HEADING = "# People who were erased, as keyed hashes: needed when a backup is restored. Keep it, and keep it apart.\n"


def append(path: Path, identity_hash: str, day: date) -> None:
    """Note an erasing, on the disk when this returns; one that is noted already changes nothing.

    Raises:
        FileUnreadable: the file cannot be read or written; nothing was noted.
    """
    with alone_in(path.parent):
        if identity_hash not in read(path):
            add_line(path, f"{identity_hash} {day.isoformat()}", _HEADING)


def forget(path: Path, identity_hash: str, day: date) -> None:
    """Note that somebody who was erased asked to come back, on the disk when this returns.

    The line of the erasing stays: what was done is not undone. Somebody who is not noted as erased needs no line.

    Raises:
        FileUnreadable: the file cannot be read or written; nothing was noted.
    """
    with alone_in(path.parent):
        if identity_hash in read(path):
            add_line(path, f"{identity_hash} {day.isoformat()} {_BACK}", _HEADING)


def read(path: Path) -> frozenset[str]:
    """The hashes of all who were erased and did not come back; none when there is no such file.

    Raises:
        FileUnreadable: it is there and cannot be read.
    """
    return _hashes(grown_text(path))


def _hashes(content: str) -> frozenset[str]:
    erased: dict[str, bool] = {}
    for line in content.splitlines():
        if found := _LINE.match(line.strip()):
            erased[found[1]] = not found[2]
    return frozenset(identity_hash for identity_hash, is_erased in erased.items() if is_erased)
