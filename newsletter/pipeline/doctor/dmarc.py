"""Findings about DMARC: what receivers are asked to do with mail in your name that nobody signed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.dns_words import say, unknown
from newsletter.pipeline.doctor.finding import Record
from newsletter.pipeline.doctor.sendgrid import domain_in
from newsletter.probe.dns import dmarc
from newsletter.probe.dns.domains import belong_together, organisation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.probe.dns.asking import Dns
    from newsletter.probe.dns.dmarc import Dmarc


def findings(look: Look, dns: Dns, domain: str) -> Iterator[Finding]:
    found = dmarc.look(dns, domain)
    if not found.outcome.is_known:
        yield unknown(f"DMARC of {domain}", found.why)
    elif not found.records:
        home = organisation_of(domain)
        words = f"{domain} has no DMARC record: Gmail, Yahoo and Microsoft ask senders of newsletters for one"
        yield say.wrong("dmarc-missing", words, "Add this record; somebody has to read the reports.", _first(home))
    elif len(found.records) > 1:
        words = f"_dmarc.{found.location} has {len(found.records)} DMARC records: receivers take that for none"
        yield say.wrong("dmarc-several", words, "Keep one of them.")
    elif found.fault or not found.policy:
        words = f"the DMARC record of {found.location} is broken: {found.fault or 'it has no p='}"
        yield say.wrong("dmarc-broken", words, f"Correct it. It is now: {found.records[0]}")
    else:
        yield from _judged(domain, found)
        yield from _aligned(domain, found, _signer(look, domain))


def _first(home: str) -> Record:
    return Record(name=f"_dmarc.{home}", type="TXT", value=f"v=DMARC1; p=none; rua=mailto:postmaster@{home}")


def _judged(domain: str, found: Dmarc) -> Iterator[Finding]:
    where = domain if found.location == domain else f"{domain} (by {found.location})"
    if found.policy == "none":
        words = f"{where} has DMARC, and asks receivers to let forged mail through (p=none)"
        advice = "That is right for the first weeks. When the reports show that your own mail passes: p=quarantine."
        yield say.careful("dmarc-none", words, advice)
    else:
        yield say.ok("dmarc", f"{where} has DMARC with p={found.policy}")
    if not found.reports:
        words = f"the DMARC record of {found.location} asks for no reports: nobody hears of mail that fails"
        yield say.careful("dmarc-reports", words, f"Add to it: rua=mailto:postmaster@{found.location}")


def _signer(look: Look, domain: str) -> str:
    """The domain that SendGrid signs with; empty where that is not known."""
    own = domain_in(look.account, domain) if "sendgrid" in look.senders else None
    return own.name if own and own.valid else ""


def _aligned(domain: str, found: Dmarc, signer: str) -> Iterator[Finding]:
    if signer and not belong_together(signer, domain, strictly=found.strict_dkim):
        words = f"DMARC of {found.location} is strict (adkim=s), and the provider signs with {signer}, not {domain}: that fails"
        yield say.wrong("dmarc-unaligned", words, f"Take adkim=s out, or authenticate {domain} itself at the provider.")
    elif found.strict_dkim and not signer:
        words = f"DMARC of {found.location} is strict (adkim=s): d= of each signature must be {domain} itself"
        yield say.careful("dmarc-strict", words, "Read a delivered mail with --message, or take adkim=s out.")
