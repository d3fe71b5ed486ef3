"""When are two tags the same? Their names case-folded and NFC, one space between words."""

from __future__ import annotations

import unicodedata

LONGEST_TAG = 60


def tag_name(text: str) -> str:
    """A tag as it is shown: NFC, no space around it, single spaces inside.

    Raises:
        ValueError: it is empty, too long, or has a comma or a control character in it; the message says why.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise ValueError("a tag has at least one letter")
    if len(name) > LONGEST_TAG:
        raise ValueError(f"a tag has at most {LONGEST_TAG} characters, and this one has {len(name)}")
    if "," in name or any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in name):
        raise ValueError("a tag has no comma and no control character in it")
    return name


def tag_key(name: str) -> str:
    """What the tag is known by; the argument is a name by `tag_name`."""
    return unicodedata.normalize("NFC", name.casefold())[:LONGEST_TAG]
