"""Is there room beside what grows: the database with its backups, and the outbox?"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "disk"
_say = Findings(AREA)
_LEAST = 500_000_000


def findings(look: Look) -> Iterator[Finding]:
    from newsletter.store.upkeep import sqlite_file

    places: dict[Path, int] = {look.workspace.folder: _LEAST}
    file = sqlite_file.file_of(look.store.url) if look.store else None
    if file:
        places[file.parent] = max(_LEAST, 2 * sqlite_file.size(file))
    if (outbox := look.workspace.folder / "outbox").is_dir():
        places.setdefault(outbox.resolve(), _LEAST)
    seen: set[int] = set()
    for place, need in sorted(places.items(), key=lambda one: -one[1]):
        try:
            device, free = place.stat().st_dev, shutil.disk_usage(place).free
        except OSError as why:
            yield _say.unseen("disk-unseen", f"{place}: {why.strerror}")
            continue
        if device not in seen:
            seen.add(device)
            yield _judged(place, free, need)


def _judged(place: Path, free: int, need: int) -> Finding:
    words = f"{free // 1_000_000:,} MB are free at {place}"
    advice = "Make room: a backup and an upgrade need as much as the database has, each; old backups may go."
    if free < need // 5:
        return _say.wrong("disk-full", words, advice)
    if free < need:
        return _say.careful("disk-nearly-full", words, advice)
    return _say.ok("disk", words)
