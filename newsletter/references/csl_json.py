"""CSL-JSON text -> records with their lines. One entry that is broken never costs the others.

The format: https://docs.citationstyles.org and https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html.
"""

from __future__ import annotations

import json
import re
from itertools import islice
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
    while at is not None:
        cursor = _Cursor(at)
        try:
            yield from _values(text, cursor, in_list=text[start] == "[")
            return
        except json.JSONDecodeError as mistake:
            problems.append(_broken(lines, mistake.pos, mistake.msg[:1].lower() + mistake.msg[1:]))
            at = _next_entry(text, mistake.pos)
        except (ValueError, RecursionError):
            problems.append(_broken(lines, cursor.at, "a number too long, or values nested too deep"))
            at = _next_entry(text, cursor.at + 1)


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


def _next_entry(text: str, after: int) -> int | None:
    """Where the next object with an id begins."""
    for brace in islice(_OBJECT.finditer(text, after), _TRIES):
        try:
            value, _ = _DECODER.raw_decode(text, brace.start())
        except (ValueError, RecursionError):
            continue
        if "id" in value:
            return brace.start()
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
