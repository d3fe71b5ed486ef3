"""Sends chunks through SendGrid: says aloud what it cannot carry, makes one try, and tells a definite no from doubt."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsletter.compose.carrying import envelope_obstacle, letter_obstacle, unsubscribe_link, wire_address
from newsletter.esp.sendgrid.answers import answer, no_reply
from newsletter.esp.sendgrid.key import checked_key
from newsletter.esp.sendgrid.request import (
    MAX_BYTES,
    MAX_SUBSTITUTION_BYTES,
    MAX_SUBSTITUTION_BYTES_IN_ALL,
    MAX_SUBSTITUTIONS,
    request_body,
    shared_bytes,
    substitution_bytes,
)
from newsletter.esp.this_machine import is_this_machine
from newsletter.model.letter import INTERRUPTED, Answer, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.model.letter import Envelope, Letter
    from newsletter.settings.schema import SendGridSection

_MAIL_SEND = ("mail", "send")


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
        timeout: float | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        """`timeout`: instead of that of the settings.

        Raises:
            SecretMissing: the key is empty.
            ServiceMissing: it is none.
        """
        key = checked_key(api_key)
        from newsletter.esp.sendgrid.client import Api, NothingSent

        self.chunk_size = settings.recipients_per_request
        self.in_flight = settings.requests_in_flight
        self.real = not (settings.sandbox or is_this_machine(urlsplit(settings.host).hostname or ""))
        self._sandbox = settings.sandbox
        self._clock = clock
        self._api = Api(key, settings.host, timeout or settings.timeout)
        self._nothing_sent = NothingSent

    def expect(self, attempt: str) -> None:
        """Nothing can be known of an attempt that never came back."""

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        """One request, one try. Never raises for what SendGrid or the network does."""
        if not envelopes:
            return Answer(verdict=Verdict.ACCEPTED, detail="there was nobody to send to")
        if len(envelopes) > self.chunk_size:  # planned with a larger setting: the engine splits it
            return Answer(verdict=Verdict.TOO_LARGE, detail=f"more than {self.chunk_size} readers in a request")
        if refusal := _refusal(letter, envelopes):
            return refusal
        body = request_body(letter, attempt, envelopes, sandbox=self._sandbox)
        return _over_limits(body, envelopes) or self._post(body, envelopes)

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:  # noqa: ARG002 - the port's
        """There is no way to ask SendGrid about a request; its events may tell."""
        return Answer(verdict=Verdict.UNCERTAIN, detail=INTERRUPTED)

    def remarks(self, letter: Letter) -> Sequence[str]:
        return [
            *(["sandbox mode is on: SendGrid looks at the requests and delivers nothing"] if self._sandbox else []),
            "SendGrid puts its own Message-ID into each mail, and bounces go to SendGrid",
            "readers' names lose their `,` and `;`",
            *(["for opens, SendGrid adds a picture that cannot be seen"] if letter.opens else []),
            *(
                ["for clicks, each link of the HTML leads through SendGrid, also that to leave"]
                if letter.clicks
                else []
            ),
        ]

    def why_unaligned(self, address: str) -> str:
        """Why mail from this address would not be signed by its own domain; empty when it is, or cannot be known."""
        from newsletter.esp.sendgrid.domains import why_not_aligned

        return why_not_aligned(self._api, address) or ""

    def close(self) -> None:
        """Nothing is held open: each request has a connection of its own."""

    def _post(self, body: dict[str, Any], envelopes: Sequence[Envelope]) -> Answer:
        try:
            reply = self._api.post(_MAIL_SEND, body)
        except self._nothing_sent as why:
            return Answer(verdict=Verdict.TRY_LATER, detail=f"SendGrid was not reached: {why}")
        except Exception as failure:  # noqa: BLE001 - whatever it is, the request may have arrived
            return no_reply(failure)
        numbers, addresses = [one.n for one in envelopes], [one.address for one in envelopes]
        return answer(reply, numbers, sandbox=self._sandbox, now=self._clock(), addresses=addresses)


def _refusal(letter: Letter, envelopes: Sequence[Envelope]) -> Answer | None:
    """What can be said before anything is built."""
    if why := letter_obstacle(letter):
        return Answer(verdict=Verdict.REFUSED, detail=why)
    if blamed := _blamed(letter, envelopes):
        return Answer(verdict=Verdict.BLAMED, detail="some readers cannot be sent to through SendGrid", blamed=blamed)
    return None


def _blamed(letter: Letter, envelopes: Sequence[Envelope]) -> dict[int, str]:
    """Delivery -> why. The same address twice in a request would have SendGrid refuse all of it."""
    if _all_are_well(letter, envelopes):
        return {}
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


def _all_are_well(letter: Letter, envelopes: Sequence[Envelope]) -> bool:
    """True of nearly every chunk: no need to look at each of them alone."""
    addresses = {wire_address(envelope.address).casefold() for envelope in envelopes}
    leaving = not letter.list_id or all(unsubscribe_link(envelope.values) for envelope in envelopes)
    return leaving and "" not in addresses and len(addresses) == len(envelopes)


def _over_limits(body: dict[str, Any], envelopes: Sequence[Envelope]) -> Answer | None:
    """SendGrid's limits on a request, looked at before it does."""
    personalizations = body["personalizations"]
    if any(len(personal.get("substitutions", ())) > MAX_SUBSTITUTIONS for personal in personalizations):
        why = f"SendGrid takes {MAX_SUBSTITUTIONS} personal texts in a message; this letter has more"
        return Answer(verdict=Verdict.REFUSED, detail=why)
    octets = [substitution_bytes(personal) for personal in personalizations]
    why = f"the personal texts of this reader are longer than SendGrid carries ({MAX_SUBSTITUTION_BYTES} bytes)"
    longest = {e.n: why for e, size in zip(envelopes, octets, strict=True) if size > MAX_SUBSTITUTION_BYTES}
    if longest:
        return Answer(verdict=Verdict.BLAMED, detail=why, blamed=longest)
    if len(octets) > 1 and sum(octets) > MAX_SUBSTITUTION_BYTES_IN_ALL:
        return Answer(verdict=Verdict.TOO_LARGE, detail="the personal texts are more than fit into a request")
    return _too_long(body, max(octets))


def _too_long(body: dict[str, Any], personal: int) -> Answer | None:
    message = shared_bytes(body) + personal
    if message >= MAX_BYTES:
        return Answer(verdict=Verdict.REFUSED, detail="SendGrid takes messages of up to 30 MB; this one is longer")
    # JSON takes six octets for what is two in UTF-8, and the readers come on top of it
    if message >= MAX_BYTES // 8 and len(json.dumps(body)) >= MAX_BYTES:
        return Answer(verdict=Verdict.TOO_LARGE, detail="the request would be longer than 30 MB")
    return None
