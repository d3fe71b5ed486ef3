"""Words that are real but wrong where they stand: "into to", "could of", "side affects". A spelling checker cannot see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.languages import english
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_COMPARED = (
    "more|less|fewer|greater|higher|lower|longer|shorter|older|younger|better|worse|stronger|weaker|faster|slower"
)
_MEASURE = r"the|an?|those|that|before|expected|others|usual|one|two|three|four|five|six|seven|eight|nine|ten|\d[\d,.]*"

#: (what is always wrong, what was meant). Whole words, whatever their case; a space is any white space. `(?=...)` looks at
#: what follows, so that only the wrong use is met: "could of" but not "could of course".
_WRONG: tuple[tuple[str, str], ...] = (
    # left from editing
    ("into to", "into"),
    ("onto to", "onto"),
    ("of to (?=the|a|an)", "of, or to"),
    ("a the", "the"),
    ("an the", "the"),
    ("the an", "the, or an"),
    ("is are", "is, or are"),
    ("are is", "are, or is"),
    ("was were", "was, or were"),
    ("has have", "has, or have"),
    ("have has", "have, or has"),
    ("to be be", "to be"),
    ("more (?:better|easier|faster|stronger|safer|healthier)", "only one of the two words"),
    ("most (?:best|easiest|safest|strongest)", "only one of the two words"),
    # `of` for `have`
    ("(?:could|should|would|might) of (?!course|late|necessity)(?=[a-z])", "... have"),
    ("must of (?=been|had|done|gone|felt|made)", "must have"),
    # one sound, two spellings
    ("side affects?", "side effects"),
    ("(?:has|have|had|having) (?:an?|no|little|any|some|great|positive|negative) affect(?= on)", "effect"),
    ("the affects? of", "the effects of"),
    ("(?:does|did|will|may|can|could|would|not) effect (?=you|your|his|her|their|how|patients)", "affect"),
    ("your welcome", "you're welcome"),
    ("your (?=going to|not|able to|ready to|allowed to|unable to)", "you're"),
    ("you're (?=own|doctor|surgeon|knees?|hips?|shoulder|body|appointment|health|physician|pain|therapist)", "your"),
    ("its (?=been|not|an?|never|too|important to|possible to|best to|time to|okay to|safe to|normal to)", "it's"),
    ("it's (?=own|effects?|benefits?|surface|role|purpose)", "its"),
    ("their (?=is|are|was|were|has been|will be)", "there"),
    ("there (?=own|doctors?|surgeons?|knees?|hips?)", "their"),
    ("they're (?=own)", "their"),
    ("whose (?=been|going to)", "who's"),
    ("who's (?=knees?|hips?|pain|symptoms|doctor|surgeon|body)", "whose"),
    (f"(?:{_COMPARED}) then (?={_MEASURE})", "... than"),
    ("(?:rather|other|sooner|different) then", "... than"),
    ("loose weight", "lose weight"),
    ("loosing (?=weight|strength|muscle|balance|blood|your)", "losing"),
    ("principle (?=investigators?|authors?|cause|reason)", "principal"),
    ("medical advise", "medical advice"),
    ("advice (?=you to|patients to|against)", "advise"),
    ("to much (?=pain|weight|stress|load|pressure|exercise|strain)", "too much"),
    ("to (?:early|late) (?=to|for)", "too ..."),
    (r"(?:running|sports?|walking|work|activity|training|moving|driving) to (?:early|soon|much)", "too ..."),
    ("(?:and|to|then|please) breath (?=deeply|slowly|normally|in|out)", "breathe"),
    ("deep breathe", "deep breath"),
    ("per say", "per se"),
    ("for all intensive purposes", "for all intents and purposes"),
    ("peek (?=performance|condition|flow)", "peak"),
    ("heal (?=spurs?|strikes?|cord)", "heel"),
    ("sooth (?=the|your|pain|sore)", "soothe"),
    ("bare (?=in mind|with us)", "bear"),
    ("weight[ -]baring", "weight-bearing"),
    ("(?:is|are|was|were|am|be) suppose to", "supposed to"),
    ("as oppose to", "as opposed to"),
    ("(?:would|could|should) be use (?=to|for|in)", "used"),
    # one word or two
    ("alot", "a lot"),
    ("aswell", "as well"),
    ("infact", "in fact"),
    ("inspite", "in spite"),
    ("incase", "in case"),
    ("atleast", "at least"),
    ("eachother", "each other"),
    ("thankyou", "thank you"),
    ("noone", "no one"),
    ("upto", "up to"),
    ("an other", "another"),
    ("in regards to", "in regard to"),
    ("irregardless", "regardless"),
    # without their apostrophe
    ("dont", "don't"),
    ("doesnt", "doesn't"),
    ("didnt", "didn't"),
    ("isnt", "isn't"),
    ("arent", "aren't"),
    ("wasnt", "wasn't"),
    ("shouldnt", "shouldn't"),
    ("couldnt", "couldn't"),
    ("wouldnt", "wouldn't"),
    ("wont (?=be|have|need|hurt|help|heal)", "won't"),
    ("youre", "you're"),
    ("theyre", "they're"),
)


_SPACE, _APOSTROPHE = r"\s+", "['’]"


def _pattern(number: int, wrong: str) -> str:
    """Whole words, what follows included."""
    body, looks, follows = wrong.partition("(?=")
    end = rf"(?=(?:{follows[:-1]})\b)" if looks and follows != "[a-z])" else looks + follows or r"(?![\w@])"
    return f"(?P<n{number}>{body}{end})".replace(" ", _SPACE).replace("'", _APOSTROPHE)


_PATTERNS = "|".join(_pattern(number, wrong) for number, (wrong, _) in enumerate(_WRONG))
_ANY = re.compile(rf"(?<![\w'’@./-])(?:{_PATTERNS})", re.IGNORECASE)


@issue_rule("wrong-words", Level.WARNING)
def words_are_the_right_ones(content: Content) -> Iterator[Finding]:
    """Words that are spelled right but wrong where they stand.

    "Into to", "could of", "side affects", "more then ten": a spelling checker lets them pass, readers do not. English only.

    Bad:

        Look into to the options with your surgeon, since side affects are rare.

    Good:

        Look into the options with your surgeon, since side effects are rare.
    """
    if not english(content):
        return
    for run in every_run(content):
        for found in _ANY.finditer(run.text):
            meant = _WRONG[int((found.lastgroup or "n0")[1:])][1]
            shown = " ".join(found[0].split())
            message = f'"{shown}" is not right here'
            yield Finding(at=run.place(found.start()), message=message, fix=f'It should probably be "{meant}".')


RULES = (words_are_the_right_ones,)
