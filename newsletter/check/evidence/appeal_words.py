"""English words that appeal to evidence: "studies show", "surgeons agree", "it has been proven". A text in, appeals out.

An appeal claims something in the name of research. No appeals are questions ("what the studies show"), what was not found
("no study has shown"), what may come ("trials will show") and what one's own people say ("our surgeons recommend").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.evidence import appeal_doubts as doubts
from newsletter.check.evidence.appeal_near import denied, refers_back
from newsletter.check.evidence.appeal_nouns import (
    DOCTORS,
    GAP,
    OF_MEDICINE,
    PERHAPS,
    RESEARCH,
    SCIENTISTS,
    SOCIETIES,
    STATES,
    STRONG,
)
from newsletter.check.evidence.appeal_verbs import AUXILIARY, COMPLETED, OPINIONS, RESULTS, THOUGHTS, WORK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Judge = Callable[[str, re.Match[str], list[str]], bool]


def _compiled(pattern: str) -> re.Pattern[str]:
    """A blank stands for any white space; whole words only."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])".replace(" ", r"\s{1,4}"), re.IGNORECASE)


_STUDIES = r"(?:studies|trials|research|science|evidence|meta-analyses|reviews|experiments|guidelines|registries)"
_STUDY = r"(?:study|trial|meta-analysis|review|experiment|analysis|survey|registry|paper)"
_CLAIMED = _compiled(
    rf"(?P<noun>{RESEARCH}|(?P<perhaps>{PERHAPS}))(?P<gap>{GAP})"
    rf" (?P<said>{COMPLETED}|{AUXILIARY}(?P<verb>{RESULTS}|(?P<work>{WORK})))"
)
_PEOPLE_SAY = _compiled(
    rf"(?:(?P<noun>{SCIENTISTS})(?P<gap>{GAP}) (?P<said>{COMPLETED}|{AUXILIARY}(?P<verb>{RESULTS}|(?P<work>{WORK})|{THOUGHTS}))"
    rf"|(?P<doctors>{DOCTORS}){GAP} (?:{COMPLETED}|{AUXILIARY}(?P<opinion>{OPINIONS})))"
)
_SOCIETY_SAYS = _compiled(
    rf"{SOCIETIES}(?: (?:of|for|on|in|and|the|(?-i:[A-Z])[\w’'-]{{1,20}})){{0,9}}? {AUXILIARY}"
    r"(?:recommend(?:s|ed)?|advises?|advised|suggests?|suggested|estimates?|estimated|states?|stated|conclude[sd]?|reports|reported"
    r"|found|endorse[sd]?|supports?|warns?|warned|urges?|considers?|lists|calls (?:it|this|exercise))"
)
_TEAM_FOUND = _compiled(
    r"(?:an?|one|another|the same)(?: [\w-]{1,20}){0,2}? (?P<noun>team|group)(?P<gap>(?: (?:of|from|at|in|led by)"
    r"(?: (?!(?:our|your|we|you|volunteers|runners|patients|friends|members|readers|neighbors|neighbours)\b)[\w’'-]{1,20}){1,6}?)?)"
    r" (?:has |have |had |recently |later |then ){0,2}"
    r"(?:found|learned|showed|shown|discovered|concluded|reported|tracked|compared|studied|measured|examined|observed|followed|tested"
    r"|analy[sz]ed|asked|randomly|calculated)"
)
_ACCORDING = _compiled(
    r"according to (?P<whose>(?:(?!your |our |my |data )[\w’'-]{1,30} ){0,4}?)"
    rf"(?P<noun>{RESEARCH}|{PERHAPS}|{SCIENTISTS}|(?P<doctors>{DOCTORS}))"
    r"(?! (?:plans?|protocols?|sheets?|protection|privacy|laws?|papers?)\b)"
)
_BEEN_SHOWN = _compiled(
    r"(?:has|have|had|was|were|is|are|been)(?: been)?(?: (?!not|never)\w{1,15}){0,2}"
    r" (?:shown|proven|proved|demonstrated|documented)"
    rf" (?:that|in (?:[\w-]{{1,20}} ){{0,3}}{_STUDIES}|by (?:[\w-]{{1,20}} ){{0,3}}{_STUDIES}"
    r"|to (?!you|us|me|him|her|them|the|your|our|a|an|every|each|all|this|people|patients|readers|visitors|guests|children|staff)\w{2,20})"
)
_IN_SOURCES = _compiled(
    r"(?:confirmed|found|observed|seen|reported|replicated|reproduced|described|established|noted|documented|borne out|tested"
    r"|studied|repeated) (?:in|by|across) (?:(?!your |our |my |the |these |those |this )[\w-]{1,20} ){0,4}"
    r"(?:studies|trials|meta-analyses|experiments|systematic reviews|registries)"
    r"|(?:replicated|reproduced) (?:many times|several times|time and again|again and again|repeatedly|elsewhere)"
    rf"|as (?:was |has been )?(?:shown|seen|demonstrated|reported|found|described|proven) (?:in|by) "
    rf"(?:(?!your |our |my |the |this )[\w-]{{1,20}} ){{0,4}}(?:{_STUDIES}|{_STUDY}|researchers|scientists)"
)
_PROVEN = _compiled(
    r"(?:clinically|scientifically|medically) (?:proven|proved|shown|tested|established)"
    r"|(?:backed|supported|confirmed|underpinned)(?: up)? by (?:(?!your |our |my )[\w-]{1,20} ){0,4}"
    r"(?:science|research|studies|evidence|trials|data)"
    r"|(?:is|been|was)(?: now| long| quite)? (?:well|firmly|scientifically|clinically) (?:established|documented|proven) that"
    r"|(?:studies?|trial|paper) after (?:study|trial|paper)"
    r"|consensus(?: (?:among|of|in|from)(?: (?!(?:our|office|clinic|team|room|house)\b)[\w-]{1,20}){1,4}?)? (?:is|remains|holds) that"
    r"|(?:scientific|medical|expert|clinical) consensus"
)
_THERE_IS = _compiled(
    rf"(?:there is|there’s|there's|we have|we now have)(?:,? (?:and )?(?:{STRONG})){{1,5}}"
    r" (?:evidence|proof) (?:that|for|behind|against|to (?:support|show|suggest|back)|of an?|from|in favou?r)"
    rf"|(?:there is|there are|we have)(?: (?:{STRONG}|many|several)){{1,3}} (?:research|studies|trials|data)"
    r" (?:that |to )(?:back|support|show|suggest)"
    r"|(?:evidence|research|science|data|literature)(?: (?:for|against|that|behind|on|from)(?: [\w’'-]{1,20}){1,6}?)? "
    r"(?:is|are|looks|remains|keeps|continues to be|has been)(?: (?:now|very|quite|really|fairly|rather|still|so far|firmly|squarely))? "
    rf"(?:{STATES})"
    r"|evidence (?:mounts|grows|keeps (?:mounting|growing|building|piling up)|continues to (?:mount|grow|build|pile up|accumulate))"
)
#: what is said of many studies in passing
_STATE_OF_STUDIES = _compiled(
    rf"(?:studies|trials|meta-analyses|findings)(?P<gap>{GAP}) (?:are|were|have been|remain)(?: (?:now|very|quite|fairly|also|largely))? "
    r"(?:mixed|consistent|promising|encouraging|reassuring|conflicting|inconclusive|unanimous|in agreement)"
    r"|(?:evidence|research)(?: (?:for|against|that|behind|on|from)(?: [\w’'-]{1,20}){1,6}?)? (?:is|remains|looks)"
    r"(?: (?:very|quite|rather|fairly|still))? (?:thin|weak|limited|mixed|scarce|sparse|conflicting|inconclusive)"
)
_IN_STUDIES = _compiled(
    r"in (?:an?|one|another|(?P<many>several|many|most|two|three|four|both|some|other)|recent|clinical|large|controlled|randomi[sz]ed"
    r"|small|early|long-term|(?:19|20)\d\d)"
    rf"(?: [\w’'-]{{1,20}}){{0,4}}? (?P<noun>studies|trials|meta-analyses|reviews|experiments|surveys|{_STUDY})(?P<gap>{GAP}),"
)
_KNOWN = _compiled(
    r"it (?:is|has been|has long been|was)(?: (?:now|widely|generally|long|well|commonly)){1,2} (?:known|accepted|recogni[sz]ed|understood"
    r"|agreed) (?:that|since)|it has (?:long )?been (?:known|accepted|recogni[sz]ed) (?:that|since|for)"
    r"|(?:has|have)(?: also| long| often| repeatedly){0,2} been (?:linked|tied|associated|connected) (?:to|with)"
    r"|(?:is|are)(?: \w{3,12}ly)? (?:linked|associated|tied) (?:to|with)(?: an?| the)? (?:higher|lower|greater|increased|reduced|better"
    r"|worse|poorer|more|less|fewer|slower|faster|risk|elevated)"
    r"|(?:has|have) (?:long )?been (?:found|reported|observed) to"
)

