"""Words of others - a library, a server, a record - as they may be shown: one line, not too long."""

from __future__ import annotations

_MOST = 240


def one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST else f"{line[: _MOST - 1]}…"
