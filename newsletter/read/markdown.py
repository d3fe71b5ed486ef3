"""The Markdown parser: CommonMark (https://spec.commonmark.org/0.31.2/) with tables, our citations and blocks, without raw HTML.

Nothing is dropped or percent-encoded here: links are judged later, where their places are known.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import reference
from markdown_it.rules_inline import autolink, image, link

from newsletter.read.blocks import block_fence
from newsletter.read.citations import citation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    InlineRule = Callable[[StateInline, bool], bool]

#: lists, quotes and blocks within each other
DEEPEST = 20
#: a guard of markdown-it against endless recursion, just above what DEEPEST allows (a list counts twice)
_LIBRARY_LIMIT = 2 * DEEPEST + 5
#: what a whole mail of 102 KB, where Gmail cuts, could not hold ten times over. markdown-it needs about 0.1 ms for each
#: bracket that is not closed and 0.01 ms for each other sign that may mean something; a piece takes 0.2 ms from here to
#: the last check, and what has a picture or a frame of its own counts as several; plain text costs nothing
_MOST_BRACKETS, _MOST_BARS, _MOST_MARKS, _MOST_LINES = 6_000, 10_000, 100_000, 20_000
MOST_PIECES = 10_000
_WEIGHTS = {
    "text": 0,
    "softbreak": 0,
    "image": 3,
    "hr": 3,
    "fence": 3,
    "code_block": 3,
    "blockquote_open": 3,
    "block_fence_open": 8,
}

#: where the parser of inlines stops to look
_MARK = re.compile(r"[!#$%&*+\-:<=>@\[\\\]^_`{}~]")
#: a tag, comment, declaration or instruction; none of the alternatives can look past the next `<`
_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--|!\[CDATA\[|![A-Za-z][^<>]*>|\?[A-Za-z])")


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002
        return True


class _BoundedBlocks(ParserBlock):
    """Skips what is nested too deeply, where markdown-it would drop it silently or recurse without end."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - markdown-it's names
        depth = state.env["depth"] = state.env.get("depth", -1) + 1
        if depth > DEEPEST:
            state.env.setdefault("too_deep", startLine)
            state.line = endLine
        else:
            super().tokenize(state, startLine, endLine)
        state.env["depth"] = depth - 1


@cache
def _parser() -> MarkdownIt:
    markdown = _Markdown("commonmark", {"html": False, "maxNesting": _LIBRARY_LIMIT, "store_labels": True})
    blocks = _BoundedBlocks()
    markdown.block = blocks
    markdown.configure("commonmark", {"html": False, "maxNesting": _LIBRARY_LIMIT, "store_labels": True})
    markdown.enable("table")
    # text from an escape or an entity keeps its own token until we join it
    markdown.disable("text_join")
    blocks.ruler.before("table", "block_fence", block_fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    blocks.ruler.at("reference", _reference)
    markdown.inline.ruler.before("link", "citation", citation)
    markdown.inline.ruler.at("link", partial(_placed_link, link, "["))
    markdown.inline.ruler.at("image", _image)
    markdown.inline.ruler.at("autolink", partial(_placed_link, autolink, "<"))
    markdown.inline.ruler.after("autolink", "raw_html", _raw_html)
    return markdown


def too_many_marks(text: str) -> str:
    """What there is too much of to be parsed, in words; "" where all is well."""
    counted = (
        (text.count("["), _MOST_BRACKETS, "square brackets"),
        (text.count("|"), _MOST_BARS, "upright bars"),
        (text.count("\n"), _MOST_LINES, "lines"),
        (sum(1 for _ in _MARK.finditer(text)), _MOST_MARKS, "signs such as stars and brackets"),
    )
    return next((f"{most:,} {name}" for count, most, name in counted if count > most), "")


def count_pieces(tokens: Sequence[Token]) -> int:
    """Beginnings, contents and ends of blocks and inlines, by what they weigh."""
    every = chain(tokens, *(token.children for token in tokens if token.children))
    return sum(_WEIGHTS.get(token.type, 1) for token in every)


def parse(text: str, keys: Iterable[str]) -> tuple[list[Token], dict[str, Any]]:
    """Block tokens, and markdown-it's notes: `references` (link definitions) and perhaps `too_deep` (a line)."""
    notes: dict[str, Any] = {"keys": frozenset(keys)}
    return _parser().parse(text, notes), notes


def parse_inline(text: str, keys: Iterable[str]) -> list[Token]:
    """The inline tokens of one line of Markdown."""
    tokens = _parser().parseInline(text, {"keys": frozenset(keys)})
    return (tokens[0].children or []) if tokens else []


def _reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A link definition, but never `[@key]: ...`, which would swallow a line that starts with a citation."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    return not state.src.startswith("[@", start) and reference(state, start_line, end_line, silent)


def _placed_link(rule: InlineRule, first: str, state: StateInline, silent: bool) -> bool:
    """A link that knows where it starts."""
    position, count = state.pos, len(state.tokens)
    found = state.src[position] == first and rule(state, silent)
    if found and not silent:
        next(token for token in state.tokens[count:] if token.type == "link_open").meta["at"] = position
    return found


def _image(state: StateInline, silent: bool) -> bool:
    """An image that knows where it starts. Its alternative text is plain, so citations in it stay text."""
    if state.src[state.pos] != "!":
        return False
    position, count = state.pos, len(state.tokens)
    before = state.env.get("plain", False)
    state.env["plain"] = before or not silent
    found = image(state, silent)
    state.env["plain"] = before
    if found and not silent:
        next(token for token in state.tokens[count:] if token.type == "image").meta["at"] = position
    return found


def _raw_html(state: StateInline, silent: bool) -> bool:
    """A tag or comment stays text, in a token of its own so that it can be told."""
    if state.src[state.pos] != "<" or not (match := _HTML.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        token = state.push("raw_html", "", 0)
        token.content = match[0]
        token.meta = {"at": state.pos}
    state.pos = match.end()
    return True
