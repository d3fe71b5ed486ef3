"""The same word twice in a row, in the languages whose words may do so rightly are listed here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_TWICE = re.compile(
    r"(?<![\w'’-])([^\W\d_]{2,40})(?:[ \t]{1,10}|[ \t]{0,10}\n[ \t>]{0,10})(\1)(?![\w'’-])", re.IGNORECASE
)
#: words that may follow themselves: "I know that that is so", "die, die die Übung kennen"
_RIGHTLY = {
    "en": {
        "had",
        "that",
        "is",
        "bye",
        "very",
        "so",
        "no",
        "ha",
        "really",
        "long",
        "many",
        "much",
        "far",
        "more",
        "again",
        "her",
    },
    "de": {
        "die",
        "der",
        "das",
        "den",
        "dem",
        "sie",
        "ihr",
        "ihnen",
        "sich",
        "sehr",
        "ganz",
        "lange",
        "viele",
        "nein",
        "ja",
        "so",
    },
    "es": {"muy", "no", "sí", "si", "ya", "casi", "más", "poco", "bien"},
    "fr": {"nous", "vous", "très", "bien", "non", "oui", "si", "loin", "beaucoup", "plus"},
}
#: but at the beginning of a clause "it is is" is a slip, unless it asks: "what it is is simple"
_BEGINS = re.compile(
    r"(?:\A|[.!?:;,]|\b(?:and|but|so|that|if|because|since))\s*(?:here|there|it|this|he|she)\s+\Z", re.IGNORECASE
)
_ASKS = re.compile(r"\b(?:what|whatever|all|who|where|how|why|thing|point|problem|question)\b", re.IGNORECASE)
_REACH = 60


@issue_rule("word-twice", Level.INFORMATION)
def words_stand_once(content: Content) -> Iterator[Finding]:
    """The same word twice in a row.

    Mostly a slip that is left from editing. It is looked for in English, German, Spanish and French.

    Bad:

        Walk to the the park.

    Good:

        Walk to the park.
    """
    rightly = _RIGHTLY.get(content.whole.language.partition("-")[0].lower())
    if rightly is None:
        return
    typed = typed_text(content)
    for begin, words in typed.runs():
        for found in _TWICE.finditer(words):
            right = found[1].lower() in rightly and not _is_a_slip(words, found)
            if not right and not found[2][0].isupper():
                message = f'"{found[1]} {found[2]}": the same word twice'
                yield Finding(at=typed.at(begin + found.start(1)), message=message, fix="Remove one of the two.")


def _is_a_slip(words: str, found: re.Match[str]) -> bool:
    if found[1].lower() != "is":
        return False
    start = max(0, found.start() - _REACH)
    return bool(_BEGINS.search(words, start, found.start())) and not _ASKS.search(words, start, found.start())


RULES = (words_stand_once,)
