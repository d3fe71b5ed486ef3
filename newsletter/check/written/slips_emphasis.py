"""Stars, tildes and carets that are not read as they were meant: `**bold **`, a lone `**`, `Leser*innen`, `CO~2~`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.document import Text, every_inline
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_STARS = re.compile(r"\\.|(\*+)")
_DIVIDER = re.compile(r"[ >]*(?:\*[ \t]*){3,}")
#: stars behind a number, as tables mark what is significant
_FOOTNOTES = re.compile(r"\d\*\*(?!\w)")
#: from one star between letters to the next
_WITHIN_WORDS = re.compile(r"[^\W_](\*)(?=[^\W_])[^*\\]{1,300}(?<=[^\W_])\*(?=[^\W_])")
_SMALL = re.compile(r"(?<=[^\W_])([~^])[+-]?[^\W_]{1,3}[+-]?\1(?!~)")
_FIX = (
    "Put the stars directly before and behind the words: **like this**. A star that readers shall see is written \\*."
)


@dataclass(kw_only=True)
class _Run:
    """Some stars in a row; `left` of them are not used up yet."""

    offset: int
    size: int
    left: int
    opens: bool
    closes: bool


@issue_rule("emphasis-not-read", Level.WARNING)
def stars_are_read(content: Content) -> Iterator[Finding]:
    """Stars around words that do not become bold or italics.

    Bold is `**words**` and italics are `*words*`, with the stars directly at the words. With a space between them, or with one
    pair missing, readers see the stars.

    Bad:

        Please bring **your insurance card ** along.

    Good:

        Please bring **your insurance card** along.
    """
    if not any("*" in inline.text for inline in every_inline(content.whole.body) if isinstance(inline, Text)):
        return
    typed = typed_text(content)
    notes = bool(_FOOTNOTES.search(typed.prose))
    for begin, words in typed.runs():
        for run in _told(words, notes=notes) if "*" in words else ():
            piece = words[run.offset : run.offset + 40].partition("\n")[0]
            message = f'readers would see these stars: "{piece}"'
            yield Finding(at=typed.at(begin + run.offset), message=message, fix=_FIX)


@issue_rule("emphasis-within-words", Level.WARNING)
def stars_within_words_are_no_emphasis(content: Content) -> Iterator[Finding]:
    """Stars within words that make italics of what stands between them.

    `Leser*innen und Besucher*innen` and `2*3*4` lose their stars: Markdown reads two of them as italics. Write `\\*` for a star
    that readers shall see.

    Bad:

        Good for visitors*guests and members*friends.

    Good:

        Good for visitors\\*guests and members\\*friends.
    """
    typed = typed_text(content)
    for begin, words in typed.runs():
        for found in _WITHIN_WORDS.finditer(words):
            if re.search(r"\s|\d", found[0]):
                message = f'the stars of "{_squeezed(found[0])}" are read as italics, so readers do not see them'
                yield Finding(at=typed.at(begin + found.start(1)), message=message, fix="Write `\\*` for each star.")


@issue_rule("small-letters-not-read", Level.WARNING)
def tildes_and_carets_make_no_small_letters(content: Content) -> Iterator[Finding]:
    """Tildes or carets that were meant to lower or raise a letter.

    `CO~2~` and `m^2^` are not read here: readers see the marks. Use the characters themselves, such as ₂ and
    ².

    Bad:

        Breathe out CO~2~ slowly.

    Good:

        Breathe out CO₂ slowly.
    """
    typed = typed_text(content)
    for begin, words in typed.runs():
        for found in _SMALL.finditer(words):
            message = f'readers would see the marks of "{found[0]}"'
            fix = "Use small characters, such as ₂ or ²."
            yield Finding(at=typed.at(begin + found.start()), message=message, fix=fix)


def _squeezed(words: str) -> str:
    return " ".join(words.split())


def _told(words: str, *, notes: bool) -> Iterator[_Run]:
    """Of each pair that is left over the first."""
    if _DIVIDER.fullmatch(words):
        return
    left = [run for run in _left_over(words) if not _is_note(words, run, notes=notes)]
    while left:
        run, *left = left
        if run.size > 1:
            yield run
            left = left[1:] if left and left[0].size > 1 else left
        elif run.opens and any(_stands_apart(words, later) for later in left):
            yield run
            left = []


def _left_over(words: str) -> list[_Run]:
    """What is left of the stars when pairs have been made (https://spec.commonmark.org/0.31.2/#delimiter-stack, for stars alone)."""
    runs = [_run(words, found) for found in _STARS.finditer(words) if found[1]]
    openers: list[_Run] = []
    for run in runs:
        while run.closes and run.left and openers:
            opener = openers[-1]
            used = 2 if min(run.left, opener.left) > 1 else 1
            run.left -= used
            opener.left -= used
            if not opener.left:
                openers.pop()
        if run.opens and run.left:
            openers.append(run)
    return [run for run in runs if run.left]


def _run(words: str, found: re.Match[str]) -> _Run:
    before = words[found.start() - 1] if found.start() else " "
    after = words[found.end()] if found.end() < len(words) else " "
    opens = not after.isspace() and (not _is_punctuation(after) or before.isspace() or _is_punctuation(before))
    closes = not before.isspace() and (not _is_punctuation(before) or after.isspace() or _is_punctuation(after))
    size = len(found[0])
    return _Run(offset=found.start(), size=size, left=size, opens=opens, closes=closes)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _stands_apart(words: str, run: _Run) -> bool:
    """A star behind a space, where words end: it was meant to close."""
    after = words[run.offset + run.size : run.offset + run.size + 1]
    return words[run.offset - 1].isspace() and (not after or after.isspace() or after in ".,;:!?)")


def _is_note(words: str, run: _Run, *, notes: bool) -> bool:
    """`0.42**` in a table, and below it `** p < 0.01`."""
    if run.offset and words[run.offset - 1].isdigit():
        return True
    return notes and not words[: run.offset].strip()


RULES = (stars_are_read, stars_within_words_are_no_emphasis, tildes_and_carets_make_no_small_letters)