#: "recent studies question this": any verb will do
_DO_SOMETHING = _compiled(
    r"(?P<noun>studies|trials|meta-analyses|systematic reviews|findings|research teams|experts|researchers|scientists|investigators)"
    r"(?: over the (?:past|last) (?:[a-z]{2,8} )?(?:decades?|years))? (?P<any>(?:has|have) [a-z]{2,13}(?:ed|en|wn)|[a-z]{3,15})"
    r"|(?:modern|recent|current|new|newer|medical|scientific|clinical|published|careful) (?P<mass>research|science) [a-z]{3,12}[a-rt-z]s"
    r" (?:a|an|the|that|this|our|us|some|no|how|why|what|new)"
)

#: no sentence is longer
_SENTENCE = 2_000
#: one of these is in every appeal
_HINT = re.compile(
    r"stud|trial|research|evidence|scien|literat|meta-?anal|guideline|data|result|finding|analys|review|paper|survey|report|regist"
    r"|experiment|expert|doctor|surgeon|physic|special|therapist|ologist|orthop|investig|author|shown|prove|demonst|document|tested"
    r"|consensus|statement|team|group|linked|tied|associated|connected|known|recogni|accepted|understood|agreed|been|follow-?up|academ"
    r"|compar|scholar|statistic|biomech|econom|college|society|organi|institut|committee|council|task|federation|collab|league|foundation|work"
    r"|WHO|CDC|NIH|FDA|NICE|AAOS|ACR|OARSI|IOC|USPSTF|ACSM|EULAR|replicated|reproduced|cohort|establish",
    re.IGNORECASE,
)
_LEADS = re.compile(r"[\s\S]*[,;:–—(.!?“”\"]")
_WORDS = re.compile(r"[\w’'-]+")


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """Where it stands in the text."""

    start: int
    end: int
    #: whether it speaks of a study that was named before
    refers_back: bool = False
    #: as "the science" does, which no study stands for, unless one was named just now
    refers_to_all: bool = False
    #: whether nothing else can be meant
    sure: bool = True
    #: whether it introduces one study, of which the next sentence tells the results: "One trial compared two braces."
    introduces: bool = False


