"""Appeals to evidence without a source: "studies show", "surgeons agree", "it has been proven". For English."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.evidence.appeal_words import appeals
from newsletter.check.evidence.nearby import MANY, quoted, spots
from newsletter.check.prose.languages import english
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.evidence.appeal_words import Appeal
    from newsletter.check.evidence.nearby import Spot
    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content

#: how a sentence begins that goes on with the study of the sentence before; words of time or place may lead to it
CONTINUES = re.compile(
    r"(?:(?:In|At|On|After|During|Over|By|For|When|While|From|To|With|Before|Within|Between)\b[^,.;:]{2,60}, )?"
    r"(?:They|It|Its|Their|This|That|These|Those|The (?:authors?|researchers?|study|studies|trials?|reviews?|papers?|team|"
    r"results?|findings?|scientists|investigators)|Both|All of (?:them|these)|One of (?:them|these)|Among them|Of these|"
    r"Here|There|In (?:it|them|one|this|these|that|both|all)|After|Afterwards|At|Over)\b",
    re.IGNORECASE,
)
_FIX = "Cite the source: write [@key] at the end of the sentence. Without a source, say whose experience it is, or leave it out."


@issue_rule("evidence-without-citation", Level.WARNING)
def appeals_to_evidence_are_cited(content: Content) -> Iterator[Finding]:
    """An appeal to evidence without a source.

    "Studies show", "according to surgeons" or "it has been proven" ask readers to trust a source, and a reader or a regulator may
    ask for it. Cite it in the sentence, or in the next one where that goes on with it. Where the citation stands further away,
    where the sentence has a link instead, or where the words may mean something else ("is linked to", "a team from Oslo found",
    "the Society recommends"), this is told as information.

    Bad:

        Studies show that walking every day keeps knees supple.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Studies show that walking every day keeps knees supple [@ok2020]. One study looked at stairs. It found that they
        help too [@ok2021]. Ask us what the studies cannot tell.
    """
    if english(content):
        yield from islice(_uncited(content), MANY)


def _uncited(content: Content) -> Iterator[Finding]:
    for spot in spots(content):
        found = uncited_appeal(spot)
        if found:
            words = " ".join(spot.sentence.text[found.start : found.end].split())
            message = f'"{words}" appeals to evidence, and no source is cited'
            yield Finding(at=spot.sentence.place_at(found.start), message=message, fix=_FIX, level=_level(spot, found))


def uncited_appeal(spot: Spot) -> Appeal | None:
    """The surest appeal of a sentence for which nothing around it names the source."""
    if spot.is_cited or spot.around or _goes_on(spot.after):
        return None
    sentence = spot.sentence
    found = [
        appeal
        for appeal in appeals(sentence.text)
        if not (appeal.introduces and spot.after is not None and spot.after.marks)
        and not (appeal.refers_back and (spot.shortly_before if appeal.refers_to_all else spot.above))
        and not quoted(sentence.passage, sentence.start + appeal.start)
    ]
    return next((appeal for appeal in found if appeal.sure), found[0] if found else None)


def _goes_on(after: Sentence | None) -> bool:
    """Whether the next sentence cites the study that this one speaks of."""
    return after is not None and bool(after.marks) and bool(CONTINUES.match(after.text))


def _level(spot: Spot, appeal: Appeal) -> Level:
    """A citation in the next sentence, or one at the end of the paragraph for all of it, may be meant."""
    near = (spot.after is not None and bool(spot.after.marks)) or spot.leads
    doubtful = near or spot.is_cited_at_the_end or spot.is_linked or not appeal.sure
    return Level.INFORMATION if doubtful else Level.WARNING


RULES = (appeals_to_evidence_are_cited,)
