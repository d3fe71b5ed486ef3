"""How often a key may ask, and how often one network address may come with a wrong one. In the memory of this process."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from newsletter.web.limits import network_of, seconds_until

#: wrong keys from one network address in a minute
MOST_FAILURES = 30
_MINUTE = 60


class Rates:
    """A minute moves along with the clock: nobody gets twice as much around its end."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._most, self._failures = RateLimitItemPerMinute(per_minute), RateLimitItemPerMinute(MOST_FAILURES)
        self._policy = f'"key";q={per_minute};w={_MINUTE}'

    def count(self, prefix: str) -> tuple[bool, dict[str, str]]:
        """Count one request of a key: whether it is allowed, and the headers that say how many are left."""
        allowed = self._limiter.hit(self._most, prefix)
        reset, left = self._limiter.get_window_stats(self._most, prefix)
        wait = seconds_until(reset)
        headers = {"RateLimit-Policy": self._policy, "RateLimit": f'"key";r={left};t={wait}'}
        return allowed, headers if allowed else headers | {"Retry-After": str(wait)}

    def wait_after_failure(self, ip: str) -> int:
        """Count a wrong key: 0, or how many seconds are to be waited. Who has a right one never waits for others."""
        if not ip or self._limiter.hit(self._failures, network_of(ip)):
            return 0
        return seconds_until(self._limiter.get_window_stats(self._failures, network_of(ip)).reset_time)
