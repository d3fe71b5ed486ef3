"""A style block -> the first mistake in it for which a strict program would drop it all. One pass over its braces, then its rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tinycss2.ast import Node

_PIECE = re.compile(
    r"/\*(?:[^*]|\*(?!/))*(?P<comment>\*/)?"
    r"|\"(?:[^\"\\\n]|\\.)*(?P<double>\")?"
    r"|'(?:[^'\\\n]|\\.)*(?P<single>')?"
    r"|[{};]|@[a-z-]+",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """`near` is the line in which it stands, `at` where in the styles."""

    what: str
    near: str
    at: int


def mistake_in(css: str) -> Mistake | None:
    """Braces, comments and texts that are not closed; what is no rule."""
    return _unbalanced(css) or _no_rule(css)


def _unbalanced(css: str) -> Mistake | None:
    opened: list[int] = []
    for piece in _PIECE.finditer(css):
        if not _is_closed(piece):
            what = "a comment is not closed" if piece[0].startswith("/*") else "a text in quotes is not closed"
            return Mistake(what=what, near=_line(css, piece.start()), at=piece.start())
        if piece[0] == "{":
            opened.append(piece.start())
        elif piece[0] == "}":
            if not opened:
                return Mistake(what="there is a `}` too many", near=_line(css, piece.start()), at=piece.start())
            opened.pop()
    return Mistake(what="a `{` is not closed", near=_line(css, opened[0]), at=opened[0]) if opened else None


def _is_closed(piece: re.Match[str]) -> bool:
    kind = {"/": "comment", '"': "double", "'": "single"}.get(piece[0][0])
    return kind is None or piece[kind] is not None


def nested_at(css: str) -> Mistake | None:
    """An `@` rule that stands within another one."""
    around: list[str] = []  # of each open brace, the at-rule that it belongs to
    waiting = ""
    for piece in _PIECE.finditer(css):
        match piece[0]:
            case "{":
                around.append(waiting)
                waiting = ""
            case "}" if around:
                around.pop()
            case ";":
                waiting = ""
            case name if name.startswith("@"):
                outer = next((one for one in around if one), "")
                if outer:
                    return Mistake(
                        what=f"`{name}` stands within `{outer}`", near=_line(css, piece.start()), at=piece.start()
                    )
                waiting = name
    return None


def _no_rule(css: str) -> Mistake | None:
    import tinycss2

    lines = css.splitlines()
    for error in _errors(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)):
        near = lines[error.source_line - 1].strip() if 0 < error.source_line <= len(lines) else ""
        at = sum(len(line) + 1 for line in lines[: error.source_line - 1]) + error.source_column - 1
        return Mistake(what=f"`{near[:60]}` is no rule", near=near, at=at)
    return None


def _errors(nodes: Iterable[Node]) -> Iterator[Node]:
    import tinycss2

    for node in nodes:
        if node.type == "error":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword in {"media", "supports"} and node.content is not None:
            yield from _errors(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))
        elif node.type == "qualified-rule":
            inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            yield from (one for one in inside if one.type == "error")


def _line(css: str, at: int) -> str:
    return css[css.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()
