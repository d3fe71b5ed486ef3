"""Where each key of a TOML file stands, since tomllib does not say. Good enough for messages: one pass over the lines."""

from __future__ import annotations

import re

_TABLE = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^(\s*)((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_STEP = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_INLINE_KEY = re.compile(r"""[{,]\s*([A-Za-z0-9_-]+)\s*=""")

Path = tuple[str, ...]


def toml_places(text: str) -> dict[Path, tuple[int, int]]:
    """Key path -> (line, column) of every table and key, both from 1."""
    places: dict[Path, tuple[int, int]] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _steps(header[1])
            places.setdefault(table, (number, line.index("[") + 1))
        elif key := _KEY.match(line):
            path = (*table, *_steps(key[2]))
            places.setdefault(path, (number, len(key[1]) + 1))
            for inner in _INLINE_KEY.finditer(line, key.end()):
                places.setdefault((*path, inner[1]), (number, inner.start(1) + 1))
    return places


def _steps(dotted: str) -> Path:
    return tuple(step.strip("\"'") for step in _STEP.findall(dotted))
