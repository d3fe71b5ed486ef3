"""Records that registers gave lately, one JSON file for each number: nobody is asked twice for the same within a month."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.identifier import Identifier

#: a paper that appeared ahead of print gets its volume and pages within some months
_GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class RecordCache:
    """Readable for its owner only. It is a convenience: a file that is damaged or cannot be written is no error."""

    folder: Path
    now: Callable[[], datetime]

    def known(self, identifier: Identifier) -> Mapping[str, Any] | None:
        """The record, while it is good."""
        try:
            kept = json.loads(self._path(identifier).read_text(encoding="utf-8"))
            at, record = datetime.fromisoformat(kept["at"]), kept["record"]
            fresh = at <= self.now() < at + _GOOD_FOR
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return record if fresh and isinstance(record, dict) and identifier.same(kept.get("asked")) else None

    def keep(self, identifier: Identifier, record: Mapping[str, Any]) -> None:
        """Whole or not at all."""
        kept = {"asked": identifier.value, "at": self.now().isoformat(), "record": record}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix="record")  # made with mode 0600
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(kept, file)
                Path(name).replace(self._path(identifier))
            finally:
                Path(name).unlink(missing_ok=True)

    def _path(self, identifier: Identifier) -> Path:
        """A DOI may have any characters and be longer than a file's name."""
        named = f"{identifier.register}:{identifier.value.lower()}"
        return self.folder / f"{hashlib.sha256(named.encode()).hexdigest()}.json"
