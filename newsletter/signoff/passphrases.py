"""Passphrases of people who sign: only a scrypt hash is kept, with its salt and cost, so that the cost can rise later."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.staff import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SHORTEST = 10
LONGEST = 200
_MOST_ALIKE = 4
_SALT = 16
#: so many wrong ones in a row are slips; from then on there is a wait, twice as long each time
_FREE = 5
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Cost:
    """scrypt's parameters; memory is 128 * n * r bytes."""

    n: int
    r: int
    p: int


#: 32 MB and about a fifth of a second: among the settings that OWASP's Password Storage Cheat Sheet names
COST = Cost(2**15, 8, 3)


def hashed(passphrase: str, salt: bytes, cost: Cost | None = None) -> str:
    """What is stored: `scrypt$n$r$p$salt$hash`."""
    cost = cost or COST
    return f"scrypt${cost.n}${cost.r}${cost.p}${salt.hex()}${_scrypt(passphrase, salt, cost).hex()}"


def matches(passphrase: str, stored: str) -> bool:
    """Compared in constant time; nothing matches what is not a hash."""
    try:
        name, n, r, p, salt, expected = stored.split("$")
        cost = Cost(int(n), int(r), int(p))
        known = bytes.fromhex(expected)
        return name == "scrypt" and hmac.compare_digest(_scrypt(passphrase, bytes.fromhex(salt), cost), known)
    except ValueError:
        return False


def why_weak(passphrase: str, known: Iterable[str]) -> str:
    """What is wrong with a new passphrase, in words; empty where nothing is. `known` are the person's names and addresses."""
    text = _normal(passphrase)
    if len(text) < SHORTEST:
        return (
            f"it has {len(text)} characters, and needs at least {SHORTEST}: take four words that do not belong together"
        )
    if len(text) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if len(set(text)) <= _MOST_ALIKE:
        return "it repeats the same few characters: take four words that do not belong together"
    if _bare(text) in {_bare(part) for name in known for part in (name, name.partition("@")[0])}:
        return "it is their name or address, which everybody knows"
    return ""


def waits_until(failed: int, failed_at: datetime | None) -> datetime | None:
    """Until when no passphrase is looked at after so many wrong ones in a row; None: it may be tried."""
    if failed < _FREE or failed_at is None:
        return None
    doubled: int = 2 ** min(failed - _FREE, 10)
    return failed_at + min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def _scrypt(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    memory = 128 * cost.r * (cost.n + cost.p) + 2**20
    return hashlib.scrypt(
        _normal(passphrase).encode(), salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=32
    )


def _normal(passphrase: str) -> str:
    """The same on every keyboard: an accent may be typed as one character or as two."""
    return unicodedata.normalize("NFKC", passphrase)


def _bare(text: str) -> str:
    return "".join(character for character in key_of(_normal(text)) if character.isalnum())
