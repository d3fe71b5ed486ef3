"""Sends events to our webhook as SendGrid does: signed, in batches, several at once, again when it is not answered 2xx.

On wish with its vices: duplicates, no order, bad signatures.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
_FIRST_PAUSE = 0.5


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Only 2xx is a yes."""


class Signer:
    """Has an ECDSA key on P-256. `pem` continues an earlier one."""

    def __init__(self, pem: bytes | None = None) -> None:
        key = serialization.load_pem_private_key(pem, None) if pem else ec.generate_private_key(ec.SECP256R1())
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key

    @property
    def public_key(self) -> str:
        """base64 of the SubjectPublicKeyInfo, as SendGrid's settings show it."""
        encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self._key.public_key().public_bytes(encoding, form)).decode()

    @property
    def pem(self) -> bytes:
        form = serialization.PrivateFormat.PKCS8
        return self._key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    def headers(self, body: bytes, timestamp: int) -> dict[str, str]:
        signature = self._key.sign(str(timestamp).encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: str(timestamp)}


@dataclass(kw_only=True)
class Manners:
    """How the events are sent. Shares are between 0 and 1."""

    #: events in a POST
    batch: int = 500
    at_once: int = 4
    #: of the events, sent again in a later POST
    duplicates: float = 0.0
    shuffled: bool = False
    #: of the POSTs, sent once more with a signature of something else, before the right one
    forged: float = 0.0
    #: how often a POST that was not answered 2xx is tried again
    retries: int = 5


@dataclass
class Posted:
    """`rejected`: answers that were not 2xx, forged ones too. `lost`: events that were given up."""

    events: int = 0
    posts: int = 0
    rejected: int = 0
    forged: int = 0
    lost: int = 0


class Webhooks:
    def __init__(
        self,
        url: str,
        signer: Signer | None = None,
        manners: Manners | None = None,
        *,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url
        self.signer = signer or Signer()
        self.manners = manners or Manners()
        self.posted = Posted()
        self._clock, self._sleep = clock, sleep
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(self.manners.at_once, "webhooks")
        self._under_way: list[Future[None]] = []

    def send(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Returns at once; the POSTs go out from threads."""
        with self._lock:
            self._under_way = [one for one in self._under_way if not one.done()]
            for batch in self._batches(list(events)):
                forged = self._chance.random() < self.manners.forged
                self._under_way.append(self._pool.submit(self._deliver, batch, forged))

    def drain(self, timeout: float = 30.0) -> Posted:
        """Wait until everything was sent, or given up."""
        with self._lock:
            under_way = list(self._under_way)
        done, late = wait(under_way, timeout)
        if late:
            raise TimeoutError(f"{len(late)} POSTs to {self.url} are not answered")
        for one in done:
            one.result()
        return self.posted

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _batches(self, events: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
        events += [event for event in events if self._chance.random() < self.manners.duplicates]
        if self.manners.shuffled:
            self._chance.shuffle(events)
        return [events[at : at + self.manners.batch] for at in range(0, len(events), self.manners.batch)]

    def _deliver(self, batch: Sequence[Mapping[str, Any]], forged: bool) -> None:
        body = json.dumps(batch).encode()
        if forged:
            self._post(body, self.signer.headers(body + b" ", self._now()))
            self._note(posts=1, forged=1)
        for pause in (0.0, *(_FIRST_PAUSE * 2**n for n in range(self.manners.retries))):
            self._sleep(pause)
            accepted = self._post(body, self.signer.headers(body, self._now()))
            self._note(posts=1, events=len(batch) if accepted else 0)
            if accepted:
                return
        self._note(lost=len(batch))

    def _now(self) -> int:
        return int(self._clock())

    def _post(self, body: bytes, headers: Mapping[str, str]) -> bool:
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json", **headers})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        try:
            with opener.open(request, timeout=30) as answer:
                accepted = bool(200 <= answer.status < 300)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            accepted = False
        except (OSError, http.client.HTTPException):
            accepted = False
        if not accepted:
            self._note(rejected=1)
        return accepted

    def _note(self, **more: int) -> None:
        with self._lock:
            for name, count in more.items():
                setattr(self.posted, name, getattr(self.posted, name) + count)
