"""How a reader leaves by the mail program's own button: the values of List-Unsubscribe (RFC 2369, RFC 8058)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.compose.carrying import unsubscribe_link, wire_address

if TYPE_CHECKING:
    from newsletter.model.letter import Envelope

#: an address that means the same in a URL, as our own do
_PLAIN_ADDRESS = re.compile(r"[\w.+@-]+", re.ASCII)


def ways_to_leave(envelope: Envelope) -> list[str]:
    """The page first, since programs take the first that they can use; a mail only where a mailbox of ours reads it."""
    ways = [f"<{unsubscribe_link(envelope.values)}>"]
    if envelope.leave_address and (address := wire_address(envelope.leave_address)):
        ways.append(f"<mailto:{_in_url(address)}?subject=unsubscribe>")
    return ways


def _in_url(address: str) -> str:
    """RFC 6068 section 2."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    from urllib.parse import quote

    return quote(address, safe="@:!$'()*+,~")
