"""The long tables: every delivery by its number, every attempt. No address, no name, nothing else of a reader."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from newsletter.subscribers.exporting.guarding import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from typing import BinaryIO

    from newsletter.model.delivery import Delivery
    from newsletter.store.evidence import Attempt

_LEDGER = (
    *("delivery", "variant", "outcome", "reason", "sender", "handed_over_at", "attempt"),
    *("fate", "fate_reason", "fate_at"),
)
_ATTEMPTS = (
    *("attempt", "first_delivery", "last_delivery", "handed_over", "sender", "started_at", "answered_at"),
    *("verdict", "detail", "provider_id", "settled_by"),
)
#: what providers say may quote an address, whatever stands around it
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]+(?:@|%40|=40|&#64;|&#x40;|\uff20)[^\s<>\"'(),;:\[\]]+")
_MAY_HOLD_ONE = re.compile(r"[@\uff20]|40|64")
GONE = "(address)"


def nobodys(text: str) -> str:
    """The text without anything that looks like an address."""
    return _ADDRESS.sub(GONE, text) if _MAY_HOLD_ONE.search(text) else text


def write_ledger(stream: BinaryIO, deliveries: Iterable[Delivery]) -> int:
    """UTF-8, commas, CRLF (RFC 4180), no cell that a spreadsheet would run; returns how many rows."""
    count = 0
    with _writer(stream, _LEDGER) as writer:
        for count, one in enumerate(deliveries, 1):  # noqa: B007 - told at the end
            writer.writerow(_delivery(one))
    return count


def write_attempts(stream: BinaryIO, attempts: Iterable[Attempt]) -> None:
    with _writer(stream, _ATTEMPTS) as writer:
        for one in attempts:
            writer.writerow(_attempt(one))


@contextmanager
def _writer(stream: BinaryIO, head: Iterable[str]) -> Iterator[Any]:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(head)
    yield writer
    text.flush()
    text.detach()  # the stream is the caller's


def _delivery(one: Delivery) -> tuple[Any, ...]:
    return (
        one.n,
        guarded(one.variant),
        one.outcome.value,
        guarded(nobodys(one.reason)),
        one.sender,
        _moment(one.started_at),
        one.attempt,
        one.fate.value if one.fate else "",
        guarded(nobodys(one.fate_reason)),
        _moment(one.fate_at),
    )


def _attempt(one: Attempt) -> tuple[Any, ...]:
    return (
        *(one.id, one.first, one.last, one.size, one.sender, _moment(one.started_at), _moment(one.answered_at)),
        *(one.verdict or "", guarded(nobodys(one.detail)), guarded(nobodys(one.provider_id)), one.settled_by),
    )


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
