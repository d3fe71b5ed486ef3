"""What cannot be put into a mail, said in plain words before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.compose.escaping import one_line, safe_url
from newsletter.model.rendered import UNSUBSCRIBE_URL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.letter import Envelope, Letter

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
#: RFC 5321 section 4.5.3.1.3
_ADDRESS_OCTETS = 254
#: a header line may have 998 octets (RFC 5322 section 2.1.1)
_URL_OCTETS = 900
#: a URL that needs no second look, as our own links are: the check of every reader's link is on the fast path
_PLAIN_URL = re.compile(r"https?://[\w.~/:-]{1,200}", re.ASCII)


def wire_address(address: str) -> str:
    """The address as it travels: its domain in A-label form. Empty when it cannot travel in ASCII."""
    if not address.isascii():
        local, _, domain = address.rpartition("@")
        address = f"{local}@{wire_domain(domain)}"
    return address if len(address) <= _ADDRESS_OCTETS and _ADDRESS.fullmatch(address) else ""


def wire_domain(domain: str) -> str:
    """The domain in A-label form (RFC 5890), empty when it has none."""
    if domain.isascii():
        return domain
    import idna

    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return ""


def unsubscribe_link(values: Mapping[str, str]) -> str:
    """The reader's unsubscribe URL in ASCII, as it may stand in a header. Empty when there is none."""
    url = values.get(UNSUBSCRIBE_URL, "")
    if _PLAIN_URL.fullmatch(url):
        return url
    url = safe_url(one_line(url))
    if not url.isascii():
        from urllib.parse import quote

        url = quote(url, safe="%/:?#[]@!$&'()*+,;=~")
    return url if url.startswith(("https://", "http://")) and len(url) <= _URL_OCTETS else ""


def letter_obstacle(letter: Letter) -> str:
    """Why nobody can be sent this letter; empty when nothing stands in the way."""
    rendered = letter.rendered
    if not wire_address(rendered.from_address):
        return "the From address has characters that a mail cannot carry"
    if rendered.reply_to and not wire_address(rendered.reply_to):
        return "the Reply-To address has characters that a mail cannot carry"
    if not _ADDRESS.fullmatch(f"a@{wire_domain(letter.domain)}"):
        return "the domain for Message-IDs is not a domain"
    if letter.list_id and not _ADDRESS.fullmatch(f"a@{letter.list_id}"):
        return "the list's id has characters that a mail cannot carry"
    return ""


def envelope_obstacle(letter: Letter, envelope: Envelope) -> str:
    """Why this reader cannot be sent the letter; empty when nothing stands in the way."""
    if not wire_address(envelope.address):
        if not envelope.address.rpartition("@")[0].isascii():
            return "the part of the address before the @ has letters that mail through this sender cannot carry"
        return "this is not an address that a mail can carry"
    if letter.list_id and not unsubscribe_link(envelope.values):
        return "there is no unsubscribe link for this reader"
    return ""
