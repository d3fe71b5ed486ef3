"""Sends chunks through SendGrid: says aloud what it cannot carry, makes one try, and tells a definite no from doubt."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsletter.compose.carrying import envelope_obstacle, letter_obstacle, wire_address
from newsletter.errors import SecretMissing
from newsletter.esp.sendgrid.answers import answer, no_reply
from newsletter.esp.sendgrid.request import (
    MAX_BYTES,
    MAX_SUBSTITUTION_BYTES,
    MAX_SUBSTITUTIONS,
    message_bytes,
    request_body,
    substitution_bytes,
)
from newsletter.model.letter import Answer, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.model.letter import Envelope, Letter
    from newsletter.settings.schema import SendGridSection


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SendGridSender:
    """A sender that reaches people, unless its host is this machine or sandbox mode is on."""

    name = "sendgrid"
    #: there is no idempotency key: a repeated request is a second copy
    repeatable = False
    #: readers fetch the images, so that each mail stays small
    embeds = False

    def __init__(
        self,
        settings: SendGridSection,
        api_key: str,
        timeout: float = 30.0,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        """`timeout`: seconds that a single step (connect, send, wait for bytes) may take.

        Raises:
            SecretMissing: the key is empty.
        """
        if not api_key.strip():
            raise SecretMissing("SENDGRID_API_KEY")
        from newsletter.esp.sendgrid.client import MailSend, NothingSent

        self.chunk_size = settings.recipients_per_request
        self.in_flight = settings.requests_in_flight
        self.real = not (settings.sandbox or _is_this_machine(settings.host))
        self._sandbox = settings.sandbox
        self._clock = clock
        self._client = MailSend(api_key.strip(), settings.host, timeout)
        self._nothing_sent = NothingSent

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        """One request, one try. Never raises for what SendGrid or the network does."""
        if not envelopes:
            return Answer(verdict=Verdict.ACCEPTED, detail="there was nobody to send to")
        if len(envelopes) > self.chunk_size:  # planned with a larger setting: the engine splits it
            return Answer(verdict=Verdict.TOO_LARGE, detail=f"more than {self.chunk_size} readers in a request")
        if refusal := _refusal(letter, envelopes):
            return refusal
        body = request_body(letter, attempt, envelopes, sandbox=self._sandbox)
        return _over_limits(body, envelopes) or self._post(body, [envelope.n for envelope in envelopes])

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:  # noqa: ARG002 - the port's
        """There is no way to ask SendGrid about a request; its events may tell."""
        return Answer(verdict=Verdict.UNCERTAIN, detail="interrupted before an answer came")

    def remarks(self, letter: Letter) -> Sequence[str]:  # noqa: ARG002 - the port's
        return ["SendGrid puts its own Message-ID into each mail"]

    def close(self) -> None:
        """Nothing is held open: each request has a connection of its own."""

    def _post(self, body: dict[str, Any], numbers: Sequence[int]) -> Answer:
        try:
            reply = self._client.post(body)
        except self._nothing_sent as why:
            return Answer(verdict=Verdict.TRY_LATER, detail=f"SendGrid was not reached: {why}")
        except Exception as failure:  # noqa: BLE001 - whatever it is, the request may have arrived
            return no_reply(failure)
        return answer(reply, numbers, sandbox=self._sandbox, now=self._clock())


def _refusal(letter: Letter, envelopes: Sequence[Envelope]) -> Answer | None:
    """What can be said before anything is built."""
    if why := letter_obstacle(letter):
        return Answer(verdict=Verdict.REFUSED, detail=why)
    if blamed := _blamed(letter, envelopes):
        return Answer(verdict=Verdict.BLAMED, detail="some readers cannot be sent to through SendGrid", blamed=blamed)
    return None


def _blamed(letter: Letter, envelopes: Sequence[Envelope]) -> dict[int, str]:
    """Delivery -> why. The same address twice in a request would have SendGrid refuse all of it."""
    blamed: dict[int, str] = {}
    seen: set[str] = set()
    for envelope in envelopes:
        if why := envelope_obstacle(letter, envelope):
            blamed[envelope.n] = why
            continue
        address = wire_address(envelope.address).casefold()
        if address in seen:
            blamed[envelope.n] = "another reader of this mailing has the same address, but for upper and lower case"
        seen.add(address)
    return blamed


def _over_limits(body: dict[str, Any], envelopes: Sequence[Envelope]) -> Answer | None:
    """SendGrid's limits on a request, looked at before it does."""
    if message_bytes(body) >= MAX_BYTES:
        return Answer(verdict=Verdict.TOO_LARGE, detail="SendGrid takes messages of up to 30 MB")
    personalizations = body["personalizations"]
    if any(len(personal.get("substitutions", ())) > MAX_SUBSTITUTIONS for personal in personalizations):
        why = f"SendGrid takes {MAX_SUBSTITUTIONS} personal texts in a message; this letter has more"
        return Answer(verdict=Verdict.REFUSED, detail=why)
    why = f"the personal texts of this reader are longer than SendGrid carries ({MAX_SUBSTITUTION_BYTES} bytes)"
    blamed = {
        envelope.n: why
        for envelope, personal in zip(envelopes, personalizations, strict=True)
        if substitution_bytes(personal) > MAX_SUBSTITUTION_BYTES
    }
    return Answer(verdict=Verdict.BLAMED, detail=why, blamed=blamed) if blamed else None


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
