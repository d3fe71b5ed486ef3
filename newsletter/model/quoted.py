"""What a server said, made fit to be stored and shown: on one line, without the addresses and keys that servers quote."""

from __future__ import annotations

import re
from functools import lru_cache

#: of what is left; nobody reads more
LONGEST = 200
#: of what is looked at; such words have no end that matters
_LOOKED_AT = 2_000
_PIECE = r"[^\s<>\"(),;]*"
_ADDRESS = re.compile(rf"<?(?:\"[^\"]{{1,64}}\"|{_PIECE})(?:@|%40|&#64;|&#x40;|\uff20){_PIECE}>?", re.IGNORECASE)
_LAST_PIECE = re.compile(rf"{_PIECE}\Z")
_KEY = re.compile(r"SG\.\S+")
_GONE = "(address)"


def cleaned(said: str, *addresses: str) -> str:
    """`addresses` are those that it may be about: many servers quote the part before the @ alone."""
    text = _without_secrets(said) if said else ""
    for address in addresses if text else ():
        text = _without_local_part(text, address)
    return text[:LONGEST].rstrip()


@lru_cache(maxsize=1024)
def _without_secrets(said: str) -> str:
    """Many servers say the same of many readers."""
    text = " ".join(_printable(said[: 2 * _LOOKED_AT]).split())
    if len(text) > _LOOKED_AT:  # not half an address; what has no end is none
        text = text[:_LOOKED_AT]
        text = _LAST_PIECE.sub("", text) or text[:LONGEST]
    return _KEY.sub("(key)", _ADDRESS.sub(_GONE, text))


def _printable(text: str) -> str:
    """Without what PostgreSQL does not keep, a terminal obeys, or nobody could decode."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign if sign.isprintable() and sign != "\ufffd" else " " for sign in text)


def _without_local_part(text: str, address: str) -> str:
    """Also without what stands behind a plus sign in it, which servers drop."""
    local = address.strip().rpartition("@")[0]
    for part in dict.fromkeys((local, local.partition("+")[0])):
        if part and part.casefold() in text.casefold():
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", _GONE, text, flags=re.IGNORECASE)
    return text
