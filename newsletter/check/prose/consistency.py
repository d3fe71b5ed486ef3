"""One word, written in one way: "follow-up" or "followup", "shock wave" or "shockwave"."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.prose.compounds import ends_noun, is_rare, may_be_parts
from newsletter.check.prose.languages import english
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.runs import Run
    from newsletter.check.rulebook import Content

_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
#: no accounts, addresses and names of files
_WORD = re.compile(r"(?<![\w@#/.-])[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*(?![\w@/]|\.\w)")
#: "re-cover" is not "recover"
_OTHER_MEANING = ("re-", "un-")
#: each line is one word, in all its spellings
_SPELLINGS = tuple(
    re.compile(rf"(?<![\w-]){spelled}(?![\w-])", flags)
    for spelled, flags in (
        (r"(?:health ?care|health-care)", re.IGNORECASE),
        (r"(?:web ?sites?|web-sites?)", re.IGNORECASE),
        (r"per ?cent", re.IGNORECASE),
        (r"(?:[Xx][- ]?[Rr]ays?)", 0),
        (r"(?:physical therap|physiotherap)(?:y|ist|ists)", re.IGNORECASE),
    )
)


@dataclass(frozen=True, kw_only=True)
class _Spelled:
    """`name` is the same for all spellings of a word; `way` is one of them, without the s of a plural."""

    name: str
    way: str
    shown: str
    run: Run
    at: int
    #: it may stand elsewhere as two words
    may_be_two: bool = False


@issue_rule("spelling-mixed", Level.INFORMATION)
def one_word_is_spelled_one_way(content: Content) -> Iterator[Finding]:
    """The same word in two spellings: "follow-up" and "followup", "health care" and "healthcare".

    Neither is wrong, but readers wonder whether two things are meant. A hyphen where two words stand before another ("low-back
    pain", and "the low back") is right and not told. English only.

    Bad:

        Your followup is on Monday. Bring your questions to the follow-up, and your X-ray.

    Good:

        Your follow-up is on Monday. Bring your questions to the follow-up, and your X-ray.
    """
    if not english(content):
        return
    words = [one for run in every_run(content) for one in _spelled(run) if not run.is_quoted(one.at)]
    joined = {one.name for one in words if one.may_be_two}
    words += [one for run in every_run(content) for one in _apart(run, joined) if not run.is_quoted(one.at)]
    spellings: dict[str, dict[str, list[_Spelled]]] = defaultdict(lambda: defaultdict(list))
    for word in words:
        spellings[word.name][word.way].append(word)
    for ways in spellings.values():
        usual = max(ways, key=lambda way: len(ways[way]))
        for way in ways.keys() - {usual}:
            first = ways[way][0]
            message = f'"{first.shown}" here, and "{ways[usual][0].shown}" elsewhere'
            yield Finding(at=first.run.place(first.at), message=message, fix="Choose one and write it everywhere.")


def _spelled(run: Run) -> Iterator[_Spelled]:
    for number, pattern in enumerate(_SPELLINGS):
        for found in pattern.finditer(run.text):
            way = found[0] if pattern.flags & re.IGNORECASE == 0 else found[0].lower()
            yield _Spelled(name=f"{number}", way=_therapy(way), shown=way, run=run, at=found.start())
    for found in _WORD.finditer(run.text):
        shown = found[0].translate(_HYPHENS).lower()
        pieces = shown.split("-")
        if not shown.startswith(_OTHER_MEANING) and len(pieces) <= 2 and len(pieces[-1]) > 1 and len(shown) > 5:
            way = _singular(shown)
            name = way.replace("-", "")
            two = ends_noun(run.text, found.end()) if name != way else is_rare(way)
            yield _Spelled(name=name, way=way, shown=shown, run=run, at=found.start(), may_be_two=two)


def _apart(run: Run, joined: set[str]) -> Iterator[_Spelled]:
    """Two words that stand elsewhere as one, with a hyphen or without."""
    before = None
    for found in _WORD.finditer(run.text):
        if before and found.start() == before.end() + 1 and run.text[before.end()] == " ":
            first, last = before[0].lower(), _singular(found[0].lower())
            if first + last in joined and may_be_parts(first, last):
                shown = f"{first} {found[0].lower()}"
                yield _Spelled(name=first + last, way=f"{first} {last}", shown=shown, run=run, at=before.start())
        before = found


def _therapy(word: str) -> str:
    if word.endswith("ists"):
        return word[:-4] + "y"
    return word[:-3] + "y" if word.endswith("ist") else word.removesuffix("s")


def _singular(word: str) -> str:
    return word if word.endswith(("ss", "is", "us")) else word.removesuffix("s")


RULES = (one_word_is_spelled_one_way,)
