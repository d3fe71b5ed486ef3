"""Questions to the SendGrid account and changes in it, beside sending. Who is busy or away is asked again, but for a POST.

API keys have rights one by one: a key that may send may not see suppressions.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter.errors import ProviderFailed
from newsletter.esp.sendgrid.answers import seconds_to_wait, words_of
from newsletter.esp.sendgrid.client import NothingSent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from newsletter.esp.sendgrid.client import Api, Reply

PROVIDER = "SendGrid"
#: as often is asked in all, and so many seconds at most between
_TRIES, _LONGEST_WAIT = 3, 60.0
_RIGHTS = (
    "At SendGrid (Settings, API Keys) give the key access to Suppressions, or make another one that has it. "
    "An account in the EU has a host of its own: esp.sendgrid.host"
)
HOST = "Look whether esp.sendgrid.host is right: https://api.sendgrid.com, or https://api.eu.sendgrid.com in the EU."
_LATER = "Try again later; the same command goes on where it stopped."


class Account:
    """Raises ProviderFailed where SendGrid does not do what is asked."""

    def __init__(self, api: Api, sleep: Callable[[float], None] = time.sleep) -> None:
        self._api = api
        self._sleep = sleep

    def get(self, path: Sequence[str], query: Mapping[str, str | int], *, nothing: Collection[int] = ()) -> Any:  # noqa: ANN401 - any JSON
        """What is there; None when the status says that there is no such thing."""
        reply = self._patiently(lambda: self._api.get(path, query))
        if reply.status in nothing:
            return None
        if reply.status != 200:
            raise failure(reply)
        try:
            return json.loads(reply.body)
        except (ValueError, RecursionError):
            raise ProviderFailed(PROVIDER, "its answer is not one of its API", _LATER) from None

    def delete(self, path: Sequence[str]) -> bool:
        """Whether it was there."""
        reply = self._patiently(lambda: self._api.delete(path))
        if reply.status in {200, 202, 204}:
            return True
        if reply.status == 404:
            return False
        raise failure(reply)

    def post(self, path: Sequence[str], body: Mapping[str, Any]) -> Reply:
        """One try; the reply may be a refusal."""
        return self._once(lambda: self._api.post(path, body))

    def _patiently(self, call: Callable[[], Reply]) -> Reply:
        for tries in range(1, _TRIES):
            try:
                reply = self._once(call)
            except ProviderFailed:
                wait: float | None = None
            else:
                if reply.status != 429 and reply.status < 500:
                    return reply
                wait = seconds_to_wait(reply.headers, datetime.now(UTC))
            self._sleep(min(2.0**tries if wait is None else max(wait, 1.0), _LONGEST_WAIT))
        return self._once(call)

    def _once(self, call: Callable[[], Reply]) -> Reply:
        try:
            return call()
        except NothingSent as why:
            raise ProviderFailed(PROVIDER, f"it was not reached: {why}", _LATER, certain=True) from None
        except Exception as why:  # noqa: BLE001 - whatever urllib and the SDK raise, it may quote an address
            raise ProviderFailed(PROVIDER, f"the connection broke ({type(why).__name__})", _LATER) from None


def failure(reply: Reply) -> ProviderFailed:
    """A reply that is none of those expected, as what stops the run. In 408 and 5xx it may have been done before."""
    certain = 300 <= reply.status < 500 and reply.status != 408
    if reply.status in {401, 403}:
        return ProviderFailed(
            PROVIDER, f"it does not let this key do that ({words_of(reply)})", _RIGHTS, certain=certain
        )
    if reply.status in {301, 302, 303, 307, 308, 404, 405}:
        return ProviderFailed(PROVIDER, f"there is no such thing ({words_of(reply)})", HOST, certain=certain)
    return ProviderFailed(PROVIDER, f"it refuses or cannot ({words_of(reply)})", _LATER, certain=certain)
