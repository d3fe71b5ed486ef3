"""English words that date a publication with less certainty: "back in 2012, researchers asked", "the 2012 guideline".

The year may be that of the work, or of another one; so these are only mentioned, and only where no other year of the sentence fits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.evidence.author_names import plain_name
from newsletter.check.evidence.publication_words import DATE, DID, GUIDE, NOUN, PEOPLE, RESULTS, SAID, SAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: words of a subject with which the year is that of something else
_NOT = (
    r"(?!(?:were|was|had|have|has|is|are|who|whom|that|which|when|where|we|our|I|my|your|patients?|people|you|operated|treated|began"
    r"|started|ran|born|using|used|data|than|before|after|since|until|between|to(?![ ]date\b)|first|[a-z]+ing)\b)"
)
_WORD = rf"{_NOT}[^\s,;:.!?()]{{1,25}}"
_FEW = rf"(?:[ ]{_WORD}){{0,5}}?"
_SOME = rf"(?:[ ]{_WORD}){{0,8}}?"
#: what a study is about
_ABOUT = (
    r"(?:[ ](?!(?:who|whom|that|which|was|were|had|born|between|since|until|began|ran)\b)[^\s,;:.!?()]{1,25}){0,10}?"
)
_VERB = rf"(?:{SAID}|{DID}|said)"
#: what follows a date that is no number of something
_STOP = rf"(?=[ ]?[,;:.!?)]|[ ](?:{_VERB}|{SAYS}|that|in|by|from|with|is|was|has)\b)"
_EARLY = r"(?:early[ ]|late[ ]|mid[ -]|the[ ](?:year|spring|summer|fall|autumn|winter)(?:[ ]of)?[ ])?"
_BEGIN = rf"(?:^|(?<=[,;:][ ])|(?<=[.!?][ ]))(?:(?:[Ww]ay[ ])?[Bb]ack[ ]|[Aa]lready[ ])?[Ii]n[ ]{_EARLY}{DATE},?"
_STUDY = re.compile(rf"\b{NOUN}\b")
_IN_A_STUDY = re.compile(
    r"\b(?:(?:part|enrol\w*|recruited|invited|joined|included|used|cited)(?:[ ]in)?|(?:patients|people|runners|those)[ ](?:of|in))[ ]$"
)
_OURS = re.compile(r"\b(?:our|your|my|Olympic)[ ]", re.IGNORECASE)
_RENEWED = r"(?:updated|revised|issued|released|renewed|put[ ]out|brought[ ]out)"
_IN_A_PLACE = r"(?:[ ](?:in|from|by)(?:[ ][A-Z][\w’'.-]{1,20}){1,3})?"
_THIS = r"(?:this|it|them|the[ ](?:question|matter|subject))"
_DATES_FROM = r"(?:dates?[ ](?:back[ ])?(?:from|to)|go(?:es)?[ ]back[ ]to)"
_A = r"(?:[Aa]n?|[Oo]ne|[Aa]nother)"
_THE = r"(?:[Aa]n?|[Tt]he|[Tt]heir|[Ii]ts|[Hh]is|[Hh]er|[Tt]hese|[’']s)"
_SHORT = r"(?:[^\s,;:]{1,25}[ ]){0,4}?"


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


#: a guideline of a year is a source only where the sentence is not about a study: "the 2010 guideline was the reason for this trial"
_OF_GUIDES = _all(
    rf"\b{_THE}[ ]{DATE}{_FEW}[ ]{GUIDE}\b",
    rf"\b{GUIDE}{_FEW},?[ ]\(?(?:from|of|dated)[ ]{DATE}",
    rf"\b{GUIDE}{_ABOUT},?[ ]\(?(?:last[ ]|most[ ]recently[ ])?(?:updated|revised|issued|renewed)[ ]in[ ]{DATE}",
    rf"\b{_RENEWED}[ ](?:a|an|the|its|their|new)\b{_FEW}[ ]{GUIDE}{_FEW}[ ]in[ ]{DATE}",
)
_OF_STUDIES = _all(
    # Back in 2012, researchers asked; In 2012, Hale and her team compared
    rf"{_BEGIN}[ ](?:{_WORD}[ ]){{0,6}}?(?:{PEOPLE}|{NOUN}){_SOME}[ ]{_VERB}\b",
    rf"{_BEGIN}[ ](?:Dr\.?[ ]|Prof(?:\.|essor)[ ])?(?P<who>[A-Z][\w’'-]{{1,30}}){_SOME}[ ]{_VERB}\b",
    # when Hale and colleagues compared stairs with rest in 2012; as shown by Hale in 2012; Hale's work from 2012
    rf"(?:^|(?<=[ (]))(?P<who>(?:[^\s,;:.!?]{{1,25}}[ ]){{1,8}}?){_VERB}{_ABOUT}(?<!ed)(?<!ed[ ]on)[ ]in[ ]{DATE}{_STOP}",
    rf"\bby[ ](?P<who>(?:[^\s,;:.!?]{{1,25}}[ ]){{1,4}}?)(?:back[ ])?in[ ]{DATE}{_STOP}",
    rf"\b(?P<who>[A-Z][\w-]{{1,30}})[’']s?[ ](?:[\w-]{{1,20}}[ ]){{1,3}}?(?:from|of)[ ]{DATE}{_STOP}",
    # It was not until 2012 that a trial; By 2012, a trial had shown
    rf"\b[Ii]t[ ]was[ ](?:only[ ]|not[ ]until[ ])?(?:in[ ])?{DATE}[ ](?:that|when)[ ]{_SHORT}(?:{NOUN}|{PEOPLE})\b",
    rf"\bBy[ ]{DATE},[ ]{_SHORT}{NOUN}[ ]had[ ](?:shown|found|reported)\b",
    # published a trial of stairs in 2012, but not: published a trial of knees replaced in 2012
    rf"\b(?:published|ran|carried|printed)[ ](?:an?|the|its|their|his|her|one|this|that)\b{_FEW}[ ]{NOUN}{_ABOUT}"
    rf"(?<!ed)(?<!ed[ ]on)[ ]in[ ]{DATE}{_STOP}",
    # an analysis of the same people showed in 2012; researchers looked into this in 2012
    rf"\b(?:{PEOPLE}|{NOUN}){_SOME}[ ](?:{SAID}|said)(?:[ ](?:this|it|back|already|as[ ]early[ ]as))?[ ]in[ ]{DATE}{_STOP}",
    rf"\b{PEOPLE}[ ](?:[a-z]+ly[ ])?{DID}[ ](?:(?:at|into)[ ])?{_THIS}[ ](?:back[ ])?in[ ]{DATE}",
    # a Danish trial in 2012; in a survey of 2012, most
    rf"\b{_A}(?:[ ]{_WORD}){{0,5}}?[ ]{NOUN}{_IN_A_PLACE},?[ ](?:back[ ])?in[ ]{DATE}(?![ ]\w+s\b)",
    rf"\b{NOUN}[ ]of[ ]{DATE}(?=[ ]?[,;:.)]|[ ]{_VERB}\b)",
    rf"\b[Aa]n?[ ]{DATE}(?:[ ]{_WORD}){{0,2}}?[ ]registry(?:-based)?[ ](?:study|analysis|review|paper)\b",
    # the best study so far, from 2012; the paper dates back to 2012; a review (last updated in 2012)
    rf"\b{NOUN}(?![ ]of\b){_FEW},?[ ](?:(?:is[ ]|was[ ])?(?<!from[ ])from|{_DATES_FROM})[ ]{_EARLY}{DATE}{_STOP}",
    rf"\b{NOUN}{_FEW},?[ ]\(?(?:last[ ])?(?:updated|revised)[ ]in[ ]{DATE}",
    # these results date from 2012; evidence from 2012 suggests; their 2012 findings; the answer came in 2012
    rf"\b(?:{RESULTS}|numbers|figures)[ ](?:(?:are|is)[ ]from|{_DATES_FROM})[ ]{DATE}",
    rf"\b(?:[Ee]vidence|[Rr]esearch|[Ff]indings)[ ]from[ ]{DATE}{_STOP}",
    rf"\b{_THE}[ ]{DATE}(?:[ ]{_WORD}){{0,2}}?[ ](?:findings|results|comparison)\b",
    rf"\b(?:[Aa]nswer|[Pp]roof|[Ee]vidence)[ ]came[ ](?:back[ ])?in[ ]{DATE}",
)


def guesses(words: str, names: frozenset[str]) -> Iterator[re.Match[str]]:
    """Every place that may date a publication; the matches have groups `month` and `year`."""
    patterns = _OF_STUDIES if _STUDY.search(words) else (*_OF_GUIDES, *_OF_STUDIES)
    for pattern in patterns:
        for match in pattern.finditer(words):
            before = words[max(0, match.start() - 30) : match.start()]
            ours = _OURS.search(words, max(0, match.start() - 5), match.end())
            if not ours and not _IN_A_STUDY.search(before) and _is_a_maker(match, names):
                yield match


def _is_a_maker(match: re.Match[str], names: frozenset[str]) -> bool:
    """Where a pattern needs a name, it has to be that of a maker of the source: "In 2012, Hale and Brandt asked"."""
    who = match.groupdict().get("who")
    return who is None or any(word[0].isupper() and plain_name(word.strip("(),.")) in names for word in who.split())
