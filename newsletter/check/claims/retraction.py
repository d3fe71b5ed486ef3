"""Sentences that take back the one before: "Some call it a cure. It isn't.", "Is there a cure? No.", "We do not offer them."."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.check.claims.words import words_of

_SUBJECT = r"(?:it|this|that|they|these|those|we|there|he|she)"
_DENIED = (
    r"(?:is|are|was|were|does|do|did|has|have|can|will) not|(?:is|are|was|were|does|do|did|has|have|wo|ca)n't|cannot"
)
#: the whole sentence is one
_DENIES = re.compile(
    rf"(?:(?:but|sadly|unfortunately|in fact) )?(?:{_SUBJECT} (?:{_DENIED})(?: (?:(?:quite|at all|yet) )?"
    r"(?:true|so|right|correct|real|known|proven|the case|how it works|what it does|what studies show))?(?: (?:yet|at all))?"
    r"|(?:it|this|that)(?:'s| is) (?:not (?:true|so)|(?:simply |just )?(?:false|wrong|untrue|a myth))"
    r"|none of (?:it|this|that|them|these) (?:is true|is so|is known|has been shown|have been shown|works?|do(?:es)?)"
    r"|there is no (?:evidence|proof) (?:for|of) (?:it|this|that))"
)
#: a question is answered in its first words
_ANSWERS_NO = re.compile(
    r"(?:no|not yet|not really|unfortunately not|sadly not|probably not|so far no)(?: .*)?|.* (?:say|says|said|is|was) no"
)
_NOT_OFFERED = re.compile(
    r"(?:\S+ ){0,4}(?:not|don't|doesn't|never) (?:offer|use|sell|recommend|provide|give|inject|perform|do|advise|advertise)"
    r" (?:them|it|these|those|this|that|either|any|such)(?: .*)?"
)
_LONGEST = 300


@lru_cache(maxsize=1024)
def _read(sentence: str) -> str:
    return " ".join(words_of(sentence[:_LONGEST]).words)


def takes_back(following: str, *, question: bool) -> bool:
    """Whether a sentence denies the one before it; `question`: whether that one asks."""
    words = _read(following)
    return bool(_DENIES.fullmatch(words)) or (question and bool(_ANSWERS_NO.fullmatch(words)))


def is_not_offered(sentence: str) -> bool:
    """Whether it says that what was spoken of is not to be had here."""
    return bool(_NOT_OFFERED.fullmatch(_read(sentence)))
