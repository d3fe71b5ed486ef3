"""Who takes mail for a domain (RFC 5321 section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.probe.dns.asking import Outcome

if TYPE_CHECKING:
    from newsletter.probe.dns.asking import Dns


@dataclass(frozen=True, kw_only=True)
class Mx:
    outcome: Outcome
    why: str = ""
    #: the preferred one first
    hosts: tuple[str, ...] = ()
    #: the domain says that it takes no mail (RFC 7505)
    refuses: bool = False
    #: there is no MX, and mail goes to the address of the domain itself
    implicit: bool = False
    #: hosts that have no address
    lost: tuple[str, ...] = ()


def look(dns: Dns, domain: str) -> Mx:
    answer = dns.ask(domain, "MX")
    if answer.outcome is not Outcome.FOUND:
        implicit = answer.outcome is Outcome.NOTHING and _has_address(dns, domain)
        return Mx(outcome=answer.outcome, why=answer.why, implicit=implicit)
    pairs = sorted((int(preference), host.rstrip(".").lower()) for preference, _, host in map(_halves, answer.records))
    hosts = tuple(host for _, host in pairs)
    if hosts == ("",):
        return Mx(outcome=Outcome.FOUND, refuses=True)
    return Mx(outcome=Outcome.FOUND, hosts=hosts, lost=tuple(one for one in hosts[:10] if _is_lost(dns, one)))


def _halves(record: str) -> tuple[str, str, str]:
    return record.partition(" ")


def _has_address(dns: Dns, host: str) -> bool:
    return any(dns.ask(host, kind).outcome is Outcome.FOUND for kind in ("A", "AAAA"))


def _is_lost(dns: Dns, host: str) -> bool:
    """Known to have no address; where the DNS fails nobody knows."""
    return all(dns.ask(host, kind).outcome in {Outcome.NOTHING, Outcome.NO_NAME} for kind in ("A", "AAAA"))
