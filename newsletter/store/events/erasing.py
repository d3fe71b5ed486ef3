"""Reports as they came name people: whoever is erased goes from them. What events tell is in people/erasing_texts.py.

Reading all of them takes a minute where there are many, so that is done before, while everybody else goes on working; the
erasing itself reads those that were found, and what has come since.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select, update

from newsletter.model.erasure import redacted, spellings
from newsletter.store import tables as t
from newsletter.store.events.inbox import MAILBOX, is_waiting
from newsletter.store.events.mail_texts import head_of, texts
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection, Row

_OWN = t.event_inbox.c
#: bodies in memory at once
_AT_ONCE = 20
#: in a link or an address of ours (keys.py)
_TOKEN = re.compile(rb"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{32,33}(?![A-Za-z0-9_-])")


class Sought(NamedTuple):
    """What tells that a report is about somebody.

    Only of mails to our mailbox: `tokens` of their deliveries, and `events` that those mails became, by their ids.
    """

    addresses: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()

    def __or__(self, other: Sought) -> Sought:
        return Sought(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    def includes(self, other: Sought) -> bool:
        return all(mine >= theirs for mine, theirs in zip(self, other, strict=True))


class Looked(NamedTuple):
    """The reports up to `last` were looked through, and these are about somebody who is sought."""

    sought: Sought = Sought()
    numbers: tuple[int, ...] = ()
    last: int = 0


NOT_LOOKED = Looked()


def look_through(connection: Connection, sought: Sought) -> Looked:
    """The slow part, which changes nothing."""
    search = _Search(sought)
    query = select(_OWN.number, _OWN.esp, _OWN.body).where(_OWN.body != b"").order_by(_OWN.number)
    numbers: list[int] = []
    last = 0
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        last = row.number
        if search.is_about(row.esp, row.body):
            numbers.append(last)
    return Looked(sought, tuple(numbers), last)


def clear_reports(connection: Connection, sought: Sought, looked: Looked = NOT_LOOKED) -> None:
    """One that was handled and is about the person is emptied; one that waits loses what it says of them."""
    if not any(sought):
        return
    search = _Search(sought)
    known = looked if looked.sought.includes(sought) else NOT_LOOKED
    which = [*(_OWN.number.in_(some) for some in parts(known.numbers)), _OWN.number > known.last]
    found = [
        (row.number, search.rest_of(row.esp, row.body) if row.waits else b"")
        for condition in which
        for row in _read(connection, condition)
        if search.is_about(row.esp, row.body)
    ]
    for number, rest in found:
        values: dict[str, Any] = {"body": rest} if rest else {"body": b"", "fault": ""}
        connection.execute(update(t.event_inbox).where(_OWN.number == number).values(values))


def _read(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Row[Any]]:
    query = select(_OWN.number, _OWN.esp, _OWN.body, is_waiting().label("waits")).where(condition, _OWN.body != b"")
    yield from connection.execute(query.execution_options(yield_per=_AT_ONCE))


class _Search:
    def __init__(self, sought: Sought) -> None:
        self._sought = sought
        self._needles = _needles(sought.addresses)
        self._tokens = {token.lower().encode() for token in sought.tokens}

    def is_about(self, esp: str, body: bytes) -> bool:
        if esp == MAILBOX:
            return self._is_their_mail(body) or any(self._names(text) for text in texts(body))
        return self._names(body)

    def rest_of(self, esp: str, body: bytes) -> bytes:
        """What a report that waits says of others: nothing where a mail is about the person alone."""
        if esp == MAILBOX:
            return b"" if self._is_their_mail(body) else self._mail_without(body)
        try:
            entries: Any = json.loads(body)
        except (ValueError, RecursionError):
            entries = None
        if not isinstance(entries, list):
            return self._redacted(body)
        return json.dumps([one for one in entries if not self._names(json.dumps(one).encode())]).encode()

    def _is_their_mail(self, body: bytes) -> bool:
        if hashlib.sha256(body).hexdigest()[:32] in self._sought.events:
            return True
        tokens = self._tokens
        return bool(tokens) and any(not tokens.isdisjoint(_TOKEN.findall(text.lower())) for text in texts(body))

    def _mail_without(self, body: bytes) -> bytes:
        """Somebody else may have written it, to leave: that stands in its headers."""
        rest = self._redacted(body)
        return self._redacted(head_of(body)) if self.is_about(MAILBOX, rest) else rest

    def _redacted(self, body: bytes) -> bytes:
        return redacted(body.decode("utf-8", "replace"), self._sought.addresses).encode("utf-8", "replace")

    def _names(self, body: bytes) -> bool:
        small = body.lower() if body.isascii() else body.decode("utf-8", "replace").lower().encode()
        return any(needle in small for needle in self._needles)


def _needles(addresses: Iterable[str]) -> tuple[bytes, ...]:
    """Every way to write the addresses, in small letters, also as JSON escapes them."""
    written = {one.lower() for address in addresses for one in spellings(address)}
    return tuple(sorted({form for one in written for form in (one.encode(), json.dumps(one)[1:-1].encode())}))
