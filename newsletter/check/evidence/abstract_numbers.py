"""Per cents and numbers of patients beside the stored abstract of the one source that a sentence cites."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from newsletter.check.evidence.nearby import quoted, spots
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.evidence.nearby import Spot
    from newsletter.check.rulebook import Content

#: more of an abstract, and more of its numbers, are not looked at
_ABSTRACT = 30_000
_MANY = 60
_SENTENCE = 2_000
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,·]\d{1,3})?)(?:\s?%|\s?per\s?cent\b|\s?percent\b)", re.IGNORECASE)
_PATIENTS = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,2}|\d{2,6})\s(?:[a-z][\w-]{1,20}\s){0,2}?"
    r"(?:patients|people|adults|women|men|participants|volunteers|runners|knees|hips|subjects|individuals|athletes)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,2}|\d{1,7})(?![\d.,]\d)")
_OUT_OF = re.compile(r"(?<!\d)(\d{1,6})(?:/|\s(?:of|out of)\s(?:the\s)?)(\d{1,6})(?!\d)")
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|roughly|some|over|under|than|up to|at least|close to|most)\s{1,3}$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{5,}")
_CUT = re.compile(r"(?<=[.;!?])\s+(?=\S)")
_COMMON = frozenset(
    "patien people adults partic percen studie study after about these their which there where years months".split()
)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The numbers of an abstract, each per cent with the stems of the words around it."""

    percents: tuple[tuple[float, frozenset[str]], ...]
    #: what readers can work out from it
    derived: tuple[float, ...]
    patients: tuple[int, ...]
    #: its whole numbers, with their sums and differences
    whole: frozenset[int]


@issue_rule("number-differs-from-abstract", Level.INFORMATION)
def numbers_are_those_of_the_abstract(content: Content) -> Iterator[Finding]:
    """A per cent or a number of patients that is not in the abstract of its source.

    It may be from the full text, and it may be a slip: look it up. This is told where a sentence cites one source whose abstract
    is in the library, and the abstract has another number about the same thing.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: quoted.json
        ---

        After a year, 43 % of patients walked without a stick [@doe2020].

    Bad (quoted.json):

        [{"id": "doe2020", "type": "article-journal", "title": "Walking early", "container-title": "Journal of Examples",
          "author": [{"family": "Doe", "given": "Ada"}], "issued": {"date-parts": [[2020]]}, "volume": "7", "page": "12-19",
          "DOI": "10.1234/doe2020",
          "abstract": "We followed 212 adults. After a year, 34.2% walked without a stick."}]

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: quoted.json
        ---

        Of 212 adults, 34 % walked without a stick after a year [@doe2020].

    Good (quoted.json):

        [{"id": "doe2020", "type": "article-journal", "title": "Walking early", "container-title": "Journal of Examples",
          "author": [{"family": "Doe", "given": "Ada"}], "issued": {"date-parts": [[2020]]}, "volume": "7", "page": "12-19",
          "DOI": "10.1234/doe2020",
          "abstract": "We followed 212 adults. After a year, 34.2% walked without a stick."}]
    """
    abstracts = {one.key: _abstract(one.csl.get("abstract")) for one in content.references}
    for spot in spots(content):
        key = _only_source(spot)
        if key and abstracts.get(key):
            for offset, mine, theirs in _different(spot, figures(abstracts[key])):
                yield Finding(
                    at=spot.sentence.place_at(offset),
                    message=f"{mine} is not in the abstract of {key}, which has {theirs}",
                    fix="Look the number up in the source.",
                )


def _abstract(value: object) -> str:
    return value[:_ABSTRACT] if isinstance(value, str) else ""


def _only_source(spot: Spot) -> str:
    """The key that the sentence cites, where it is one and no page is named."""
    items = [item for mark in spot.sentence.marks[:_MANY] for item in mark.citation.items]
    return items[0].key if len({item.key for item in items}) == 1 and not any(item.suffix for item in items) else ""


def _different(spot: Spot, known: Figures) -> Iterator[tuple[int, str, str]]:
    """Offset, the number of the sentence, the number of the abstract."""
    sentence = spot.sentence
    text = sentence.text[:_SENTENCE]
    stems = _stems(text)
    for match in _PERCENT.finditer(text):
        about = bool(_ABOUT.search(text, max(0, match.start() - 15), match.start()))
        theirs = _other_percent(_number(match[1]), stems, known, 5.0 if about else 0.51)
        if theirs is not None and not quoted(sentence.passage, sentence.start + match.start()):
            yield match.start(), match[0], f"{theirs:g} %"
    for match in _PATIENTS.finditer(text):
        number = int(match[1].replace(",", ""))
        about = bool(_ABOUT.search(text, max(0, match.start() - 15), match.start()))
        if known.patients and number not in known.whole and not about and number % 100:
            nearest = min(known.patients, key=lambda one: abs(one - number))
            yield match.start(), f"{match[1]} of these", f"{nearest:,}"


def _other_percent(value: float, stems: frozenset[str], known: Figures, tolerance: float) -> float | None:
    """A per cent of the abstract about the same thing, where it has none that is as good as this one."""
    if value in {0, 50, 100} or any(
        _agree(value, one, tolerance) for one in (*(one for one, _ in known.percents), *known.derived)
    ):
        return None
    same = [(len(words & stems), -abs(one - value), one) for one, words in known.percents if len(words & stems) >= 2]
    return max(same)[2] if same else None


def _agree(value: float, other: float, tolerance: float) -> bool:
    """The same, but for rounding, or what is left of a hundred."""
    return abs(value - other) < tolerance or abs(100 - value - other) < tolerance


@lru_cache(maxsize=64)
def figures(abstract: str) -> Figures:
    """What an abstract has, and what follows from it."""
    percents = [
        (_number(match[1]), _stems(piece))
        for piece in _CUT.split(abstract)
        for match in list(_PERCENT.finditer(piece[:_SENTENCE]))[:10]
    ][:_MANY]
    whole = [int(match[1].replace(",", "")) for match in _WHOLE.finditer(abstract)][:_MANY]
    patients = [int(match[1].replace(",", "")) for match in _PATIENTS.finditer(abstract)][:_MANY]
    derived = {abs(one - other) for (one, _), (other, _) in combinations(percents, 2)}
    derived |= {
        100 * int(match[1]) / int(match[2]) for match in list(_OUT_OF.finditer(abstract))[:_MANY] if int(match[2])
    }
    return Figures(
        percents=tuple(percents),
        derived=tuple(derived),
        patients=tuple(patients),
        whole=frozenset(whole)
        | {total for pair in combinations(whole, 2) for total in (sum(pair), abs(pair[0] - pair[1]))},
    )


def _number(text: str) -> float:
    return float(text.replace("·", ".").replace(",", "."))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in map(str.lower, _WORD.findall(text))) - _COMMON


RULES = (numbers_are_those_of_the_abstract,)
