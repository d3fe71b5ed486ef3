"""What each mail of a mailing has in common, and what is each reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.compose.links import delivery_links, pictures_url
from newsletter.keys import DeliveryToken
from newsletter.model.letter import Envelope, Letter
from newsletter.model.subscriber import field_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
    base_url = workspace.settings.newsletter.base_url

    def envelope(n: int, reader: Subscriber) -> Envelope:
        links = delivery_links(base_url, keys.token(DeliveryToken(mailing=link_number, n=n)))
        return Envelope(n=n, address=reader.address, name=reader.name, values=_values(reader, links))

    return envelope


def _values(reader: Subscriber, links: Mapping[str, str]) -> Mapping[str, str]:
    return {**field_values(reader), **links}
