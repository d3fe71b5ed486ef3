"""/hooks/sendgrid: what SendGrid reports is kept as it came, and nothing more is done while it waits for our answer.

Only what is signed is kept: without a verification key nobody can tell SendGrid from anybody else, so nothing is taken.
Whatever we answer but a 2xx, SendGrid comes again with it for a day.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from newsletter.esp.sendgrid.signature import SIGNATURE, Refused, Verifier
from newsletter.store.events import inbox
from newsletter.web.bodies import read_body

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from newsletter.settings import Settings
    from newsletter.store.database import Store

PATH = "/hooks/sendgrid"
ESP = "sendgrid"
#: a report of a thousand events has about half a megabyte
MOST_BYTES = 10_000_000
MOST_SECONDS = 60
_NO_KEY = "no verification key is set; set events.public_key in newsletter.toml (docs/events.md), then start this again"
#: the same words are logged once in so long: anybody can post here
_QUIET = timedelta(minutes=1)

_log = logging.getLogger("newsletter.web")


def verifier_of(settings: Settings) -> Verifier | None:
    """None where no key is set.

    Raises:
        NotAKey: what is set is none.
    """
    events = settings.events
    return Verifier(events.public_key, timedelta(minutes=events.oldest_minutes)) if events.public_key else None


@dataclass(frozen=True, kw_only=True)
class Hook:
    """`stored` is told of each report that was kept."""

    store: Store
    verifier: Verifier | None
    clock: Callable[[], datetime]
    stored: Callable[[], None]
    _said: dict[str, datetime] = field(default_factory=dict)

    async def take(self, request: Request) -> Response:
        """Nobody who has not signed makes us read a body."""
        if self.verifier is None:
            return self._refused(_NO_KEY)
        if SIGNATURE not in request.headers:
            return self._refused(Refused.UNSIGNED)
        body = await read_body(request, MOST_BYTES, MOST_SECONDS)
        return await run_in_threadpool(self._keep, self.verifier, request, body)

    def _keep(self, verifier: Verifier, request: Request, body: bytes) -> Response:
        now = self.clock()
        if why := verifier.why_refused(request.headers, body, now):
            return self._refused(why)
        with self.store.write() as connection:
            inbox.add(connection, ESP, body, now)
        self.stored()
        return PlainTextResponse("ok")

    def _refused(self, why: str) -> Response:
        now = self.clock()
        if self._said.get(why, now - _QUIET) <= now - _QUIET:
            self._said[why] = now
            _log.warning("a report to %s was not taken: %s", PATH, why)
        return PlainTextResponse("not taken", 403)
