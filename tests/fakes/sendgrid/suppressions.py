"""The addresses that the account does not write to, and the API that shows and changes them.

Mail to a suppressed address is accepted and then dropped. `blocks` are kept, but stop no mail.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from tests.fakes.sendgrid.answers import NOT_ALLOWED, NOT_FOUND, errors, said
from tests.fakes.sendgrid.parts import is_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.sendgrid.answers import Said

GLOBAL = "unsubscribes"
#: list -> why mail to its addresses is dropped; empty: it is not
LISTS = {
    GLOBAL: "Unsubscribed Address",
    "bounces": "Bounced Address",
    "spam_reports": "Spam Reporting Address",
    "invalid_emails": "Invalid",
    "blocks": "",
}
_MOST_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class _Page:
    limit: int
    offset: int
    begin: int
    end: int

    def of(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        meant = [row for row in rows if self.begin <= row["created"] <= self.end]
        return meant[self.offset : self.offset + self.limit]


class Suppressions:
    """Each list by the address in lower case."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: whether the global ones can be listed at their own place too; not every account can
        self.lists_global = True
        self._lists: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in LISTS}

    def add(self, name: str, address: str, created: int | None = None) -> None:
        moment = int(self._clock()) if created is None else created
        row: dict[str, Any] = {"created": moment, "email": address}
        if name in {"bounces", "blocks"}:
            row |= {"reason": "550 5.1.1 no such user", "status": "5.1.1"}
        elif name == "invalid_emails":
            row |= {"reason": "Mail domain mentioned in email address is unknown"}
        elif name == "spam_reports":
            row |= {"ip": "192.0.2.9"}
        with self._lock:
            self._lists[name].setdefault(address.lower(), row)

    def addresses(self, name: str) -> list[str]:
        with self._lock:
            return [row["email"] for row in self._lists[name].values()]

    def reason(self, address: str) -> str:
        """Why mail to it is dropped; empty where it is not."""
        own = address.lower()
        return next((why for name, why in LISTS.items() if why and own in self._lists[name]), "")

    def answer(self, method: str, path: str, query: str, body: object) -> Said:
        """`path` behind /v3/, not yet decoded: an address in it must be percent-encoded."""
        words = path.split("/")
        if words[:3] == ["asm", "suppressions", "global"]:
            return self._global(method, words[3:], query, body)
        name = words[1] if len(words) > 1 else ""
        if words[0] != "suppression" or name not in LISTS:
            return NOT_FOUND
        match len(words), method:
            case 2, "GET":
                return self._listed(name, query)
            case ((2 | 3), "DELETE") if name == GLOBAL:
                return NOT_ALLOWED  # global ones are lifted at /v3/asm/suppressions/global
            case 2, "DELETE":
                return self._delete_many(name, body)
            case 3, "GET":
                row = self._lists[name].get(unquote(words[2]).lower())
                return said(200, [row] if row else [])
            case 3, "DELETE":
                return said(204) if self._delete(name, unquote(words[2])) else NOT_FOUND
            case ((2 | 3), _):
                return NOT_ALLOWED
        return NOT_FOUND

    def _global(self, method: str, words: list[str], query: str, body: object) -> Said:
        match words, method:
            case [], "GET" if self.lists_global:
                return self._listed(GLOBAL, query)
            case [], "POST":
                return self._add_global(body)
            case [address], "GET":
                row = self._lists[GLOBAL].get(unquote(address).lower())
                return said(200, {"recipient_email": row["email"]} if row else {})
            case [address], "DELETE":
                return said(204) if self._delete(GLOBAL, unquote(address)) else NOT_FOUND
            case (([] | [_]), _):
                return NOT_ALLOWED
        return NOT_FOUND

    def _add_global(self, body: object) -> Said:
        match body:
            case {"recipient_emails": addresses, **rest} if not rest and _are_addresses(addresses):
                for address in addresses:
                    self.add(GLOBAL, address)
                return said(201, {"recipient_emails": addresses})
        return errors(400, ("recipient_emails", "It must be an array of one or more valid addresses."))

    def _listed(self, name: str, query: str) -> Said:
        page = _page(query)
        if page is None:
            return errors(400, ("", f"limit (1 to {_MOST_AT_ONCE}), offset, start_time and end_time must be integers."))
        with self._lock:
            # the newest first: who reads page after page while rows join must expect to see one again
            rows = sorted(self._lists[name].values(), key=lambda row: (-row["created"], row["email"]))
        return said(200, page.of(rows))

    def _delete_many(self, name: str, body: object) -> Said:
        match body:
            case {"delete_all": True, **rest} if not rest:
                with self._lock:
                    self._lists[name].clear()
            case {"emails": addresses, **rest} if not rest and _are_addresses(addresses):
                for address in addresses:
                    self._delete(name, address)
            case _:
                return errors(400, ("", "Either delete_all or emails is needed."))
        return said(204)

    def _delete(self, name: str, address: str) -> bool:
        with self._lock:
            return self._lists[name].pop(address.lower(), None) is not None


def _are_addresses(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and is_address(one) for one in value)


def _page(query: str) -> _Page | None:
    given: Mapping[str, list[str]] = parse_qs(query, keep_blank_values=True)
    defaults = {"limit": _MOST_AT_ONCE, "offset": 0, "start_time": 0, "end_time": 2**40}
    if given.keys() - {*defaults, "email"} or any(len(texts) > 1 for texts in given.values()):
        return None
    try:
        limit, offset, begin, end = (int(given[name][0]) if name in given else at for name, at in defaults.items())
    except ValueError:
        return None
    if not 1 <= limit <= _MOST_AT_ONCE or offset < 0:
        return None
    return _Page(limit=limit, offset=offset, begin=begin, end=end)
