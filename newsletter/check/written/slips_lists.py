"""Lists that Markdown does not read as such, so that their lines run together: typed bullets, missing spaces, numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.document import List, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.rulebook import Content


Line = tuple[int, str]

_BULLET = re.compile(r"[ \t>]*([•‣▪◦●○∙⁃])[ \t\u00a0]*\S")
#: marks that are common in prose as well: only two lines in a row are a list
_DASH = re.compile(r"[ \t>]*([–—·✓✔➤►])[ \t\u00a0]*\S")
_NO_SPACE = re.compile(r"[ \t>]*-(?=[^\W\d_])")
_NUMBER_NO_SPACE = re.compile(r"[ \t>]*(\d{1,3})[.)](?=[^\W\d_])")
_NUMBER = re.compile(r" {0,3}(\d{1,9})[.)][ \t]+\S")
#: what a paragraph does not begin with
_NO_WORDS = re.compile(r"[ \t]*(?:[-*+>|#]|:::|\d{1,9}[.)]|$)")
_FORM = "Begin each line of the list with `- ` (a hyphen and a space), and leave an empty line above the first."
_NUMBER_FORM = "Write `1. ` with a space behind the full stop, and leave an empty line above the first."


@issue_rule("list-not-read", Level.WARNING)
def lists_are_read(content: Content) -> Iterator[Finding]:
    """Lines that look like a list but run together in the mail.

    A list is lines that begin with `- ` or `1. `, below an empty line. Bullets that a word processor made, a hyphen without a
    space, and numbers from 2 on directly below a sentence make no list: readers get one long paragraph.

    Bad:

        Please bring:

        • your insurance card
        • the letter of your physician

    Good:

        Please bring:

        - your insurance card
        - the letter of your physician
    """
    typed = typed_text(content)
    lines = list(typed.lines())
    known = {
        item.at.line for block in walk_blocks(content.whole.body) if isinstance(block, List) for item in block.items
    }
    for index, offset, what, fix in _slips(lines, known):
        shown = lines[index][1].strip()[:40]
        yield Finding(at=typed.at(offset), message=f'{what}: "{shown}"', fix=fix)


def _slips(lines: Sequence[Line], known: set[int]) -> Iterator[tuple[int, int, str, str]]:
    last = -2
    for index, (start, line) in enumerate(lines):
        if not line.strip():
            continue
        found = _BULLET.match(line) or (_DASH.match(line) if _goes_on(lines, index, _DASH) else None)
        if found:
            if not _continues(lines, last, index):
                yield index, start + found.start(1), f"`{found[1]}` makes no list, so its lines run together", _FORM
            last = index
        elif _NO_SPACE.match(line) and _follows(lines, index, _NO_SPACE, start=True):
            yield index, _first(start, line), "a hyphen without a space makes no list", _FORM
        elif (found := _NUMBER_NO_SPACE.match(line)) and _counts(lines, index, found, _NUMBER_NO_SPACE):
            yield index, start + found.start(1), "a number without a space makes no list", _NUMBER_FORM
        elif (found := _NUMBER.match(line)) and index + 1 not in known and _is_cut_off(lines, index, found):
            what = "a list that begins with this number needs an empty line above"
            yield index, start + found.start(1), what, "Put an empty line above it."


def _first(start: int, line: str) -> int:
    return start + len(line) - len(line.lstrip(" \t>"))


def _goes_on(lines: Sequence[Line], index: int, pattern: re.Pattern[str]) -> bool:
    """Whether the line before or behind is alike, so that the two run together."""
    if lines[index][1].endswith(("  ", "\\")):
        return False
    around = (lines[at][1] for at in (index - 1, index + 1) if 0 <= at < len(lines))
    return any(pattern.match(line) and not line.endswith(("  ", "\\")) for line in around)


def _continues(lines: Sequence[Line], last: int, index: int) -> bool:
    """Whether only empty lines stand between two lines of a list."""
    return last >= 0 and index - last < 4 and not any(line.strip() for _, line in lines[last + 1 : index])


def _follows(lines: Sequence[Line], index: int, pattern: re.Pattern[str], *, start: bool) -> bool:
    """Whether the next line is alike, and, to be told once, the one above is not."""
    below = index + 1 < len(lines) and bool(pattern.match(lines[index + 1][1]))
    return below and not (start and index and bool(pattern.match(lines[index - 1][1])))


def _counts(lines: Sequence[Line], index: int, found: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Whether the number is the first, and the next line that is not empty goes on from it."""
    below = next((line for _, line in lines[index + 1 : index + 3] if line.strip()), "")
    above = next((line for _, line in reversed(lines[max(0, index - 2) : index]) if line.strip()), "")
    after, before = pattern.match(below), pattern.match(above)
    is_first = not before or int(before[1]) + 1 != int(found[1])
    return bool(after) and int(after[1]) == int(found[1]) + 1 and is_first if after else False


def _is_cut_off(lines: Sequence[Line], index: int, found: re.Match[str]) -> bool:
    """A number other than 1 directly below words: it could end a sentence, so only what counts on, or stands below a colon, is told."""
    above = lines[index - 1][1] if index else ""
    if not above.strip() or _NO_WORDS.match(above) or int(found[1]) == 1:
        return False
    after = _NUMBER.match(lines[index + 1][1]) if index + 1 < len(lines) else None
    return above.rstrip().endswith(":") or bool(after and int(after[1]) == int(found[1]) + 1)


RULES = (lists_are_read,)
