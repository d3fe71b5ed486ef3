"""What a provider knows of people who must not be mailed, and how a comparison with ours went (docs/adding-an-esp.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.subscriber import SuppressionReason


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldBack:
    """Somebody whom a provider holds back, in its own spelling. `at` is None where it does not say since when."""

    address: str
    reason: SuppressionReason
    at: datetime | None = None
    #: of a bounce: its status (5.1.1), and the server's words
    status: str = ""
    words: str = ""


@dataclass(kw_only=True)
class SyncReport:
    """How a sync went. Entries of the provider = new + already + lifted_since + repeated + soft + unusable + those of the erased."""

    provider: str
    dry_run: bool = False
    #: suppressed by this, and had not been
    new: int = 0
    #: suppressed before
    already: int = 0
    #: of `already`: the provider has a graver reason, which stands now
    graver: int = 0
    #: new and already, by the provider's reasons
    reasons: dict[SuppressionReason, int] = field(default_factory=dict)
    #: lifted here after the time that the provider names: may be mailed here, held back there
    lifted_since: int = 0
    #: bounced for now only: may be mailed here, held back there
    soft: int = 0
    #: people who were erased here, and whose address the provider still has
    erased: int = 0
    #: of `erased`: the provider was made to forget them
    forgotten: int = 0
    #: no address that anybody can have
    unusable: int = 0
    #: further entries of a person
    repeated: int = 0
    #: told to the provider
    pushed: int = 0
    #: told before, and taken back: readers who may be mailed again
    taken_back: int = 0
    #: not told: the provider does not take them
    refused: int = 0

    def as_json(self) -> dict[str, object]:
        """The shape that `suppressions sync --json` prints."""
        return {**vars(self), "reasons": {reason.value: count for reason, count in self.reasons.items()}}
