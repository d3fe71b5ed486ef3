"""Findings about who takes the answers: readers write back, and servers return what they cannot deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.dns_words import say, unknown
from newsletter.pipeline.doctor.finding import Record
from newsletter.probe.dns import mx
from newsletter.probe.dns.asking import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.probe.dns.asking import Dns


def findings(dns: Dns, domain: str) -> Iterator[Finding]:
    found = mx.look(dns, domain)
    record = Record(name=domain, type="MX", value="10 NAME-OF-YOUR-MAIL-SERVER")
    if not found.outcome.is_known:
        yield unknown(f"MX of {domain}", found.why)
    elif found.outcome is Outcome.NO_NAME:
        words = f"there is no domain {domain}: nobody can answer to it"
        yield say.wrong("mx-no-domain", words, "Look for a typing mistake in sender.reply_to or mailbox.address.")
    elif found.refuses:
        words = f"{domain} says that it takes no mail (a null MX): answers and bounces are lost"
        yield say.wrong(
            "mx-null", words, "Publish your mail server instead, or let sender.reply_to be elsewhere.", record
        )
    elif found.implicit:
        words = f"{domain} has no MX; mail goes to the address of the domain itself, which some servers do not try"
        yield say.careful("mx-implicit", words, "Add this record.", record)
    elif not found.hosts:
        words = f"nobody takes mail for {domain}: answers and bounces are lost"
        yield say.wrong("mx-missing", words, "Add this record, with your mail server.", record)
    elif len(found.lost) == len(found.hosts):
        words = f"no mail server of {domain} has an address: {', '.join(found.lost)}"
        yield say.wrong("mx-lost", words, "Correct the MX records, or add the addresses of these names.")
    elif found.lost:
        words = f"mail servers of {domain} without an address: {', '.join(found.lost)}"
        yield say.careful("mx-lost", words, "Correct the MX records, or add the addresses of these names.")
    else:
        yield say.ok("mx", f"{found.hosts[0]} takes mail for {domain}")
