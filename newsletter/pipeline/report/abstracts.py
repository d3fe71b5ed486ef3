"""The stored abstract of a reference, and the words of it that are nearest to a statement."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.evidence.comparing import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.reference import Reference

#: more of an abstract is not shown
LONGEST = 3_000
#: sentences of it that are shown at a statement, and letters of them
_MOST, _LONGEST_EXCERPT = 2, 420
_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,100}>")
#: a sentence ends, or a label such as "CONCLUSION:" begins one
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[\"'“(\[]?[A-Z0-9])")
_CONCLUSION = re.compile(r"conclusions?\b", re.IGNORECASE)
_LETTERS_OF_A_WORD = 4


def stored(reference: Reference) -> str:
    """The abstract as plain text; empty where none is stored."""
    text = reference.csl.get("abstract")
    if not isinstance(text, str):
        return ""
    plain = " ".join(_TAGS.sub(" ", text[: 2 * LONGEST]).split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rsplit(' ', 1)[0]} …"


def nearest(statement: str, abstract: str) -> str:
    """The one or two sentences that share most words with the statement; where none shares any, what it concludes."""
    found = _sentences(abstract)
    if not found:
        return ""
    wanted = _keys(statement)
    often = Counter(key for _, keys in found for key in keys)
    shares = [sum(_weight(key) / often[key] for key in keys & wanted) for _, keys in found]
    best = sorted((number for number in range(len(found)) if shares[number] > 1), key=lambda one: -shares[one])[:_MOST]
    chosen = sorted(best) or _conclusion(found)
    pieces = ["" if chosen[0] == 0 else "… "]
    for number in chosen:
        gap = " " if number - 1 in chosen else " … "
        pieces.append((gap if number != chosen[0] else "") + found[number][0])
    text = "".join(pieces)
    if len(text) > _LONGEST_EXCERPT:
        return f"{text[:_LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"
    return text if chosen[-1] == len(found) - 1 else f"{text} …"


def _conclusion(found: Sequence[tuple[str, frozenset[str]]]) -> list[int]:
    """The sentence that calls itself so and the next one, else the last."""
    first = next((number for number, (text, _) in enumerate(found) if _CONCLUSION.match(text)), len(found) - 1)
    return list(range(first, min(first + _MOST, len(found))))


def _weight(key: str) -> float:
    """A number in common says more than a word."""
    return 3.0 if key[:1].isdigit() else 1.0


@lru_cache(maxsize=256)
def _sentences(abstract: str) -> Sequence[tuple[str, frozenset[str]]]:
    return [(text, _keys(text)) for text in _ENDS.split(abstract) if text.strip()]


def _keys(text: str) -> frozenset[str]:
    """Numbers and words that say something."""
    return frozenset(one.key for one in tokens(text) if len(one.key) >= _LETTERS_OF_A_WORD or one.key[:1].isdigit())
