"""English words that appeal to evidence: "studies show", "surgeons agree", "it has been proven". A text in, appeals out.

An appeal claims something in the name of research. No appeals are questions ("what the studies show"), what was not found
("no study has shown"), what may come ("trials will show") and what one's own people say ("our surgeons recommend").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: always mean research
_RESEARCH = r"studies|study|trials?|research|evidence|science|literature|meta-?analys[ei]s|guidelines?"
#: mean research where a word in front says so, or where they begin the clause
_PERHAPS = r"data|results|findings|analys[ei]s|reviews?|papers?|surveys?|reports?|registr(?:y|ies)|experiments?"
_DOCTORS = (
    r"doctors|surgeons|physicians|specialists|physiotherapists|physical therapists|rheumatologists|orthopa?edists"
)
_SCIENTISTS = r"scientists|researchers|experts|investigators|authors"
#: what belongs to the noun: "of 300 runners in Norway". A pronoun or an auxiliary begins something else.
_GAP = (
    r"(?: (?:of|in|on|from|by|at|with|about|among|into|published|conducted|led|done)"
    r"(?: (?!(?:we|you|i|they|he|she|it|our|your|my|who|that|which|what|how|but|to|is|are|was|were|be|has|have|had|will"
    r"|can|may|might|should|would|could|must|do|does|did|not)\b)[\w’'&%,.-]{1,30}){1,10}?)?"
)
_AUXILIARY = (
    r"(?:(?:has|have|had|also|now|already|since|long|clearly|consistently|repeatedly|strongly|even|often) ){0,3}"
)
_COMPLETED = r"(?:has|have|had)(?: (?!not|never|yet)\w{1,15}){0,2} (?:shown|proven)"
_VERB = (
    r"shows?|showed|suggests?|suggested|indicates?|indicated|finds?|found|demonstrates?|demonstrated|proves?|proved"
    r"|confirms?|confirmed|reports?|reported|concludes?|concluded|supports?|supported|reveals?|revealed|points? to"
    r"|pointed to|agrees?|says?|tells us|estimates?|estimated|recommends?|recommended|discovered|established"
    r"|links?|linked|compares?|compared|followed|looked at|examined|tested|measured"
)
_PERSON_VERB = (
    r"agree|believe|recommend|say|warn|advise|found|discovered|showed|report|reported|conclude|concluded|estimate"
    r"|estimated|suggest|suggested|learned|linked"
)
_STRONG = (
    r"good|strong|growing|solid|clear|increasing|ample|some|convincing|robust|high-quality|moderate|reliable|considerable"
    r"|overwhelming|new|recent|plenty of|a lot of|scientific|clinical|also"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    """A blank stands for any white space; whole words only."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])".replace(" ", r"\s{1,4}"), re.IGNORECASE)


