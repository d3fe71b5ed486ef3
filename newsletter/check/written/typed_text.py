"""The text of an issue file as its author typed it, with code and merge tags covered: for rules about what Markdown does not read.

What is covered keeps its length, so that every offset is true. The source has no private-use characters of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.model.document import CodeBlock, walk_blocks
from newsletter.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_MERGE_TAG = re.compile(r"\\.|(\{\{(?:[^{}\"'\n]|\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'){0,300}+\}\})")
_BACKTICKS = re.compile(r"\\.|(`+)")
_FENCED = re.compile(r"[\s>*+\d.)-]*(?:```|~~~)")
#: lines that begin something new, whatever stands above
_BEGINS = re.compile(r"[ \t>]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\||:::|$)")


@dataclass(frozen=True, kw_only=True, eq=False)
class TypedText:
    """`prose` is as long as the file; its front matter and its code are covered by spaces, line ends stay."""

    file: str
    prose: str
    #: where each line of the file begins
    starts: list[int]
    #: how many lines stand above the body
    first_line: int

    def at(self, offset: int) -> Place:
        """The place of an offset into the file."""
        line = bisect_right(self.starts, offset)
        return Place(file=self.file, line=line, column=offset - self.starts[line - 1] + 1)

    def lines(self) -> Iterator[tuple[int, str]]:
        """The offset and the words of each line, those of the front matter and of code being blank."""
        return zip(self.starts, self.prose.split("\n"), strict=True)

    def runs(self) -> Iterator[tuple[int, str]]:
        """Paragraphs, items, headings and rows: offset and text of the lines that Markdown reads as one."""
        begin: int | None = None
        for start, line in self.lines():
            if begin is not None and _BEGINS.match(line):
                yield begin, self.prose[begin : start - 1]
                begin = None
            if begin is None and line.strip():
                begin = start
        if begin is not None:
            yield begin, self.prose[begin:]


def typed_text(content: Content) -> TypedText:
    """The whole file of an issue."""
    code = (block for block in walk_blocks(content.whole.body) if isinstance(block, CodeBlock))
    lines = tuple((block.at.line, block.text.count("\n")) for block in code)
    return _typed(str(content.whole.path), content.source, lines)


def is_fenced(line: str) -> bool:
    """Whether a code block that begins with this line stands between fences; else it is one by its indentation."""
    return bool(_FENCED.match(line))


@lru_cache(maxsize=1)
def _typed(file: str, source: str, code: tuple[tuple[int, int], ...]) -> TypedText:
    """Kept, because a dozen rules ask for the same text one after the other."""
    lines = source.split("\n")
    top = _body_line(lines)
    blank = set(range(top))
    for line, count in code:
        first = line - 1
        fences = 2 if first < len(lines) and is_fenced(lines[first]) else 0
        blank.update(range(first, first + count + fences))
    shown = [" " * len(line) if number in blank else line for number, line in enumerate(lines)]
    starts = [0, *accumulate(len(line) + 1 for line in lines[:-1])]
    bare = TypedText(file=file, prose=_MERGE_TAG.sub(_covered, "\n".join(shown)), starts=starts, first_line=top)
    return replace(bare, prose=_without_spans(bare))


def _body_line(lines: list[str]) -> int:
    """The number of lines before the body, as read/front_matter.py cuts it."""
    top = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[top].rstrip() != "---":
        return 0
    return next((n + 1 for n in range(top + 1, len(lines)) if lines[n].rstrip() in {"---", "..."}), len(lines))


def _covered(match: re.Match[str]) -> str:
    return COVER * len(match[0]) if match[1] else match[0]


def _without_spans(text: TypedText) -> str:
    """Code spans covered: from a run of backticks to the next one as long (https://spec.commonmark.org/0.31.2/#code-spans)."""
    if "`" not in text.prose:
        return text.prose
    pieces: list[str] = []
    done = 0
    for begin, words in text.runs():
        for start, end in _spans(words):
            inside = text.prose[begin + start : begin + end]
            pieces += [text.prose[done : begin + start], re.sub(r"[^\n]", COVER, inside)]
            done = begin + end
    return "".join([*pieces, text.prose[done:]])


def _spans(words: str) -> Iterator[tuple[int, int]]:
    ticks = [match for match in _BACKTICKS.finditer(words) if match[1]]
    later: dict[int, list[int]] = {}
    for number in range(len(ticks) - 1, -1, -1):
        later.setdefault(len(ticks[number][1]), []).append(number)
    done = -1
    for number, tick in enumerate(ticks):
        same = later[len(tick[1])]
        same.pop()  # itself
        if number > done and same:
            done = same[-1]
            yield tick.start(), ticks[done].end()
