"""What the areas may use. Everything that reaches the network, the time and the keys are passed in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.pipeline.doctor.account import Account
    from newsletter.probe.dns.asking import Dns
    from newsletter.probe.link_request import Requests
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Look:
    workspace: Workspace
    now: datetime
    #: the database as it is, without an upgrade; None where there is none yet, or it cannot be opened
    store: Store | None
    #: why it cannot be opened, for people
    store_fault: str = ""
    #: of the environment; None where there is no secret
    keys: Keys | None = None
    #: None: the DNS is not asked
    dns: Dns | None = None
    #: for our own pages; None: nobody outside is asked
    requests: Requests | None = None
    #: names of DKIM keys to look at
    selectors: tuple[str, ...] = ()
    #: areas that were asked for by name: these are looked at though nobody would be mailed
    named: frozenset[str] = frozenset()

    @property
    def offline(self) -> bool:
        return self.dns is None

    @property
    def senders(self) -> tuple[str, ...]:
        """Names of the senders that are set up."""
        esp = self.workspace.settings.esp
        return tuple(dict.fromkeys(filter(None, (esp.name, esp.fallback))))

    @property
    def reaches_people(self) -> bool:
        """Else what the world thinks of our domain does not matter yet."""
        esp = self.workspace.settings.esp
        idle = {"outbox", *(["sendgrid"] if esp.sendgrid.sandbox else ()), *(["smtp"] if esp.smtp.rehearsal else ())}
        return any(name not in idle for name in self.senders)

    @cached_property
    def account(self) -> Account:
        """What SendGrid says of the account: asked once."""
        from newsletter.pipeline.doctor import account

        return account.read(self.workspace)
