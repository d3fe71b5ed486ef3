"""Small words that do not fit the next one: "these study", "this exercises", "a MRI", "an knee"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.dictionary import common_words
from newsletter.check.prose.languages import english
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

#: things that are counted and never verbs ("this results in ..."), by their singular
_THINGS = """study trial finding joint treatment symptom injury operation knee hip shoulder ankle elbow wrist tendon
    ligament bone injection cell drug medicine therapy paper article method option activity week month year day hour letter
    newsletter complication infection improvement difference goal""".split()
#: persons follow "this" rightly where a comma is missing: "to do this patients need ..."
_PERSONS = "patient surgeon doctor therapist athlete runner researcher author participant reader".split()
_PLURALS = {
    "study": "studies",
    "injury": "injuries",
    "therapy": "therapies",
    "activity": "activities",
}
#: behind these the noun is at its end; before another noun a singular is right: "these study results"
_FOLLOWS = (
    "is|are|was|were|has|have|had|show|shows|showed|can|may|will|should|suggest|suggests|found|find|finds|help|helps|"
    "do|does|did|in|of|for|with|from|to|and|or|but|that|which|who|as|at|on|by"
)
_SINGULAR = "|".join((*_THINGS, *_PERSONS))
_PLURAL = "|".join(_PLURALS.get(word, f"{word}s") for word in _THINGS)
_END = rf"(?=\s*[.,;:!?)]|\s+(?:{_FOLLOWS})\b|\s*$)"
_NUMBER = re.compile(
    rf"(?<![\w'’-])(?:(?P<many>these|those|many|several|few)\s+(?P<one>{_SINGULAR}){_END}"
    rf"|(?P<single>this|each|every|another)\s+(?P<more>{_PLURAL})(?![\w'’-]))",
    re.IGNORECASE,
)
#: any noun will do where the verb shows that its plural was meant: "these supplement are"
_BEFORE_VERB = re.compile(
    r"(?<![\w'’-])(?P<many>these|those|many|several)\s+(?P<one>[a-z]{3,30})(?=\s+(?:are|were|have|need)\b)",
    re.IGNORECASE,
)
#: a word is a noun when its plural is written so often, on its own and beside it
_OFTEN, _SHARE = 500, 0.05
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


@issue_rule("number-disagrees", Level.WARNING)
def numbers_agree(content: Content) -> Iterator[Finding]:
    """A word for several before a word for one, or the other way round.

    "These study", "many patient", "this exercises": mostly left when a sentence was changed. English only.

    Bad:

        These study showed little, and each exercises has its limits.

    Good:

        These studies showed little, and each exercise has its limits.
    """
    if not english(content):
        return
    for run in every_run(content):
        for found in _in(run.text):
            shown = " ".join(found[0].split())
            yield Finding(at=run.place(found.start()), message=f'"{shown}": one or several?', fix=_fix(found))


def _in(text: str) -> list[re.Match[str]]:
    known = list(_NUMBER.finditer(text))
    starts = {found.start() for found in known}
    others = (found for found in _BEFORE_VERB.finditer(text) if found.start() not in starts)
    return [*known, *(found for found in others if _is_one(found["one"].lower()))]


def _is_one(word: str) -> bool:
    """Whether this is one of what there can be several of: "supplement", not "people", "two" or "often"."""
    many = common_words().get(f"{word}s", 0)
    return many >= _OFTEN and many >= _SHARE * common_words().get(word, 0)


def _fix(found: re.Match[str]) -> str:
    if found.groupdict()["one"]:
        word = found["one"].lower()
        return f'Write "{found["many"]} {_PLURALS.get(word, word + "s")}".'
    word = found["more"].lower()
    single = next((one for one, many in _PLURALS.items() if many == word), word.removesuffix("s"))
    return f'Write "{found["single"]} {single}".'


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


RULES = (numbers_agree, articles_fit)
