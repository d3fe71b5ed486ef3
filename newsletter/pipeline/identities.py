"""Addresses of events as identities; each is worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.identity import identity
from newsletter.model.recording import Named

if TYPE_CHECKING:
    from newsletter.keys import Keys


class Identities:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: dict[str, Named | None] = {}

    def named(self, address: str) -> Named | None:
        """None for what is no address."""
        if address not in self._known:
            self._known[address] = self._worked_out(address)
        return self._known[address]

    def hash_of(self, address: str) -> str | None:
        named = self.named(address)
        return named.identity_hash if named else None

    def _worked_out(self, address: str) -> Named | None:
        if "@" not in address:
            return None
        try:
            who = identity(address)
        except ValueError:
            return None
        return Named(self._keys.identity_hash(who), who)
