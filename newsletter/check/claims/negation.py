"""Whether English words say a thing or deny it: "cannot cure", "is not a cure", "no treatment can guarantee".

A word that denies reaches forward to the end of its clause. Some denials do not deny what follows ("not only", "no doubt",
"never fails to"), some reach a few words only ("without"), and some stand behind ("a cure is not known").
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.claims.finder import Finder
from newsletter.check.claims.phrases import ways_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.claims.finder import Hit
    from newsletter.check.claims.words import Words

#: how many words a denial reaches forward, where it denies only what follows at once, and backward
_FAR, _NEAR, _BEHIND = 16, 4, 8

_VERBS = "ai are ca could did do does had has have is might must need should was were wo would".split()
_DENIES = (
    *("not", "no", "never", "nobody", "none", "nothing", "neither", "nor", "cannot", "cant", "dont", "doesnt", "isnt"),
    *(
        "wont",
        "unable",
        "hardly",
        "unlikely",
        "unproven",
        "fails|failed|fail to",
        "far from",
        "beware",
        "be|is|are wary",
    ),
    # others' words, told with distance
    "some|many|other ads|adverts|advertisements|clinics|websites|pages|posts say|claim|promise|advertise",
    "ads|adverts|clinics|websites|companies|people|anyone|anybody|someone|those who|that claim|claims|promise|promises|advertise",
    "the claim|idea|belief|notion|myth|promise that",
    "walk|stay|steer away|clear from|of",
    *("skeptical", "sceptical", "suspicious", "myth|myths", "misleading", "red flag", "false claims|promises|hope"),
    *(f"{verb}n't" for verb in _VERBS),
)
_DENIES_SHORTLY = ("without", "with no", "rather than", "lack|lacks of?", "ban|bans|banned|prohibit*|forbid*")
#: there is a denial in them, but not of what follows
_DENIES_OTHERWISE = (
    *("not only|just|merely|simply|alone", "no doubt|question|wonder|secret|coincidence|surprise|accident|matter"),
    *("without a? doubt|question|delay|equal|parallel|peer", "nothing short of", "nothing but", "not to mention"),
    *("never fails|failed|fail", "cannot|can't|won't fail", "can|will|does|do not fail", "not without", "no other"),
    *("no one else", "nobody|nothing|nowhere else", "no better", "last but not least", "why not", "whether or not"),
    *(
        "don't|dont|never|can't|cannot wait|miss|hesitate|delay|settle|worry|forget|let|lose|put|suffer|ignore",
        "if not",
        "say|says no to",
    ),
    *("do not wait|miss|hesitate|delay|settle|worry|forget|let|lose|put|suffer|ignore", "won't|wouldn't|never believe"),
    *("will|would not believe", "couldn't|can't be better|safer|easier"),
)
#: a word of denial behind the claim, and what it then says of it: "a cure is not known"
_NOT_BEHIND = frozenset({"not", "cannot", "never"})
_DENIED = frozenset(
    """possible available known guaranteed promised given offered made exist proven shown demonstrated established been
    approved expected certain likely assured implied supported intended""".split()
)
_DENIES_BEHIND = frozenset(
    "unproven unlikely impossible unrealistic misleading unknown illegal unlawful suspicious wary".split()
)
#: where a clause ends
_BREAK = re.compile(r"[;:—–()\[\]!?…]| -+ |\.\s")
_BREAK_WORDS = frozenset("yes but however yet whereas while although though because so unless until".split())
_SUBJECTS = frozenset(
    "a an he her his i it its our patients she that the their these they this those we you your".split()
)
_PRONOUNS = frozenset("we you it they our i".split())


def is_denied(words: Words, first: int, last: int, *, denial_within: bool = False) -> bool:
    """Whether the claim in the words `first` to `last` is denied. `denial_within`: a denial is part of the claim itself."""
    if not denial_within and any(hit.what != "otherwise" for hit in _cues().find(words.words[first + 1 : last])):
        return True
    return _denied_before(words, first, last) or _denied_behind(words, last)


def has_denial(words: tuple[str, ...]) -> bool:
    return bool(_cues().find(words))


@cache
def _cues() -> Finder[str]:
    kinds = (("far", _DENIES), ("near", _DENIES_SHORTLY), ("otherwise", _DENIES_OTHERWISE))
    return Finder((way, kind) for kind, phrases in kinds for phrase in phrases for way in ways_of(phrase, {}))


def _denied_before(words: Words, first: int, last: int) -> bool:
    begin = max(0, first - _FAR)
    found = _cues().find(words.words[begin:first])
    for hit in found:
        if any(_takes_over(other, hit) for other in found):
            continue
        cue = begin + hit.last
        if _is_one_of_many(words, cue, first):
            continue
        if _reaches_shortly(words, cue, first) if hit.what == "near" else _reaches(words, cue, first, last):
            return True
    return False


def _is_one_of_many(words: Words, cue: int, first: int) -> bool:
    """`no pills, no surgery, no downtime`: none of them denies the others."""
    return words.words[cue] == words.words[first] == "no" and any("," in gap for gap in _gaps(words, cue, first))


def _takes_over(other: Hit[str], hit: Hit[str]) -> bool:
    """Whether a longer phrase says what a word of it means: `never fails`, `with no`."""
    if other.what == "otherwise":
        return hit.first <= other.last and other.first <= hit.last
    return other.what == "near" != hit.what and other.first <= hit.first and hit.last <= other.last


def _reaches_shortly(words: Words, cue: int, first: int) -> bool:
    """Nothing between but a few words of the same phrase."""
    if first - cue > _NEAR or not _PRONOUNS.isdisjoint(words.words[cue + 1 : first]):
        return False
    return not any("," in gap or _BREAK.search(gap) for gap in _gaps(words, cue, first))


def _reaches(words: Words, cue: int, first: int, last: int) -> bool:
    """Whether no clause ends between a denial and the claim."""
    between = words.words[cue + 1 : first]
    if not _BREAK_WORDS.isdisjoint(between):
        return False
    following = (*between[1:], words.words[first])
    if any(word == "and" and after in _SUBJECTS for word, after in zip(between, following, strict=False)):
        return False
    gaps = list(_gaps(words, cue, first))
    if any(_BREAK.search(gap) for gap in gaps):
        return False
    # two commas enclose something; more may be a list of all that is denied
    return sum("," in gap for gap in gaps) in {0, 2} or _is_list(words, cue, last)


def _gaps(words: Words, cue: int, first: int) -> Iterator[str]:
    return (words.between(index) for index in range(cue, first))


def _is_list(words: Words, cue: int, last: int) -> bool:
    """`does not cure, heal or reverse`: the commas stand within a list of what is denied."""
    return not {"or", "nor"}.isdisjoint(words.words[cue + 1 : last + 4])


def _denied_behind(words: Words, last: int) -> bool:
    """`a cure is not known`, `a guarantee cannot be given`."""
    behind = words.words[last + 1 : last + 1 + _BEHIND]
    for index, word in enumerate(behind):
        if word in _BREAK_WORDS or word == "and" or _BREAK.search(words.between(last + index)):
            return False
        if word in _DENIES_BEHIND or behind[index : index + 2] == ("red", "flag"):
            return True
        if word in _NOT_BEHIND or word.endswith("n't"):
            return not _DENIED.isdisjoint(behind[index + 1 : index + 4])
    return False
