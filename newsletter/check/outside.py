"""The ports through which checks ask beyond the files. Adapters are in probe/; wiring joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.check.reachable import LinkProbe
    from newsletter.check.spam_score import SpamJudge


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Whom checks may ask; nobody where it is None."""

    links: LinkProbe | None = None
    spam: SpamJudge | None = None
