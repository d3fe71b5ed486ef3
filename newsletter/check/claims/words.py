"""A sentence as words that can be compared: small letters, one kind of apostrophe, no invisible signs, hyphens between words.

`risk-free` is two words, as `risk free` is. The signs % $ # € £ are words too, so that `100 %` and `100%` are the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: signs that no reader sees and that could hide a word from a search: soft hyphen, zero width, direction
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_UNSEEN}]|['’](?=[^\W_])|(?<=\d)[.,](?=\d))*|[%$#€£]")
_UNSEEN_SIGNS = re.compile(f"[{_UNSEEN}]")
#: no word that means something is longer
_LONGEST = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Words:
    """`words` as they are compared; the n-th stands at `starts[n]` to `ends[n]` of the text."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def between(self, left: int) -> str:
        """What stands between a word and the next one."""
        return self.text[self.ends[left] : self.starts[left + 1]]

    def piece(self, first: int, last: int) -> str:
        """The text from one word to another, both included."""
        return self.text[self.starts[first] : self.ends[last]]


def words_of(text: str) -> Words:
    found = list(_WORD.finditer(text))
    return Words(
        text=text,
        words=tuple(_compared(match[0]) if match.end() - match.start() <= _LONGEST else "" for match in found),
        starts=tuple(match.start() for match in found),
        ends=tuple(match.end() for match in found),
    )


@lru_cache(maxsize=4096)
def _compared(word: str) -> str:
    if word.isascii():
        return word.casefold()
    seen = _UNSEEN_SIGNS.sub("", word).replace("’", "'")
    return unicodedata.normalize("NFKC", seen).casefold()


def normalised(sentence: str) -> str:
    """A sentence as the ledger knows it: one kind of space, of quotation mark and of hyphen, nothing invisible."""
    text = unicodedata.normalize("NFC", _UNSEEN_SIGNS.sub("", sentence))
    text = text.translate(str.maketrans("“”„«»‘’‐‑", '"""""\'\'--'))
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text).split())
