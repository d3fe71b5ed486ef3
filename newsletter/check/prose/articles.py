"""The word "a" or "an", by the sound of the next word: "an MRI", "a uniform"."""

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

#: written with a vowel, spoken with a consonant, and the other way round
_LIKE_YOU = re.compile(
    r"(?:eu|ew|one(?![a-z])|once|on[ce]-|ub|uni(?!n|m|den)|us(?:e|u|a(?!nd))|ut[ei]|ur(?:i|o)|ou?ija|u-|ufo|uk|us(?![a-z]))",
    re.IGNORECASE,
)
_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
#: letters whose names begin with a vowel: an MRI, an X-ray
_VOWEL_NAMES = frozenset("AEFHILMNORSX")
#: spoken as words; so are those with a vowel in the second place, as far as one can tell
_SPOKEN = frozenset("RICE SLAP SMART SNAC STEM MRSA LASIK NASA SARS MACI NICE".split())
#: where one of these follows, the letter is no article: "option a is free"
_NEVER_BEHIND = frozenset("is are was were and or in on at of if it as to i am be an a".split())
_ARTICLE = re.compile(r"(?<![\w'’.-])(?P<article>an?)\s+(?P<word>[^\W\d_][\w'’-]*+)(?!\.\w|[/@])", re.IGNORECASE)


@issue_rule("article-a-an", Level.WARNING)
def articles_fit(content: Content) -> Iterator[Finding]:
    """The word "a" before a vowel that is heard, or "an" before a consonant.

    What counts is the sound: an X-ray, an MRI, an hour; a uniform, a one-year trial. English only.

    Bad:

        Ask for a X-ray before an knee operation.

    Good:

        Ask for an X-ray before a knee operation.
    """
    if not english(content):
        return
    for run in every_run(content):
        for found in _ARTICLE.finditer(run.text):
            article, word = found["article"], found["word"]
            if article == "A" and found.start() and run.text[: found.start()].rstrip()[-1:] not in '.!?:”"':
                continue  # vitamin A
            wanted = None if word.lower() in _NEVER_BEHIND else _wanted(word)
            if wanted and wanted != article.lower():
                message = f'"{article} {word}" does not sound right'
                yield Finding(at=run.place(found.start()), message=message, fix=f'Write "{wanted} {word}".')


def _wanted(word: str) -> str | None:
    """The article that fits; None where nobody can say."""
    first = re.split(r"[-'’]", word)[0]
    if len(first) == 1:
        # a letter: X-ray, T-cell, e-mail; a lone one is an option or a name
        return None if len(word) == 1 else ("an" if first.upper() in _VOWEL_NAMES else "a")
    if not first.isascii():
        return None
    if first.isupper() and len(first) <= 5:  # longer ones are spoken, or shouted
        return (
            None
            if first in _SPOKEN or (first[0] in "FHLMNRS" and first[1] in "AEIOU")
            else ("an" if first[0] in _VOWEL_NAMES else "a")
        )
    if first[1:] != first[1:].lower() or not set(first.lower()) & set("aeiouy"):
        return None  # mRNA, iPhone, https
    if _SILENT_H.match(word):
        return "an"
    if first.lower() in {"historic", "historical", "hotel", "herb", "herbal"}:
        return None
    return "an" if first[0].lower() in "aeiou" and not _LIKE_YOU.match(word) else "a"


RULES = (articles_fit,)
