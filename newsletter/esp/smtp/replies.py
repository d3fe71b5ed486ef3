"""What an SMTP server says: a code, perhaps an enhanced code (RFC 3463), and words, made fit to be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.model.quoted import cleaned

_ENHANCED = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` has the lines without their codes, a line feed between two."""

    code: int
    text: bytes = b""

    @property
    def enhanced(self) -> str:
        """Such as 5.1.1; empty where the server gives none."""
        match = _ENHANCED.match(self.text)
        return match[1].decode() if match else ""

    @property
    def codes(self) -> str:
        return f"{self.code} {self.enhanced}".rstrip()

    def says(self, address: str = "") -> str:
        """Codes and words on one line, without addresses: servers quote the reader's, or the part before its @."""
        lines = (_ENHANCED.sub(b"", line, count=1) for line in self.text.split(b"\n"))
        text = cleaned(b" ".join(lines).decode("utf-8", "replace"), address)
        return f"{self.codes} {text}".rstrip()
