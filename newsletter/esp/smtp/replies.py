"""What an SMTP server says: a code, perhaps an enhanced code (RFC 3463), and words, made fit to be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENHANCED = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?=\s|$)")
_ADDRESS = re.compile(r"\S*(?:@|%40)\S*", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"[^ -~]+")
_LONGEST = 200


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
        text = b" ".join(lines).decode("ascii", "replace")
        text = _ADDRESS.sub("(address)", _NOT_SHOWN.sub(" ", text))
        if local := address.rpartition("@")[0]:
            text = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "(address)", text, flags=re.IGNORECASE)
        return f"{self.codes} {' '.join(text.split())}"[:_LONGEST].rstrip()
