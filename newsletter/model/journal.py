"""A journal as catalogues know it, and how its name is compared whatever its case, points and articles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: characters of a name; no title of a journal is longer
_LONGEST = 400
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SPLITS = {ord(mark): " " for mark in "()[]{}<>,;:/=|–—-_*\u00a0\n\r"}
_DROPPED = dict.fromkeys(map(ord, ".'’‘`´\"“”"))
_TABLE = {**_SPLITS, **_DROPPED, ord("&"): " and ", ord("+"): " and "}
#: both spellings are in use for one journal
_SPELLINGS = (("orthopaed", "orthoped"), ("paediat", "pediat"), ("anaesth", "anesth"), ("haemat", "hemat"))


@dataclass(frozen=True, kw_only=True)
class Journal:
    """`abbreviation` is that of the National Library of Medicine: "Am J Sports Med"."""

    title: str
    abbreviation: str
    issns: tuple[str, ...] = ()
    #: abbreviations of the titles that it had before
    formerly: tuple[str, ...] = ()

    def is_same(self, other: Journal) -> bool:
        """Whether both are one journal, perhaps under a name that it had before."""
        mine, yours = journal_key(self.abbreviation), journal_key(other.abbreviation)
        return (
            mine == yours
            or journal_key(self.title) == journal_key(other.title)
            or yours in map(journal_key, self.formerly)
            or mine in map(journal_key, other.formerly)
        )


def journal_key(name: str) -> str:
    """What is left of a name that only differs in case, points, accents, `&` or a leading "The"."""
    return lean_key(folded(name[:_LONGEST]))


def folded(text: str) -> str:
    """The text of names, in small letters and without accents and points; tabs stay. Many names are folded at once."""
    text = text.casefold()
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    text = text.translate(_TABLE)
    if "ae" in text:
        for british, american in _SPELLINGS:
            text = text.replace(british, american)
    return text


def lean_key(text: str) -> str:
    """A folded name without double spaces and leading article."""
    words = text.split()
    if len(words) > 1 and words[0] in {"the", "der", "die", "das"}:
        del words[0]
    return " ".join(words)
