"""What links answered lately, in one JSON file of a folder: good answers for a day, bad ones for ten minutes."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.model.visit import Visit, VisitOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GOOD = frozenset({VisitOutcome.OK, VisitOutcome.MOVED})
_GOOD_FOR, _BAD_FOR = timedelta(hours=24), timedelta(minutes=10)
_FILE = "links.json"

_Kept = dict[str, tuple[datetime, Visit]]


class LinkCache:
    """Readable for its owner only. It is a convenience: a file that is damaged or cannot be written is no error."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def known(self, urls: Iterable[str], now: datetime) -> dict[str, Visit]:
        """Those of the addresses whose answer is still good."""
        kept = self._read(now)
        return {url: kept[url][1] for url in urls if url in kept}

    def keep(self, visits: Mapping[str, Visit], now: datetime) -> None:
        """Add what was found; what was not looked at is not kept, and what is too old goes."""
        found = {url: (now, visit) for url, visit in visits.items() if visit.outcome is not VisitOutcome.NOT_LOOKED}
        if found:
            with contextlib.suppress(OSError):
                self._write({**self._read(now), **found})

    def _read(self, now: datetime) -> _Kept:
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
            kept = {str(url): _from_json(entry) for url, entry in entries.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return {}
        return {url: (at, visit) for url, (at, visit) in kept.items() if at <= now < at + _lasts(visit)}

    def _write(self, kept: _Kept) -> None:
        """Whole or not at all."""
        entries = {url: asdict(visit) | {"at": at.timestamp()} for url, (at, visit) in kept.items()}
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=_FILE)  # made with mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(entries, file)
        Path(name).replace(self._path)


def _lasts(visit: Visit) -> timedelta:
    return _GOOD_FOR if visit.outcome in _GOOD else _BAD_FOR


def _from_json(entry: Mapping[str, Any]) -> tuple[datetime, Visit]:
    status = entry["status"]
    visit = Visit(
        outcome=VisitOutcome(entry["outcome"]),
        status=None if status is None else int(status),
        where=str(entry["where"]),
        detail=str(entry["detail"]),
    )
    return datetime.fromtimestamp(float(entry["at"]), UTC), visit
