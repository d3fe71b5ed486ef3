"""SPF (RFC 7208) of a domain: its record, the look-ups that it costs, whom it includes. checkdmarc reads the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.probe.dns.asking import Outcome
from newsletter.probe.dns.words import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.probe.dns.asking import Dns

#: a record that needs more is void (RFC 7208 section 4.6.4)
MOST_LOOKUPS = 10


@dataclass(frozen=True, kw_only=True)
class Spf:
    outcome: Outcome
    why: str = ""
    #: every record that begins as one of SPF: only one is allowed
    records: tuple[str, ...] = ()
    lookups: int = 0
    #: what is wrong with the record, in checkdmarc's words
    fault: str = ""
    #: domains that it includes or leads to, at any depth
    includes: frozenset[str] = frozenset()
    #: what it says of everybody else: fail, softfail, neutral, pass; empty where nothing
    others: str = ""


def look(dns: Dns, domain: str) -> Spf:
    answer = dns.ask(domain, "TXT")
    records = tuple(one for one in answer.records if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 "))
    if len(records) != 1 or dns.resolver is None:
        return Spf(outcome=answer.outcome, why=answer.why, records=records)
    return _read(dns, domain, records[0])


def _read(dns: Dns, domain: str, record: str) -> Spf:
    from checkdmarc import spf, utils

    utils.DNS_CACHE.clear()  # it would remember what another look has seen
    try:
        read = spf.parse_spf_record(
            record, domain, ignore_too_many_lookups=True, resolver=dns.resolver, timeout=dns.seconds
        )
    except spf.SPFError as why:
        return Spf(outcome=Outcome.FOUND, records=(record,), fault=one_line(str(why.args[0] if why.args else why)))
    except Exception as why:  # noqa: BLE001 - a record of others may be anything
        return Spf(outcome=Outcome.FOUND, records=(record,), fault=f"it cannot be read ({type(why).__name__})")
    parsed: Mapping[str, Any] = read.get("parsed") or {}
    return Spf(
        outcome=Outcome.FOUND,
        records=(record,),
        lookups=int(read.get("dns_lookups") or 0),
        # more look-ups than allowed are told by their number
        fault="" if int(read.get("dns_lookups") or 0) > MOST_LOOKUPS else one_line(str(read.get("error") or "")),
        includes=frozenset(_included(parsed)),
        others=str(parsed.get("all") or ""),
    )


def _included(parsed: Mapping[str, Any]) -> Iterator[str]:
    inner = [one for one in parsed.get("mechanisms") or () if one.get("mechanism") == "include"]
    for one in inner:
        yield str(one.get("value") or "").lower().rstrip(".")
        yield from _included(one.get("parsed") or {})
    if redirect := parsed.get("redirect"):
        yield str(redirect.get("domain") or "").lower().rstrip(".")
        yield from _included(redirect.get("parsed") or {})
