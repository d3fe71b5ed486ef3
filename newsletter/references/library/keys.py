"""Keys of references: as a file gives them, and new ones for what has none: family name, year, a letter where that is taken."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsletter.references.dates import NotADate, date_of, year_of
from newsletter.references.names import family_of
from newsletter.references.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.references.record import Record

#: letters that do not come apart into a Latin letter and its marks
_FOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)
#: what people type as `[@key]` and remember
_MEMORABLE = re.compile(r"[^\W\d_](?:[:.-]?\w){0,39}")
#: numbers of registers
_NUMBER = re.compile(r"(?:pubmed|pmid|pmc|pmcid|doi|isbn)[:_.-]?\d.*", re.IGNORECASE)
#: the codes by which Zotero calls its items
_ITEM_CODE = re.compile(r"(?=[A-Z]*\d)[A-Z0-9]{8}")
_LONGEST_STEM = 30
#: words that say nothing about who or what it is
_SMALL = frozenset("a an and der des die das el for la le les of on the und y".split())
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def key_of(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    """The key that an entry's `id` stands for, empty where it is none."""
    return clean(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def memorable(key: str) -> bool:
    """Whether an author could type this key."""
    return bool(_MEMORABLE.fullmatch(key)) and not (_NUMBER.fullmatch(key) or _ITEM_CODE.fullmatch(key))


class Keys:
    """The keys of a library. Two that differ only in case count as one: nobody could keep them apart."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {key.casefold() for key in taken}
        #: stem -> how many letters have been tried
        self._tried: dict[str, int] = {}

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.casefold() in self._taken

    def take(self, csl: Mapping[str, Any], wanted: str = "") -> str:
        """A key for this source that is free until now: the wanted one where it can be."""
        stem = wanted if memorable(wanted) else stem_of(csl)
        key = stem
        while key in self:
            tried = self._tried[stem] = self._tried.get(stem, -1) + 1
            key = stem + _letters(tried)
        self._taken.add(key.casefold())
        return key


def _letters(number: int) -> str:
    """`a` to `z`, `aa` to `zz`, and so on."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(_LETTERS))
        text = _LETTERS[rest] + text
    return text


def stem_of(csl: Mapping[str, Any]) -> str:
    """`smith2014`, `who2020`; the first word of the title where nobody is named, no year where none is known."""
    year = year_of(csl)
    name = _name(csl) or _title_word(csl) or "source"
    return f"{name[:_LONGEST_STEM]}{year or ''}"


def _name(csl: Mapping[str, Any]) -> str:
    for field in ("author", "editor"):
        people = csl.get(field)
        if isinstance(people, list) and people and isinstance(people[0], dict):
            literal = people[0].get("literal")
            if found := _group(literal) if isinstance(literal, str) else _typed(family_of(people[0])):
                return found
    return ""


def _group(name: str) -> str:
    """The initials of three words or more, as people call such an office; else its first word."""
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word.casefold() not in _SMALL]
    initials = _typed("".join(word[0] for word in words)) if len(words) > 2 else ""
    return initials or (_typed(words[0]) if words else "")


def _title_word(csl: Mapping[str, Any]) -> str:
    title = csl.get("title")
    words = re.findall(r"[^\W\d_]+", plain(title)) if isinstance(title, str) else []
    return next((typed for word in words if word.casefold() not in _SMALL and (typed := _typed(word))), "")


def _typed(text: str) -> str:
    """Small Latin letters; letters of other scripts stay what they are."""
    apart = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    letters = "".join(character for character in apart if character.isalpha())
    return unicodedata.normalize("NFC", letters).casefold()


def with_keys(records: Iterable[Record]) -> list[Record]:
    """The records of a file; one that has no key gets one that no other of them has."""
    every = list(records)
    keys = Keys(filter(None, (key_of(record.csl.get("id")) for record in every)))
    return [
        record
        if key_of(record.csl.get("id"))
        else replace(record, csl={**record.csl, "id": keys.take(_dated(record.csl))})
        for record in every
    ]


def _dated(csl: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the date of issue in the form that it will have once the record is checked."""
    try:
        return {**csl, "issued": date_of(csl.get("issued"))}
    except NotADate:
        return {**csl, "issued": None}
