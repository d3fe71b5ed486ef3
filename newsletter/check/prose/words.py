"""Running text -> the words in it that can be spelled rightly or wrongly, each with its offset.

Left out: addresses of pages, mail and accounts, names of files, words with digits or signs in them, abbreviations in capitals, names
with a capital inside, Roman numerals, and words in other scripts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from newsletter.check.cover import COVER

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = re.compile(r"\S+")
#: characters that may stand within a word and are not seen: soft hyphen, joiners, what splits long words
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060"
#: an editor's "[W]alking" and "stretch[ed]" are one word
_WORD = re.compile(
    rf"(?:\[[^\W\d_]\](?=\w))?[\w{_UNSEEN}\u0300-\u036f]+(?:['’][\w{_UNSEEN}\u0300-\u036f]+)*"
    r"(?:\[(?:s|es|d|ed|ing|ly|r|er|n|en|t)\])?"
)
_BRACKETS = {ord("["): None, ord("]"): None}
_WITHOUT_UNSEEN = dict.fromkeys(map(ord, _UNSEEN))
#: what begins or ends an address; the names of pages and files end so
_ADDRESS = re.compile(
    r"://|www\.|[\w.]@|^[(\"'“‘]*[@#/]\w|\w\.(?:com|org|net|edu|gov|io|info|example|pdf|html?|docx?|xlsx?|jpe?g|png|gif|csv|txt|md|toml|json)\b",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"(?:x{0,3})(?:ix|iv|v?i{0,3})")
_LATIN = re.compile(r"[A-Za-z'À-ÖØ-öø-ɏḀ-ỿ]+")
#: an acronym, also in the plural: ACL, MRIs
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
#: a capital after a small letter, or within a word: PubMed, mRNA, McMurray, iPhone
_CAPITAL_INSIDE = re.compile(r"[a-z].*[A-Z]|[A-Z]{2,}[a-z]{2,}|[A-Z]{2}[a-rt-z]")
#: no word of any language that we read has more letters
_LONGEST = 60
_SHORTEST = 3


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word as its author wrote it, without an `'s` at its end. `text` has straight apostrophes."""

    text: str
    #: as it stands in the text
    written: str
    at: int
    #: what stands directly before and behind it is a hyphen: a part of a longer word
    hyphen_before: bool
    hyphen_behind: bool

    @property
    def small(self) -> str:
        return self.text.lower()

    @property
    def is_capitalised(self) -> bool:
        return self.text[0].isupper()


def words_of(text: str) -> Iterator[Word]:
    """The words of a text that a dictionary should know."""
    for chunk in _CHUNK.finditer(text):
        if len(chunk[0]) < _SHORTEST or COVER in chunk[0]:
            continue
        if not chunk[0].isalpha() and _ADDRESS.search(chunk[0][:200]):
            continue
        for match in _WORD.finditer(chunk[0]):
            if len(match[0]) <= _LONGEST and (word := _word(match, chunk.start())) and _is_ordinary(word.text):
                yield word


def plain(written: str) -> str:
    """A word with composed accents, straight apostrophes and nothing unseen in it."""
    return normalize("NFC", written).translate(_WITHOUT_UNSEEN).replace("’", "'")


def _word(match: re.Match[str], start: int) -> Word | None:
    text = plain(match[0].translate(_BRACKETS))
    if text.endswith(("'s", "'S")):
        text = text[:-2]
    if not text:
        return None
    around = match.string
    return Word(
        text=text,
        written=match[0],
        at=start + match.start(),
        hyphen_before=around[match.start() - 1 : match.start()] in {"-", "‑"},
        hyphen_behind=around[match.end() : match.end() + 1] in {"-", "‑"},
    )


def _is_ordinary(text: str) -> bool:
    return (
        len(text) >= _SHORTEST
        and bool(_LATIN.fullmatch(text))
        and not _ACRONYM.fullmatch(text)
        and not _CAPITAL_INSIDE.search(text)
        and not _ROMAN.fullmatch(text.lower())
    )
