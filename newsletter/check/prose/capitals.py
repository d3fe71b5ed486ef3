"""The abbreviations in a text: where each is used, and whether it is explained there.

anterior cruciate ligament (ACL)      ACL (anterior cruciate ligament)      anterior cruciate ligament, or ACL
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.check.prose.dictionary import common_words
from newsletter.check.prose.passages import Kind
from newsletter.check.prose.sentences import every_sentence
from newsletter.check.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place

#: also with one letter behind a hyphen: "RED-S"
_CAPITALS = re.compile(r"(?<![\w/&@#.’'+-])([A-Z]{2,6}(?:[-‑][A-Z](?![\w-]))?)(s?)(?![\w@&/+]|[-‑][A-Z0-9]|\.\w)")
#: in front of an abbreviation that explains the words before it
_LEADS_IN = re.compile(
    r"(?:[(\[][\"“‘']?|(?:, or|,? called|,? abbreviated(?: as)?|,? (?:also )?known as|,? (?:for )?short,?) [\"“‘']?)$"
)
#: behind one that is explained by what follows
_EXPLAINS = re.compile(
    r"[\"”’']?(?: ?[(\[]| ?[,–—-] ?(?:that is|i\.e\.|or|short for)[, ]| (?:stands for|is short for|means) )"
)
#: a name and a comma: what follows is a degree or a state
_AFTER_NAME = re.compile(r"[A-Z][\w.’'-]*,? (?:[A-Z]{2,6}, ?)*$")
#: the authors of a paper: two of them make a list whose initials are no abbreviations
_AUTHORS = re.compile(r"[A-Z][\w’'-]{1,30} [A-Z]{1,3}[,.]")
_ENDS_NAME = re.compile(r"\s*(?:[,.;)]|$)")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_WORD = re.compile(r"[^\W\d_]+")
#: where the name of a journal stands: "in JBJS"
_IN = re.compile(r"\b(?:in|of|the|by) \Z")
#: words that abbreviations mostly leave out
_SMALL = frozenset("a an and at by de for from in of on or the to with".split())
#: a word in capitals is one that is stressed, when it is a word this common
_COMMON = 1_000
_STRESSED = frozenset("NO NOT DO IF OR AND SO IS IT BE TO OF IN ON AT BY UP WE MY ME AN AS GO HE OH HI ALL THE".split())
#: words in other places, and abbreviations in a clinic: range of motion, rest-ice-compression-elevation, joints of fingers
_CLINICAL = frozenset("ROM RICE PRICE DIP SLAP TENS CAM".split())
#: how far back the words of an abbreviation are looked for, for each of its letters
_REACH = 16


class Introduced(StrEnum):
    #: the abbreviation behind its words
    BEHIND = "behind"
    #: the words behind the abbreviation
    BEFORE = "before"


@dataclass(frozen=True, kw_only=True)
class Use:
    """An abbreviation at one place. `letters` are without the s of the plural."""

    letters: str
    sentence: Sentence
    at: int
    introduced: Introduced | None
    #: the words that introduce it have its letters in their order
    spelled: bool
    #: the letters that its words begin with, where these are the same in another order
    swapped: str
    #: it needs no introduction
    common: bool

    @property
    def place(self) -> Place:
        return self.sentence.place_at(self.at)


@remembered
def uses(content: Content) -> tuple[Use, ...]:
    """Every abbreviation of the body in reading order."""
    return tuple(_uses(content))


def _uses(content: Content) -> Iterator[Use]:
    common = _common() | _own(content)
    journals = content.knowledge.journals
    for sentence in every_sentence(content):
        text = sentence.text
        if sentence.passage.kind is Kind.RELATED or _is_shouted(text):
            continue
        listed = len(_AUTHORS.findall(text)) > 1
        for match in _CAPITALS.finditer(text):
            if listed and len(match[1]) == 2:
                continue
            if not _is_other(match[1]) and not _is_title(text, match):
                letters = re.split("[-‑]", match[1])[0]
                known = letters in common or (
                    len(letters) > 2
                    and _IN.search(text, max(0, match.start() - 20), match.start())
                    and journals.named(letters)
                )
                yield _use(sentence, match, common=bool(known))


def _use(sentence: Sentence, match: re.Match[str], *, common: bool) -> Use:
    letters, reach = match[1], _REACH * (len(match[1]) + 2)
    before = sentence.text[max(0, match.start() - reach) : match.start()]
    behind = sentence.text[match.end() : match.end() + reach]
    introduced, spelled, swapped = None, False, ""
    bare = re.sub("[-‑]", "", letters)
    if (lead := _LEADS_IN.search(before)) and letters[0] in _initials(words := _WORD.findall(before[: lead.start()])):
        introduced, spelled, swapped = Introduced.BEHIND, _are_spelled(bare, words), _swapped(bare, words)
    elif (lead := _EXPLAINS.match(behind)) and _spell(bare, _WORD.findall(behind[lead.end() :])):
        introduced, spelled = Introduced.BEFORE, True
    return Use(
        letters=letters,
        sentence=sentence,
        at=match.start(),
        introduced=introduced,
        spelled=spelled,
        swapped=swapped,
        common=common,
    )


def _initials(words: list[str]) -> str:
    return "".join(word[0].upper() for word in words)


def _are_spelled(letters: str, words: list[str]) -> bool:
    """Whether the letters stand in this order in the last words, from the beginning of one of them."""
    return any(_spell(letters, words[first:]) for first in range(max(0, len(words) - 2 * len(letters)), len(words)))


def _spell(letters: str, words: list[str]) -> bool:
    """Whether the letters follow one another in these words; of five or more one may come from elsewhere."""
    if not words or words[0][0].upper() != letters[0]:
        return False
    text = "".join(words[: 2 * len(letters)]).upper()
    shorter = (letters[:at] + letters[at + 1 :] for at in range(1, len(letters)))
    return _follow(letters, text) or (len(letters) > 4 and any(_follow(fewer, text) for fewer in shorter))


def _follow(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _swapped(letters: str, words: list[str]) -> str:
    """The initials of the last words, where they are the letters in another order; the first letter is mostly right."""
    length = len(letters)
    last = _initials([word for word in words if word.lower() not in _SMALL][-length:])
    other = length > 2 and last != letters and letters != _initials(words[-length:])
    return last if other and last[0] == letters[0] and sorted(last) == sorted(letters) else ""


def _is_other(letters: str) -> bool:
    """No abbreviation, but a word or a number in capitals."""
    if _ROMAN.fullmatch(letters):
        return True
    if len(letters) == 2:
        return letters in _STRESSED
    known = letters in _CLINICAL or letters in _common()
    return letters in _STRESSED or (not known and common_words().get(letters.lower(), 0) >= _COMMON)


def _is_title(text: str, match: re.Match[str]) -> bool:
    """Behind a name and a comma: a degree or a state."""
    before = text[max(0, match.start() - 60) : match.start()]
    return before.endswith(", ") and bool(_AFTER_NAME.search(before)) and bool(_ENDS_NAME.match(text, match.end()))


def _is_shouted(text: str) -> bool:
    """A line in capitals: its words are no abbreviations."""
    words = _WORD.findall(text)
    return len(words) > 1 and sum(word.isupper() for word in words) > len(words) / 2


@cache
def _common() -> frozenset[str]:
    text = (files("newsletter.check.prose") / "data" / "common-abbreviations.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _own(content: Content) -> frozenset[str]:
    """Those of the workspace's glossary, of its own names, and of the journals that are cited ("HSS Journal")."""
    sender, name = content.settings.sender, content.settings.newsletter.name
    own = (*content.knowledge.words, *content.whole.authors, name, sender.name, sender.organisation, sender.tagline)
    texts = (*own, *(str(reference.csl.get("container-title", "")) for reference in content.references))
    return frozenset(word for text in texts for word in re.findall(r"[A-Z]{2,6}", text))
