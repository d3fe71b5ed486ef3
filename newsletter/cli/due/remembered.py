"""What was told already of troubles that the database cannot note: that it is away, replaced, or the settings are wrong.

A small file of the workspace. Where it cannot be written all is told each time, which is better than not at all.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable
from newsletter.files import write_whole
from newsletter.model.duty import MANY, TELL_AGAIN

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "run-due.json"


@dataclass(frozen=True)
class Remembered:
    """`workspace` is its folder."""

    workspace: Path

    @property
    def _path(self) -> Path:
        return self.workspace / ".newsletter" / _FILE

    def is_news(self, trouble: str, now: datetime, *, passing: bool = False) -> bool:
        """Whether a trouble, by the name of its kind, is to be told now; it is counted. `passing`: as a rule it mends itself."""
        known = self._read()
        times, told = known.get(trouble, (0, None))
        is_news = not (passing and times + 1 < MANY) and (told is None or abs(now - told) >= TELL_AGAIN)
        counted = self._write({**known, trouble: (times + 1, now if is_news else told)})
        return is_news or not counted

    def over(self, *, but: str = "") -> bool:
        """All troubles but that one are over now; whether one of them was told."""
        known = self._read()
        over = known.keys() - {but}
        if over:
            self._write({name: known[name] for name in known.keys() - over})
        return any(known[name][1] for name in over - self._read().keys())

    def _read(self) -> dict[str, tuple[int, datetime | None]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return {
                name: (int(times), datetime.fromisoformat(at) if at else None) for name, (times, at) in found.items()
            }
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _write(self, known: dict[str, tuple[int, datetime | None]]) -> bool:
        """Whether it could be written."""
        folder = self._path.parent
        text = json.dumps({name: (times, at.isoformat() if at else "") for name, (times, at) in known.items()})
        with suppress(OSError, FileUnreadable):
            folder.mkdir(mode=0o700, exist_ok=True)
            ignoring = folder / ".gitignore"
            if not ignoring.exists():
                ignoring.write_text("*\n", encoding="ascii")
            write_whole(self._path, text)
            return True
        return False
