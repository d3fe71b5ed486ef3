"""A spam filter whose verdicts are remembered for a day: it takes seconds, and an issue is checked many times."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.model.spam_verdict import SpamReason, SpamVerdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.probe.spamassassin import SpamAssassin

_FILE = "verdicts.json"
_GOOD_FOR = timedelta(hours=24)
_MOST = 100


@dataclass(frozen=True, kw_only=True)
class RememberedVerdicts:
    """By the hash of the mail, in one file of a folder; a file that is damaged or cannot be written is no error."""

    judging: SpamAssassin
    folder: Path
    now: Callable[[], datetime]

    def judge(self, mail: bytes) -> SpamVerdict | None:
        """As the filter itself; that it is not installed is not remembered."""
        key = hashlib.sha256(mail).hexdigest()
        entries = self._read()
        if key in entries:
            return _from_json(entries[key])
        verdict = self.judging.judge(mail)
        if verdict:
            entry = asdict(verdict) | {"until": (self.now() + _GOOD_FOR).timestamp()}
            with contextlib.suppress(OSError):
                self._write({**dict(list(entries.items())[-_MOST + 1 :]), key: entry})
        return verdict

    def _read(self) -> dict[str, dict[str, Any]]:
        """Those that still count and can be read."""
        try:
            entries = json.loads((self.folder / _FILE).read_text(encoding="utf-8"))
            good = {key: entry for key, entry in entries.items() if entry["until"] > self.now().timestamp()}
            for entry in good.values():
                _from_json(entry)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}
        return good

    def _write(self, entries: dict[str, dict[str, Any]]) -> None:
        """Whole or not at all, for its owner only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=_FILE)  # made with mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(entries, file)
        Path(name).replace(self.folder / _FILE)


def _from_json(entry: dict[str, Any]) -> SpamVerdict:
    reasons = tuple(SpamReason(**reason) for reason in entry["reasons"])
    return SpamVerdict(score=float(entry["score"]), threshold=float(entry["threshold"]), reasons=reasons)
