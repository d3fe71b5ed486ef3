"""Numbers that say something about patients or outcomes, in English: per cents, ratios, means, risks. A text in, numbers out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEOPLE = (
    r"patients?|people|persons?|adults?|women|woman|men|man|children|runners?|walkers?|athletes?|participants?|volunteers?"
    r"|knees?|hips?|joints?|shoulders?|implants?|operations?|surgeries|replacements?|cases|subjects|recipients?|smokers"
    r"|individuals|men and women|Americans|Britons|Canadians|teenagers|seniors|swimmers|tears|falls|repairs|fractures"
    r"|tendons|injuries"
)
#: with an end, so that a long row of digits is gone through once
_DIGITS = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,7}(?:[.·]\d{1,4})?)(?!\d)"
_WORD = r"one|two|three|four|five|six|seven|eight|nine|ten"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
_WRITTEN = rf"(?:{_TENS}|eleven|twelve|fifteen|{_WORD})"
_SHARE = r"(?:half|one half|(?:a|one)[ -]third|two[ -]thirds|(?:a|one)[ -]quarter|three[ -]quarters|(?:a|one)[ -]fifth)"
_OF_PEOPLE = (
    r"(?: of)?(?: (?:the|all|these|those|our|such|its|treated|operated|total|older|younger|healthy)){0,3}"
    rf"(?: [\w-]{{1,20}}){{0,2}}? (?:{_PEOPLE})"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    """A blank stands for any white space."""
    return re.compile(pattern.replace(" ", r"\s{1,4}"), re.IGNORECASE)


_PERCENT = rf"(?<![\w.,])(?:(?P<value>{_DIGITS})\s?%|(?P<written>{_DIGITS}|{_WRITTEN})[\s-]per[\s-]?cent\b)"
_PERCENT_OF_PEOPLE = _compiled(rf"{_PERCENT}(?:{_OF_PEOPLE})\b")
_SURE = _compiled(
    r"(?<!\w)n ?= ?\d|(?<!\w)p ?[<=≤] ?0?[.·]\d+|95\s?% (?:CI|confidence interval)\b"
    r"|\b(?:hazard|odds|risk|rate) ratios? (?:of |was |[=:] ?)?\d"
)
_RATIO = _compiled(
    rf"(?<![\w.,])(?:(?P<part>\d{{1,4}})|(?:{_WORD}))(?: out of| of| in)(?: every| each)?"
    rf" (?:(?P<whole>\d{{1,6}}|1,000|10,000|100,000)|(?:{_WORD}|twenty|fifty|a hundred|hundred|a thousand))"
    rf"(?: of)?(?: (?:the|all|our|older|younger|treated|operated|healthy)){{0,2}}(?: [\w-]{{1,20}})? (?:{_PEOPLE})\b"
)
_SHARE_OF_PEOPLE = _compiled(
    rf"(?<![\w-]){_SHARE} of (?:(?:the|all|these|those|such|older|younger|treated|operated|healthy|adult|injured|shoulder|knee|hip|stress"
    rf") ){{0,3}}(?:{_PEOPLE}|those who|all who)\b"
)
#: ten thousand or more
_HUGE = rf"(?:{_DIGITS})(?:(?<=\d\d,\d{{3}})|(?<=\d{{5}}))"
_EVERY_YEAR = _compiled(
    rf"(?<![\w.,$€£]){_HUGE} (?:[\w-]{{1,20}} ){{0,2}}?(?:{_PEOPLE})\b(?=.{{0,120}}?\b(?:each|every|a|per) year)"
    rf"|\b(?:each|every) year,? (?:[\w-]{{1,20}} ){{0,4}}?{_HUGE} (?:[\w-]{{1,20}} ){{0,2}}?(?:{_PEOPLE})\b"
)
_MILLIONS = _compiled(
    rf"(?<![\w.,$€£])(?:{_DIGITS}) (?:million|billion) (?:[\w-]{{1,20}} ){{0,2}}(?:{_PEOPLE}|Americans)\b"
)
_GROUP = _compiled(
    rf"\b(?:in|among|of|followed|studied|included|compared|enrolled|examined|treated) (?:{_DIGITS})"
    rf"(?<=\d\d) (?:[\w-]{{1,20}} ){{0,2}}?(?:{_PEOPLE})\b"
)
_TIMES = _compiled(
    rf"\b(?:twice|thrice|(?:{_DIGITS}|{_WORD})(?:[ -]times|-?fold)) (?:as (?:likely|common|effective|high|great|frequent)"
    r"|(?:more|less) (?:likely|common|effective|frequent)|(?:higher|greater|lower)(?: (?:risk|rate|chance|odds)| (?:for|in|among|after))?)"
    r"|\b(?:twice|double|triple|half|three times|four times|five times) (?:the|their) (?:[\w-]{1,20} )?(?:risks?|odds|chances?|rates?)\b"
    r"|\bhalf as (?:likely|common|high|effective)"
    r"|\b(?:risks?|odds|chances?|rates?|number|pain)(?: of(?: [\w-]{1,20}){1,4}?)? (?:is |was |has |had )?"
    r"(?:doubles?|doubled|triples?|tripled|halves|halved)\b"
    r"|\b(?:doubles?|doubled|triples?|tripled|halves?|halved) (?:the|their|your|his|her) "
    r"(?:[\w-]{1,20} )?(?:risks?|odds|chances?|rates?|pain)\b"
    r"|\b(?:by|to) (?:almost |about |nearly |over |more than )?(?:half|a third|two thirds|a quarter|three quarters)\b"
)
_MEAN = _compiled(
    r"\b(?:mean|median)(?: [\w-]{1,20}){0,6}? (?:of |was |were |fell |rose |to |from |by |, )?\d"
    r"|\baverage (?:pain|age|score|improvement|gain|loss|reduction|difference|follow-up|survival|recovery)(?: [\w-]{1,20}){0,6}? \d"
)
_FOLLOW_UP = _compiled(
    rf"(?:{_DIGITS}|{_WORD})[ -](?:years?|months?)(?:’s?|'s?)?[ -]follow-?up\b(?! (?:visits?|appointments?|checks?|calls?|x-rays?))"
    rf"|\bfollow-?up (?:of|was|for) (?:{_DIGITS}|{_WORD}) (?:years?|months?)"
    rf"|\bwere followed(?: up)? for (?:[\w-]{{1,20}} ){{0,3}}?(?:{_DIGITS}|{_WORD}) (?:years?|months?|weeks?)"
)
#: without one of these a per cent says nothing about patients
_OUTCOME = re.compile(
    rf"\b(?:{_PEOPLE}|pain|painful|function|stiffness|risks?|survival|survive[ds]?|success(?:ful|fully)?|satisf\w{{2,9}}|recover\w{{0,5}}"
    r"|improve\w{0,5}|complications?|infections?|infected|revisions?|failures?|failed|fractures?|surgery|arthritis|osteoarthritis"
    r"|symptoms?|strength|mobility|swelling|disability|cartilage|density"
    r"|tears?|re-?tears?|reinjur\w{1,4}|injur\w{1,4}|deaths?|died|mortality|falls|relief|effective)\b",
    re.IGNORECASE,
)
#: money, effort, mixtures and one's own body: instructions and offers
_OTHER = re.compile(
    r"[$€£]|\b(?:discount|price[sd]?|prices|fees?|cost[s]?|insurance|insurer|tax|vat|off|save[s]?|deposit|refund|alcohol|solution|saline|"
    r"gel|cream|cotton|incline|effort|humidity|battery|maximum|heart rate|weight[- ]bearing|interest|staff|seats?|places|"
    r"dose|dosage|mg|ml|glucose|oxygen|zoom|brightness|volume|salary|capacity|open rate|donat\w{0,5}|coupon|voucher|"
    r"members?|subscribers?|readers?|pays?|paid|paying|copay|co-pay|deductible|rain|snow|traffic|parking|raffle|prize|seat)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\s{0,3}of\s{1,3}(?:you|your|us|our|the weight|body weight|their body weight|the effort)", re.IGNORECASE
)
#: in a race or a room anybody can count them
_COUNTED_HERE = re.compile(
    r"\b(?:rooms?|class(?:es)?|team|marathon|race|parade|festival|fair|audience|crowd|line up|open house|show)\b",
    re.IGNORECASE,
)
#: these say "we": a practice's own facts
_OURS = re.compile(r"\b(?:we|our|us|ours)\b", re.IGNORECASE)
_ASKED = re.compile(
    r"^\W{0,3}(?:if|suppose|imagine|say|let us say|aim|try|walk|rest|put|take|keep|do|use|cut|raise|lower|add|lift|turn|call"
    r"|bring|bend|hold|repeat|begin|start|stop)\b",
    re.IGNORECASE,
)
#: no sentence is longer
_SENTENCE = 2_000
_NUMBERED = re.compile(
    rf"\d|\b(?:{_WORD}|twice|thrice|doubl|tripl|halve|half|third|quarter|fifth|mean|median|average|percent|per\s?cent)",
    re.IGNORECASE,
)
_SHARES = frozenset(("100", "0", "110", "50/50"))


@dataclass(frozen=True, kw_only=True)
class Number:
    """Where it stands in the text; sure when nothing but research says it so."""

    start: int
    end: int
    sure: bool


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a sentence that need a source; they may overlap."""
    text = text[:_SENTENCE]
    if not _NUMBERED.search(text) or _ASKED.match(text) or text.rstrip("\"”’') ").endswith("?"):
        return
    ours = bool(_OURS.search(text))
    other, outcome = bool(_OTHER.search(text)), bool(_OUTCOME.search(text))
    for pattern, sure in _ALWAYS:
        for match in pattern.finditer(text):
            if match.re in _OF_ANYBODY and (ours or _COUNTED_HERE.search(text)):
                continue
            if (match.re is _SURE or not other) and (match.re is not _TIMES or outcome) and _is_a_share(match):
                yield Number(start=match.start(), end=match.end(), sure=sure and not ours)
    if outcome and not other:
        yield from _percents(text)


def _percents(text: str) -> Iterator[Number]:
    for match in _ANY_PERCENT.finditer(text):
        if (match["value"] or match["written"]) not in _SHARES and not _YOURS.match(text, match.end()):
            yield Number(start=match.start(), end=match.end(), sure=False)


def _is_a_share(match: re.Match[str]) -> bool:
    """Not "100 % of patients", nor "2 of 2 knees"."""
    found = match.groupdict()
    if (found.get("value") or found.get("written")) in _SHARES:
        return False
    part, whole = found.get("part"), found.get("whole")
    return not (part and whole) or int(part) < int(whole.replace(",", ""))


_ANY_PERCENT = _compiled(_PERCENT)
_OF_ANYBODY = {_SHARE_OF_PEOPLE, _EVERY_YEAR}
_ALWAYS = (
    (_SURE, True),
    (_PERCENT_OF_PEOPLE, True),
    (_RATIO, True),
    (_SHARE_OF_PEOPLE, False),
    (_EVERY_YEAR, False),
    (_MILLIONS, False),
    (_TIMES, False),
    (_MEAN, False),
    (_FOLLOW_UP, False),
    (_GROUP, False),
)
