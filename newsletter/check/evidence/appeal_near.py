"""The words around what may be an appeal to evidence: denials, questions, what follows, the past. English.

`before` is always the words in front, back to the last comma, in small letters.
"""

from __future__ import annotations

import re

_NOT = frozenset(
    "no not few neither nor without hardly never little none isn't isn’t aren't aren’t don't don’t doesn't doesn’t any".split()
)
_ASKED = frozenset(
    """what how whether if until unless why which when where whose suppose supposing imagine say says claim claims
    claiming headlines adverts ads pretend""".split()
)
_REFER_BACK = frozenset("this these that those the its their both such same they".split())
#: behind "studies found": then it says where they are
_PLACES = frozenset("in at on here below above by with under online today everywhere for".split())
_NEXT = re.compile(r"\W{0,3}([\w’'-]+)")
#: participles that may only describe the noun: "studies found in this letter"
_MAY_DESCRIBE = frozenset("found put seen given let said".split())
_PASSIVE = frozenset("is are be being been get gets getting being".split())
_NO_PAST = frozenset("need speed feed seed indeed hundred red bed injured tired untreated called used".split())
_IRREGULAR = frozenset(
    """was were had did got fell rose felt slept ran saw took went made came kept lost gave told found showed knew began grew left
    met won broke stood sat spent thought swam wore bent""".split()
)
_WORDS = re.compile(r"[\w’'-]+")


def denied(before: list[str]) -> bool:
    return bool(_NOT & set(before[-4:]))


def refers_back(before: list[str]) -> bool:
    return bool(_REFER_BACK & set(before[-3:]))


def describes(verb: str, following: str) -> bool:
    """Whether it is a participle that belongs to the noun: "studies found in this letter", "science compared to cooking"."""
    if (not verb.endswith("ed") and verb not in _MAY_DESCRIBE | {"show", "shows"}) or " " in verb:
        return False
    if verb in {"showed", "shows", "show"}:
        return following in {"up", "off"}
    return following in _PLACES or (following == "to" and verb in {"compared", "linked"})


def is_past(words: list[str]) -> bool:
    return any(
        word in _IRREGULAR or (word.endswith("ed") and word not in _NO_PAST and last not in _PASSIVE)
        for last, word in zip(["", *words], words, strict=False)
    )


def words_of(text: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(text)]


def following_word(text: str, end: int) -> str:
    match = _NEXT.match(text, end)
    return match[1].lower() if match else ""


def asked(before: list[str]) -> bool:
    """Whether it is asked or supposed, or others are said to claim it."""
    return bool(_ASKED & set(before[-5:]))
