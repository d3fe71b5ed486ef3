"""One word, written in one way: "follow-up" or "followup", British or American."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.prose.runs import Run
    from newsletter.check.rulebook import Content

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
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
#: beginnings of words: British, American
_PAIRS: Mapping[str, str] = {
    pair.partition("/")[0]: pair.partition("/")[2]
    for pair in """orthopaedic/orthopedic anaesthe/anesthe paediatric/pediatric haemo/hemo haema/hema oedema/edema
        tumour/tumor oestro/estro oesoph/esoph diarrhoea/diarrhea colour/color favour/favor behaviour/behavior
        labour/labor neighbour/neighbor honour/honor centre/center fibre/fiber litre/liter millimetre/millimeter
        centimetre/centimeter kilometre/kilometer metres/meters ageing/aging grey/gray organis/organiz recognis/recogniz
        minimis/minimiz maximis/maximiz stabilis/stabiliz mobilis/mobiliz immobilis/immobiliz specialis/specializ
        hospitalis/hospitaliz visualis/visualiz normalis/normaliz localis/localiz randomis/randomiz summaris/summariz
        emphasis/emphasiz analyse/analyze catalyse/catalyze paralyse/paralyze labelled/labeled modelling/modeling
        travelling/traveling cancelled/canceled ischaemi/ischemi anaemi/anemi leukaemi/leukemi foetus/fetus""".split()
}
#: "emphasis", "specialist" are words of both
_BOTH = re.compile(r"(?:emphas[ei]s|specialists?|minimise?d? ?invasive|analyses|metres?)$", re.IGNORECASE)
_BRITISH = re.compile(rf"\b(?:{'|'.join(_PAIRS)})[a-z]*\b")
_AMERICAN = re.compile(rf"\b(?:{'|'.join(_PAIRS.values())})[a-z]*\b")


@issue_rule("spelling-mixed", Level.INFORMATION)
def one_word_is_spelled_one_way(content: Content) -> Iterator[Finding]:
    """The same word in two spellings: "follow-up" and "followup", "health care" and "healthcare".

    Neither is wrong, but readers wonder whether two things are meant. English only.

    Bad:

        Your followup is on Monday. Bring your questions to the follow-up, and your X-ray.

    Good:

        Your follow-up is on Monday. Bring your questions to the follow-up, and your X-ray.
    """
    if not english(content):
        return
    spellings: dict[str, dict[str, list[tuple[Run, int]]]] = defaultdict(lambda: defaultdict(list))
    for run in _own_words(content):
        for name, spelled, at in _spelled(run.text):
            spellings[name][spelled].append((run, at))
    for ways in spellings.values():
        if len(ways) > 1:
            usual = max(ways, key=lambda way: len(ways[way]))
            for way in ways.keys() - {usual}:
                run, at = ways[way][0]
                message = f'"{way}" here, and "{usual}" elsewhere'
                yield Finding(at=run.place(at), message=message, fix="Choose one and write it everywhere.")


def _spelled(text: str) -> Iterator[tuple[str, str, int]]:
    """A name for each word, its spelling, its offset."""
    for number, pattern in enumerate(_SPELLINGS):
        for found in pattern.finditer(text):
            spelled = found[0] if pattern.flags & re.IGNORECASE == 0 else found[0].lower()
            yield f"{number}", _singular(spelled), found.start()
    for found in _WORD.finditer(text):
        word = found[0].replace("\u2010", "-").replace("\u2011", "-").lower()
        pieces = word.split("-")
        if not word.startswith(_OTHER_MEANING) and len(pieces) <= 2 and len(pieces[-1]) > 1 and len(word) > 5:
            yield "".join(pieces), word, found.start()


def _singular(word: str) -> str:
    if word.endswith("ists"):
        return word[:-4] + "y"
    return word[:-3] + "y" if word.endswith("ist") else word.removesuffix("s")


@issue_rule("english-mixed", Level.INFORMATION)
def english_is_of_one_country(content: Content) -> Iterator[Finding]:
    """British and American spelling in one issue.

    "Orthopaedic" and "color" do not come from one pen. The rarer kind is told. Names, quotations and references are not
    looked at.

    Bad:

        Our orthopaedic surgeons look at the color of the skin and at its behavior when pressed.

    Good:

        Our orthopedic surgeons look at the color of the skin and at its behavior when pressed.
    """
    if not english(content):
        return
    british, american = [], []
    for run in _own_words(content):
        british += [(run, one) for one in _BRITISH.finditer(run.text) if not _BOTH.fullmatch(one[0])]
        american += [(run, one) for one in _AMERICAN.finditer(run.text) if not _BOTH.fullmatch(one[0])]
    if not british or not american:
        return
    told: set[str] = set()
    fewer, kind, other = (
        (british, "British", american) if len(british) < len(american) else (american, "American", british)
    )
    for run, found in fewer:
        if found[0] not in told:
            told.add(found[0])
            message = f'"{found[0]}" is {kind} spelling, "{other[0][1][0]}" elsewhere is not'
            yield Finding(at=run.place(found.start()), message=message, fix="Choose one and write it everywhere.")


def _own_words(content: Content) -> Iterator[Run]:
    return (run for run in every_run(content) if run.kind is not Kind.QUOTE)


RULES = (one_word_is_spelled_one_way, english_is_of_one_country)
