"""DMARC of a domain: where its record stands, and what it asks receivers to do. checkdmarc reads the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.probe.dns.asking import Outcome
from newsletter.probe.dns.domains import organisation_of
from newsletter.probe.dns.words import one_line

if TYPE_CHECKING:
    from newsletter.probe.dns.asking import Answer, Dns


@dataclass(frozen=True, kw_only=True)
class Dmarc:
    outcome: Outcome
    why: str = ""
    #: the domain whose record holds: this one, or that of the organisation
    location: str = ""
    records: tuple[str, ...] = ()
    fault: str = ""
    #: what receivers are asked to do with mail that fails: none, quarantine, reject
    policy: str = ""
    #: whether d= and the bounce address must be of the very same domain
    strict_dkim: bool = False
    strict_spf: bool = False
    #: whether reports are asked for
    reports: bool = False


def look(dns: Dns, domain: str) -> Dmarc:
    """The record of the domain; where it has none, that of its organisation."""
    answer = Dmarc(outcome=Outcome.NO_NAME)
    for location in dict.fromkeys((domain, organisation_of(domain))):
        found = dns.ask(f"_dmarc.{location}", "TXT")
        records = _records(found)
        if records or not found.outcome.is_known:
            return _judged(dns, domain, location, found, records)
    return answer


def _records(found: Answer) -> tuple[str, ...]:
    return tuple(one for one in found.records if one.strip().lower().replace(" ", "").startswith("v=dmarc1"))


def _judged(dns: Dns, domain: str, location: str, found: Answer, records: tuple[str, ...]) -> Dmarc:
    if len(records) != 1 or dns.resolver is None:
        return Dmarc(outcome=found.outcome, why=found.why, location=location, records=records)
    from checkdmarc import dmarc, utils

    utils.DNS_CACHE.clear()  # it would remember what another look has seen
    try:
        tags = dmarc.parse_dmarc_record(records[0], location, resolver=dns.resolver, timeout=dns.seconds)["tags"]
    except dmarc.DMARCError as why:
        return Dmarc(outcome=found.outcome, location=location, records=records, fault=one_line(str(why)))
    except Exception as why:  # noqa: BLE001 - a record of others may be anything
        fault = f"it cannot be read ({type(why).__name__})"
        return Dmarc(outcome=found.outcome, location=location, records=records, fault=fault)

    def value(name: str) -> str:
        """What is written; a policy that is left out is no policy for receivers of the older RFC 7489."""
        tag = tags.get(name) or {}
        return str(tag.get("value") or "").strip().lower() if tag.get("explicit") else ""

    return Dmarc(
        outcome=found.outcome,
        location=location,
        records=records,
        policy=(location != domain and value("sp")) or value("p"),
        strict_dkim=value("adkim") == "s",
        strict_spf=value("aspf") == "s",
        reports=bool((tags.get("rua") or {}).get("explicit")),
    )
