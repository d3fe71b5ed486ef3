"""When are two addresses the same person? The whole address case-folded and NFC, its domain in A-label form.

Suppressions and hashes use the identity; mail goes to the spelling that was given.
"""

from __future__ import annotations

import unicodedata


def identity(address: str) -> str:
    """The identity of an address that was found valid.

    Raises:
        ValueError: the domain cannot be written in A-labels (RFC 5891).
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", address.strip()).casefold())
    local, _, domain = folded.rpartition("@")
    if not domain.isascii():
        import idna

        domain = idna.encode(domain, uts46=True).decode("ascii")
    return f"{local}@{domain}"
