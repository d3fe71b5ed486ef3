"""English words that name the makers of a study: "Smith et al.", "Smith and colleagues", "a team led by Dr. Smith"."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.check.evidence.author_names import PARTICLES, is_no_name
from newsletter.check.evidence.publication_words import DID, NOUN, RESULTS, SAID

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clearness(StrEnum):
    #: a name that stands for the source, right before the citation
    CLEAR = "clear"
    #: a name that may stand for something else
    PERHAPS = "perhaps"


@dataclass(frozen=True)
class Named:
    """`names` are the people, `name` what the text has, from `at` to `end`.

    A single name with a `year` is only one where the source is of that year: "Smith (2012)", not "Springfield (2012)".
    """

    at: int
    end: int
    names: tuple[str, ...]
    clearness: Clearness
    year: int | None = None

    @property
    def name(self) -> str:
        return " and ".join(self.names)


_PARTICLE = "|".join(sorted(PARTICLES - {"y", "e", "af", "av"}, key=len, reverse=True))
_NAME = rf"(?:(?:{_PARTICLE}|Van|Von|De|Del|Della|Di|Da|Dos|Du|Le|La|El|Al|St\.?)[ ]){{0,3}}[^\W\d_a-z][\w’'-]{{1,30}}"
_OTHERS = r"(?:(?:his|her|their)[ ])?(?:colleagues|co-?workers|co-?authors|collaborators|associates|team|group)|others"
_YEAR = r"(?:,?[ ]\(?(?:19|20)\d\d\)?)?"
_THIS_YEAR = r"(?P<year>(?:19|20)\d\d)"
#: words between a name and the citation that leave no doubt
_FAR = 4
#: where a team works, before what it did
_PLACE = r"(?:[ ](?:at|in|from|of)(?:[ ](?:the|of|[A-Z][\w’'.-]{1,20})){1,5})?"
#: what the makers of a study do, told with a citation at the end
_DOES = rf"(?:{SAID}|{DID}|wrote|writes?|reports?|concludes?|argues?|enrolled|recruited|put[ ]it|were[ ]the[ ]first|gathered|searched)"
_DID = re.compile(rf"{_PLACE}(?:,[ ]who)?[ ](?:also[ ]|[a-z]{{3,12}}ly[ ])?{_DOES}\b")
_MADE_BY = (
    rf"(?:(?:{NOUN}|{RESULTS}|published|reviewed|led|headed|conducted|carried[ ]out|done|run|written|reported|described|performed)"
    rf"[ ]by|(?:{NOUN}|{RESULTS}|words)[ ]of|[Aa]ccording[ ]to)[ ]"
)
_MADE_BY_THEM = re.compile(rf"\b{_MADE_BY}$")
_TITLES = r"(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs)\.?[ ]){0,2}(?:[A-Z]\.[ ]?|[A-Z][a-z]{1,15}[ ]){0,2}"
_ET_AL = re.compile(rf"(?P<one>{_NAME}),?[ ](?:(?P<al>et[ ]al\b\.?)|(?:and|&)[ ](?:{_OTHERS})\b)(?:['’]s?)?{_YEAR}")
_PAIR = re.compile(
    rf"(?:^|(?<=by[ ])|(?<=\()|(?<=\(see[ ])|(?<=^See[ ]))(?P<one>{_NAME})[ ](?:and|&)[ ](?P<two>{_NAME}){_YEAR}"
)
_BY = re.compile(
    rf"\b(?:led[ ]by|{NOUN}[ ]by|{RESULTS}[ ]by|(?:team|group)[ ](?:around|under))[ ]{_TITLES}(?P<one>{_NAME})"
    r"(?![ ](?:[A-Z]|et[ ]al|and|&))"
)
_POSSESSIVE = re.compile(
    rf"\b(?P<one>[^\W\d_a-z]\w{{2,30}})(?:’s|'s|s’|s')[ ](?:[\w-]{{1,20}}[ ]){{0,2}}(?:{NOUN}|team|group|research)\b"
)
_TWO = rf"(?P<one>{_NAME})(?:,[ ]{_NAME}){{0,3}},?[ ](?:and|&)[ ]{_TITLES}(?P<two>{_NAME})"
_ONE_OR_TWO = rf"(?P<one>{_NAME})(?:[ ](?:and|&)[ ]{_TITLES}(?P<two>{_NAME}))?"
_ALONE = r"(?![ ](?:[A-Z]|et[ ]al|and|&))\b"
#: names that may be those of makers, however far the citation is
_GUESSES = tuple(
    re.compile(pattern)
    for pattern in (
        # Smith and Jones compared; a review by Smith and Jones; according to Smith and Jones
        rf"(?:^|(?<=[ (])){_TWO}(?=,?[ ](?:also[ ]|[a-z]{{3,12}}ly[ ])?{_DOES}\b)",
        rf"\b{_MADE_BY}{_TITLES}{_TWO}\b",
        # lead author Anna Smith; the authors, Smith and Jones; led by Anna Smith, the team; researchers led by Smith
        rf"\b(?:(?:[Ll]ead|[Ff]irst|[Ss]enior|[Ss]tudy)[ -])?[Aa]uthors?,?[ ]{_TITLES}{_ONE_OR_TWO}\b",
        rf"^(?:Led|Headed)[ ]by[ ]{_TITLES}(?P<one>{_NAME}),",
        rf"\b(?:[Rr]esearchers|[Ss]cientists|team|group|{NOUN}){_PLACE},?[ ](?:led|headed)[ ]by[ ]{_TITLES}(?P<one>{_NAME}){_ALONE}",
        # as Smith showed; in Smith's trial
        rf"(?:^|(?<=[,:][ ]))[Aa]s[ ](?:Dr\.?[ ])?(?P<one>{_NAME})[ ](?:showed|found|demonstrated|concluded|put[ ]it)\b",
        rf"^(?:In[ ])?(?P<one>[^\W\d_a-z]\w{{2,30}})(?:’s|'s)[ ](?:[\w-]{{1,20}}[ ]){{0,2}}(?:{NOUN}|team)\b",
        # (Smith, 2012); Smith (2012)
        rf"\({_ONE_OR_TWO},?[ ]{_THIS_YEAR}\)",
        rf"(?:^|(?<=[.;:,][ ])|(?<=as[ ])|(?<=and[ ])){_ONE_OR_TWO}[ ]\({_THIS_YEAR}\)",
    )
)
#: a cell or an item that begins with one or two names and a year, right before the citation
_LABEL = re.compile(rf"^{_ONE_OR_TWO},?[ ]{_THIS_YEAR}")
_ONLY_NAMES = re.compile(_ONE_OR_TWO)
_STUDY = re.compile(rf"\b{NOUN}\b")


def named_people(words: str, marks: tuple[int, ...]) -> Iterator[Named]:
    """The people whom a sentence names as makers of a study, in the order of the text."""
    found: dict[int, Named] = {}
    for match in _ET_AL.finditer(words):
        close = _is_close(words, match.end(), marks, _FAR)
        if _is_a_person(match, words) and (
            close
            or match["al"]
            or _DID.match(words, match.end())
            or _MADE_BY_THEM.search(words[max(0, match.start() - 40) : match.start()])
        ):
            found[match.start()] = _named(match, clear=close)
    for match in _PAIR.finditer(words):
        close = _is_close(words, match.end(), marks, 1)
        if close and _is_sure_pair(match, words) and not any(map(is_no_name, _names(match))):
            found.setdefault(match.start(), _named(match, clear=True))
    for pattern in (_BY, _POSSESSIVE):
        for match in pattern.finditer(words):
            if not is_no_name(match["one"]) and _is_close(words, match.end(), marks, _FAR):
                found.setdefault(match.start("one"), _named(match, clear=False))
    for match in _guessed(words, marks):
        found.setdefault(match.start("one"), _named(match, clear=False))
    yield from (found[at] for at in sorted(found))


def names_alone(words: str) -> Iterator[Named]:
    """Where nothing but one or two names is said: "Smith", "Smith and Jones"."""
    match = _ONLY_NAMES.fullmatch(words.strip()[:80])
    if match and not any(map(is_no_name, _names(match))):
        yield _named(match, clear=True)


def _guessed(words: str, marks: tuple[int, ...]) -> Iterator[re.Match[str]]:
    for pattern in _GUESSES:
        for match in pattern.finditer(words):
            if not any(map(is_no_name, _names(match))):
                yield match
    label = _LABEL.match(words)
    if label and not any(map(is_no_name, _names(label))) and _is_close(words, label.end(), marks, 0):
        yield label


def _names(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(name for group, name in match.groupdict().items() if group in {"one", "two"} and name)


def _named(match: re.Match[str], *, clear: bool) -> Named:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    clearness = Clearness.CLEAR if clear else Clearness.PERHAPS
    return Named(match.start("one"), match.end(), _names(match), clearness, year)


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
    return not is_no_name(match["one"]) and not ("others" in match[0] and goes_before)


def _is_close(words: str, end: int, marks: tuple[int, ...], far: int) -> bool:
    """Whether a citation follows after so many words or fewer."""
    number = bisect_left(marks, end)
    if number == len(marks) or marks[number] - end > 80:
        return False
    between = words[end : marks[number]]
    return len(between.split()) <= far and not _STUDY.search(between)
