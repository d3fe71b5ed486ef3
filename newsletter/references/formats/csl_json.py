"""CSL-JSON text -> records with their lines. One entry that is broken never costs the others.

The format: https://docs.citationstyles.org and https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import error
from newsletter.references.record import Lines, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.problem import Problem

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_OBJECT = re.compile(r'\{\s*"')
#: how many braces are tried to find the next entry after a mistake
_TRIES = 1000
#: mistakes are told up to here: the decoder counts the lines before each of them
_MOST_MISTAKES = 500
#: characters that are read again to go on, about two seconds: braces that never close are read to the end each time
_MOST_READ_AGAIN = 200_000_000


def read_csl_json(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The entries of a list, or the one entry of a single object."""
    lines = Lines(text, file)
    start = _skip(text, 0)
    if text[start : start + 1] not in {"[", "{"}:
        fix = "Export the references as CSL-JSON: a list of entries in [ ]."
        what = "is empty" if start == len(text) else "does not begin with a list of entries"
        return [], [error("reference-json", lines.place(start), f"the file {what}", fix)]
    records: list[Record] = []
    problems: list[Problem] = []
    for offset, value in _entries(text, start, lines, problems):
        if isinstance(value, dict):
            records.append(_record(text, offset, value, lines))
        else:
            message = f"`{str(value)[:40]}` stands where an entry should be"
            fix = "Remove it; every entry is an object in { }."
            problems.append(error("reference-json", lines.place(offset), message, fix))
    return records, problems


def _entries(text: str, start: int, lines: Lines, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    """Offset and value of every entry; after a mistake reading goes on with the next whole entry."""
    at: int | None = _skip(text, start + 1) if text[start] == "[" else start
    search = _Search(text)
    while at is not None:
        cursor = _Cursor(at)
        try:
            yield from _values(text, cursor, in_list=text[start] == "[")
            return
        except json.JSONDecodeError as mistake:
            problems.append(_broken(lines, mistake.pos, mistake.msg[:1].lower() + mistake.msg[1:]))
            at = search.next_entry(mistake.pos)
        except (ValueError, RecursionError):
            problems.append(_broken(lines, cursor.at, "a number too long, or values nested too deep"))
            at = search.next_entry(cursor.at + 1)
        if search.is_over:
            fix = "Export the file again."
            message = "there are too many mistakes: what follows is not read"
            problems.append(error("reference-json", lines.place(cursor.at), message, fix))


class _Cursor:
    """How far reading came, for those who have to go on after a mistake."""

    def __init__(self, at: int) -> None:
        self.at = at


def _values(text: str, cursor: _Cursor, *, in_list: bool) -> Iterator[tuple[int, Any]]:
    if in_list and text[cursor.at : cursor.at + 1] == "]":
        return _end(text, cursor.at + 1)
    while True:
        value, end = _DECODER.raw_decode(text, cursor.at)
        yield cursor.at, value
        cursor.at = end = _skip(text, end)
        if not in_list:
            return _end(text, end)
        if text[end : end + 1] == "]":
            return _end(text, end + 1)
        if text[end : end + 1] != ",":
            raise json.JSONDecodeError("Expecting ',' between entries or ']' at the end", text, end)
        cursor.at = _skip(text, end + 1)


def _end(text: str, at: int) -> None:
    at = _skip(text, at)
    if at < len(text):
        raise json.JSONDecodeError("There is text after the end of the list", text, at)


class _Search:
    """For the next whole entry, within a budget of characters."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _MOST_READ_AGAIN
        self._mistakes = 0

    @property
    def is_over(self) -> bool:
        return self._left < 0 or self._mistakes > _MOST_MISTAKES

    def next_entry(self, after: int) -> int | None:
        """Where the next object with an id begins."""
        self._mistakes += 1
        at = after
        for _ in range(_TRIES):
            brace = _OBJECT.search(self._text, at)
            if brace is None or self.is_over:
                return None
            start = brace.start()
            at = start + 1
            try:
                value, end = _DECODER.raw_decode(self._text, start)
            except json.JSONDecodeError as mistake:
                self._left -= mistake.pos - start
            except (ValueError, RecursionError):
                # how far it came is not known
                self._left -= len(self._text) - start
            else:
                if "id" in value:
                    return start
                # what is inside of a whole object is no entry
                at = end
        return None


def _broken(lines: Lines, offset: int, why: str) -> Problem:
    fix = "Correct it here or a little before: look for a missing comma, quotation mark or bracket."
    return error("reference-json", lines.place(offset), f"this is not valid JSON: {why}", fix)


def _record(text: str, offset: int, value: dict[str, Any], lines: Lines) -> Record:
    places = {name: lines.place(at) for name, at in _members(text, offset)}
    return Record(csl=value, at=places.get("id", lines.place(offset)), places=places)


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Name and offset of each member of the valid object that opens at `at`."""
    at = _skip(text, at + 1)
    while text[at] == '"':
        name, end = _DECODER.raw_decode(text, at)
        yield name, at
        _, end = _DECODER.raw_decode(text, _skip(text, _skip(text, end) + 1))
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
