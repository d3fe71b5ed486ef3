"""The deliveries of a mailing as rows of a table and as JSON. Memory does not grow with them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from newsletter.subscribers.exporting.guarding import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import BinaryIO

    from newsletter.model.delivery import Delivery

_COLUMNS = (
    *("delivery", "email", "variant", "outcome", "reason", "sender", "handed_over_at", "attempt", "provider_id"),
    *("fate", "fate_reason", "fate_at"),
)


def write_csv(stream: BinaryIO, mailing: int, deliveries: Iterable[Delivery]) -> int:
    """UTF-8, a header, commas, CRLF (RFC 4180); no cell that a spreadsheet would run. Returns how many rows."""
    del mailing
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    count = 0
    try:
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        for count, one in enumerate(deliveries, 1):  # noqa: B007 - told at the end
            writer.writerow(_cells(one))
        text.flush()
    finally:
        text.detach()  # the stream is the caller's
    return count


def write_json(stream: BinaryIO, mailing: int, deliveries: Iterable[Delivery]) -> int:
    """One object, one delivery a line. Returns how many."""
    import orjson

    stream.write(b'{"mailing": %d, "deliveries": [' % mailing)
    count = 0
    for count, one in enumerate(deliveries, 1):
        stream.write(b"\n" if count == 1 else b",\n")
        stream.write(orjson.dumps(_as_json(one)))
    stream.write(b"\n]}\n")
    return count


def _cells(one: Delivery) -> tuple[Any, ...]:
    return (
        one.n,
        guarded(one.address or ""),
        guarded(one.variant),
        one.outcome.value,
        guarded(one.reason),
        one.sender,
        _moment(one.started_at),
        one.attempt,
        guarded(one.provider_id),
        one.fate.value if one.fate else "",
        guarded(one.fate_reason),
        _moment(one.fate_at),
    )


def _as_json(one: Delivery) -> dict[str, Any]:
    return {
        "delivery": one.n,
        "email": one.address,
        "variant": one.variant,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "sender": one.sender or None,
        "handed_over_at": _moment(one.started_at) or None,
        "attempt": one.attempt or None,
        "provider_id": one.provider_id or None,
        "fate": one.fate.value if one.fate else None,
        "fate_reason": one.fate_reason,
        "fate_at": _moment(one.fate_at) or None,
    }


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
