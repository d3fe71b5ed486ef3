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
            if found[1].lower() not in rightly and not found[2][0].isupper():
                message = f'"{found[1]} {found[2]}": the same word twice'
                yield Finding(at=typed.at(begin + found.start(1)), message=message, fix="Remove one of the two.")


RULES = (words_stand_once,)
