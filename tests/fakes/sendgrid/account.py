"""What the account knows of itself: what its keys may do, its domains and senders, its event webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid.answers import NOT_ALLOWED, NOT_FOUND, errors, said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.sendgrid.answers import Said

MAIL_SEND = "mail.send"
_VERBS = {"GET": "read", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
#: start of a path -> the scope, before its verb
_AREAS = {
    "asm/suppressions/global": "asm.suppressions.global",
    **{f"suppression/{name}": f"suppression.{name}" for name in ("unsubscribes", "bounces", "blocks")},
    **{f"suppression/{name}": f"suppression.{name}" for name in ("spam_reports", "invalid_emails")},
    "whitelabel/domains": "whitelabel",
    "user/webhooks/event/settings": "user.webhooks.event.settings",
}
_EVENTS = (
    *("processed", "dropped", "delivered", "deferred", "bounce", "open", "click", "spam_report"),
    *("unsubscribe", "group_unsubscribe", "group_resubscribe"),
)
EVERY_SCOPE = frozenset(
    {
        MAIL_SEND,
        "sender_verification_eligible",
        *(f"{area}.{verb}" for area in _AREAS.values() for verb in _VERBS.values()),
    }
)


def scope_of(method: str, path: str) -> str:
    """What a key needs for the call; empty: nothing but to be a key."""
    if path == "mail/send":
        return MAIL_SEND
    if path == "verified_senders":
        return "sender_verification_eligible"
    area = next((scope for start, scope in _AREAS.items() if path == start or path.startswith(f"{start}/")), "")
    return f"{area}.{_VERBS.get(method, 'read')}" if area else ""


@dataclass
class Account:
    #: authenticated domain -> whether its DNS records were found
    domains: dict[str, bool] = field(default_factory=lambda: {"example.org": True})
    #: single addresses that were verified
    senders: list[str] = field(default_factory=list)
    #: whether mail from other addresses is refused with 403
    checks_sender: bool = False
    webhook: dict[str, Any] = field(
        default_factory=lambda: {"enabled": False, "url": "", **dict.fromkeys(_EVENTS, False)}
    )
    #: of the signed webhook
    public_key: str = ""

    def may_send_from(self, address: str) -> bool:
        domain = address.rpartition("@")[2].lower()
        own = any(domain == name or domain.endswith(f".{name}") for name, valid in self.domains.items() if valid)
        return own or not self.checks_sender or address.lower() in {one.lower() for one in self.senders}

    def answer(self, method: str, path: str, body: object, scopes: frozenset[str]) -> Said:
        shown: Mapping[str, Any] = {
            "scopes": {"scopes": sorted(scopes)},
            "whitelabel/domains": [_domain(at, *one) for at, one in enumerate(self.domains.items(), 1)],
            "verified_senders": {"results": [_sender(at, one) for at, one in enumerate(self.senders, 1)]},
            "user/webhooks/event/settings": self.webhook,
            "user/webhooks/event/settings/all": {"max_allowed": 1, "webhooks": [{"id": "hook-1", **self.webhook}]},
            "user/webhooks/event/settings/signed": {"public_key": self.public_key},
        }
        if path not in shown:
            return NOT_FOUND
        if method == "GET":
            return said(200, shown[path])
        if method == "PATCH" and path == "user/webhooks/event/settings":
            return self._set_webhook(body)
        return NOT_ALLOWED

    def _set_webhook(self, body: object) -> Said:
        if not isinstance(body, dict) or body.keys() - self.webhook.keys():
            return errors(400, ("", "Only enabled, url and the names of events can be set."))
        for name, value in body.items():
            if type(value) is not type(self.webhook[name]):
                return errors(400, (name, "It is of another type."))
        self.webhook |= body
        return said(200, self.webhook)


def _domain(number: int, name: str, valid: bool) -> dict[str, Any]:
    records = {
        "mail_cname": (f"em{number}.{name}", "u1.wl.sendgrid.example"),
        "dkim1": (f"s1._domainkey.{name}", "s1.domainkey.u1.wl.sendgrid.example"),
        "dkim2": (f"s2._domainkey.{name}", "s2.domainkey.u1.wl.sendgrid.example"),
    }
    dns = {at: {"valid": valid, "type": "cname", "host": h, "data": d} for at, (h, d) in records.items()}
    switches = {"custom_spf": False, "default": number == 1, "legacy": False, "automatic_security": True}
    return {"id": number, "domain": name, "subdomain": f"em{number}", "ips": [], **switches, "valid": valid, "dns": dns}


def _sender(number: int, address: str) -> dict[str, Any]:
    return {"id": number, "nickname": f"Sender {number}", "from_email": address, "verified": True, "locked": False}
