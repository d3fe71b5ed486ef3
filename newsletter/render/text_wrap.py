"""Lines of plain text: wrapped by what they take on a screen, indented, underlined.

A URL is never broken; a mark of a slot neither; East Asian text breaks between its characters (UAX 14, simplified),
and any other word only where it is longer than a line.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACES = re.compile(r"[ \t\r\f\v]+")
_URL = re.compile(r"https?://|mailto:|tel:", re.IGNORECASE)
_SLOT = re.compile(r"slot[0-9a-f]{12}n\d+x")
#: what must not begin a line
_CLOSING = frozenset("。、，．！？）」』】〕》〉：；・…")
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def columns(text: str) -> int:
    """How wide a text is on a terminal: 2 for East Asian wide characters, 0 for marks and joiners."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if _wide(character) else 1


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def wrapped(text: str, width: int) -> str:
    """The text in lines no wider than `width`, save a URL that is; its own line breaks stay."""
    return "\n".join(line for given in text.split("\n") for line in _lines(given, width))


def _lines(text: str, width: int) -> list[str]:
    lines = [""]
    room = width
    for space, piece in _pieces(text, width):
        size = columns(piece)
        gap = " " if space and lines[-1] else ""
        if size > width and piece.isascii() and not _URL.search(piece):
            room = _fill(lines, gap, piece, room, width)
            continue
        if size + len(gap) > room and lines[-1]:
            lines.append("")
            room, gap = width, ""
        lines[-1] += gap + piece
        room -= size + len(gap)
    return lines


def _fill(lines: list[str], gap: str, word: str, room: int, width: int) -> int:
    """A word longer than a line goes on where it stands, in lines that are full; returned is the room in the last one."""
    first, full = max(room - len(gap), 0), max(width, 1)
    if first:
        lines[-1] += gap + word[:first]
    lines += [word[at : at + full] for at in range(first, len(word), full)]
    return width - len(lines[-1])


def _pieces(text: str, width: int) -> Iterator[tuple[bool, str]]:
    """(whether a space stands before it, a piece that stays whole)."""
    for word in _SPACES.split(text.strip(" \t\r\f\v")):
        space = True
        for piece in _parts(word, width):
            yield space, piece
            space = False


def _parts(word: str, width: int) -> list[str]:
    if word.isascii() or _URL.search(word):
        return [word]
    clusters = list(_clusters(word))
    parts = []
    for wide, run in groupby(clusters, key=lambda cluster: _wide(cluster[0])):
        same = list(run)
        text = "".join(same)
        parts += same if wide or columns(text) > width else [text]
    return _closed(parts)


def _closed(parts: list[str]) -> list[str]:
    """Closing marks joined to what they close."""
    joined: list[str] = []
    for part in parts:
        if joined and part[0] in _CLOSING:
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _clusters(word: str) -> Iterator[str]:
    """Characters with their marks; an emoji sequence and a slot's mark stay whole."""
    if word.isascii():
        yield from word
        return
    end = 0
    while end < len(word):
        start = end
        slot = _SLOT.match(word, start)
        end = slot.end() if slot else start + 1
        while end < len(word) and (_extends(word[end]) or word[end - 1] == _JOINER):
            end += 1
        yield word[start:end]


def _extends(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"} or ord(character) in _SKIN_TONES


def chopped(text: str, width: int) -> str:
    """Lines of code, cut where they are too long: their spaces matter."""
    return "\n".join(piece for line in text.split("\n") for piece in _chops(line, width))


def _chops(line: str, width: int) -> list[str]:
    pieces = [""]
    for cluster in _clusters(line):
        if columns(pieces[-1]) + columns(cluster) > width:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def prefixed(text: str, first: str, rest: str | None = None) -> str:
    """Every line after a prefix; the first line may have its own. No spaces at line ends."""
    following = first if rest is None else rest
    lines = text.split("\n")
    return "\n".join(((following if index else first) + line).rstrip() for index, line in enumerate(lines))


def underlined(text: str, character: str) -> str:
    """The text over a line as long as it."""
    return f"{text}\n{character * max(3, *(columns(line) for line in text.splitlines()), 0)}"
