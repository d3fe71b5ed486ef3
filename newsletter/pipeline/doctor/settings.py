"""Are the settings sensible? That they can be read was seen before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.pipeline.doctor.finding import Findings
from newsletter.pipeline.refusing import sender_refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "settings"
_say = Findings(AREA)
_TOML = "newsletter.toml"


def findings(look: Look) -> Iterator[Finding]:
    yield _say.ok("settings-read", f"{look.workspace.folder / _TOML} can be read")
    yield from _base_url(look)
    yield from _addresses(look)
    yield from _reply_to(look)
    yield from _secret(look)
    yield from _approvals(look)
    yield from _operator(look)
    yield from _retention(look)


def _base_url(look: Look) -> Iterator[Finding]:
    url = look.workspace.settings.newsletter.base_url
    if urlsplit(url).scheme == "https":
        yield _say.ok("base-url-https", "newsletter.base_url is an https address")
        return
    say = _say.wrong if look.reaches_people else _say.careful
    yield say(
        "base-url-plain",
        f"newsletter.base_url is {url}: readers' links must be https, and nothing is sent to people without",
        f"Set newsletter.base_url in {_TOML} to the https address behind which `newsletter serve` runs.",
    )


def _addresses(look: Look) -> Iterator[Finding]:
    """What sending refuses, said before somebody wants to send."""
    found = list(sender_refusals(look.workspace))
    say = _say.wrong if look.reaches_people else _say.careful
    for refusal in found:
        yield say("sender-refused", refusal.why, refusal.next_step)
    if not found:
        yield _say.ok("sender-complete", "the sender has an address and a postal address of its own")


def _reply_to(look: Look) -> Iterator[Finding]:
    sender = look.workspace.settings.sender
    local = (sender.reply_to or sender.address).partition("@")[0].lower().replace("-", "").replace("_", "")
    if local.startswith(("noreply", "donotreply", "nichtantworten")):
        yield _say.careful(
            "reply-to-nobody",
            "answers go to an address that says that nobody reads them",
            "Set sender.reply_to to one that people read: readers ask to leave there, and filters like answers.",
        )
    elif not sender.reply_to:
        yield _say.ok("reply-to", "answers go to sender.address; somebody has to read them")
    else:
        yield _say.ok("reply-to", "answers go to sender.reply_to")


def _secret(look: Look) -> Iterator[Finding]:
    if look.keys is None and look.store is None:  # else the database knows whether there ever was one
        yield _say.careful(
            "secret-missing",
            "NEWSLETTER_SECRET is neither in the environment nor in .env",
            "The first command that needs it makes one and writes it to .env; if there was one, restore it from a copy.",
        )


def _approvals(look: Look) -> Iterator[Finding]:
    policy = look.workspace.settings.policy
    if not policy.approvals and not policy.approver_roles:
        return
    if look.store is None:
        yield _say.unseen("approvals-unseen", "whether enough people can sign off: the database cannot be asked")
        return
    from newsletter.store import standing

    with look.store.read() as connection:
        people = standing.approvers(connection)
    held = {role for roles in people for role in roles}
    missing = [role for role in policy.approver_roles if role not in held]
    if len(people) < policy.approvals or missing:
        lack = f" and nobody has the role {', '.join(missing)}" if missing else ""
        yield _say.wrong(
            "approvals-without-people",
            f"policy asks for {policy.approvals} to sign off; {len(people)} can{lack}: nothing could ever be sent",
            "Add them: newsletter people add NAME --email ADDRESS --role ROLE; or lower policy.approvals.",
        )
    elif len(people) == policy.approvals and not policy.author_may_approve:
        yield _say.careful(
            "approvals-tight",
            f"policy asks for {policy.approvals} to sign off, and exactly so many can: what one of them wrote waits for ever",
            "Add one more: newsletter people add NAME --email ADDRESS --role ROLE.",
        )
    else:
        yield _say.ok("approvals", f"{len(people)} can sign off, policy asks for {policy.approvals}")


def _operator(look: Look) -> Iterator[Finding]:
    if look.workspace.settings.operator.address:
        yield _say.ok("operator", "operator.address is told when something fails")
        return
    yield _say.careful(
        "operator-missing",
        "nobody is told by mail when `newsletter run-due` fails or a mailing is held",
        f"Set operator.address in {_TOML} to who looks after the machine.",
    )


def _retention(look: Look) -> Iterator[Finding]:
    settings = look.workspace.settings
    long = []
    if settings.events.keep_days > 365:
        long.append(f"events.keep_days is {settings.events.keep_days}")
    if not settings.signup.forget_days:
        long.append("signup.forget_days is 0: who never confirms is never forgotten")
    if long:
        yield _say.careful(
            "retention-long",
            f"readers' data is kept long: {'; '.join(long)}",
            "Keep what you need and no longer (docs/privacy.md); the defaults are 90 and 30 days.",
        )
    else:
        yield _say.ok("retention", f"reports are kept {settings.events.keep_days} days as they came")