_NOUN = rf"(?P<noun>{_RESEARCH}|(?P<perhaps>{_PERHAPS}))"
_CLAIMED = _compiled(rf"{_NOUN}(?P<gap>{_GAP}) (?P<said>{_COMPLETED}|{_AUXILIARY}(?P<verb>{_VERB}))")
_PEOPLE_SAY = _compiled(
    rf"(?P<noun>{_SCIENTISTS}|(?P<doctors>{_DOCTORS}))(?P<gap>{_GAP})"
    rf" (?P<said>{_COMPLETED}|{_AUXILIARY}(?P<verb>{_PERSON_VERB}))"
)
_ACCORDING = _compiled(
    r"according to (?P<whose>(?:(?!your |our |my |data )[\w’'-]{1,30} ){0,4}?)"
    rf"(?P<noun>{_RESEARCH}|{_PERHAPS}|{_SCIENTISTS}|(?P<doctors>{_DOCTORS}))"
    r"(?! (?:plans?|protocols?|sheets?|protection|privacy|laws?|papers?)\b)"
)
_BEEN_SHOWN = _compiled(
    r"(?:has|have|had|was|were|is|are|been)(?: been)?(?: (?!not|never)\w{1,15}){0,2}"
    r" (?:shown|proven|proved|demonstrated|documented)"
    r" (?:that|in (?:\w{1,15} ){0,2}(?:studies|trials|research)|by (?:\w{1,15} ){0,2}(?:studies|research|science)"
    r"|to (?!you|us|me|him|her|them|the|your|our|a|an|every|each|all|this|people|patients|readers|visitors|guests|children|staff)\w{2,20})"
)
_PROVEN = _compiled(
    r"(?:clinically|scientifically|medically) (?:proven|proved|shown|tested)"
    r"|(?:backed|supported|confirmed|underpinned) by (?:(?!your |our |my )[\w-]{1,20} ){0,4}"
    r"(?:science|research|studies|evidence|trials|data)"
)
_THERE_IS = _compiled(
    rf"(?:there is|there’s|there's|we have|we now have)(?: (?:{_STRONG})){{1,3}}(?:,? (?:and )?(?:{_STRONG})){{0,2}}"
    r" evidence (?:that|for)"
    r"|(?:evidence|research|science|data|literature) (?:is|are)(?: (?:now|very|quite|really))? "
    r"(?:clear|strong|convincing|overwhelming|solid|unequivocal|robust|compelling)"
)
_IN_STUDIES = _compiled(
    r"in (?:a|an|one|another|several|many|most|two|three|recent|clinical|large|controlled|randomi[sz]ed|(?:19|20)\d\d)"
    rf"(?: [\w-]{{1,20}}){{0,3}}? (?P<noun>studies|study|trials?|meta-analys[ei]s){_GAP},"
)

