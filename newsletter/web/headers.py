"""The security headers of every response, and the content policies of pages, mails in the browser and images."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlsplit

from newsletter.compose.carrying import wire_domain

_NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
POLICY = "Content-Security-Policy"

#: what a response has unless it says otherwise itself
DEFAULTS = {
    POLICY: f"{_NOTHING}; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a token must not travel to the sites that a mail links to
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

#: named by the hash of its bytes, an image never changes
IMAGE = {
    POLICY: f"{_NOTHING}; form-action 'none'; sandbox",
    "Cache-Control": "public, max-age=31536000, immutable",
    # web mailers show our images within their own pages
    "Cross-Origin-Resource-Policy": "cross-origin",
}

#: a page that everybody gets alike, and that search engines may list
ARCHIVE = {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "all"}
#: one for whoever has its address: kept for a while as well, never listed
UNLISTED = {"Cache-Control": ARCHIVE["Cache-Control"]}


def page_policy(style: str) -> str:
    """A page of ours: this very style sheet, forms that post to us, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"{_NOTHING}; form-action 'self'; style-src 'sha256-{digest}'"


def mail_policy(base_url: str) -> str:
    """A mail shown in the browser: its inline styles, its images, no script and no form."""
    images = " ".join((*_origin(base_url), "https:"))
    return f"{_NOTHING}; form-action 'none'; style-src 'unsafe-inline'; img-src {images}"


def _origin(base_url: str) -> tuple[str, ...]:
    """scheme://host:port; nothing for a host that a header cannot carry."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{wire_domain(parts.netloc.rpartition('@')[2])}"
    return (origin,) if re.fullmatch(r"https?://[\w.:\[\]-]+", origin, re.ASCII) else ()
