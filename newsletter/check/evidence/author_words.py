"""English words that name the makers of a study: "Smith et al.", "Smith and colleagues", "a team led by Dr. Smith"."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.check.evidence.author_names import PARTICLES
from newsletter.check.evidence.publication_words import NOUN, SAID

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clearness(StrEnum):
    #: a name that stands for the source, right before the citation
    CLEAR = "clear"
    #: a name that may stand for something else
    PERHAPS = "perhaps"


@dataclass(frozen=True)
class Named:
    """`names` are the people, `name` what the text has, from `at` to `end`."""

    at: int
    end: int
    names: tuple[str, ...]
    clearness: Clearness

    @property
    def name(self) -> str:
        return " and ".join(self.names)


_PARTICLE = "|".join(sorted(PARTICLES - {"y", "e", "af", "av"}, key=len, reverse=True))
_NAME = rf"(?:(?:{_PARTICLE}|Van|Von|De|Del|Della|Di|Da|Dos|Du|Le|La|El|Al|St\.?)[ ]){{0,3}}[^\W\d_a-z][\w’'-]{{1,30}}"
_OTHERS = r"(?:(?:his|her|their)[ ])?(?:colleagues|co-?workers|co-?authors|collaborators|associates|team|group)|others"
_YEAR = r"(?:,?[ ]\(?(?:19|20)\d\d\)?)?"
#: words between a name and the citation that leave no doubt
_FAR = 4
_ET_AL = re.compile(rf"(?P<one>{_NAME}),?[ ](?:et[ ]al\b\.?|(?:and|&)[ ](?:{_OTHERS})\b)(?:['’]s?)?{_YEAR}")
_PAIR = re.compile(
    rf"(?:^|(?<=by[ ])|(?<=\()|(?<=\(see[ ])|(?<=^See[ ]))(?P<one>{_NAME})[ ](?:and|&)[ ](?P<two>{_NAME}){_YEAR}"
)
_TITLES = r"(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs)\.?[ ]){0,2}(?:[A-Z]\.[ ]?|[A-Z][a-z]{1,15}[ ]){0,2}"
_BY = re.compile(rf"\b(?:led[ ]by|{NOUN}[ ]by|work[ ]by)[ ]{_TITLES}(?P<one>{_NAME})(?![ ](?:[A-Z]|et[ ]al|and|&))")
_POSSESSIVE = re.compile(rf"\b(?P<one>[^\W\d_a-z]\w{{2,30}})(?:’s|'s|s’|s')[ ](?:[\w-]{{1,20}}[ ]){{0,2}}{NOUN}\b")
#: what the makers of a study do, told with a citation at the end
_DID = re.compile(rf"[ ](?:also[ ])?(?:{SAID}|looked|followed|studied|compared|tested|examined|asked|measured)\b")
_BY_THEM = re.compile(rf"(?:{NOUN}|published)[ ]by[ ]$")
_STUDY = re.compile(rf"\b{NOUN}\b")
#: no names, though they stand where one may stand
_NO_NAMES = frozenset(
    """doctors surgeons researchers scientists physicians patients people runners family friends experts therapists he she they
    we you i it these those our your this that the readers nurses trainers coaches england britain germany france sweden
    norway denmark finland italy spain australia canada america china japan india korea europe asia africa scotland wales
    ireland switzerland austria belgium netherlands today year world women men hospital university clinic institute mayo
    cochrane nice oxford cambridge harvard stanford london paris new national american british european hip knee shoulder
    ankle spine medicine surgery bone joint january february march april may june july august september october november
    december""".split()
)


def named_people(words: str, marks: tuple[int, ...]) -> Iterator[Named]:
    """The people whom a sentence names as makers of a study, in the order of the text."""
    found: dict[int, Named] = {}
    for match in _ET_AL.finditer(words):
        close = _is_close(words, match.end(), marks, _FAR)
        if _is_a_person(match, words) and (
            close
            or _DID.match(words, match.end())
            or _BY_THEM.search(words[max(0, match.start() - 30) : match.start()])
        ):
            found[match.start()] = _named(match, (match["one"],), clear=close)
    for match in _PAIR.finditer(words):
        names = (match["one"], match["two"])
        close = _is_close(words, match.end(), marks, 1)
        if close and _is_sure_pair(match, words) and not any(map(_is_no_name, names)):
            found.setdefault(match.start(), _named(match, names, clear=True))
    for pattern in (_BY, _POSSESSIVE):
        for match in pattern.finditer(words):
            if not _is_no_name(match["one"]) and _is_close(words, match.end(), marks, _FAR):
                found.setdefault(match.start("one"), _named(match, (match["one"],), clear=False))
    yield from (found[at] for at in sorted(found))


def _named(match: re.Match[str], names: tuple[str, ...], *, clear: bool) -> Named:
    clearness = Clearness.CLEAR if clear else Clearness.PERHAPS
    return Named(at=match.start("one"), end=match.end(), names=names, clearness=clearness)


def _is_sure_pair(match: re.Match[str], words: str) -> bool:
    """Two names with a year, behind "by", or before "found"; else they may be anything: "Strength and Balance"."""
    return (
        match.end() > match.end("two")
        or words[: match.start()].endswith("by ")
        or bool(re.match(rf"[ ]{SAID}\b", words[match.end() : match.end() + 20]))
    )


def _is_a_person(match: re.Match[str], words: str) -> bool:
    """Not so the score in "the Oxford Hip Score and others"."""
    goes_before = re.search(r"[A-Z][\w’'-]*[ ]$", words[max(0, match.start() - 30) : match.start()])
    return not _is_no_name(match["one"]) and not ("others" in match[0] and goes_before)


def _is_no_name(name: str) -> bool:
    return name.rsplit(maxsplit=1)[-1].casefold() in _NO_NAMES


def _is_close(words: str, end: int, marks: tuple[int, ...], far: int) -> bool:
    """Whether a citation follows after so many words or fewer."""
    number = bisect_left(marks, end)
    if number == len(marks) or marks[number] - end > 80:
        return False
    between = words[end : marks[number]]
    return len(between.split()) <= far and not _STUDY.search(between)
