"""Whom SendGrid holds back: read, added to, and forgotten.

It drops mail to these people after it has accepted it, so they should be known here before anything is planned.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter.errors import ProviderFailed
from newsletter.esp.sendgrid.account import HOST, PROVIDER, failure
from newsletter.model.mirror import HeldBack
from newsletter.model.subscriber import SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.esp.sendgrid.account import Account

Path = tuple[str, ...]

_GLOBAL = ("asm", "suppressions", "global")
#: where SendGrid keeps whom -> why they are not mailed. The first two name the same people; not every account can list
#: the second. `blocks` are temporary refusals and are never pulled.
REASONS: Mapping[Path, SuppressionReason] = {
    ("suppression", "unsubscribes"): SuppressionReason.LEFT_EVERYTHING,
    _GLOBAL: SuppressionReason.LEFT_EVERYTHING,
    ("suppression", "bounces"): SuppressionReason.HARD_BOUNCE,
    ("suppression", "spam_reports"): SuppressionReason.COMPLAINT,
    ("suppression", "invalid_emails"): SuppressionReason.BAD_ADDRESS,
}
#: then the second list cannot be had
_REFUSALS = range(400, 429)
#: everywhere that it keeps an address because of a mail
_HELD: Sequence[Path] = (
    _GLOBAL,
    *(("suppression", name) for name in ("bounces", "blocks", "spam_reports", "invalid_emails")),
)
PAGE = 500
#: of a request
_MOST_PUSHED = 500
#: single addresses refused in a row, after which it is not the addresses
_MOST_REFUSED = 20


class SendGridSuppressions:
    """The port is pipeline/syncing.py:SuppressionMirror."""

    #: as the ledger calls it
    esp = "sendgrid"
    #: as people do
    name = PROVIDER

    def __init__(self, account: Account) -> None:
        self._account = account
        self._is_there = False

    def pull(self) -> Iterator[Sequence[HeldBack]]:
        """Everybody, page by page."""
        for path, reason in REASONS.items():
            yield from self._pages(path, reason)

    def _pages(self, path: Path, reason: SuppressionReason) -> Iterator[Sequence[HeldBack]]:
        offset, before = 0, None
        while True:
            nothing = _REFUSALS if path == _GLOBAL else ()
            page = self._account.get(path, {"limit": PAGE, "offset": offset}, nothing=nothing)
            if not isinstance(page, list):
                if path == _GLOBAL:
                    return
                raise ProviderFailed(PROVIDER, "its answer is not one of its API", HOST)
            # the end is an empty page: a short one may only mean that less than asked for is given at once. The same page
            # again: it does not turn pages
            if not page or page == before:
                return
            yield [_entry(item, reason) for item in page]
            offset, before = offset + len(page), page

    def push(self, addresses: Sequence[str]) -> Sequence[str]:
        """Have them held back; those that SendGrid does not take. It fails for certain only if none of them was taken.

        It says no to all because of one, without naming it: halves are tried again.
        """
        refused: list[str] = []
        some_are_taken = False
        waiting = [addresses[at : at + _MOST_PUSHED] for at in range(0, len(addresses), _MOST_PUSHED)]
        in_a_row = 0
        while waiting:
            some = waiting.pop()
            try:
                reply = self._account.post(_GLOBAL, {"recipient_emails": list(some)})
                if reply.status not in {200, 201, 400} or (reply.status == 400 and in_a_row >= _MOST_REFUSED):
                    raise failure(reply)
            except ProviderFailed as why:
                why.certain = why.certain and not some_are_taken
                raise
            if reply.status != 400:
                in_a_row, some_are_taken = 0, True
            elif len(some) == 1:
                refused += some
                in_a_row += 1
            else:
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
        return refused

    def take_back(self, address: str) -> None:
        """What `push` has told; what SendGrid knows by itself stays."""
        self._look_whether_it_is_there()
        self._account.delete((*_GLOBAL, address))

    def forget(self, address: str) -> bool:
        """Have SendGrid forget an address, wherever it holds it back; whether it did."""
        self._look_whether_it_is_there()
        found = [self._account.delete((*path, address)) for path in _HELD]
        return any(found)

    def _look_whether_it_is_there(self) -> None:
        """A host that knows nothing of suppressions answers 404 as well: that must not pass for forgotten."""
        if self._is_there:
            return
        if not isinstance(self._account.get(("suppression", "bounces"), {"limit": 1, "offset": 0}), list):
            raise ProviderFailed(PROVIDER, "its answer is not one of its API", HOST)
        self._is_there = True


def _entry(item: Any, reason: SuppressionReason) -> HeldBack:  # noqa: ANN401 - whatever JSON holds
    """Without an address where none can be read."""
    said = item if isinstance(item, dict) else {"email": item}
    address, status, words = (said.get(name) for name in ("email", "status", "reason"))
    return HeldBack(
        address=address if isinstance(address, str) else "",
        reason=reason,
        at=_moment(said.get("created")),
        status=str(status or ""),
        words=str(words or ""),
    )


def _moment(seconds: Any) -> datetime | None:  # noqa: ANN401 - whatever JSON holds
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, UTC)
