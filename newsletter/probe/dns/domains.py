"""Which domains belong together, as receivers see it (RFC 7489, "organizational domain"): by the public suffix list that
is installed with the program; nothing is fetched.
"""

from __future__ import annotations

import functools

from publicsuffixlist import PublicSuffixList

from newsletter.compose.carrying import wire_domain


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def plain(domain: str) -> str:
    """In small letters and as it stands in the DNS; what cannot stand there stays what it is."""
    domain = domain.strip().rstrip(".").lower()
    return wire_domain(domain) or domain


def domain_of(address: str) -> str:
    return plain(address.rpartition("@")[2])


def organisation_of(domain: str) -> str:
    """Such as example.co.uk for news.example.co.uk; a public suffix is its own."""
    name = plain(domain)
    return _suffixes().privatesuffix(name) or name


def belong_together(one: str, other: str, *, strictly: bool = False) -> bool:
    """Whether they are aligned: the same, or in relaxed mode of one organisation."""
    if not one or not other:
        return False
    return plain(one) == plain(other) or (not strictly and organisation_of(one) == organisation_of(other))
