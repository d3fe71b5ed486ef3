"""A name that somebody typed into a page: it stands at the head of mails later, and nobody confirmed it."""

from __future__ import annotations

from unicodedata import normalize

from newsletter.subscribers.columns.values import refuse_hostile

_LONGEST = 100
#: a name with one of these is an advertisement that somebody wants us to mail
_NO_NAME = ("://", "www.", "/", "@")


def typed_name(text: str) -> str:
    return normalize("NFC", text).strip()


def is_name(text: str) -> bool:
    """Also of nothing: nobody has to give one."""
    try:
        refuse_hostile(text)
    except ValueError:
        return False
    return len(text) <= _LONGEST and not any(sign in text.lower() for sign in _NO_NAME)
