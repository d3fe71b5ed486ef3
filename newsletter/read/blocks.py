"""`::: name key="value"` lines: a block rule of markdown-it, and the reading of their attributes.

The rule only marks the lines; tree.py pairs them. So a block ends with the list item or quote that it stands in,
and code fences hide such lines without any help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_FENCE = re.compile(r":{3,}")
_NAME = re.compile(r"[ \t]*([^\s\"'=]+)")
_SPACE = re.compile(r"[ \t]*")
_WORD = re.compile(r"[^ \t]+")
_QUOTED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[ \t]*=[ \t]*(?:\"([^\"]*)\"|'([^']*)')")
_ANY_QUOTE = '\u201c-\u201f\u2018-\u201b"'
#: what authors write by mistake, and what to tell them
_NEARLY = (
    (
        re.compile(rf"([A-Za-z][A-Za-z0-9_-]*)[ \t]*=[ \t]*[{_ANY_QUOTE}]([^{_ANY_QUOTE}]*)[{_ANY_QUOTE}]"),
        "the value of `{}` stands in curly quotes",
        'Use straight quotes: {}="...".',
    ),
    (
        re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[ \t]*=[ \t]*[\"'](.*)()$"),
        "the value of `{}` has no closing quote",
        "Close it with the same quote; a text with one kind of quotes stands in the other kind.",
    ),
    (
        re.compile(r"([A-Za-z][A-Za-z0-9_-]*)=([^\s\"']+)"),
        "the value of `{}` stands without quotes",
        'Put it in quotes: {}="...".',
    ),
)


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """`offset` counts from the start of the line's text behind the colons."""

    key: str
    value: str
    offset: int


@dataclass(frozen=True, kw_only=True)
class BlockLine:
    """A line that opens a block. `mistakes` are (offset, what is wrong, what to do)."""

    name: str
    attributes: tuple[Attribute, ...] = ()
    mistakes: tuple[tuple[int, str, str], ...] = ()


def block_fence(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    """The rule: emits `fence_open` or `fence_close`, each one line long."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = _FENCE.match(state.src, start, state.eMarks[start_line])
    if not match or state.is_code_block(start_line):
        return False
    if silent:
        return True
    rest = state.src[match.end() : state.eMarks[start_line]]
    token = state.push("block_fence_open" if rest.strip() else "block_fence_close", "", 0)
    token.map = [start_line, start_line + 1]
    token.content = rest
    token.meta = {"offset": start, "rest": match.end()}
    state.line = start_line + 1
    return True


def parse_block_line(text: str) -> BlockLine:
    """What stands behind the colons. A value that is only quoted wrongly is kept, so that no further mistake follows from it."""
    name = _NAME.match(text)
    if not name:
        return BlockLine(name="", mistakes=((0, "there is no name behind the colons", "Write `::: callout`."),))
    attributes: list[Attribute] = []
    mistakes: list[tuple[int, str, str]] = []
    position = name.end()
    while (position := _end(_SPACE, text, position)) < len(text):
        attribute, mistake, end = _attribute(text, position)
        if attribute:
            attributes.append(attribute)
        if mistake:
            mistakes.append(mistake)
        position = end
    return BlockLine(name=name[1], attributes=tuple(attributes), mistakes=tuple(mistakes))


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _attribute(text: str, position: int) -> tuple[Attribute | None, tuple[int, str, str] | None, int]:
    if match := _QUOTED.match(text, position):
        value = match[2] if match[2] is not None else match[3]
        return Attribute(key=match[1], value=value, offset=position), None, match.end()
    for pattern, what, fix in _NEARLY:
        if match := pattern.match(text, position):
            mistake = (position, what.format(match[1]), fix.format(match[1]))
            return Attribute(key=match[1], value=match[2], offset=position), mistake, match.end()
    end = _end(_WORD, text, position)
    what = f"`{text[position:end][:40]}` is no attribute"
    return None, (position, what, 'Attributes have the form key="value".'), end
