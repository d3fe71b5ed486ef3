"""How the SendGrid account stands: what its key may do, which domains it signs for, where it reports to.

Each question is one look: nobody waits here for a provider that is busy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from newsletter.esp.sendgrid.answers import words_of
from newsletter.esp.sendgrid.client import NothingSent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.esp.sendgrid.client import Api, Reply

_MOST = 200
SEND = "mail.send"


class NotTold(Exception):
    """Raised where the account does not say; the message is for people. `refused`: the key may not ask, or is none."""

    def __init__(self, words: str, *, refused: bool = False) -> None:
        super().__init__(words)
        self.refused = refused


@dataclass(frozen=True, kw_only=True)
class DnsRecord:
    """One that SendGrid wants to find in the DNS. `purpose`: mail_cname (the address for bounces), dkim1, dkim2 ..."""

    purpose: str
    name: str
    type: str
    value: str
    #: whether SendGrid found it when it last looked
    found: bool


@dataclass(frozen=True, kw_only=True)
class OwnDomain:
    name: str
    valid: bool
    records: tuple[DnsRecord, ...]


@dataclass(frozen=True, kw_only=True)
class Webhook:
    enabled: bool
    url: str
    #: names of the kinds of events that it reports
    events: frozenset[str]
    #: empty where it is not signed
    public_key: str


def scopes(api: Api) -> frozenset[str]:
    """Raises NotTold."""
    found = _asked(api, ("scopes",))
    listed = found.get("scopes") if isinstance(found, dict) else None
    return frozenset(str(one) for one in listed) if isinstance(listed, list) else frozenset()


def domains(api: Api) -> tuple[OwnDomain, ...]:
    """Raises NotTold."""
    return tuple(
        OwnDomain(
            name=str(one.get("domain") or "").lower(),
            valid=one.get("valid") is True,
            records=tuple(_records(one.get("dns"))),
        )
        for one in _entries(_asked(api, ("whitelabel", "domains"), {"limit": _MOST}))
    )


def single_senders(api: Api) -> tuple[str, ...]:
    """Addresses that were verified one by one, in small letters. Raises NotTold."""
    found = _asked(api, ("verified_senders",), {"limit": _MOST})
    entries = _entries(found.get("results") if isinstance(found, dict) else found)
    return tuple(str(one.get("from_email") or "").lower() for one in entries if one.get("verified"))


def webhooks(api: Api) -> tuple[Webhook, ...]:
    """Raises NotTold."""
    found = _asked(api, ("user", "webhooks", "event", "settings", "all"))
    entries = _entries(found.get("webhooks") if isinstance(found, dict) else found)
    return tuple(_webhook(api, one, only=len(entries) == 1) for one in entries)


def time_of(api: Api) -> datetime | None:
    """What time it is there; None where it does not say. Raises NotTold."""
    try:
        return parsedate_to_datetime(_reply(api, ("scopes",), {}).headers.get("date", ""))
    except (TypeError, ValueError):
        return None


def _webhook(api: Api, told: Mapping[str, Any], *, only: bool) -> Webhook:
    key = str(told.get("public_key") or "")
    if not key and only:  # an account's first webhook tells its key apart
        try:
            signed = _asked(api, ("user", "webhooks", "event", "settings", "signed"))
            key = str(signed.get("public_key") or "") if isinstance(signed, dict) else ""
        except NotTold:
            key = ""
    return Webhook(
        enabled=told.get("enabled") is True,
        url=str(told.get("url") or ""),
        events=frozenset(name for name, value in told.items() if value is True and name != "enabled"),
        public_key=key,
    )


def _records(told: object) -> list[DnsRecord]:
    entries = told.items() if isinstance(told, dict) else ()
    return [
        DnsRecord(
            purpose=str(purpose),
            name=str(one.get("host") or "").lower().rstrip("."),
            type=str(one.get("type") or "").upper(),
            value=str(one.get("data") or "").rstrip("."),
            found=one.get("valid") is True,
        )
        for purpose, one in entries
        if isinstance(one, dict) and one.get("host")
    ]


def _entries(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _asked(api: Api, path: Sequence[str], query: Mapping[str, str | int] | None = None) -> Any:  # noqa: ANN401 - any JSON
    reply = _reply(api, path, query or {})
    if reply.status in {401, 403}:
        raise NotTold(words_of(reply), refused=True)
    if reply.status != 200:
        raise NotTold(f"it answers: {words_of(reply)}")
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        raise NotTold("its answer is not one of its API") from None


def _reply(api: Api, path: Sequence[str], query: Mapping[str, str | int]) -> Reply:
    try:
        return api.get(path, query)
    except NothingSent as why:
        raise NotTold(f"it was not reached: {why}") from None
    except Exception as why:  # noqa: BLE001 - whatever urllib and the SDK raise, it may quote the key
        raise NotTold(f"the connection broke ({type(why).__name__})") from None
