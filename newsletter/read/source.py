"""The bytes of a file -> text with LF line ends and nothing invisible in it, and Problems for what had to be mended.

What is replaced keeps its length, so that every later line and column is true.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable
from newsletter.model.problem import Place, error, warning
from newsletter.read.places import Lines

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem

#: five times what Gmail shows of a mail; more takes many seconds to check
MAXIMUM_BYTES = 500_000
#: lines with invisible characters that are told one by one
_MOST_TOLD = 1000
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

#: characters that XML, mail or YAML refuse, line separators that some programs count as line ends, and the overrides
#: of direction, which make a text read otherwise than it is written
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def read_source(path: Path) -> tuple[str | None, list[Problem]]:
    """The text of a file, None when it cannot be used.

    Raises:
        FileUnreadable: the operating system does not let us read it.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAXIMUM_BYTES + 1)
        size = path.stat().st_size
    except (OSError, ValueError) as why:
        raise FileUnreadable(path, getattr(why, "strerror", None) or str(why)) from None
    if len(content) > MAXIMUM_BYTES:
        return None, [_too_large(str(path), size)]
    return decode(content, str(path))


def decode(content: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of these bytes, None when they are not text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or (content[:1000].count(0) * 3 > len(content[:1000]) > 0):
        fix = "Save it as UTF-8: in most editors under Save as, Encoding."
        return None, [error("file-encoding", Place(file=file, line=1, column=1), "this file is UTF-16, not UTF-8", fix)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        return None, [_not_utf8(content, why.start, file)]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        fix = "Write the front matter and the text of the issue; `newsletter new` makes a file to start from."
        return None, [error("file-empty", Place(file=file), "this file is empty", fix)]
    return clean(text, Lines(file, text))


def is_refused(character: str) -> bool:
    """Whether `clean` replaces this character, so that no entity may spell it either."""
    return bool(_CONTROL.match(character) or _PRIVATE.match(character))


def clean(text: str, lines: Lines) -> tuple[str, list[Problem]]:
    """Control and private-use characters become replacement characters, each line with some is told once."""
    problems: dict[tuple[int, int], Problem] = {}
    for match in _CONTROL.finditer(text):
        place = lines.at(match.start())
        name = "a NUL character" if match[0] == "\0" else f"the invisible character U+{ord(match[0]):04X}"
        fix = "Delete it; it often comes along when text is copied from a PDF or a word processor."
        problems.setdefault((place.line, 0), error("control-character", place, f"there is {name} here", fix))
    for match in _PRIVATE.finditer(text):
        place = lines.at(match.start())
        what = f"the character U+{ord(match[0]):04X} has no meaning outside the font or program it was made for"
        fix = "Delete it, or put a common character or an image in its place."
        problems.setdefault((place.line, 1), warning("private-use-character", place, what, fix))
    return _PRIVATE.sub(REPLACEMENT, _CONTROL.sub(REPLACEMENT, text)), _shortened(list(problems.values()))


def _shortened(problems: list[Problem]) -> list[Problem]:
    """The first ones; a file with thousands is broken as a whole."""
    told, left = problems[:_MOST_TOLD], problems[_MOST_TOLD:]
    if left:
        what = f"{left[0].message}, and in {len(left) - 1:,} more places below" if left[1:] else left[0].message
        told.append(replace(left[0], message=what))
    return told


def _too_large(file: str, size: int) -> Problem:
    what = f"this file has {size / 1_000_000:.1f} MB; an issue may have at most {MAXIMUM_BYTES // 1000} KB"
    fix = "Put images and references into files of their own, and check that this is the right file."
    return error("file-too-large", Place(file=file), what, fix)


def _not_utf8(content: bytes, start: int, file: str) -> Problem:
    before = content[:start].decode("utf-8-sig")
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    place = Place(file=file, line=before.count("\n") + 1, column=len(before) - (before.rfind("\n") + 1) + 1)
    byte = content[start : start + 1]
    guess = byte.decode("cp1252", errors="replace")
    fix = "Save the file as UTF-8: in most editors under Save as, Encoding."
    if guess.isprintable() and guess != REPLACEMENT:
        fix += f" As Windows-1252 this character would be `{guess}`."
    return error("file-encoding", place, f"this file is not UTF-8 text: byte {byte[0]:#04x} cannot be read", fix)
