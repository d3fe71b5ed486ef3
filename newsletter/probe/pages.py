"""Do readers' links work? Asked before a real send: base_url must be https, public, and answer with our secret."""

from __future__ import annotations

import ipaddress
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

_TIMEOUT = 10.0
#: what newsletter/web answers to the probe token, and nobody else can
PROBE_HEADER = "X-Newsletter-Probe"


def why_unreachable(base_url: str, probe_token: str) -> str | None:
    """None when the pages answer; else what is wrong, in words."""
    parts = urlsplit(base_url)
    if parts.scheme != "https":
        return f"newsletter.base_url is {base_url}; readers' links must be https"
    return _why_not_public(parts.hostname or "") or _why_no_answer(f"{base_url}/u/{probe_token}")


def _why_not_public(host: str) -> str | None:
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)}
    except OSError:
        return f"{host} (in newsletter.base_url) cannot be found on the internet"
    private = [address for address in found if not ipaddress.ip_address(address).is_global]
    return f"{host} (in newsletter.base_url) is not a public address" if private else None


def _why_no_answer(url: str) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - https was checked above
            ours = answer.headers.get(PROBE_HEADER) == "ok"
    except urllib.error.HTTPError as why:
        return f"the unsubscribe page answers with status {why.code}"
    except OSError:
        return "the unsubscribe page does not answer"
    return None if ours else "the unsubscribe page is not served by this newsletter, or has another NEWSLETTER_SECRET"
