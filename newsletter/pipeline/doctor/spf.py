"""Findings about SPF: receivers compare it with the server that hands mail over, for the domain that bounces go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.dns_words import say, unknown
from newsletter.pipeline.doctor.finding import Record
from newsletter.pipeline.doctor.sendgrid import domain_in
from newsletter.probe.dns import spf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.probe.dns.asking import Dns
    from newsletter.probe.dns.spf import Spf

#: sender -> what its provider wants to be included
INCLUDES = {"sendgrid": "sendgrid.net"}
#: of 10 that are allowed
_MANY_LOOKUPS = 8
_ONE = "Merge them into one TXT record that begins with v=spf1, and delete the others."


def findings(look: Look, dns: Dns, domain: str) -> Iterator[Finding]:
    found = spf.look(dns, domain)
    wanted = [INCLUDES[name] for name in look.senders if name in INCLUDES]
    if not found.outcome.is_known:
        yield unknown(f"SPF of {domain}", found.why)
    elif not found.records:
        yield _missing(domain, wanted)
    elif len(found.records) > 1:
        words = f"{domain} has {len(found.records)} SPF records: receivers take that for none"
        yield say.wrong("spf-several", words, _ONE, _merged(domain, found.records, wanted))
    elif found.fault:
        words = f"the SPF record of {domain} is broken: {found.fault}"
        yield say.wrong("spf-broken", words, f"Correct it. It is now: {found.records[0]}")
    else:
        yield from _judged(look, domain, found, wanted)


def _judged(look: Look, domain: str, found: Spf, wanted: list[str]) -> Iterator[Finding]:
    if found.lookups > spf.MOST_LOOKUPS:
        words = f"the SPF record of {domain} needs {found.lookups} look-ups, and receivers stop at {spf.MOST_LOOKUPS}"
        yield say.wrong("spf-lookups", words, "Take out what you do not send with any more (include:, a, mx).")
    elif found.lookups >= _MANY_LOOKUPS:
        words = f"the SPF record of {domain} needs {found.lookups} of {spf.MOST_LOOKUPS} look-ups"
        yield say.careful(
            "spf-near-limit", words, "Take out what you do not send with any more, before one too many comes."
        )
    if found.others == "pass":
        words = f"the SPF record of {domain} ends in +all: everybody may send in your name"
        yield say.wrong("spf-all", words, "End it with ~all or -all.")
    missing = [one for one in wanted if one not in found.includes]
    if missing and not (elsewhere := _bounces_elsewhere(look, domain)):
        words = f"the SPF record of {domain} does not include your provider ({', '.join(missing)})"
        advice = "Change it to the record below, unless bounces go to a domain of their own that has SPF."
        yield say.careful("spf-provider", words, advice, _merged(domain, found.records, missing))
    elif missing:
        yield say.ok("spf", f"{domain} has SPF; the provider's bounces go to {elsewhere}, for which it cares itself")
    elif found.lookups <= spf.MOST_LOOKUPS and found.others != "pass":
        named = (
            f", and includes {', '.join(wanted)}" if wanted else "; whether it names your mail server is not known here"
        )
        yield say.ok("spf", f"{domain} has one SPF record ({found.lookups} of {spf.MOST_LOOKUPS} look-ups){named}")


def _bounces_elsewhere(look: Look, domain: str) -> str:
    """SendGrid's authenticated domains take bounces at a name of their own, an alias that is looked at with the keys."""
    if "sendgrid" not in look.senders or look.account.domains is None:
        return ""
    own = domain_in(look.account, domain)
    names = [one.name for one in own.records if one.purpose == "mail_cname"] if own else []
    return next(iter(names), "")


def _missing(domain: str, wanted: list[str]) -> Finding:
    if wanted:
        included = " ".join(f"include:{one}" for one in wanted)
        record = Record(name=domain, type="TXT", value=f"v=spf1 {included} ~all")
        return say.wrong("spf-missing", f"{domain} has no SPF record", "Add this record.", record)
    record = Record(name=domain, type="TXT", value="v=spf1 a mx ip4:ADDRESS-OF-YOUR-MAIL-SERVER ~all")
    advice = "Add this record, with the address from which your mail server sends."
    return say.wrong("spf-missing", f"{domain} has no SPF record", advice, record)


def _merged(domain: str, records: tuple[str, ...], wanted: list[str]) -> Record:
    """One record that says what all say, and names the provider; the strictest end of them counts last."""
    terms: dict[str, None] = {}
    end = "~all"
    for term in (term for record in records for term in record.split()[1:]):
        if term.lower().lstrip("+-~?") == "all":
            end = term if term.lower() != "+all" and term.lower() != "all" else "~all"
        else:
            terms[term] = None
    terms |= {f"include:{one}": None for one in wanted}
    return Record(name=domain, type="TXT", value=" ".join(("v=spf1", *terms, end)))
