"""The SendGrid account: its key and rights, the sender's domain, and the webhook that reports what became of the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.esp.sendgrid.standing import SEND
from newsletter.pipeline.doctor.finding import Findings
from newsletter.probe.dns.domains import belong_together, domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.esp.sendgrid.standing import OwnDomain, Webhook
    from newsletter.pipeline.doctor.account import Account
    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

_say = Findings("provider")
#: right -> what it is for; without these something of ours does not work, with others it is only not looked at
_RIGHTS = {
    "suppression.read": "to see who bounced or complained (newsletter suppressions sync)",
    "whitelabel.read": "to see whether your domain is authenticated",
    "user.webhooks.event.settings.read": "to see whether reports are set up",
}
#: rights that stand for one of these
_AS_WELL = {"suppression.read": ("suppression.bounces.read", "asm.suppressions.global.read")}
#: kinds of events without which we do not know what became of a mail
_EVENTS = ("delivered", "bounce", "dropped", "deferred", "spam_report")
_HOOK = "/hooks/sendgrid"
_KEYS = "At SendGrid: Settings, API Keys."
_WEBHOOKS = "At SendGrid: Settings, Mail Settings, Event Webhooks."


def findings(look: Look) -> Iterator[Finding]:
    if look.offline:
        yield _say.unseen("provider-unseen", "the SendGrid account: --offline")
        return
    account = look.account
    if account.key_fault:
        advice = f"{_KEYS} Make one, and set SENDGRID_API_KEY in the environment or in .env."
        yield _say.wrong("key-missing", account.key_fault, advice)
        return
    if account.scopes is None:
        yield _no_answer(account)
        return
    yield from _rights(account.scopes)
    yield from _identity(look, account)
    yield from _reports(look, account)
    if look.workspace.settings.esp.sendgrid.sandbox:
        yield _say.careful(
            "sandbox",
            "esp.sendgrid.sandbox is true: SendGrid takes mails and sends none",
            "Set it to false when readers are to get the mails.",
        )


def _no_answer(account: Account) -> Finding:
    if account.refused:
        return _say.wrong(
            "key-refused",
            f"SendGrid does not accept the key ({account.scopes_fault})",
            f"{_KEYS} Make a new one. An account in the EU has a host of its own: esp.sendgrid.host",
        )
    return _say.wrong(
        "provider-unreached",
        f"SendGrid cannot be asked: {account.scopes_fault}",
        "Look whether this machine may reach esp.sendgrid.host, and try again.",
    )


def _rights(scopes: frozenset[str]) -> Iterator[Finding]:
    if SEND not in scopes:
        yield _say.wrong(
            "scope-send",
            "SendGrid accepts the key, and it may not send mail",
            f"{_KEYS} Give it Mail Send: full access.",
        )
    else:
        yield _say.ok("key-valid", "SendGrid accepts the key, and it may send mail")
    for scope, purpose in _RIGHTS.items():
        if not any(one in scopes for one in (scope, *_AS_WELL.get(scope, ()))):
            yield _say.careful("scope-missing", f"the key has no right {purpose}", f"{_KEYS} Give it {scope}.")


def _identity(look: Look, account: Account) -> Iterator[Finding]:
    address = look.workspace.settings.sender.address
    domain = domain_of(address)
    if account.domains is None:
        yield _say.unseen("domain-unseen", f"whether SendGrid signs for {domain}: {account.domains_fault}")
        return
    near = [one for one in account.domains if belong_together(one.name, domain)]
    valid = [one.name for one in near if one.valid]
    advice = "At SendGrid: Settings, Sender Authentication, Authenticate Your Domain. It shows the records to add."
    if valid:
        yield _say.ok("domain-authenticated", f"SendGrid signs for {valid[0]}")
    elif near:
        yield _say.wrong(
            "domain-unverified",
            f"SendGrid knows {domain}, and has not found its DNS records",
            "Add the records that are named under DNS, then press Verify at SendGrid (Settings, Sender Authentication).",
        )
    elif address.lower() in account.singles:
        words = f"SendGrid knows the sender as a single address only, and does not sign for {domain}"
        yield _say.wrong("domain-single-sender", words, advice)
    elif account.domains:
        yield _say.wrong("domain-unknown", f"SendGrid knows other domains of yours, but not {domain}", advice)
    else:
        # a domain of the parent account signs as well, and is not listed
        words = f"this account has no authenticated domain; a parent account may have {domain}"
        yield _say.careful("domain-none", words, advice)


def _reports(look: Look, account: Account) -> Iterator[Finding]:
    own = look.workspace.settings.events.public_key
    url = f"{look.workspace.settings.newsletter.base_url}{_HOOK}"
    if account.webhooks is None:
        if not own:
            yield _say.wrong(*_no_key(url))
        yield _say.unseen("webhook-unseen", f"whether SendGrid reports here: {account.webhooks_fault}")
        return
    here = [one for one in account.webhooks if one.enabled and one.url.rstrip("/") == url]
    if not here:
        yield _elsewhere(account.webhooks, url, has_key=bool(own))
    else:
        yield from _webhook(here[0], own, url)


def _no_key(url: str) -> tuple[str, str, str]:
    return (
        "webhook-key-missing",
        "events.public_key is not set, so no report of SendGrid is taken: bounces and complaints stay unknown",
        f"{_WEBHOOKS} Add {url}, turn Signed Event Webhook on, and copy its verification key to events.public_key.",
    )


def _elsewhere(webhooks: Sequence[Webhook], url: str, *, has_key: bool) -> Finding:
    copy = "" if has_key else " Then copy its verification key to events.public_key."
    if any(one.url.rstrip("/") == url for one in webhooks):
        return _say.wrong("webhook-off", "the event webhook is there, and turned off", f"{_WEBHOOKS} Turn it on.{copy}")
    also = " (it reports elsewhere)" if any(one.enabled and one.url for one in webhooks) else ""
    return _say.wrong(
        "webhook-missing",
        f"SendGrid does not report here{also}: what bounces is mailed again and again",
        f"{_WEBHOOKS} Add {url} with the events {', '.join(_EVENTS)}, signed.{copy}",
    )


def _webhook(webhook: Webhook, own: str, url: str) -> Iterator[Finding]:
    if missing := [one for one in _EVENTS if one not in webhook.events]:
        words = f"SendGrid reports here, but not these: {', '.join(missing)}"
        yield _say.wrong("webhook-events", words, f"{_WEBHOOKS} Tick them.")
    if not webhook.public_key:
        words = "SendGrid reports here without a signature, and such reports are not taken"
        advice = f"{_WEBHOOKS} Turn Signed Event Webhook on, and copy its verification key to events.public_key."
        yield _say.wrong("webhook-unsigned", words, advice)
    elif not own:
        yield _say.wrong(*_no_key(url))
    elif own != webhook.public_key:
        words = "events.public_key is not the key that SendGrid signs with: no report is taken"
        yield _say.wrong("webhook-key-differs", words, f"{_WEBHOOKS} Copy the verification key to events.public_key.")
    elif not missing:
        yield _say.ok("webhook", "SendGrid reports here, signed with the key that we know")


def domain_in(account: Account, domain: str) -> OwnDomain | None:
    """What SendGrid signs for mail from this domain with: the very domain, else one that is aligned with it."""
    near = [one for one in account.domains or () if belong_together(one.name, domain)]
    return next(iter(sorted(near, key=lambda one: (one.name != domain, not one.valid))), None)
