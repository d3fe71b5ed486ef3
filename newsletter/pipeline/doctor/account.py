"""What the SendGrid account says of itself, asked once for all areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from newsletter.errors import SecretMissing, ServiceMissing
from newsletter.esp.sendgrid import standing
from newsletter.esp.sendgrid.key import VARIABLE, checked_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.esp.sendgrid.client import Api
    from newsletter.esp.sendgrid.standing import OwnDomain, Webhook
    from newsletter.settings import Workspace

T = TypeVar("T")

#: seconds for one step of a question; sending has its own patience
_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where something is None, the reason stands beside it."""

    #: why the key is none, before anybody is asked
    key_fault: str = ""
    scopes: frozenset[str] | None = None
    scopes_fault: str = ""
    #: whether SendGrid says no to the key itself
    refused: bool = False
    domains: tuple[OwnDomain, ...] | None = None
    domains_fault: str = ""
    #: addresses that were verified one by one
    singles: tuple[str, ...] = ()
    webhooks: tuple[Webhook, ...] | None = None
    webhooks_fault: str = ""
    #: the provider's clock
    time: datetime | None = None


def read(workspace: Workspace) -> Account:
    from newsletter.esp.sendgrid.client import Api

    try:
        key = checked_key(workspace.secrets.get(VARIABLE, ""))
    except SecretMissing:
        return Account(key_fault=f"{VARIABLE} is not set")
    except ServiceMissing as why:
        return Account(key_fault=why.why)
    sendgrid = workspace.settings.esp.sendgrid
    api = Api(key, sendgrid.host, min(float(sendgrid.timeout), _SECONDS))
    try:
        scopes = standing.scopes(api)
    except standing.NotTold as why:
        return Account(scopes_fault=str(why), refused=why.refused)
    return _more(api, scopes)


def _more(api: Api, scopes: frozenset[str]) -> Account:
    domains, domains_fault = _told(lambda: standing.domains(api))
    singles, _ = _told(lambda: standing.single_senders(api))
    webhooks, webhooks_fault = _told(lambda: standing.webhooks(api))
    time, _ = _told(lambda: standing.time_of(api))
    return Account(
        scopes=scopes,
        domains=domains,
        domains_fault=domains_fault,
        singles=singles or (),
        webhooks=webhooks,
        webhooks_fault=webhooks_fault,
        time=time,
    )


def _told(ask: Callable[[], T]) -> tuple[T | None, str]:
    """What it says, or why it does not."""
    try:
        return ask(), ""
    except standing.NotTold as why:
        return None, str(why)
