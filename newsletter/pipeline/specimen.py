"""The mail as nobody's: fallbacks in its slots, links that lead nowhere. For looking at, and for spam filters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.compose.links import delivery_links, pictures_url
from newsletter.compose.message import compiled
from newsletter.model.letter import Envelope, Letter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.settings import Settings


def nobodys_links(settings: Settings) -> Mapping[str, str]:
    """The values of a delivery's own links where there is no delivery."""
    return delivery_links(settings.newsletter.base_url, "preview")


def specimen(rendered: Rendered, images: Sequence[ImageFile], settings: Settings, date: datetime) -> bytes:
    """The whole message, its images embedded, addressed to its own sender."""
    letter = Letter(
        rendered=rendered,
        mailing="preview",
        list_id=f"preview.{urlsplit(settings.newsletter.base_url).hostname}",
        date=date,
        domain=rendered.from_address.rpartition("@")[2],
        pictures=tuple(images),  # nobody has published them yet
        pictures_url=pictures_url(settings.newsletter.base_url),
    )
    envelope = Envelope(n=0, address=rendered.from_address, name="", values=nobodys_links(settings))
    return compiled(letter).bytes_for(envelope)
