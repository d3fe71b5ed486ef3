"""One row of a file of people who must not be mailed -> whom to suppress, why and since when; or why not. Decides only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsletter.model.identity import identity
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import Suppressing
from newsletter.subscribers.columns.headings import word_of
from newsletter.subscribers.columns.moments import moment_value
from newsletter.subscribers.columns.values import PADDING, refuse_hostile
from newsletter.subscribers.exporting.guarding import unguarded
from newsletter.subscribers.suppressions.kinds import OUR_OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsletter.subscribers.suppressions.kinds import FileKind

SOFT = "bounced for now only (4.x.x), may be mailed"
FOREIGN = "without an address, and from a database with another secret: nobody can tell who they are"
_LONGEST = 320
#: where a mail program wrote the name as well
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")
_STATUS = re.compile(r"\s*([245])(?:\.\d{1,3}\.\d{1,3}|\d\d)(?!\d)")
_SPACE = re.compile(r"\s")
_HASH = re.compile(r"[0-9a-f]{32}")
_TIMES = ("created", "created_at", "unsub_time", "clean_time", "updated_at", "at", "date", "last_changed")
_LONGEST_SOURCE = 200


class PassedOver(NamedTuple):
    """A row whose person is not suppressed by it, and why."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the rows of one file are read. Places of columns count from 0; None: there is no such column."""

    kind: FileKind
    given: SuppressionReason | None
    identity_hash: Callable[[str], str]
    #: tells whether a hash in an export was made with our secret
    key: str
    now: datetime
    address: int
    status: int | None = None
    words: int | None = None
    at: int | None = None
    source: int | None = None
    hash: int | None = None
    hash_key: int | None = None

    @classmethod
    def of(
        cls,
        headings: Sequence[str],
        address: int,
        *,
        kind: FileKind,
        given: SuppressionReason | None,
        identity_hash: Callable[[str], str],
        key: str,
        now: datetime,
    ) -> Reading:
        places = {word_of(heading): place for place, heading in reversed(list(enumerate(headings)))}
        return cls(
            kind=kind,
            given=given,
            identity_hash=identity_hash,
            key=key,
            now=now,
            address=address,
            status=places.get("status"),
            words=places.get("reason"),
            at=next((places[name] for name in _times(kind) if name in places), None),
            source=places.get("source"),
            hash=places.get("hash"),
            hash_key=places.get("key"),
        )

    def read(self, cells: Sequence[str]) -> Suppressing | PassedOver:
        """What a row says.

        Raises:
            ValueError: it cannot be used; the message says why.
        """
        status = _cell(cells, self.status)
        if self.kind.only and status.casefold() != self.kind.only:
            return PassedOver(f"not {self.kind.only} in that file")
        if self.kind.passed_over and self.given is None:
            return PassedOver(self.kind.passed_over)
        if self.kind.has_statuses and is_soft(status, _cell(cells, self.words)):
            return PassedOver(SOFT)
        reason = self._reason(cells)
        address = unguarded(_cell(cells, self.address))
        if not address and self.kind is OUR_OWN and _HASH.fullmatch(_cell(cells, self.hash)):
            return self._nameless(cells, reason)
        person = whose(address)
        return Suppressing(
            identity_hash=self.identity_hash(person),
            identity=person,
            reason=reason,
            source=self._source(cells),
            at=self._since(cells),
        )

    def _reason(self, cells: Sequence[str]) -> SuppressionReason:
        if self.given is not None:
            return self.given
        if self.kind.reason is not None:
            return self.kind.reason
        said = _cell(cells, self.words).casefold()
        try:
            return SuppressionReason(said)
        except ValueError:
            choices = ", ".join(SuppressionReason)
            raise ValueError(f"`{said[:40]}` is not a reason; write one of: {choices}") from None

    def _nameless(self, cells: Sequence[str], reason: SuppressionReason) -> Suppressing | PassedOver:
        """Nobody knows their address any more; the hash holds only where the secret is the same."""
        if _cell(cells, self.hash_key) != self.key:
            return PassedOver(FOREIGN)
        return Suppressing(
            identity_hash=_cell(cells, self.hash),
            identity=None,
            reason=reason,
            source=self._source(cells),
            at=self._since(cells),
        )

    def _since(self, cells: Sequence[str]) -> datetime | None:
        said = moment_value(_cell(cells, self.at))
        return said if said is not None and said <= self.now else None

    def _source(self, cells: Sequence[str]) -> str:
        """Never anything of the person: the kind of the file, or what our own export says."""
        if self.kind is not OUR_OWN:
            return f"imported: {self.kind.name}"
        said = unguarded(_cell(cells, self.source))[:_LONGEST_SOURCE]
        refuse_hostile(said)
        return said or f"imported: {self.kind.name}"


def _times(kind: FileKind) -> Sequence[str]:
    """listmonk: somebody was blocked when the row changed last, not when it was made."""
    return ("updated_at", *_TIMES) if kind.only else _TIMES


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip(PADDING) if place is not None and place < len(cells) else ""


def whose(text: str) -> str:
    """The identity of an address as files hold it: also of one that no mail can be sent to.

    Raises:
        ValueError: nobody can be meant by it.
    """
    in_brackets = _IN_BRACKETS.fullmatch(text)
    address = in_brackets[1].strip() if in_brackets else text
    if not address:
        raise ValueError("there is no address in this row")
    if len(address) > _LONGEST:
        raise ValueError("is too long for an email address")
    refuse_hostile(address)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or _SPACE.search(address):
        raise ValueError(f"`{address[:60]}` is not an email address")
    try:
        return identity(address)
    except ValueError:
        raise ValueError("the part of the address after the @ is not a domain name") from None


def is_soft(status: str, words: str) -> bool:
    """Whether a bounce is one for now only (RFC 3463: 4.x.x): by its status, else by the server's words."""
    found = _STATUS.match(status) or _STATUS.match(words)
    return found is not None and found[1] == "4"
