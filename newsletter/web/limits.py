"""How often one network address may ask for something. In the memory of this process: a restart forgets it."""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

#: an IPv6 network of one household: whoever has it has all its addresses
_HOUSEHOLD = 64


class Limits:
    """Counts from the first request of each caller; `kind` keeps the counts of one page apart from those of another."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    def per_hour(self, kind: str, who: str, most: int) -> int:
        """Count one request; 0 where it is allowed, else after how many seconds the next one is."""
        limit = RateLimitItemPerHour(most)
        if not who or self._limiter.hit(limit, kind, network_of(who)):
            return 0
        return seconds_until(self._limiter.get_window_stats(limit, kind, network_of(who)).reset_time)


def seconds_until(reset: float) -> int:
    """What to answer as Retry-After for a time of the clock that `limits` counts by."""
    return max(1, round(reset - time.time()))


def network_of(who: str) -> str:
    """What counts as one caller: an IPv4 address, or the /64 of an IPv6 one. Anything else stands for itself."""
    try:
        address = ip_address(who.partition("%")[0])
    except ValueError:
        return who
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{int(address) >> (128 - _HOUSEHOLD):016x}/{_HOUSEHOLD}"
