"""The numbers of an abstract or of a sentence: per cents, and how many patients, joints or trials are counted. A text in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: more numbers of an abstract are not looked at
_MANY = 60
#: so many are added up and taken from each other
_ADDED = 30
#: no sentence is longer
SENTENCE = 2_000
PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,·]\d{1,3})?)(?:\s?%|\s?per\s?cent\b|\s?percent\b)", re.IGNORECASE)
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WRITTEN = rf"(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES[10:])}"
_WORKS = r"trials?|studies|reviews|meta-analyses|RCTs"
_COUNTED = re.compile(
    rf"(?<![\w.,])(?:(?P<digits>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}})|(?P<written>{_WRITTEN}))\s(?:[a-z][\w-]{{1,20}}\s){{0,2}}?"
    r"(?:(?P<people>patients|people|adults|women|men|participants|volunteers|runners|knees|hips|shoulders|elbows|tendons|cases"
    rf"|subjects|individuals|athletes|players|children|recruits|students|swimmers|operations)|(?P<works>{_WORKS}))\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,2}|\d{1,7})(?![\d.,]\d)")
#: no number of patients
_UNIT = re.compile(
    r"\s?(?:%|per\s?cent|±|°|[-–]?(?:weeks?|months?|years?|days?|hours?|minutes?|min|mg|ml|points?|kg|g|mm|cm|degrees?|times|fold|wk|yr|mo)\b)",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"(?<!\d)(\d{1,6})(?:/|\s(?:of|out of)\s(?:the\s)?)(\d{1,6})(?!\d)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_CUT = re.compile(r"(?<=[.;!?])\s+(?=\S)")
_COMMON = frozenset(
    word[:5]
    for word in """patients people adults participants percent percentage study studies after about these their which there where
    years months weeks with from that this were have been than more less they them when what most some also only each both over
    into year week month days group groups among between compared while those other others during within later before had""".split()
)


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many patients, joints or trials a text speaks of, and where."""

    value: int
    start: int
    end: int
    is_works: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The numbers of an abstract, each per cent with the stems of the words around it."""

    percents: tuple[tuple[float, frozenset[str]], ...]
    #: what readers can work out from it
    derived: tuple[float, ...]
    patients: tuple[int, ...]
    #: trials and studies
    works: tuple[int, ...]
    #: its whole numbers, with the sums and differences of those that may count patients
    whole: frozenset[int]


@lru_cache(maxsize=1024)
def figures(abstract: str) -> Figures:
    """What an abstract has, and what follows from it."""
    percents = [
        (number(match[1]), stems(piece))
        for piece in _CUT.split(abstract)
        for match in list(PERCENT.finditer(piece[:SENTENCE]))[:10]
    ][:_MANY]
    counted = list(counts(abstract))[:_MANY]
    derived = {abs(one - other) for (one, _), (other, _) in combinations(percents, 2)}
    derived |= {
        100 * int(match[1]) / int(match[2]) for match in list(_OUT_OF.finditer(abstract))[:_MANY] if int(match[2])
    }
    return Figures(
        percents=tuple(percents),
        derived=tuple(derived),
        patients=tuple(one.value for one in counted if not one.is_works),
        works=tuple(one.value for one in counted if one.is_works),
        whole=frozenset(_whole(abstract)) | {one.value for one in counted} | _worked_out(abstract),
    )


def counts(text: str) -> Iterator[Count]:
    """Everything that is counted in a text."""
    for match in _COUNTED.finditer(text):
        value = int(match["digits"].replace(",", "")) if match["digits"] else _value(match["written"])
        # few patients are told in words, or are a part of them
        if value >= (2 if match["works"] else 10):
            end = match.end("digits") if match["digits"] else match.end("written")
            yield Count(value=value, start=match.start(), end=end, is_works=bool(match["works"]))


def number(text: str) -> float:
    return float(text.replace("·", ".").replace(",", "."))


def stems(text: str) -> frozenset[str]:
    """Of the longer words: "training" and "trained" have the same."""
    return frozenset(word[:5] for word in map(str.lower, _WORD.findall(text))) - _COMMON


def _value(written: str) -> int:
    tens, _, ones = written.lower().replace("-", " ").partition(" ")
    return 10 * (_TENS.index(tens) + 2) + (_ONES.index(ones) if ones else 0) if tens in _TENS else _ONES.index(tens)


def _whole(abstract: str) -> list[int]:
    return [int(match[1].replace(",", "")) for match in _WHOLE.finditer(abstract)][: 5 * _MANY]


def _worked_out(abstract: str) -> set[int]:
    """Sums and differences of what may be groups of patients: no per cents, weeks or years."""
    groups = [
        int(match[1].replace(",", "")) for match in _WHOLE.finditer(abstract) if not _UNIT.match(abstract, match.end())
    ][:_ADDED]
    groups = [one for one in groups if one >= 5]
    both = {total for one, other in combinations(groups, 2) for total in (one + other, abs(one - other))}
    arms = {one + other + third for (one, other), third in zip(pairwise(groups), groups[2:], strict=False)}
    return both | arms