_NOT = frozenset(
    "no not few neither nor without hardly never little none isn't isn’t aren't aren’t don't don’t any".split()
)
_ASKED = frozenset(
    """what how whether if until unless why which when where whose suppose supposing imagine say says claim claims
    claiming headlines adverts pretend""".split()
)
_OWN = frozenset("your my our his her".split())
_REFER_BACK = frozenset("this these that those the its their both such same they".split())
#: "the survey" is often the practice's own
_OF_THE_HOUSE = frozenset("survey surveys report reports".split())
_OTHER_STUDIES = frozenset(
    """nerve conduction sleep imaging bone x-ray gait motion blood lab laboratory test mri ct scan radiology pathology
    home free safety house visitor training website booking balance""".split()
)
_SAYS_RESEARCH = frozenset(
    """a an one another recent new newer several two three four five six many most some published clinical scientific large
    small larger systematic pooled national registry long-term study trial research this these cochrane randomised randomized
    controlled independent danish swedish norwegian british american dutch german international the early latest survey""".split()
)
_OF_A_TEAM = frozenset("our your my the these those both two three his her their whose other fellow".split())
#: behind "studies found": then it says where they are
_PLACES = frozenset("in at on here below above by with under online today everywhere".split())
_LEADS = re.compile(r"[\s\S]*[,;:–—(.!?“”\"]")
_WORDS = re.compile(r"[\w’'-]+")
_NEXT = re.compile(r"\W{0,3}([\w’'-]+)")
_SAYS_A_WORD = re.compile(r"\s{0,3}[\"“‘']")
_TELLS_HOW = frozenset("you your".split())
#: no sentence is longer
_SENTENCE = 2_000
#: one of these is in every appeal
_HINT = re.compile(
    r"stud|trial|research|evidence|scien|literat|meta-?anal|guideline|data|result|finding|analys|review|paper|survey|report|regist"
    r"|experiment|expert|doctor|surgeon|physic|special|therapist|rheumat|orthop|investig|author|shown|prove|demonst|document|tested",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """Where it stands in the text. It refers back when it speaks of a study that was named before."""

    start: int
    end: int
    refers_back: bool = False


def appeals(text: str) -> Iterator[Appeal]:
    """All appeals of a sentence; they may overlap."""
    text = text[:_SENTENCE]
    if text.rstrip("\"”’') ").endswith("?") or not _HINT.search(text):
        return
    for pattern, is_one in _PATTERNS:
        for match in pattern.finditer(text):
            before = _clause(text, match.start())
            if not _NOT & set(before[-4:]) and is_one(text, match, before):
                back = bool(_REFER_BACK & set(before[-3:])) and "noun" in match.re.groupindex
                yield Appeal(start=match.start(), end=match.end(), refers_back=back)


def _clause(text: str, start: int) -> list[str]:
    """The last words in front, back to the last comma or the like."""
    near = text[max(0, start - 80) : start].lower()
    return _WORDS.findall(near[_lead(near) :])


def _lead(near: str) -> int:
    match = _LEADS.match(near)
    return match.end() if match else 0


def _claims(text: str, match: re.Match[str], before: list[str]) -> bool:
    near = set(before[-2:])
    if _ASKED & set(before[-5:]) or (_OTHER_STUDIES | _OWN) & near:
        return False
    if (
        match["perhaps"]
        and before
        and not (_SAYS_RESEARCH & set(before[-4:]) or any(map(_YEAR.fullmatch, before[-3:])))
    ):
        return False
    if match["perhaps"] and before[-1:] == ["the"] and match["noun"].lower() in _OF_THE_HOUSE:
        return False
    return _is_a_verb(match, _following(text, match.end()))


def _is_a_verb(match: re.Match[str], following: str) -> bool:
    """Whether it says something: "studies found in this letter" and "research reports" do not."""
    verb, helped = (match["verb"] or "").lower(), match["said"].lower().startswith(("has", "have", "had"))
    if (
        verb in {"found", "reported", "supported", "linked", "compared", "tested", "recommended", "examined"}
        and not helped
    ):
        return following not in _PLACES
    if verb in {"report", "reports", "link", "links", "support", "find"} and match["noun"].lower() in _ALSO_MODIFY:
        return following in _BEGIN_AN_OBJECT
    if verb in {"show", "shows", "tells us"}:
        return following not in _TELLS_HOW
    return True


_ALSO_MODIFY = frozenset({"research", "study", "trial", "data", "science", "survey"})
_BEGIN_AN_OBJECT = frozenset("that the a an this no fewer less more better that’s inactivity exercise".split())


def _say(text: str, match: re.Match[str], before: list[str]) -> bool:
    if _ASKED & set(before[-5:]) or {"our", "your", "my", "fellow"} & set(before[-3:]):
        return False
    if match["doctors"] and before and before[-1] in _OF_A_TEAM:
        return False
    if (match["verb"] or "").lower() == "say" and _SAYS_A_WORD.match(text, match.end()):
        return False
    return (match["verb"] or "").lower() != "found" or _following(text, match.end()) not in _PLACES


def _accord(text: str, match: re.Match[str], before: list[str]) -> bool:
    del text, before
    whose = match["whose"].lower().split()
    return not (match["doctors"] and whose and whose[0] in _OF_A_TEAM)


def _shown(text: str, match: re.Match[str], before: list[str]) -> bool:
    del text, match
    return not _ASKED & set(before[-5:]) and not {"you", "we", "they", "i"} & set(before[-2:])


def _always(text: str, match: re.Match[str], before: list[str]) -> bool:
    del text, match
    return not _ASKED & set(before[-5:])


def _following(text: str, end: int) -> str:
    match = _NEXT.match(text, end)
    return match[1].lower() if match else ""


_PATTERNS = (
    (_CLAIMED, _claims),
    (_PEOPLE_SAY, _say),
    (_ACCORDING, _accord),
    (_BEEN_SHOWN, _shown),
    (_PROVEN, _always),
    (_THERE_IS, _always),
    (_IN_STUDIES, _always),
)