def appeals(text: str) -> Iterator[Appeal]:
    """All appeals of a sentence; they may overlap."""
    text = text[:_SENTENCE]
    if text.rstrip("\"”’') ").endswith("?") or not _HINT.search(text):
        return
    for pattern, is_one, is_sure in _PATTERNS:
        at = 0
        while match := pattern.search(text, at):
            before = _clause(text, match.start())
            good = not denied(before) and is_one(text, match, before)
            if good:
                yield _appeal(match, before, is_sure(text, match, before))
            # a longer one may hide a shorter one, as "results of a trial showed" does
            at = match.end() if good else match.start() + 1


def _appeal(match: re.Match[str], before: list[str], sure: bool) -> Appeal:
    noun = (match.groupdict().get("noun") or "").lower()
    return Appeal(
        start=match.start(),
        end=match.end(),
        refers_back=bool(noun) and refers_back(before),
        refers_to_all=noun in doubts.OF_ALL,
        sure=sure,
        introduces=bool(match.groupdict().get("work")) and not noun.endswith("s"),
    )


def _clause(text: str, start: int) -> list[str]:
    """The last words in front, back to the last comma or the like."""
    near = text[max(0, start - 80) : start].lower()
    lead = _LEADS.match(near)
    return _WORDS.findall(near[lead.end() if lead else 0 :])


def _of_medicine(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Whether it is a society of medicine, and speaks of its field."""
    del before
    behind = text[match.end() : match.end() + 30]
    found = match[0].lower().endswith("found") and not doubts.finds_out(text, match.end())
    named = re.search(OF_MEDICINE, text[max(0, match.start() - 60) : match.end()])
    return bool(named) and not found and not re.search(r"\b(?:its|our|their)\b", behind)


def _does_something(text: str, match: re.Match[str], before: list[str]) -> bool:
    return doubts.not_asked(text, match, before) if match["mass"] else doubts.does_something(text, match, before)


def _yes(text: str, match: re.Match[str], before: list[str]) -> bool:
    del text, match, before
    return True


def _no(text: str, match: re.Match[str], before: list[str]) -> bool:
    return not _yes(text, match, before)


#: what is looked for, whether it is an appeal, and whether that is sure
_PATTERNS: tuple[tuple[re.Pattern[str], _Judge, _Judge], ...] = (
    (_CLAIMED, doubts.claims, doubts.surely_claims),
    (_PEOPLE_SAY, doubts.say, doubts.surely_say),
    (_ACCORDING, doubts.accord, _yes),
    (_BEEN_SHOWN, doubts.shown, _yes),
    (_PROVEN, doubts.not_asked, _yes),
    (_IN_SOURCES, doubts.not_asked, _yes),
    (_THERE_IS, doubts.not_asked, _yes),
    (_IN_STUDIES, doubts.takes_place, doubts.surely_took_place),
    (_STATE_OF_STUDIES, doubts.not_asked, _no),
    (_KNOWN, doubts.shown, _no),
    (_DO_SOMETHING, _does_something, _no),
    (_TEAM_FOUND, doubts.team, _no),
    (_SOCIETY_SAYS, _of_medicine, _no),
)
