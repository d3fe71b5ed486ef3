"""What the DNS says of the sender's domain, and the records to add where something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor import dkim, dmarc, mx, spf
from newsletter.pipeline.doctor.dns_words import AREA, say, unknown
from newsletter.probe.dns.domains import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.probe.dns.asking import Dns

__all__ = ["AREA", "findings"]


def findings(look: Look) -> Iterator[Finding]:
    settings = look.workspace.settings
    domain = domain_of(settings.sender.address)
    if not look.reaches_people and AREA not in look.named:
        yield say.unseen(
            "dns-unneeded", f"{domain}: nothing is sent to people yet (esp.name)", f"To look: --only {AREA}"
        )
        return
    if look.dns is None:
        yield say.unseen("dns-unseen", f"{domain}: --offline")
        return
    if obstacle := _obstacle(look.dns, domain):
        yield obstacle
        return
    yield from spf.findings(look, look.dns, domain)
    yield from dkim.findings(look, look.dns, domain)
    yield from dmarc.findings(look, look.dns, domain)
    addresses = (settings.sender.address, settings.sender.reply_to, settings.mailbox.address)
    for name in dict.fromkeys(domain_of(one) for one in addresses if one):
        yield from mx.findings(look.dns, name)


def _obstacle(dns: Dns, domain: str) -> Finding | None:
    """Why nothing can be looked at: one sentence instead of the same one for each record."""
    answer = dns.ask(domain, "TXT")
    if not answer.outcome.is_known:
        return unknown(domain, answer.why)
    if answer.outcome == "no such name":
        return say.wrong(
            "domain-unknown-to-dns",
            f"there is no domain {domain}: receivers refuse mail from it",
            "Look for a typing mistake in sender.address, and whether the domain is paid for and has name servers.",
        )
    return None
