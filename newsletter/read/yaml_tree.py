"""The YAML of a front matter -> plain values, the place of each key and value, and Problems.

Scalars are resolved by the core schema of YAML 1.2.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so `no` and `12:30`
are texts. Anchors, aliases and tags are refused: no author of a newsletter needs them, and a small file could grow huge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import error, warning
from newsletter.read.places import Lines
from newsletter.read.source import clean
from newsletter.read.yaml_words import explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.problem import Place, Problem

KeyPath = tuple[str | int, ...]
_DEEPEST = 20

_GLUED_COMMENT = re.compile(r"[ \t]+#[^ \t#]")
_NULL = re.compile(r"null|Null|NULL|~|")
_BOOLEAN = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL_FLOAT = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


@dataclass(frozen=True, kw_only=True)
class Yaml:
    """`values` is empty when the YAML could not be read; `keys` has the place of each key or list item, `starts` of each value."""

    values: Mapping[str, Any]
    keys: Mapping[KeyPath, Place] = field(default_factory=dict)
    starts: Mapping[KeyPath, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def place_of(self, path: KeyPath, top: Place) -> Place:
        """Where a key stands, or the nearest parent that is known."""
        for length in range(len(path), 0, -1):
            if found := self.keys.get(path[:length]):
                return found
        return top


class _Unreadable(Exception):
    """Reading cannot go on; carries the Problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_yaml(lines: Lines) -> Yaml:
    """The mapping that the text is, with every mistake that could be found."""
    reader = _Reader(lines)
    try:
        values = reader.mapping_at_top()
    except _Unreadable as why:
        return Yaml(values={}, problems=(*reader.problems, why.problem))
    return Yaml(values=values, keys=reader.keys, starts=reader.starts, problems=tuple(reader.problems))


class _Reader:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._events = _events(lines)
        self.keys: dict[KeyPath, Place] = {}
        self.starts: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []

    def mapping_at_top(self) -> dict[str, Any]:
        names = iter(("StreamStartEvent", "DocumentStartEvent"))
        event = next(self._events)
        while type(event).__name__ == next(names, ""):
            event = next(self._events)
        if type(event).__name__ == "StreamEndEvent":
            return {}
        value = self._value(event, ())
        next(self._events)  # the end of the document
        if type(after := next(self._events)).__name__ != "StreamEndEvent":
            fix = "Keep one front matter, between two lines of three hyphens."
            raise _Unreadable(error("front-matter-syntax", self._place(after), "a second document starts here", fix))
        if not isinstance(value, dict):
            fix = 'Write lines such as `title: "Running after surgery"`.'
            place = self._lines.line_start(0)
            raise _Unreadable(error("front-matter-syntax", place, "the front matter has no keys", fix))
        return value

    def _place(self, event: Any) -> Place:  # noqa: ANN401 - ruamel's events have no useful types
        return self._lines.place(event.start_mark.line, event.start_mark.column)

    def _value(self, event: Any, path: KeyPath) -> Any:  # noqa: ANN401
        place = self._place(event)
        self.starts[path] = place
        self._refuse_decorations(event, place)
        if len(path) > _DEEPEST:
            fix = "Keep keys and lists at most a few levels deep."
            raise _Unreadable(error("front-matter-syntax", place, "this is nested too deeply", fix))
        match type(event).__name__:
            case "MappingStartEvent":
                return self._mapping(path)
            case "SequenceStartEvent":
                return self._sequence(path)
            case _:
                return self._scalar(event, place)

    def _refuse_decorations(self, event: Any, place: Place) -> None:  # noqa: ANN401
        if type(event).__name__ == "AliasEvent":
            fix = f'If the text starts with an asterisk, put it in quotes: "*{event.anchor}".'
            raise _Unreadable(error("front-matter-syntax", place, "a value cannot be an alias (`*`)", fix))
        if event.anchor:
            fix = "If the text starts with an ampersand, put it in quotes."
            self.problems.append(error("front-matter-syntax", place, "a value cannot have an anchor (`&`)", fix))
        if event.tag and event.tag != "!":
            fix = "If the text starts with an exclamation mark, put it in quotes."
            self.problems.append(error("front-matter-syntax", place, "a value cannot have a YAML tag (`!`)", fix))

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            place = self._place(event)
            if type(event).__name__ != "ScalarEvent":
                raise _Unreadable(self._complex_key(place))
            self._refuse_decorations(event, place)
            key = event.value
            here = (*path, key)
            if key in found:
                before = self.keys[here].line
                what = f"`{key}` stands here a second time; it is already in line {before}"
                self.problems.append(error("front-matter-duplicate-key", place, what, "Keep one of the two."))
                self._value(next(self._events), (*path, f"{key} again"))
                continue
            self.keys[here] = place
            found[key] = self._value(next(self._events), here)
        return found

    def _complex_key(self, place: Place) -> Problem:
        line = self._lines.line(place.line - self._lines.first)
        return error("front-matter-syntax", place, *explained("complex key", line))

    def _sequence(self, path: KeyPath) -> list[Any]:
        found: list[Any] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            here = (*path, len(found))
            self.keys[here] = self._place(event)
            found.append(self._value(event, here))
        return found

    def _scalar(self, event: Any, place: Place) -> Any:  # noqa: ANN401
        plain = event.implicit[0] and event.style is None
        if plain:
            self._tell_comment(event)
            return _resolved(event.value)
        text, problems = clean(event.value, Lines(place.file, event.value))
        fixed = [error(p.code, place, p.message, p.fix) for p in problems[:1]]
        self.problems.extend(fixed)
        return text

    def _tell_comment(self, event: Any) -> None:  # noqa: ANN401
        """`title: Recipe #4` ends before the sign, since YAML takes the rest for a comment."""
        index, column = event.end_mark.line, event.end_mark.column
        if _GLUED_COMMENT.match(self._lines.line(index), column):
            what = "what stands behind the # is a comment, not part of the text"
            fix = "Put the whole text in quotes; if it is a comment, put a space behind the #."
            self.problems.append(warning("front-matter-comment", self._lines.place(index, column), what, fix))


def _events(lines: Lines) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(lines.text)
    except MarkedYAMLError as why:
        mark = why.problem_mark or why.context_mark
        index = min(mark.line if mark else 0, len(lines.lines) - 1)
        column = min(mark.column if mark else 0, len(lines.line(index)))
        place = lines.place(index, column)
        raise _Unreadable(
            error("front-matter-syntax", place, *explained(str(why.problem), lines.line(index)))
        ) from None
    except YAMLError:
        what, fix = explained("", "")
        raise _Unreadable(error("front-matter-syntax", lines.line_start(0), what, fix)) from None


def _resolved(text: str) -> str | int | float | bool | None:
    if _NULL.fullmatch(text):
        return None
    if found := _BOOLEAN.fullmatch(text):
        return found[1] is not None
    if _INTEGER.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    if found := _SPECIAL_FLOAT.fullmatch(text):
        return float(f"{found[1] or ''}inf") if found[1] is not None else float("nan")
    return text
