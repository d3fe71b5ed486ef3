"""Texts that may stand in XML 1.0."""

from __future__ import annotations

import re

#: everything outside of the production Char (https://www.w3.org/TR/xml/#charsets)
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def said(text: str) -> str:
    """Without what XML cannot say, not even as a reference."""
    return _NO_CHARACTER.sub("", text)
