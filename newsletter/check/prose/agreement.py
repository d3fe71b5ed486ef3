"""One or several: "these study", "both knee hurt", "each exercises"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.counted import DONE, PERSONS, THINGS, is_also_done, is_one, plural
from newsletter.check.prose.languages import english
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_SINGLES = {plural(word): word for word in (*THINGS, *DONE)}
_PERSONS = {plural(word): word for word in PERSONS}
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten"
#: a word for several, the next word, and what stands behind that
_MANY = re.compile(
    rf"(?<![\w'’-])(?P<many>these|those|many|several|few|both|{_NUMBERS})(?=\s+(?P<one>[a-z]{{3,30}})(?![\w'’-])"
    r"(?P<end>\s*[.,;:!?)]|\s*$)?(?:\s+(?P<next>[a-z]{2,20})(?![\w'’-])(?P<behind>\s+[a-z]+|[.,;!?]|$)?)?)",
    re.IGNORECASE,
)
_SEVERAL = frozenset({"these", "those", "many", "several", "few"})
#: behind these the noun is at its end; before another noun a singular is right: "these study results"
_SMALL = frozenset("in of for with from to and or but that which who as at on by can may will should".split())
_VERBS = frozenset(
    """is are was were has have had show shows showed suggest suggests found find finds help helps do does did heal heals hurt
    told tell come came stop stopped take took hold held make made need get got go went feel felt seem became become""".split()
)
#: no noun looks like these: before them any word that can be counted was meant to be several
_CLEAR = frozenset(
    """are were have need differ tell told come came seem seemed become became took went gave fell rose grew began agree
    suggest include require contain improve recover remain occur""".split()
)
#: and behind a past tense stands one of these, else it may describe the next word: "these plant based foods"
_OBJECTS = frozenset(
    """the a an us them you her him it no in on at after before when while within from than more less little much well most
    both their our your its over by""".split()
)
#: "these show improved strength", but not "these tear caused the"
_DETERMINERS = frozenset("the a an us them you her him it their our your".split())
#: "phase two trial came", "type two tear": the number is a name
_NAMED = re.compile(
    r"(?:phase|part|stage|type|grade|level|step|week|day|month|chapter|number|table|figure|zone|option|version|class|group|tier"
    r"|round|section|lesson|module|page|line|in|of|to|at|by|or|and|a|an)\s+\Z",
    re.IGNORECASE,
)
_REACH = 16
#: "both memory managed there and memory elsewhere"
_AND = re.compile(r"[^.!?;:,]{0,120}\sand\s")
_SINGLE = re.compile(
    rf"(?<![\w'’-])(?P<single>this|each|every|another)\s+(?P<more>{'|'.join((*_SINGLES, *_PERSONS))})(?![\w'’-])"
    r"(?P<verb>\s+(?:is|was|has|of|counts|helps|needs|takes|matters|shows|should|can|may|will)\b)?",
    re.IGNORECASE,
)


@issue_rule("number-disagrees", Level.WARNING)
def numbers_agree(content: Content) -> Iterator[Finding]:
    """A word for several before a word for one, or the other way round.

    "These study", "many patient", "both knee hurt", "this exercises is": mostly left when a sentence was changed. English only.

    Bad:

        These study showed little, and each exercises has its limits.

    Good:

        These studies showed little, and each exercise has its limits.
    """
    if not english(content):
        return
    for run in every_run(content):
        for at, wrong, right in disagreements(run.text):
            yield Finding(at=run.place(at), message=f'"{wrong}": one or several?', fix=f'Write "{right}".')


def disagreements(text: str) -> list[tuple[int, str, str]]:
    """Offset, what is wrong, and what was meant."""
    return sorted((*_too_few(text), *_too_many(text)))


def _too_few(text: str) -> Iterator[tuple[int, str, str]]:
    for found in _MANY.finditer(text):
        many, one = found["many"], found["one"].lower()
        if many.lower() not in _SEVERAL and _NAMED.search(text, max(0, found.start() - _REACH), found.start()):
            continue
        if _should_be_several(found, many.lower(), one):
            yield found.start(), f"{many} {found['one']}", f"{many} {plural(one)}"


def _should_be_several(found: re.Match[str], many: str, one: str) -> bool:
    following = (found["next"] or "").lower()
    if many == "both" and _AND.match(found.string, found.end()):
        return False
    if one in THINGS or one in PERSONS:
        if following in _VERBS:
            return True
        if many in _SEVERAL and (found["end"] is not None or following in _SMALL):
            return True
    if following in _CLEAR:
        return is_one(one)
    behind = (found["behind"] or ".").strip().lower()
    past = following.endswith("ed") and (not behind.isalpha() or behind in _OBJECTS)
    return past and is_one(one) and (behind in _DETERMINERS or not is_also_done(one))


def _too_many(text: str) -> Iterator[tuple[int, str, str]]:
    for found in _SINGLE.finditer(text):
        more, single = found["more"].lower(), found["single"].lower()
        one = _SINGLES.get(more) or _PERSONS[more]
        # "to do this patients need ..." lacks a comma
        if (
            single == "every"
            or (found["verb"] and one in DONE)
            or (one in THINGS)
            or (one in PERSONS and single != "this")
        ):
            yield found.start(), f"{found['single']} {found['more']}", f"{found['single']} {one}"


RULES = (numbers_agree,)
