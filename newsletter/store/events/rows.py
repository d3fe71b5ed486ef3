"""What the statements of this package share: moments as both databases tell them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from newsletter.model import importing
from newsletter.store.importing.json_rows import JsonRows, as_json

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["JsonRows", "as_json", "moment_text"]


def moment_text(moment: datetime) -> str:
    """The same as that of model/importing.py, in a third of the time for a moment that is in UTC already."""
    if moment.tzinfo is UTC:
        return moment.isoformat(" ", "microseconds")[:26]
    return importing.moment_text(moment)
