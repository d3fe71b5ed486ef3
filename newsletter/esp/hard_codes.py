"""The codes by which mail servers say that an address is wrong for good, at once or in a report later."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: RFC 3463 codes that say that the address itself is wrong, for good. Any other failure may pass: it is soft.
HARD: Mapping[str, str] = {
    "5.1.0": "other address status",
    "5.1.1": "no such mailbox",
    "5.1.2": "no such system",
    "5.1.3": "the address is not written right",
    "5.1.6": "the mailbox has moved",
    "5.1.10": "the domain takes no mail",
    "5.2.1": "the mailbox is disabled",
    "5.4.4": "no way to the domain",
}
