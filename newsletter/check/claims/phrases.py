"""The language in which claims are described: phrases instead of regular expressions.

    cure*                any word that begins like this (two letters or more in front of the star)
    heal|mend your       one of several words, then another
    heal the? knee       a word that may be missing
    {tissue}             one of a list of `words`; its members may be phrases of several words
    {number}             any number
    change* ... life     up to four words in between

A regular expression can take time without end on a text that somebody made for it, and staff cannot read one. A phrase takes
one step for each word, and hyphens, capital letters, line breaks and invisible signs make no difference to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

from newsletter.check.claims.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: how many words `...` may stand for
GAP = 4
NUMBER = "number"
_LONGEST_TEXT = 300
_MOST_STEPS = 12
_MOST_GAPS = 3
#: ways in which one phrase may be said; each is looked for on its own
_MOST_WAYS = 1_000
_STAR = re.compile(r"(\w[\w']+)\*(\w*)")


class BadPhrase(ValueError):
    """Carries `what is wrong | what to do`."""


@dataclass(frozen=True)
class Step:
    """One word: any of these patterns fits it. A step without patterns is a gap of up to GAP words."""

    patterns: frozenset[str]


GAP_STEP = Step(frozenset())
#: any number
NUMBER_STEP = Step(frozenset({"#number"}))
Way = tuple[Step, ...]


def ways_of(phrase: str, lists: Mapping[str, Iterable[str]]) -> tuple[Way, ...]:
    """Every way to say a phrase, as steps of one word each.

    Raises:
        BadPhrase
    """
    if len(phrase) > _LONGEST_TEXT:
        raise BadPhrase(f"this phrase has {len(phrase)} characters | Keep it under {_LONGEST_TEXT}.")
    parts = [_alternatives(piece, lists) for piece in phrase.split()]
    if not parts:
        raise BadPhrase("there is no word in it | Write the words to look for.")
    count = 1
    for part in parts:
        count *= len(part)
        if count > _MOST_WAYS:
            raise BadPhrase("there are too many ways to say this | Write several phrases with fewer alternatives.")
    ways = dict.fromkeys(tuple(step for part in chosen for step in part) for chosen in product(*parts))
    for way in ways:
        _refuse_odd(way)
    return tuple(ways)


def _refuse_odd(way: Way) -> None:
    if len(way) > _MOST_STEPS:
        raise BadPhrase(f"this phrase has {len(way)} words | Keep it to {_MOST_STEPS}.")
    if not way or way[0] == GAP_STEP or way[-1] == GAP_STEP or all(step == GAP_STEP for step in way):
        raise BadPhrase("a phrase begins and ends with a word | Remove the dots, or let a word be required.")
    if way.count(GAP_STEP) > _MOST_GAPS or any(a == b == GAP_STEP for a, b in pairwise(way)):
        raise BadPhrase("there are too many gaps in it | Write `...` once between two words.")


def _alternatives(piece: str, lists: Mapping[str, Iterable[str]]) -> tuple[Way, ...]:
    """What one piece between spaces may stand for. Single words share a step; several words are a way of their own."""
    if piece in {"...", "…"}:
        return ((GAP_STEP,),)
    optional = piece.endswith("?")
    ways: dict[Way, None] = {}
    single: set[str] = set()
    for text in _members(piece.removesuffix("?"), lists):
        patterns = tuple(_patterns(text))
        if len(patterns) == 1:
            single |= patterns[0].patterns
        elif patterns:
            ways[patterns] = None
    if single:
        ways[(Step(frozenset(single)),)] = None
    if not ways:
        raise BadPhrase(f"there is no word in `{piece[:40]}` | Write the words to look for.")
    if optional:
        ways[()] = None
    return tuple(ways)


def _members(piece: str, lists: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for text in piece.split("|"):
        if not (text.startswith("{") and text.endswith("}")):
            yield text
            continue
        name = text[1:-1]
        if name == NUMBER:
            yield text
        elif name in lists:
            yield from lists[name]
        else:
            known = ", ".join(f"{{{one}}}" for one in (NUMBER, *lists))
            raise BadPhrase(f"there is no list `{text[:40]}` | Add it under `words`, or use one of: {known}.")


def _patterns(text: str) -> Iterator[Step]:
    if text == f"{{{NUMBER}}}":
        yield NUMBER_STEP
        return
    if bad := next((sign for sign in ("...", *"{}()[]^\\+?…|") if sign in text), None):
        raise BadPhrase(
            f"`{bad}` has no meaning here | Phrases are words, `*` at the end of a word, `a|b`, `word?`, `{{list}}` and `...`."
        )
    for word in text.replace("-", " ").split():
        if "*" in word:
            yield Step(frozenset({_starred(word)}))
        else:
            yield from (Step(frozenset({one})) for one in words_of(word).words)


def _starred(word: str) -> str:
    found = _STAR.fullmatch(word.replace("’", "'"))
    if not found:
        raise BadPhrase(
            f"the star in `{word[:40]}` is not understood | One star in a word, with two letters or more in front of it."
        )
    return f"{found[1].casefold()}*{found[2].casefold()}"
