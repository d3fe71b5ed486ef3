"""Reports as they came name people: whoever is erased goes from them. What events tell is in people/erasing_texts.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from newsletter.model.erasure import redacted, spellings
from newsletter.store import tables as t
from newsletter.store.events.inbox import is_waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.engine import Connection

_OWN = t.event_inbox.c
#: bodies in memory at once
_AT_ONCE = 20


def clear_reports(connection: Connection, addresses: Collection[str]) -> None:
    """Reports as they came: one that was handled and names the person is emptied; one that waits loses their entries."""
    needles = _needles(addresses)
    if not needles:
        return
    query = select(_OWN.number, _OWN.body, is_waiting())
    found: list[tuple[int, bytes]] = []
    for number, body, waits in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        if _names(body, needles):
            found.append((number, _without(body, needles, addresses) if waits else b""))
    for number, rest in found:
        values: dict[str, Any] = {"body": rest} if rest else {"body": b"", "fault": ""}
        connection.execute(update(t.event_inbox).where(_OWN.number == number).values(values))


def _needles(addresses: Iterable[str]) -> tuple[bytes, ...]:
    """Every way to write the addresses, in small letters, also as JSON escapes them."""
    written = {one.lower() for address in addresses for one in spellings(address)}
    return tuple(sorted({form for one in written for form in (one.encode(), json.dumps(one)[1:-1].encode())}))


def _names(body: bytes, needles: Collection[bytes]) -> bool:
    small = body.lower() if body.isascii() else body.decode("utf-8", "replace").lower().encode()
    return any(needle in small for needle in needles)


def _without(body: bytes, needles: Collection[bytes], addresses: Collection[str]) -> bytes:
    """The entries about others; of what is no list of entries, the text without the addresses."""
    try:
        entries: Any = json.loads(body)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        return redacted(body.decode("utf-8", "replace"), addresses).encode("utf-8", "replace")
    return json.dumps([one for one in entries if not _names(json.dumps(one).encode(), needles)]).encode()
