"""A table of nobody's: for files that are wrongly taken for some system's export."""

from __future__ import annotations

from newsletter.subscribers.formats.format import Format

PLAIN = Format(name="plain", title="", recognises=lambda _words: False, fields={})
