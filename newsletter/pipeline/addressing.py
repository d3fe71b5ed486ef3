"""What each mail of a mailing has in common, and what is each reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.compose.links import delivery_links, pictures_url
from newsletter.keys import DeliveryToken, MailPurpose
from newsletter.model.letter import Envelope, Letter
from newsletter.model.subscriber import field_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.keys import Keys
    from newsletter.model.mailing import Mailing
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.model.subscriber import Subscriber
    from newsletter.settings import Workspace


def letter_of(workspace: Workspace, rendered: Rendered, mailing: Mailing, pictures: Sequence[ImageFile] = ()) -> Letter:
    """The part of the mails that is the same for everybody. `pictures` travel inside."""
    host = urlsplit(workspace.settings.newsletter.base_url).hostname or "localhost"
    return Letter(
        rendered=rendered,
        mailing=str(mailing.number),
        list_id=f"{mailing.lists[0]}.{host}",
        date=mailing.started_at or mailing.created_at,
        domain=domain_of(rendered),
        pictures=tuple(pictures),
        pictures_url=pictures_url(workspace.settings.newsletter.base_url),
    )


def domain_of(rendered: Rendered) -> str:
    return rendered.from_address.rpartition("@")[2]


def envelopes(workspace: Workspace, keys: Keys, link_number: int) -> Callable[[int, Subscriber], Envelope]:
    """How each delivery of a mailing is addressed."""
    links = tuple(delivery_links(workspace.settings.newsletter.base_url, "").items())
    token_of = keys.tokens_of(link_number)
    own_addresses = _addresses_of(workspace.settings.mailbox.address, keys, link_number)

    def envelope(n: int, reader: Subscriber) -> Envelope:
        token, values = token_of(n), field_values(reader)
        for slot, url in links:
            values[slot] = url + token
        back, leave = own_addresses(n)
        return Envelope(
            n=n, address=reader.address, name=reader.name, values=values, return_path=back, leave_address=leave
        )

    return envelope


def _addresses_of(mailbox: str | None, keys: Keys, link_number: int) -> Callable[[int], tuple[str, str]]:
    """Addresses of our mailbox for a delivery: where it comes back to (VERP), and where its reader writes to leave."""
    if not mailbox:
        return lambda _n: ("", "")
    local, _, domain = mailbox.rpartition("@")

    def addresses(n: int) -> tuple[str, str]:
        token = DeliveryToken(mailing=link_number, n=n)
        back, leave = (keys.mail_token(purpose, token) for purpose in (MailPurpose.BOUNCE, MailPurpose.LEAVE))
        return f"{local}+{back}@{domain}", f"{local}+{leave}@{domain}"

    return addresses
