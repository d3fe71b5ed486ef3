"""Questions to the DNS, to name servers that are passed in or those of this machine: what is there, or why nobody knows.

All questions of one look share a time limit: a domain whose servers are silent must not hold a command up for minutes.
"""

from __future__ import annotations

import ipaddress
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.nameserver
import dns.resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PORT = 53


class Outcome(StrEnum):
    FOUND = "found"
    #: there is such a name, and no such record
    NOTHING = "nothing"
    NO_NAME = "no such name"
    TIMEOUT = "no answer in time"
    FAILED = "the name servers fail"

    @property
    def is_known(self) -> bool:
        """Whether the DNS has answered, be it that there is nothing."""
        return self in {Outcome.FOUND, Outcome.NOTHING, Outcome.NO_NAME}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`records` as people write them, without quotes and last dots; texts in pieces are put together."""

    outcome: Outcome
    records: tuple[str, ...] = ()
    #: for people, where nobody knows
    why: str = ""


class NotAServer(ValueError):
    """Raised for a name server that is no IP address with or without a port."""


class Bounded(dns.resolver.Resolver):
    """A resolver whose questions end at one moment, all of them; libraries are handed this."""

    def __init__(self, servers: Sequence[str], seconds: float, budget: float, clock: Callable[[], float]) -> None:
        """`seconds` for one question, `budget` for all that begin from now on."""
        super().__init__(configure=not servers)
        if servers:
            self.nameservers = [_server(text) for text in servers]
        self.timeout = min(1.0, seconds)
        self.lifetime = seconds
        self._clock, self._until = clock, clock() + budget

    def resolve(self, *given: Any, **named: Any) -> dns.resolver.Answer:  # noqa: ANN401 - as dnspython declares it
        left = self._until - self._clock()
        if left <= 0:
            raise dns.exception.Timeout(timeout=0)  # type: ignore[no-untyped-call]
        named["lifetime"] = min(named.get("lifetime") or self.lifetime, left)
        return super().resolve(*given, **named)


class Dns:
    """One look at the DNS. What was asked once is not asked again."""

    def __init__(
        self,
        servers: Sequence[str] = (),
        *,
        seconds: float = 4.0,
        budget: float = 45.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`servers`: IP addresses, with `:PORT` where it is not 53; without any, those that this machine uses.

        Raises:
            NotAServer: one of them is no IP address.
        """
        #: None where this machine knows no name server
        self.resolver: Bounded | None = None
        self.seconds = seconds
        self._known: dict[tuple[str, str], Answer] = {}
        with suppress(dns.resolver.NoResolverConfiguration):
            self.resolver = Bounded(servers, seconds, budget, clock)

    def ask(self, name: str, kind: str) -> Answer:
        """`kind`: TXT, MX, CNAME, A, AAAA."""
        key = (name.rstrip(".").lower(), kind)
        if key not in self._known:
            self._known[key] = self._asked(*key)
        return self._known[key]

    def _asked(self, name: str, kind: str) -> Answer:
        if self.resolver is None:
            return Answer(outcome=Outcome.FAILED, why="this machine has no name server set up")
        try:
            found = self.resolver.resolve(f"{name}.", kind, search=False)
            return Answer(outcome=Outcome.FOUND, records=tuple(_written(one) for one in found))
        except dns.resolver.NXDOMAIN:
            return Answer(outcome=Outcome.NO_NAME)
        except dns.resolver.NoAnswer:
            return Answer(outcome=Outcome.NOTHING)
        except dns.exception.Timeout:
            return Answer(outcome=Outcome.TIMEOUT, why="its name servers did not answer in time")
        except dns.resolver.NoNameservers:
            return Answer(outcome=Outcome.FAILED, why="its name servers answer with a failure")
        except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as why:
            return Answer(outcome=Outcome.FAILED, why=f"it cannot be asked for ({type(why).__name__})")


def _written(record: Any) -> str:  # noqa: ANN401 - any kind of record
    if hasattr(record, "strings"):
        return b"".join(record.strings).decode("utf-8", "replace")
    return str(record.to_text()).rstrip(".")


def _server(text: str) -> dns.nameserver.Nameserver:
    host, port = text.strip(), str(_PORT)
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    try:
        address, number = str(ipaddress.ip_address(host)), int(port)
        if not 0 < number < 65_536:
            raise NotAServer(text)
    except ValueError:
        raise NotAServer(text) from None
    return dns.nameserver.Do53Nameserver(address, number)
