"""The ports through which checks ask beyond the files. Adapters are in probe/; wiring joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.check.finished.spam_score import SpamJudge
    from newsletter.check.links.reachable import LinkProbe


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Whom checks may ask; nobody where it is None."""

    links: LinkProbe | None = None
    spam: SpamJudge | None = None
