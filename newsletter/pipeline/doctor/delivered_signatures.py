"""Who signed a delivered mail, whether that holds, what it covers, and whether it speaks for the From address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.finding import Findings
from newsletter.probe.dns.domains import belong_together
from newsletter.probe.dns.signatures import Verdict, signatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.pipeline.doctor.delivered import Delivered
    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.probe.dns.asking import Dns
    from newsletter.probe.dns.signatures import Signature

AREA = "signatures"
_say = Findings(AREA)
#: RFC 8058 section 4
ONE_CLICK = ("list-unsubscribe", "list-unsubscribe-post")
_SHOULD = ("from", "subject", "date", "to")


def findings(mail: Delivered, dns: Dns | None) -> Iterator[Finding]:
    found = signatures(mail.raw, _fields(mail), dns)
    if not found:
        yield _say.wrong(
            "mail-unsigned",
            "nobody signed the mail (no DKIM-Signature)",
            "Authenticate your domain at the provider, or let the mail server sign; `newsletter doctor --only dns` helps.",
        )
    for one in found:
        yield _verdict(one)
    if found:
        yield from _alignment(mail, found)
        yield from _coverage(mail, found)
    yield _bounces(mail, found)


def _fields(mail: Delivered) -> list[str]:
    return mail.values("DKIM-Signature")


def _verdict(one: Signature) -> Finding:
    name = f"the signature of {one.domain or '(no domain)'} (selector {one.selector or '?'})"
    if one.verdict is Verdict.UNKNOWN:
        return _say.unseen(
            "signature-unseen", f"whether {name} holds: {one.why}", "Without --offline its key is asked for."
        )
    if one.verdict is Verdict.BROKEN:
        advice = (
            "Take the file as its source, unchanged; forwarding and saving as text break it. If it is: does something "
            "change mails after they are signed, and is the key in the DNS the right one (--only dns --selector)?"
        )
        return _say.wrong("signature-broken", f"{name} does not hold: {one.why}", advice)
    if one.partly:
        words = f"{name} holds, but covers only the beginning of the mail (l=): anything may be added to it"
        return _say.careful("signature-partly", words, "Let the signer leave l= out.")
    return _say.ok("signature-holds", f"{name} holds")


def _good(found: Sequence[Signature]) -> list[Signature]:
    return [one for one in found if one.verdict is not Verdict.BROKEN]


def _alignment(mail: Delivered, found: Sequence[Signature]) -> Iterator[Finding]:
    if not mail.from_domain:
        return
    if any(belong_together(one.domain, mail.from_domain) for one in _good(found)):
        yield _say.ok("dkim-aligned", f"a signature speaks for {mail.from_domain}, as DMARC wants it")
        return
    if any(belong_together(one.domain, mail.from_domain) for one in found):
        return  # it would, if it held: that is told
    by = ", ".join(sorted({one.domain for one in found if one.domain})) or "nobody"
    yield _say.wrong(
        "dkim-unaligned",
        f"From is of {mail.from_domain}, and the mail is signed by {by}: for DMARC that is unsigned",
        "Authenticate the domain of sender.address at the provider, so that it signs with d= of your domain.",
    )


def _coverage(mail: Delivered, found: Sequence[Signature]) -> Iterator[Finding]:
    good = _good(found) or list(found)
    best = max(good, key=lambda one: len(one.covers & {*ONE_CLICK, *_SHOULD}))
    one_click = [name for name in ONE_CLICK if name not in best.covers]
    if one_click:
        yield _say.wrong(
            "one-click-unsigned",
            f"no signature covers {' and '.join(_spelled(one) for one in one_click)} (h=): Gmail and Yahoo then offer no "
            "one-click leaving (RFC 8058)",
            "Ask the provider to sign these headers; on a mail server of yours add them to the signed headers, also where "
            "they are missing from its default.",
        )
    else:
        yield _say.ok("one-click-signed", "a signature covers both headers of one-click leaving")
    present = [name for name in _SHOULD if mail.values(name) and name not in best.covers]
    if present:
        say = _say.wrong if "from" in present else _say.careful
        words = f"the signature does not cover {', '.join(_spelled(one) for one in present)}: who passes it on may change that"
        yield say("headers-unsigned", words, "Let the signer cover From, To, Subject and Date.")


def _spelled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _bounces(mail: Delivered, found: Sequence[Signature]) -> Finding:
    if mail.bounce_domain is None:
        words = "where bounces go: the file has no Return-Path"
        return _say.unseen(
            "bounces-unseen", words, "Take the file from the mailbox that received it, not from `outbox`."
        )
    if mail.bounce_domain and belong_together(mail.bounce_domain, mail.from_domain):
        return _say.ok("spf-aligned", f"bounces go to {mail.bounce_domain}: SPF speaks for From as well")
    where = mail.bounce_domain or "nobody (an empty Return-Path)"
    words = f"bounces go to {where}, another organisation than {mail.from_domain or 'that of From'}: SPF does not count for DMARC"
    if any(belong_together(one.domain, mail.from_domain) for one in _good(found)):
        return _say.ok("spf-unaligned", f"{words}; the signature does")
    advice = "Authenticate your domain at the provider: it then takes bounces at a name of your domain."
    return _say.wrong("spf-unaligned", words, advice)
