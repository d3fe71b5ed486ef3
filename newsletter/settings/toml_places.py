"""Where each key of a TOML file stands, since tomllib does not say: one pass over its tokens.

The file was read by tomllib before. In one that was not the places may be wrong, but nothing fails.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field

#: a text that is not closed ends with its line, or with the file
_TOKEN = re.compile(
    r'''
      (?P<blank> [ \t\r]+ | \#[^\n]* )
    | (?P<text>  """(?:[^\\]|\\.)*?(?:"""(?:"{0,2})|\Z) | \'\'\'.*?(?:\'\'\'(?:'{0,2})|\Z) | "(?:[^"\\\n]|\\.)*"? | '[^'\n]*'? )
    | (?P<word>  [A-Za-z0-9_-]+ )
    | (?P<mark>  . )
    ''',
    re.VERBOSE | re.DOTALL,
)
#: no key that we know stands nearly as deep
_DEEPEST = 60

Path = tuple[str, ...]


@dataclass
class _Inside:
    """What is being read: the file, an inline table (`{`) or an array (`[`)."""

    kind: str
    path: Path
    #: steps of the key that is being read, each with its offset
    steps: list[tuple[str, int]] = field(default_factory=list)
    #: behind the `=` of that key
    in_value: bool = False
    #: entries of an array before the present one
    entry: int = 0


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: dict[Path, int] = {}
        self._stack = [_Inside("file", ())]
        #: arrays of tables: path -> how many there were
        self._arrays: dict[Path, int] = {}
        #: offset of the `[` of a header that is being read
        self._header: int | None = None

    def run(self) -> None:
        for token in _TOKEN.finditer(self.text):
            if token.lastgroup == "mark":
                self._mark(token[0], token.start())
            elif token.lastgroup != "blank":
                self._word(token[0], token.start())

    def _word(self, word: str, offset: int) -> None:
        inside = self._stack[-1]
        if inside.kind == "[":
            self._note(_deeper(inside.path, str(inside.entry)), offset)
        elif not inside.in_value:
            inside.steps.append((_unquoted(word), offset))

    def _mark(self, mark: str, offset: int) -> None:
        inside = self._stack[-1]
        match mark:
            case "\n" if inside.kind == "file":
                self._end_of_line(inside)
            case "[" if inside.kind == "file" and not inside.in_value:
                self._header = offset if self._header is None else self._header
            case "=" if inside.kind != "[" and not inside.in_value:
                self._key(inside)
            case "[" | "{" if inside.kind == "[" or inside.in_value:
                self._open(mark, inside, offset)
            case "]" | "}" if len(self._stack) > 1:
                self._stack.pop()
            case "," if inside.kind == "[":
                inside.entry += 1
            case "," if inside.kind == "{":
                inside.steps, inside.in_value = [], False

    def _open(self, mark: str, inside: _Inside, offset: int) -> None:
        path = inside.path
        if inside.kind == "[":
            path = _deeper(path, str(inside.entry))
            self._note(path, offset)
        else:
            path = _deeper(path, *(step for step, _ in inside.steps))
        self._stack.append(_Inside(mark, path))

    def _key(self, inside: _Inside) -> None:
        path = inside.path
        for step, offset in inside.steps[:_DEEPEST]:
            path = _deeper(path, step)
            self._note(path, offset)
        inside.in_value = True

    def _end_of_line(self, file: _Inside) -> None:
        if self._header is not None:
            self._table(file, self._header, is_array=self.text.startswith("[[", self._header))
        file.steps, file.in_value, self._header = [], False, None

    def _table(self, file: _Inside, offset: int, *, is_array: bool) -> None:
        path: Path = ()
        for place, (step, _) in enumerate(file.steps[:_DEEPEST], 1):
            path = _deeper(path, step)
            self._note(path, offset)
            if is_array and place == len(file.steps):
                self._arrays[path] = self._arrays.get(path, 0) + 1
            if path in self._arrays:
                path = _deeper(path, str(self._arrays[path] - 1))
                self._note(path, offset)
        file.path = path

    def _note(self, path: Path, offset: int) -> None:
        self.offsets.setdefault(path, offset)


def toml_places(text: str) -> dict[Path, tuple[int, int]]:
    """Key path -> (line, column) of every table, key and entry of an array, both from 1. Entries are counted from 0."""
    text += "\n"
    scan = _Scan(text)
    scan.run()
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    places = {}
    for path, offset in scan.offsets.items():
        line = bisect_right(lines, offset)
        places[path] = (line, offset - lines[line - 1] + 1)
    return places


def _deeper(path: Path, *steps: str) -> Path:
    return path if len(path) + len(steps) > _DEEPEST else (*path, *steps)


def _unquoted(word: str) -> str:
    if word.startswith("'"):
        return word.strip("'")
    if not word.startswith('"'):
        return word
    try:
        return str(json.loads(word))
    except ValueError:
        return word.strip('"')
