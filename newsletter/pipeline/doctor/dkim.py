"""Findings about DKIM keys: those that the provider says it signs with, those that were named, and SendGrid's usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.dns_words import say, unknown
from newsletter.pipeline.doctor.finding import Record
from newsletter.pipeline.doctor.sendgrid import domain_in
from newsletter.probe.dns import dkim_keys
from newsletter.probe.dns.asking import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.esp.sendgrid.standing import DnsRecord, OwnDomain
    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.probe.dns.asking import Dns
    from newsletter.probe.dns.dkim_keys import DkimKey

#: how SendGrid's automatic security calls its keys
USUAL = ("s1", "s2")
_SHORT, _MODERN = 1024, 2048
_SHOWN_THERE = "At SendGrid: Settings, Sender Authentication, the domain; it shows each value."


def findings(look: Look, dns: Dns, domain: str) -> Iterator[Finding]:
    looked = False
    if "sendgrid" in look.senders:
        looked = True
        own = domain_in(look.account, domain) if look.account.domains else None
        yield from _promised(dns, own) if own and own.records else _usual(dns, domain)
    for selector in look.selectors:
        looked = True
        yield from _key(dkim_keys.look(dns, selector, domain))
    if not looked:
        yield say.unseen(
            "dkim-unseen",
            f"DKIM of {domain}: the name of your mail server's key is not known here",
            "Name it: --selector NAME (s= in the DKIM-Signature of a mail); or read a delivered mail: --message FILE.eml",
        )


def _promised(dns: Dns, own: OwnDomain) -> Iterator[Finding]:
    """The records that the account asks for, each compared with the DNS."""
    missing, wrong = [], []
    for one in own.records:
        answer = dns.ask(one.name, one.type or "CNAME")
        if not answer.outcome.is_known:
            yield unknown(one.name, answer.why)
        elif not answer.records:
            missing.append(one)
        elif one.value.lower() not in {record.lower() for record in answer.records}:
            wrong.append(one)
    if missing:
        words = f"records that SendGrid asks for are not there: {_named(missing)}"
        advice = "Add these, then press Verify at SendGrid (Settings, Sender Authentication)."
        yield say.wrong("dkim-missing", words, advice, *map(_record, missing))
    if wrong:
        words = f"records of SendGrid say something else than it asks for: {_named(wrong)}"
        yield say.wrong("dkim-differs", words, "Change them to these values.", *map(_record, wrong))
    if not missing and not wrong:
        yield say.ok("dkim", f"the records that SendGrid signs {own.name} with are there")


def _named(records: list[DnsRecord]) -> str:
    return ", ".join(one.name for one in records)


def _record(one: DnsRecord) -> Record:
    return Record(name=one.name, type=one.type, value=one.value)


def _usual(dns: Dns, domain: str) -> Iterator[Finding]:
    """The account does not say; its keys are called s1 and s2, unless somebody chose otherwise."""
    keys = [dkim_keys.look(dns, selector, domain) for selector in USUAL]
    if lost := [key for key in keys if key.outcome in {Outcome.NOTHING, Outcome.NO_NAME}]:
        words = f"{domain} has no key of SendGrid: {', '.join(key.name for key in lost)}"
        records = [Record(name=key.name, type="CNAME", value="(as SendGrid shows it)") for key in lost]
        yield say.wrong("dkim-missing", words, f"Add these. {_SHOWN_THERE}", *records)
    for key in keys:
        if key not in lost:
            yield from _key(key)


def _key(key: DkimKey) -> Iterator[Finding]:
    if not key.outcome.is_known:
        yield unknown(key.name, key.why)
    elif key.outcome is not Outcome.FOUND:
        led = f" (it leads to {key.alias}, which has none)" if key.alias else ""
        record = Record(name=key.name, type="TXT", value="v=DKIM1; k=rsa; p=PUBLIC-KEY-OF-YOUR-MAIL-SERVER")
        advice = "Add it; whoever signs your mail shows the value."
        yield say.wrong("dkim-missing", f"there is no DKIM key {key.name}{led}", advice, record)
    elif key.revoked:
        words = f"the DKIM key {key.name} was taken back: its p= is empty"
        yield say.wrong("dkim-revoked", words, "Let your provider make a new key, and publish that.")
    elif key.fault:
        words = f"the DKIM key {key.name} cannot be read: {key.fault}"
        yield say.wrong("dkim-broken", words, "Copy it again, whole; long values are cut by some forms.")
    else:
        yield from _measured(key)


def _measured(key: DkimKey) -> Iterator[Finding]:
    advice = "Let your provider make a key of 2048 bits, and publish that."
    if key.kind == "rsa" and key.bits < _SHORT:
        yield say.wrong("dkim-short", f"the DKIM key {key.name} has {key.bits} bits: receivers ignore it", advice)
    elif key.kind == "rsa" and key.bits < _MODERN:
        yield say.careful("dkim-short", f"the DKIM key {key.name} has {key.bits} bits, and 2048 are usual", advice)
    elif not key.testing:
        yield say.ok("dkim", f"the DKIM key {key.name} is there ({key.bits} bits)")
    if key.testing:
        words = f"the DKIM key {key.name} says that it is only a test (t=y): receivers may ignore it"
        yield say.careful("dkim-testing", words, "Take t=y out of the record.")
