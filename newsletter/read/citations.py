"""Pandoc's citations as one inline rule of markdown-it: `[@a; @b, p. 4]`, `[see @a]`, `[-@a]`, `@{10.1302/x.y}`, a bare `@a [p. 4]`.

The rule runs before `link` and emits a `citation` token; code spans and an escaped bracket never reach it, `[@a](url)` is left to
`link`. A bare `@name` is a citation only if the key exists, else it is somebody's handle. A locator may stand in braces of its
own, `[@a, {iv, A-Z}, as it says]`, and words around a source may have brackets in them.
Syntax: https://pandoc.org/MANUAL.html#citation-syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_inline import StateInline

_KEY = r"@(?:\{(?P<braced>[^{}\s]+)\}|(?P<plain>\w+(?:[:.#$%&\-+?<>~/]\w+)*))"
_BARE = re.compile(_KEY)
_IN_BRACKETS = re.compile(rf"(?<![^\s\[;])(?P<minus>-?){_KEY}")
_WORDS = r"[^\[\]\\]|\\."
#: brackets of one more level inside, so that a failed try ends at the second one that opens
_GROUP = re.compile(rf"\[((?:{_WORDS}|\[(?:{_WORDS})*+\])*+)\]", re.DOTALL)
_LOCATOR = re.compile(r"[ \t\n]?(?=\[)")
#: what no semicolon within parts: braces of a locator or a key, brackets
_PIECE = re.compile(r"(?:\{[^{}]*\}|\[[^\[\]]*\]|\\.|[^;])*", re.DOTALL)
_NESTED = re.compile(r"\[[^\[\]]*\]")
_BRACES = re.compile(r",?\s*\{([^{}]*)\}")
#: how far back an escaped bracket counts
_NEAR = 200


@dataclass(frozen=True, kw_only=True)
class RawItem:
    """One source as it was written, the words around it still Markdown; `position` is that of its key within the inline content."""

    key: str
    position: int
    prefix: str = ""
    suffix: str = ""
    suppress_author: bool = False


@dataclass(frozen=True, kw_only=True)
class RawCitation:
    """`stray` are pieces between semicolons that name no source, `crowded` are keys that lack a semicolon in front."""

    items: tuple[RawItem, ...]
    in_text: bool = False
    stray: tuple[tuple[str, int], ...] = ()
    crowded: tuple[RawItem, ...] = ()


def citation(state: StateInline, silent: bool) -> bool:
    """The rule. In look-ahead a bracket stays a bracket, so that links may have citations in their text."""
    character = state.src[state.pos]
    if silent or state.env.get("plain") or character not in "[@":
        return False
    return _group(state) if character == "[" else _bare(state)


def _group(state: StateInline) -> bool:
    match = _GROUP.match(state.src, state.pos, state.posMax)
    if not match or "@" not in match[1] or _is_link(state, match.end()):
        return False
    raw = parse_group(match[1], match.start(1))
    if not raw.items:
        return False
    _push(state, raw, match.end())
    return True


def _is_link(state: StateInline, end: int) -> bool:
    if end >= state.posMax or state.src[end] not in "([":
        return False
    position, maximum = state.pos, state.posMax
    found = link(state, True)
    state.pos, state.posMax = position, maximum
    return found


def _bare(state: StateInline) -> bool:
    before = state.src[state.pos - 1] if state.pos else " "
    if before.isalnum() or before in "_@" or state.linkLevel > 0 or _in_escaped_bracket(state.src, state.pos):
        return False
    match = _BARE.match(state.src, state.pos, state.posMax)
    if not match or _key(match) not in state.env["keys"]:
        return False
    item = RawItem(key=_key(match), position=match.start())
    found, end = _with_locator(state, item, match.end())
    _push(state, found, end)
    return True


def _with_locator(state: StateInline, item: RawItem, end: int) -> tuple[RawCitation, int]:
    """`@a [p. 30; see also @b]`: what stands in the bracket is said of the first source, up to the first other one."""
    alone = RawCitation(items=(item,), in_text=True), end
    gap = _LOCATOR.match(state.src, end, state.posMax)
    match = _GROUP.match(state.src, gap.end(), state.posMax) if gap else None
    if not match or state.src[match.end() : match.end() + 1] in {"(", "["} or _is_label(state, match[1]):
        return alone
    raw = parse_group(match[1], match.start(1))
    if not raw.items:
        return RawCitation(items=(replace(item, suffix=_suffix(match[1])),), in_text=True), match.end()
    first, *_ = next(_pieces(match[1]))
    if _items(first, 0):
        return replace(raw, items=(item, *raw.items), in_text=True), match.end()
    said = replace(item, suffix=_suffix(first))
    return replace(raw, items=(said, *raw.items), in_text=True, stray=raw.stray[1:]), match.end()


def _is_label(state: StateInline, text: str) -> bool:
    """Whether this is a link whose target is defined elsewhere."""
    return normalizeReference(text) in state.env.get("references", {})


def _in_escaped_bracket(text: str, position: int) -> bool:
    """Whoever writes a backslash before `[see @a]` does not want a citation."""
    start = max(0, position - _NEAR)
    bracket = max(text.rfind("[", start, position), text.rfind("]", start, position))
    return bracket > 0 and text[bracket] == "[" and text[bracket - 1] == "\\"


def _push(state: StateInline, raw: RawCitation, end: int) -> None:
    token = state.push("citation", "", 0)
    token.meta = {"citation": raw, "at": state.pos}
    token.content = state.src[state.pos : end]
    state.pos = end


def _key(match: re.Match[str]) -> str:
    return match["braced"] or match["plain"]


def parse_group(text: str, start: int) -> RawCitation:
    """What stands between the brackets; `start` is where it starts."""
    items: list[RawItem] = []
    stray: list[tuple[str, int]] = []
    crowded: list[RawItem] = []
    for piece, offset in _pieces(text):
        found = _items(piece, start + offset)
        items.extend(found)
        crowded.extend(found[1:])
        if not found and piece.strip():
            stray.append((piece.strip(), start + offset + len(piece) - len(piece.lstrip())))
    return RawCitation(items=tuple(items), stray=tuple(stray), crowded=tuple(crowded))


def _items(piece: str, start: int) -> list[RawItem]:
    """The sources in one piece: it should be one."""
    # whoever writes `[see [@a]]` means the inner brackets
    found = list(_IN_BRACKETS.finditer(_NESTED.sub(lambda nested: " " * len(nested[0]), piece)))
    ends = [match.start() for match in found[1:]] + [len(piece)] if found else []
    return [
        RawItem(
            key=_key(match),
            position=start + match.start() + len(match["minus"]),
            prefix=_one_line(piece[: match.start()]) if match is found[0] else "",
            suffix=_suffix(piece[match.end() : end]),
            suppress_author=bool(match["minus"]),
        )
        for match, end in zip(found, ends, strict=True)
    ]


def _suffix(text: str) -> str:
    """What is said behind a source; the braces of a locator only hold it together."""
    braces = _BRACES.match(text)
    return _one_line((braces[1] + text[braces.end() :] if braces else text).strip(", \n\t"))


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    offset = 0
    while offset <= len(text):
        match = _PIECE.match(text, offset)
        end = match.end() if match else len(text)
        yield text[offset:end], offset
        offset = end + 1


def _one_line(text: str) -> str:
    return " ".join(text.split())
