"""The names by which feed readers know feeds and entries for ever, wherever the pages move (RFC 4287, section 4.2.6)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.keys import Keys


class Identities:
    """Made from the secret, whose part for identities never changes, and never from an address of the web."""

    def __init__(self, keys: Keys) -> None:
        self._space = uuid.UUID(hex=keys.identity_hash("names of the feeds"))

    def feed(self, of: str) -> str:
        """Of everything, or of the list of this name."""
        return uuid.uuid5(self._space, f"list {of}" if of else "feed").urn

    def issue(self, issue: str) -> str:
        return uuid.uuid5(self._space, f"issue {issue}").urn
