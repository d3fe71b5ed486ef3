"""Where the entries of a CSL-JSON file stand, found at the speed of the JSON reader; nothing where any of it is broken."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Span:
    """One value of the list: `text[start:end]`."""

    start: int
    end: int
    value: Any


def spans_of(text: str) -> list[Span] | None:
    """The values of a list, or the one object in the place of a list; None for what is neither, whole and alone."""
    try:
        return _list(text, _skip(text, 0))
    except (ValueError, RecursionError):
        return None


def _list(text: str, at: int) -> list[Span] | None:
    if text[at : at + 1] == "{":
        only = _value(text, at)
        return [only] if _ends(text, only.end) else None
    if text[at : at + 1] != "[":
        return None
    spans: list[Span] = []
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return spans if _ends(text, at + 1) else None
    while True:
        spans.append(_value(text, at))
        at = _skip(text, spans[-1].end)
        if text[at : at + 1] == "]":
            return spans if _ends(text, at + 1) else None
        if text[at : at + 1] != ",":
            return None
        at = _skip(text, at + 1)


def _value(text: str, at: int) -> Span:
    value, end = _DECODER.raw_decode(text, at)
    return Span(at, end, value)


def _ends(text: str, at: int) -> bool:
    return _skip(text, at) == len(text)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
