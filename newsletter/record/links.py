"""A link that was followed, without what could tell by whom: no token of ours, no address, nothing personal in its query."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.compose.links import PATHS

#: what stands where a reader's own part was
_OWN = "..."
_TOKEN = re.compile(rf"({'|'.join(map(re.escape, PATHS.values()))})[A-Za-z0-9_-]{{20,}}/?")
_ADDRESS = re.compile(r"[^/]*(?:@|%40)[^/]*", re.IGNORECASE)
#: so short a number is the page of a site, not a person
_PAGE = re.compile(r"\d{1,6}")
_LONGEST = 1000


def cleaned(url: str) -> str:
    """The link as it stood in the mail; of its query stay campaign names (utm_...) and short numbers. Empty for no web address."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    path = _ADDRESS.sub(_OWN, _TOKEN.sub(rf"\1{_OWN}", parts.path))
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host + port, path, _query(parts.query), ""))[:_LONGEST]


def _query(query: str) -> str:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in pairs if _stays(name, value)])


def _stays(name: str, value: str) -> bool:
    campaign = name.lower().startswith("utm_") and "@" not in value
    return campaign or (_PAGE.fullmatch(value) is not None and name.isidentifier())
