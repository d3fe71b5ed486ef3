"""Per cents and numbers of patients beside the stored abstract of the one source that a sentence cites."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.evidence.abstract_figures import PERCENT, SENTENCE, counts, figures, number, stems
from newsletter.check.evidence.appeals import CONTINUES
from newsletter.check.evidence.nearby import MANY, quoted, spots
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.evidence.abstract_figures import Figures
    from newsletter.check.evidence.nearby import Spot
    from newsletter.check.prose.passages import Mark
    from newsletter.check.rulebook import Content

#: more of an abstract is not looked at, nor more citations of a sentence
_ABSTRACT = 30_000
_MARKS = 60
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|roughly|some|over|under|than|up to|at least|close to|most)\s{1,3}$", re.IGNORECASE
)


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
    yield from islice(_findings(content, abstracts), MANY)


def _findings(content: Content, abstracts: Mapping[str, str]) -> Iterator[Finding]:
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
    """The key that the sentence cites, or the next one that goes on with it, where it is one and no page is named."""
    if spot.is_cited:
        return _only_key(spot.sentence.marks)
    after = spot.after
    return _only_key(after.marks) if after is not None and CONTINUES.match(after.text) else ""


def _only_key(marks: Sequence[Mark]) -> str:
    items = [item for mark in marks[:_MARKS] for item in mark.citation.items]
    return items[0].key if len({item.key for item in items}) == 1 and not any(item.suffix for item in items) else ""


def _different(spot: Spot, known: Figures) -> Iterator[tuple[int, str, str]]:
    """Offset, the number of the sentence, the number of the abstract."""
    sentence = spot.sentence
    text = sentence.text[:SENTENCE]
    if spot.is_cited:
        for offset, mine, theirs in _other_percents(text, known):
            if not quoted(sentence.passage, sentence.start + offset):
                yield offset, mine, theirs
    for one in counts(text):
        theirs_all = known.works if one.is_works else known.patients
        if theirs_all and one.value not in known.whole and not _about(text, one.start) and one.value % 100:
            nearest = min(theirs_all, key=lambda other: abs(other - one.value))
            yield one.start, f"{text[one.start : one.end]} of these", f"{nearest:,}"


def _about(text: str, start: int) -> bool:
    return bool(_ABOUT.search(text, max(0, start - 15), start))


def _other_percents(text: str, known: Figures) -> Iterator[tuple[int, str, str]]:
    """The per cents of a sentence for which the abstract has others about the same thing."""
    found = list(PERCENT.finditer(text))
    agreeing = [_agrees(number(match[1]), known, exact=True) for match in found[:_MARKS]]
    # beside one that is in the abstract, the others should be there too
    least = 1 if any(agreeing) else 2
    words = stems(text)
    for match in found[:_MARKS]:
        value = number(match[1])
        if not _agrees(value, known, exact=not _about(text, match.start())):
            same = [(len(theirs & words), -abs(one - value), one) for one, theirs in known.percents]
            best = max(same, default=(0, 0.0, 0.0))
            if best[0] >= least:
                yield match.start(), match[0], f"{best[2]:g} %"


def _agrees(value: float, known: Figures, *, exact: bool) -> bool:
    """Whether the abstract has it, or readers can work it out: but for rounding, or what is left of a hundred."""
    tolerance = 0.51 if exact else 5.0
    theirs = (*(one for one, _ in known.percents), *known.derived)
    return value in {0, 50, 100} or any(
        abs(value - one) < tolerance or abs(100 - value - one) < tolerance for one in theirs
    )


RULES = (numbers_are_those_of_the_abstract,)
