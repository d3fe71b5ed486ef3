"""Which of those whom a provider holds back are not suppressed here for it, and why."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SuppressionReason
from newsletter.subscribers.suppressions.deciding import is_soft

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from newsletter.model.mirror import HeldBack
    from newsletter.model.suppressing import Suppressing

#: what clocks may differ by
_MARGIN = timedelta(minutes=10)


class Apart(Enum):
    ERASED = auto()
    #: bounced for now only
    SOFT = auto()
    #: not the person's own word: we told the provider, which files all that it is told under people who left
    TOLD_BY_US = auto()


def apart(entry: HeldBack, ours: Suppressing, erased: Collection[str], told: Mapping[str, datetime]) -> Apart | None:
    """`erased` are hashes; `told` says whom we told the provider, and when."""
    if ours.identity_hash in erased:
        return Apart.ERASED
    if is_soft(entry.status, entry.words):
        return Apart.SOFT
    told_at = told.get(ours.identity_hash)
    if (
        told_at
        and entry.reason is SuppressionReason.LEFT_EVERYTHING
        and (not entry.at or entry.at >= told_at - _MARGIN)
    ):
        return Apart.TOLD_BY_US
    return None
