"""Compounds: whether two words that stand side by side may be the parts of one, and where one with a hyphen is a noun.

"Low-back pain" beside "the low back" is right, and so is "a warm-up" beside "warm up first"; "tai-chi is gentle" beside "try tai
chi" is one word in two spellings.
"""

from __future__ import annotations

import re

from newsletter.check.prose.dictionary import common_words

_SMALL = (
    "a an and at by for from in is it no of on or so that the this to we with you not can may all any every some one"
)
#: with these a verb and its noun differ: to set up, a set-up
_PARTICLES = "up out off on in over down back away after under through about around between together apart along by to"
#: what describes stands before a noun with a hyphen and behind it without: a long-term plan, in the long term
_DESCRIBES = """long short full part high low well best better first second third last next one two three four five six seven
    eight nine ten half right left upper lower inner outer mid middle big small large good bad old new open free real hard soft
    early late near far deep single double double-blind cross same self non pre post ever much very more most less least"""
_NEVER_PARTS = frozenset(f"{_SMALL} {_PARTICLES}".split())
_NEVER_FIRST = frozenset(_DESCRIBES.split())
_NOUN_ENDS = re.compile(
    r"\s*(?:[.;:!?)]|$)|\s+(?:is|are|was|were|has|have|had|can|may|will|should|must|found|showed|shows|finds|takes|helps|works|"
    r"of|in|at|on|from|for|with|than|by|that|which|who|when)\b"
)
_SHORTEST = 3
#: a word this common is one of its own: "headache" beside "my head aches"
_COMMON = 1_000


def may_be_parts(first: str, last: str) -> bool:
    """Of one compound."""
    return min(len(first), len(last)) >= _SHORTEST and not {first, last} & _NEVER_PARTS and first not in _NEVER_FIRST


def is_rare(joined: str) -> bool:
    """Whether this one word is not one that everybody writes so, as "headache"."""
    return common_words().get(joined, 0) < _COMMON


def ends_noun(text: str, at: int) -> bool:
    """Whether the word that ends here is not one that describes the next."""
    return bool(_NOUN_ENDS.match(text, at))
