"""The API key, looked at before it is used: what is no key must not become a header, nor an error that quotes it."""

from __future__ import annotations

import re

from newsletter.errors import SecretMissing, ServiceMissing

VARIABLE = "SENDGRID_API_KEY"
_KEY = re.compile(r"[!-~]+")


def checked_key(text: str) -> str:
    """The key without what surrounds it.

    Raises:
        SecretMissing: there is none.
        ServiceMissing: it has characters that no key has.
    """
    key = text.strip()
    if not key:
        raise SecretMissing(VARIABLE)
    if not _KEY.fullmatch(key):
        raise ServiceMissing(f"the key in {VARIABLE}", "it has a space, a line break or a letter in it that no key has")
    return key
