"""What tells one database from another, and from an older copy of itself, without saying anything of what is in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from newsletter.store import facts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def mark_of(connection: Connection) -> str:
    """The same for two that look at one database at one moment; it changes as mailings are planned (store/witness.py)."""
    known = facts.get(connection, facts.WITNESS) or facts.get(connection, facts.HOME) or ""
    return hashlib.sha256(known.encode()).hexdigest()[:16]
