"""Does SendGrid sign mail from an address with the address's own domain? DMARC (RFC 7489) wants it so.

An answer is given only where it can be known. Without an authenticated domain SendGrid signs as sendgrid.net.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsletter.compose.carrying import wire_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.esp.sendgrid.client import Api

_DOMAINS = ("whitelabel", "domains")
_SENDERS = ("verified_senders",)
_MOST = 200


def why_not_aligned(api: Api, address: str) -> str | None:
    """In words; None when all is well or nobody can say: SendGrid is away, or the key may not look.

    A domain that belongs to the parent account signs as well, and is not listed: where no domain is, and the address is not
    listed as a single sender either, nothing is said.
    """
    domain = wire_domain(address.rpartition("@")[2].lower())
    listed = _listed(api, _DOMAINS, {"limit": _MOST})
    if listed is None or not domain or len(listed) >= _MOST:
        return None
    near = [entry for entry in listed if _belong_together(str(entry.get("domain") or "").lower(), domain)]
    if any(entry.get("valid") for entry in near):
        return None
    if near:
        return f"SendGrid knows {domain}, but its DNS records are not verified there"
    if listed:
        return f"SendGrid knows other domains of yours, but not {domain}"
    if _is_single_sender(api, address):
        return f"SendGrid knows the address as a single sender only, and would not sign for {domain}"
    return None


def _belong_together(one: str, other: str) -> bool:
    """Under one registered domain, perhaps: alignment is relaxed where nothing else is asked for."""
    return one.split(".")[-2:] == other.split(".")[-2:]


def _is_single_sender(api: Api, address: str) -> bool:
    senders = _listed(api, _SENDERS, {"limit": _MOST}) or ()
    return any(str(entry.get("from_email") or "").casefold() == address.casefold() for entry in senders)


def _listed(api: Api, path: Sequence[str], query: dict[str, str | int]) -> list[dict[str, Any]] | None:
    """One look: who asks waits to send."""
    try:
        reply = api.get(path, query)
        found = json.loads(reply.body) if reply.status == 200 else None
    except Exception:  # noqa: BLE001 - then nobody can say
        return None
    entries = found.get("results") if isinstance(found, dict) else found
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else None
