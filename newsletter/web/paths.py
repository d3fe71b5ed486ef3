"""The paths of our own pages, as a browser has to ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from newsletter.settings import Settings

SUBSCRIBE, LINKS, ARCHIVE = "/subscribe", "/links", "/archive"


def own_path(settings: Settings, path: str) -> str:
    """`path` below that of base_url, without a host: it works on whatever host the page was asked for."""
    return urlsplit(settings.newsletter.base_url).path + path
