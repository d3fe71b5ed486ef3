"""What is doubtful about a proper web address: -> (what is wrong, what to do)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.links.tables import SHORTENERS, WRAPPERS
from newsletter.check.links.url import Fault, stray_end
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from newsletter.check.links.url import Address

_WRAPPERS = tuple(f".{host}" for host in WRAPPERS)
#: many filters, and Outlook, cut or drop what is longer
LONGEST = 2_000


def shortened(address: Address) -> Fault | None:
    """Services that shorten, and wrappings that a link got on its way: from a mail program, a network, another newsletter."""
    if not (address.host.removeprefix("www.") in SHORTENERS or _is_wrapped(address)):
        return None
    fix = "Open it, and link to the page where you arrive."
    return Fault(message=f"`{address.short}` hides where it leads", fix=fix)


def _is_wrapped(address: Address) -> bool:
    if address.host in {"www.google.com", "google.com"}:
        return address.parts.path == "/url"
    return f".{address.host}".endswith(_WRAPPERS)


def numeric(address: Address) -> Fault | None:
    if not address.ip:
        return None
    return Fault(message=f"`{address.short}` leads to a number, not to a name", fix="Use the name of the site.")


def with_credentials(address: Address) -> Fault | None:
    before = address.parts.netloc.rpartition("@")[0]
    if not before:
        return None
    if ":" in before:
        return Fault(
            message=f"a password stands in the link to `{address.host}`", fix="Remove what stands before the @."
        )
    message = f"`{before[:60]}@` stands before the host of this link"
    fix = f"For an email address, write mailto:{before[:60]}@{address.host}; else remove what stands before the @."
    return Fault(message=message, fix=fix, level=Level.WARNING)


def unusual_port(address: Address) -> Fault | None:
    usual, wrong = (443, 80) if address.parts.scheme == "https" else (80, 443)
    if address.port in {None, usual}:
        return None
    level = Level.WARNING if address.port == wrong else None
    message = f"`{address.short}` uses the port {address.port}, which many networks block"
    return Fault(message=message, fix="Ask for an address without a number after the host.", level=level)


def ends_like_a_sentence(address: Address) -> Fault | None:
    end = stray_end(address)
    if not end:
        return None
    fix = f"Move the `{end}` behind the link, or remove it."
    return Fault(message=f"the link target `{address.short}` ends with `{end}`", fix=fix)


def endless(address: Address) -> Fault | None:
    if len(address.url) <= LONGEST:
        return None
    message = f"the link target `{address.short}` has {len(address.url):,} characters"
    return Fault(message=message, fix="Remove what the page does not need, mostly what stands after the ?.")
