"""The body of a report -> its entries, as far as it can be read: one that is broken never takes the others with it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: where an entry ends and the next begins, as SendGrid writes them
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")
_SPACE = re.compile(r"[\s,]*")
#: after so many that cannot be read, the rest is not looked at: nobody can say where an entry begins any more
_MOST_BROKEN = 100


class Entries(NamedTuple):
    entries: list[Any]
    #: what could not be read, in words
    fault: str = ""


def entries(body: bytes) -> Entries:
    """The entries of a JSON array; of a broken one those that are whole."""
    import orjson

    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _salvaged(body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n"))
    if isinstance(told, list):
        return Entries(told)
    if isinstance(told, dict):  # one event alone
        return Entries([told])
    return Entries([], "it is not a list of events")


def _salvaged(text: str) -> Entries:
    if not text.startswith("["):
        return Entries([], "it is not JSON")
    found: list[Any] = []
    broken = 0
    for entry in _pieces(text):
        if entry is None:
            broken += 1
        else:
            found.append(entry)
        if broken == _MOST_BROKEN:
            break
    return Entries(found, f"it is not whole JSON: {len(found):,} events of it could be read, {broken:,} could not")


def _pieces(text: str) -> Iterator[Any]:
    """Each entry, None for a broken one."""
    decoder = json.JSONDecoder()
    place = 1
    while True:
        place = _after_space(text, place)
        if place >= len(text) or text[place] == "]":
            return
        try:
            entry, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            yield None
            following = _NEXT.search(text, place)
            if following is None:
                return
            place = following.end()
        else:
            yield entry


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
