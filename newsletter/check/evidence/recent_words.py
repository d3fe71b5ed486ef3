"""English words that call a publication recent: "a recent study", "recently published", "last year's trial"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.check.evidence.publication_words import DID, GUIDE, NOUN, NOUNS, PEOPLE, SAID

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


_ANY = rf"(?:{NOUNS}|{NOUN}|{GUIDE}|research|evidence|findings)"
#: words between "recent" and "study"; with others, something else is recent
_GAP = (
    r"(?:[ ](?!(?:in|of|the|a|an|to|for|at|on|were|was|is|are|had|have|has|who|that|which|we|our|your|you|they|by|after|before"
    r"|from|with|and|injury|operation|surgeries|fall|years?|months?|weeks?|visit|advances?|patients)\b)[\w’'&-]{1,25}){0,4}?"
)
#: words of a subject that is no maker of studies
_OF = r"(?:[ ](?!(?:who|whom|that|which|we|our|your|you|patients?|were|was)\b)[^\s,;:.!?()]{1,25}){0,6}?"
_OF_ANYONE = r"(?:[ ](?!(?:who|whom|that|which|we|our|your|you|were|was)\b)[^\s,;:.!?()]{1,25}){0,6}?"
_DOES = rf"(?:{SAID}|{DID}|shown|proven|appeared|released|updated|revised|come[ ]to[ ]the|came[ ]out)"
_PUBLISHED = r"(?:published|appeared|released|printed|came[ ]out)"
_SHOW = (
    r"(?:shows?|suggests?|finds?|says?|confirms?|points?|indicates?|supports?|backs?|tells?|proves?|reveals?|makes?)"
)
_NOT = r"(?<!more[ ])(?<!no[ ])(?<!few[ ])(?<!until[ ])(?<!not[ ])(?<!any[ ])(?<!too[ ])"
_NOT_OURS = r"(?<!your[ ])(?<!my[ ])(?<!our[ ])(?<!his[ ])(?<!her[ ])(?<!their[ ])"
_NOT_WANTED = (
    r"(?![ ](?:is|are|would|will|may|might|could|should|begins?|starts?|needs?|under|has[ ]yet"
    r"|center|centre|group|sites?|nurse|wing|room|team)\b)"
)
_IN_JOURNAL = r"(?:[ ](?:in|the|of|and|&|online|by|on|(?-i:[A-Z])[\w’'.&-]{0,25},?)){0,14}?"
_NEW = r"(?:(?:brand[ -])?new|fresh|late-breaking|up-to-date|up[ ]to[ ]date)"
_JUST = rf"just[ ](?:come[ ]out|been[ ]{_PUBLISHED}|appeared|{_PUBLISHED})"
_RESULTS = rf"(?:{NOUN}|{NOUNS}|{GUIDE}|findings|results)"
_TIME = r"(?:week|month|spring|summer|fall|autumn|winter)"
_LAST = rf"last[ ](?:year|{_TIME})|(?:a[ ]few|a[ ]couple[ ]of|two|three|some|several|mere|just|only)[ ](?:days|weeks|months)[ ]ago"
_THIS = rf"(?:earlier[ ])?this[ ](?:year|{_TIME})"
#: those who make studies and what they did: "Last year, a Dutch trial of 56 patients found"
_MADE = rf",?{_OF}[ ](?:{PEOPLE}|{NOUN}){_OF_ANYONE}[ ](?:{SAID}|{DID})\b"
#: words that call something recent, and what they promise; `said` is told
_WAYS = (
    (rf"{_NOT}\b(?P<said>(?<!most )recent){_GAP}[ ]{_ANY}\b", Strength.RECENT),
    (rf"{_NOT}\b(?P<said>recent)[ ](?:data|work|literature)[ ](?:by|from|in|on|has|have|{_SHOW})\b", Strength.RECENT),
    (rf"\b(?:a|one|another)[ ](?P<said>more[ ]recent){_GAP}[ ]{NOUN}\b{_NOT_WANTED}", Strength.VAGUE),
    (rf"{_NOT}\b(?P<said>recently[ ](?:been[ ])?{_PUBLISHED}|(?:newly|just)[ -]published)\b", Strength.RECENT),
    (rf"{_NOT}\b(?P<said>recently[ -](?:updated|revised|issued)){_GAP}[ ]{_ANY}\b", Strength.RECENT),
    (rf"\b(?P<said>{_PUBLISHED}(?:[ ]only|[ ]quite)?[ ]recently)\b", Strength.RECENT),
    (rf"(?P<said>^Recently){_MADE}", Strength.RECENT),
    (rf"(?P<said>^(?:More|Most)[ ]recently){_MADE}", Strength.VAGUE),
    (rf"^Only[ ](?P<said>recently)[ ](?:did|has|have){_OF}[ ](?:{PEOPLE}|{NOUN})\b", Strength.VAGUE),
    (
        rf"\b(?:{PEOPLE}|{NOUN}|{NOUNS}){_OF_ANYONE}[ ](?:have[ ]|has[ ])?(?P<said>recently)[ ]{_DOES}\b",
        Strength.RECENT,
    ),
    (rf"\b{PEOPLE}[ ](?:have|has)[ ](?P<said>now|just)[ ]{_DOES}\b", Strength.VAGUE),
    (rf"\b{PEOPLE}[ ](?P<said>just)[ ]{SAID}\b", Strength.VAGUE),
    (rf"{_NOT_OURS}\b(?P<said>most[ ]recent|latest|newest){_GAP}[ ](?:{_ANY}|science)\b", Strength.VAGUE),
    (
        rf"\b(?:an?|the|this|one|most)[ ](?P<said>{_NEW}){_GAP}[ ](?:{NOUN}|{GUIDE}|evidence)\b{_NOT_WANTED}",
        Strength.VAGUE,
    ),
    (
        rf"\b(?P<said>emerging|(?<!the[ ])fresh|brand[ -]new)[ ](?:evidence|research|findings|data)\b{_NOT_WANTED}",
        Strength.VAGUE,
    ),
    (
        rf"(?:^|\bto[ ]|,[ ]|:[ ])(?P<said>new){_GAP}[ ](?:{NOUNS}|research|evidence|findings|data){_NOT_WANTED}{_OF}[ ]{_SHOW}\b",
        Strength.VAGUE,
    ),
    (rf"\bthere(?:’s|'s|[ ]is|[ ]are)[ ](?:also[ ])?(?P<said>new){_GAP}[ ]{_ANY}\b", Strength.VAGUE),
    (rf"\b{NOUN}{_OF}[ ]is[ ](?P<said>just[ ]out)\b(?![ ]of\b)", Strength.RECENT),
    (rf"\b{_RESULTS}{_OF}[ ](?:has|have|was|were)[ ](?P<said>{_JUST})\b", Strength.RECENT),
    (rf"\b{PEOPLE}[ ](?:has|have)[ ](?P<said>just[ ]{_PUBLISHED})\b", Strength.RECENT),
    (r"\b(?P<said>hot[ ]off[ ]the[ ]press(?:es)?|fresh[ ](?:off|from)[ ]the[ ]press(?:es)?)\b", Strength.RECENT),
    (rf"^(?P<said>Just[ ]in|Just[ ]out|Breaking(?:[ ]news)?)[:—–-][^.;]{{0,60}}\b{_ANY}\b", Strength.RECENT),
    (rf"^New[ ](?P<said>{_THIS})[:,—–-][^.;]{{0,60}}\b{_ANY}\b", Strength.THIS_YEAR),
    (rf"\b(?P<said>last[ ](?:year|{_TIME}))(?:’s|'s){_GAP}[ ]{_ANY}\b", Strength.LAST_YEAR),
    (rf"\b(?P<said>this[ ](?:year|{_TIME}))(?:’s|'s){_GAP}[ ]{_ANY}\b", Strength.THIS_YEAR),
    (rf"\b{_PUBLISHED},?{_IN_JOURNAL}[ ](?:only[ ]|just[ ])?(?P<said>{_LAST})\b", Strength.LAST_YEAR),
    (rf"\b{_PUBLISHED},?{_IN_JOURNAL}[ ](?:only[ ]|just[ ])?(?P<said>{_THIS})\b", Strength.THIS_YEAR),
    (rf"\b{NOUN}[ ](?:out|from)[ ](?:just[ ])?(?P<said>{_LAST})\b", Strength.LAST_YEAR),
    (rf"\b{NOUN}[ ](?:out|from)[ ](?:just[ ])?(?P<said>{_THIS})\b", Strength.THIS_YEAR),
    (rf"(?:^|(?<=[.!?:][ ]))(?:Just[ ])?(?P<said>{_LAST}){_MADE}", Strength.LAST_YEAR),
    (rf"(?:^|(?<=[.!?:][ ]))(?:Just[ ])?(?P<said>{_THIS}){_MADE}", Strength.THIS_YEAR),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), strength) for pattern, strength in _WAYS)
#: a quick look that spares most sentences the rest
_HINT = re.compile(r"recent|new|just|late|last|this|fresh|ago|up.to.date|emerging|breaking|now|press", re.IGNORECASE)


def recent_words(words: str) -> Iterator[Recent]:
    """Each such word once, in the order of the text."""
    if not _HINT.search(words):
        return
    found: dict[int, Recent] = {}
    for pattern, strength in _PATTERNS:
        for match in pattern.finditer(words):
            at = match.start("said")
            found.setdefault(at, Recent(at=at, words=match["said"], strength=strength))
    yield from (found[at] for at in sorted(found))
