"""English words that date a publication: "a 2012 study", "published in April 2012", "In 2012, Smith and colleagues found".

A sentence in, dates out. A year in which something was done, and not published, is none: "in 2012 patients were ...", "data from
2012", "followed since 2008", "between 2010 and 2015", "a study of 2012 hips".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsletter.check.evidence.author_names import plain_name
from newsletter.check.evidence.dates import MONTHS, Moment
from newsletter.check.evidence.publication_words import DATE, JOURNAL, NOUN, PEOPLE, SAID, SAYS, TITLE
from newsletter.check.evidence.year_guesses import guesses

if TYPE_CHECKING:
    from collections.abc import Iterator

#: words that may stand between "published" and its date, beside names
_BETWEEN = frozenset(
    """in the of and & on online by early late mid back journal its their his her a an article paper study results findings
    it this volume vol issue number no only also print jointly colleagues others team group et al. surgeons researchers
    scientists doctors co-workers spring summer fall autumn winter end beginning start middle all way just guideline guidelines guidance
    recommendations statement consensus trial review report research evidence work""".split()
)
#: a word before a year that makes it the time in which something was done, or a number
_BEFORE = frozenset(
    """in since between until till from by to and or of during before after through around about than over nearly almost
    some all these those were only exactly for with approximately circa including total""".split()
)
#: words between the year and "study" with which the year belongs to something else
_ELSEWHERE = frozenset(
    """olympic olympics paralympic paralympics games world cup season marathon annual registry census data championship
    championships tour pandemic meeting congress conference in of the a an to for at on were was had have who that we our i
    they by after from with and patients people participants runners hips knees women men adults is are""".split()
)
_THING = (
    r"(?:[ ](?:period|population|participants?|cohort|year|groups?|data|season|visits?|registration|patients|protocol|sites?"
    r"|forms?|answers)\b)"
)
_COUNTED = re.compile(
    r"[ ](?:(?!(?:that|how|whether|why|which|what|the|a|an|in|on|of|by|and|for|with|most|many|some|when|where)\b)[\w-]+[ ])?"
    r"(?:patients|people|participants|hips|knees|runners|women|men|adults|cases|joints|operations)\b|[ ]\w+(?<!thi)s\b"
)
#: what studies use, published in a year of its own: "the score, published in 1969, is used in the study"
_TOOL = re.compile(
    r"\b(?:score|scale|questionnaire|method|technique|classification|definition|tool|checklist|book|criteria|test|index|formula"
    r"|leaflet|law)s?\b[^.;]{0,30}$",
    re.IGNORECASE,
)
_VERBS_IN_S = re.compile(rf"[ ](?:was|has|is|this|as|its|his|{SAYS})\b")


@dataclass(frozen=True)
class Dated:
    """A date in a text: where its first character stands, and the date. `sure` when it can only be one of publication."""

    at: int
    moment: Moment
    sure: bool = True


def dates_of_publication(words: str, marks: tuple[int, ...], names: frozenset[str]) -> Iterator[Dated]:
    """Every date, once. `marks` are the places of citations; `names` the family names that stand for a source."""
    if not re.search(r"(?:19|20)\d\d", words):
        return
    found: dict[int, Dated] = {}
    for pattern, fits in _PATTERNS:
        for match in pattern.finditer(words):
            if fits(match, words):
                found.setdefault(match.start("year"), _dated(match))
    for match in _NAMED_YEAR.finditer(words):
        if _is_of_a_source(match, marks, names):
            found.setdefault(match.start("year"), _dated(match))
    for match in guesses(words, names):
        if match["month"] or match.end() > match.end("year") or not _is_counted(words, match.end("year")):
            found.setdefault(match.start("year"), replace(_dated(match), sure=False))
    yield from (found[at] for at in sorted(found))


def date_alone(words: str) -> Iterator[Dated]:
    """Where nothing but a date is said, as in a column of years."""
    if match := _DATE.fullmatch(words.strip()[:_LONGEST_DATE]):
        yield _dated(match)


def _dated(match: re.Match[str]) -> Dated:
    name = match["month"]
    month = next((n for n, known in enumerate(MONTHS, 1) if name and known.startswith(name[:3])), 0)
    return Dated(at=match.start("month") if name else match.start("year"), moment=Moment(int(match["year"]), month))


def _is_year_of_a_study(match: re.Match[str], words: str) -> bool:
    """Such as "a 2012 study", but not "in 2012 study participants were"."""
    gap = {word.casefold() for word in match["gap"].split()}
    before = _word_before(words, match.start())
    return not gap & _ELSEWHERE and before not in _BEFORE and (bool(before) or not _is_counted(words, match.end()))


def _is_published_in(match: re.Match[str], words: str) -> bool:
    """Such as "published in the Journal of X in April 2012", but not "published results of 2012" or "first published in 2012"."""
    between = re.findall(r"[^\s,()]+", match["gap"])
    if not all(word in _BETWEEN or word[0].isupper() or (word.isdecimal() and len(word) < 4) for word in between):
        return False
    online = " online" in match["gap"]
    if not online and _word_before(words, match.start()) in {
        "first",
        "originally",
        "previously",
        "initially",
        "not",
        "never",
    }:
        return False
    clause = words[max(0, match.start() - 80) : match.start()]
    if re.search(r"\b(?:since|before|after|until|when|once)\b[^,;.]*$", clause, re.IGNORECASE):
        return False
    if _TOOL.search(clause):
        return False
    if match["verb"].casefold() not in {"published", "writing"} and not re.search(
        rf"\b(?:{NOUN}|it|which|results|findings)\b[^,;.]{{0,40}},?[ ]?$", clause, re.IGNORECASE
    ):
        return False
    return not _is_counted(words, match.end())


def _someone_said(match: re.Match[str], _: str) -> bool:
    """Such as "In 2012, a team from Lille reported", but not "In 2012, patients who were operated on reported"."""
    subject = match["who"].strip()
    return bool(re.search(rf"\b{PEOPLE}(?!\w)|(?:^|\s)[A-Z]\w+$", subject)) and not re.search(
        r"\b(?:were|was|had|have|who|that|when|we|our|I|patients|people|you|operated|treated|began|started)\b", subject
    )


def _is_of_a_source(match: re.Match[str], marks: tuple[int, ...], names: frozenset[str]) -> bool:
    """Such as "Smith et al. (2012)", "Smith and others, 2012 [@...]", "the study (2012)"."""
    number = bisect_left(marks, match.end())
    beside = number < len(marks) and marks[number] <= match.end() + 1
    bracketed = match["open"] is not None
    if match["name"] is None:
        return beside or bracketed
    return (beside or bracketed) and plain_name(match["name"]) in names


def _word_before(words: str, at: int) -> str:
    found = re.search(r"([\w’'-]+)[ ]$", words[max(0, at - 40) : at])
    return found[1].casefold() if found else ""


def _is_counted(words: str, end: int) -> bool:
    """Whether what looks like a year is the number of something: "2012 patients"."""
    return bool(_COUNTED.match(words, end)) and not _VERBS_IN_S.match(words, end)


def _is_a_year(match: re.Match[str], words: str) -> bool:
    """Such as "a study from 2012", but not "a study from 2012 patients"."""
    return bool(match["month"]) or not _is_counted(words, match.end("year"))


_DATE = re.compile(DATE)
_LONGEST_DATE = 30
_WORD = r"[\w’'-]{1,25}"


def _has_a_month(match: re.Match[str], _: str) -> bool:
    """Such as "the May 2012 Journal of ...", but not "the 2012 Journal Club"."""
    return bool(match["month"])


#: one word with a capital that is no other beginning of a sentence: "First published", "Fractures reported"
_ONE_NAME = (
    r"(?!(?:First|Originally|Initially|Previously|Also|Already|As|Once|When|Not|What|Often|Later|It|He|She)\b)"
    r"[A-Z][a-z’-]{1,20}(?<!s)"
)
_ADVERB = r"(?:[a-z]{3,12}ly[ ]|first[ ]|had[ ])?"
_EARLY = r"(?:early[ ]|late[ ]|mid[ -]|the[ ]year[ ])?"
_SOMEBODY = (
    r"(?:[A-Z][\w’'.-]{0,25}[ ]|and[ ]|et[ ]al\.?[ ]|colleagues[ ]|others[ ]|his[ ]|her[ ]|team[ ]|the[ ]|of[ ]){1,8}"
)
_IN_JOURNAL = rf"(?=[^,;:()]{{0,80}}\b{JOURNAL}\b){TITLE}"
_VERB = r"(?P<verb>[Pp]ublished|[Ww]riting|appeared|came[ ]out|released|printed|went[ ]online)"
#: what dates a publication -> what must be true of it besides
_PATTERNS = tuple(
    (re.compile(pattern), fits)
    for pattern, fits in (
        (rf"{DATE}(?P<gap>(?:[ ]{_WORD}){{0,5}}?)[ ]{NOUN}\b(?!{_THING})", _is_year_of_a_study),
        (rf"{DATE}[ ](?:issue|edition)[ ]of\b", _is_a_year),
        (rf"\b(?:its|the)[ ]{DATE}[ ](?:issue|edition)\b", _is_a_year),
        (rf"\bthe[ ]{DATE}[ ](?:(?:[A-Z]\w{{1,20}}|&|and|of)[ ]){{0,5}}{JOURNAL}\b", _has_a_month),
        (rf"\({_IN_JOURNAL},?[ ]{DATE}\)", _is_a_year),
        (rf"\b{NOUN}[ ](?:in|from)[ ]{TITLE}[ ]\({DATE}\)", _is_a_year),
        (rf"\b(?:{NOUN}|[Rr]eported|described)[ ](?:in|from)[ ]{_IN_JOURNAL}(?:,|[ ]in|[ ]from)[ ]{DATE}", _is_a_year),
        (rf"\b{NOUN},?[ ](?:(?:(?:is|was|dates)[ ])?from|dated)[ ]{_EARLY}{DATE}", _is_a_year),
        (rf"\b{NOUN}[ ]by[ ]{_SOMEBODY}(?:from|in)[ ]{DATE}", _is_a_year),
        (rf"\b{_VERB}\b(?P<gap>(?:,?[ ][^\s.;:!?]{{1,30}}){{0,16}}?),?[ (]{{1,2}}{DATE}", _is_published_in),
        (rf"^(?:Back[ ]in|In)[ ]{_EARLY}{DATE},?[ ](?P<who>(?:[^\s,;:]{{1,30}}[ ]){{1,10}}?){SAID}\b", _someone_said),
        (
            rf"\b(?:{PEOPLE}|{_ONE_NAME})[ ]{_ADVERB}{SAID}[ ](?:this[ ]|it[ ]|back[ ]|already[ ])?in[ ]{DATE}",
            _is_a_year,
        ),
    )
)
_NAMED_YEAR = re.compile(
    rf"(?:\b(?:et[ ]al\.?|colleagues|co-?workers|others|{NOUN})|\b(?P<name>[A-Z][\w’'-]{{1,30}})),?[ ](?P<open>\()?{DATE}\)?"
)
