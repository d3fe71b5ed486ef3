"""English words that call a publication recent: "a recent study", "recently published", "last year's trial"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.check.evidence.publication_words import NOUN, NOUNS, PEOPLE, SAID

if TYPE_CHECKING:
    from collections.abc import Iterator


class Strength(StrEnum):
    """What the words promise."""

    RECENT = "recent"
    #: it may be the subject that is new, or the newest paper that there is
    VAGUE = "vague"
    LAST_YEAR = "last year"
    THIS_YEAR = "this year"


@dataclass(frozen=True)
class Recent:
    at: int
    words: str
    strength: Strength


_ANY = rf"(?:{NOUNS}|{NOUN}|research|evidence|findings)"
#: words between "recent" and "study"; with others, something else is recent
_GAP = (
    r"(?:[ ](?!(?:in|of|the|a|an|to|for|at|on|were|was|is|are|had|have|has|who|that|which|we|our|your|you|they|by|after|before"
    r"|from|with|and|injury|operation|surgeries|fall|years?|months?|weeks?|visit|advances?|patients)\b)[\w’'&-]{1,25}){0,4}?"
)
_DOES = r"(?:published|appeared|reported|found|showed|shown|described|concluded|demonstrated|released|came[ ]out)"
_PUBLISHED = r"(?:published|appeared|released|printed|came[ ]out)"
_NOT = r"(?<!more[ ])(?<!no[ ])(?<!few[ ])(?<!until[ ])(?<!not[ ])(?<!any[ ])(?<!too[ ])"
_NOT_OURS = r"(?<!your[ ])(?<!my[ ])(?<!our[ ])(?<!his[ ])(?<!her[ ])(?<!their[ ])"
_IN_JOURNAL = r"(?:[ ](?:in|the|of|and|&|online|by|on|[A-Z][\w’'.&-]{0,25},?)){0,14}?"
#: pattern, which of its groups are the words, what they promise
_PATTERNS = (
    (re.compile(rf"{_NOT}\b(?P<said>(?<!most )recent){_GAP}[ ]{_ANY}\b", re.IGNORECASE), Strength.RECENT),
    (
        re.compile(
            rf"{_NOT}\b(?P<said>recently[ ](?:been[ ])?{_PUBLISHED}|(?:newly|just)[ ]published)\b", re.IGNORECASE
        ),
        Strength.RECENT,
    ),
    (re.compile(rf"\b(?P<said>{_PUBLISHED}(?:[ ]only|[ ]quite)?[ ]recently)\b", re.IGNORECASE), Strength.RECENT),
    (
        re.compile(
            rf"(?P<said>^Recently),?[ ](?:[^\s,;:]{{1,25}}[ ]){{0,6}}?{PEOPLE}[ ](?:[^\s,;:]{{1,25}}[ ]){{0,6}}?{SAID}\b"
        ),
        Strength.RECENT,
    ),
    (re.compile(rf"\b(?:{PEOPLE}|{NOUN})[ ](?:have[ ]|has[ ])?(?P<said>recently)[ ]{_DOES}\b"), Strength.RECENT),
    (
        re.compile(rf"{_NOT_OURS}\b(?P<said>most[ ]recent|latest|newest){_GAP}[ ]{_ANY}\b", re.IGNORECASE),
        Strength.VAGUE,
    ),
    (re.compile(rf"\b(?:a|this|one)[ ](?P<said>(?:brand[ -])?new){_GAP}[ ]{NOUN}\b", re.IGNORECASE), Strength.VAGUE),
    (re.compile(rf"\b(?P<said>last[ ]year)(?:’s|'s){_GAP}[ ]{_ANY}\b", re.IGNORECASE), Strength.LAST_YEAR),
    (re.compile(rf"\b(?P<said>this[ ]year)(?:’s|'s){_GAP}[ ]{_ANY}\b", re.IGNORECASE), Strength.THIS_YEAR),
    (re.compile(rf"\b{_PUBLISHED}{_IN_JOURNAL}[ ](?P<said>last[ ]year|last[ ]month)\b"), Strength.LAST_YEAR),
    (re.compile(rf"\b{_PUBLISHED}{_IN_JOURNAL}[ ](?:earlier[ ])?(?P<said>this[ ]year)\b"), Strength.THIS_YEAR),
)


def recent_words(words: str) -> Iterator[Recent]:
    """Each such word once, in the order of the text."""
    found: dict[int, Recent] = {}
    for pattern, strength in _PATTERNS:
        for match in pattern.finditer(words):
            at = match.start("said")
            found.setdefault(at, Recent(at=at, words=match["said"], strength=strength))
    yield from (found[at] for at in sorted(found))
