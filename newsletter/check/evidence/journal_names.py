"""Names of journals in a sentence: the longest run of words that a table of journals knows, where it can only be a journal.

"Nature", "Spine" and "The Knee" are words too: a name of one or two words needs a cue, such as "published in".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.evidence.publication_words import NOUN
from newsletter.model.journal import journal_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from newsletter.model.journal import Journal

    Named = Callable[[str], Journal | None]

#: no title in use has more words; a name is not looked for in more of a sentence than this
_LONGEST = 16
_MOST_WORDS = 400
_WORD = re.compile(r"[^\W_][\w’'.-]*[\w.]|[^\W_]|&")
_SMALL = frozenset("of the and & in for on de et a an to by at with from".split())
#: words that no title has: here a run of words ends
_NEVER = frozenset(
    """is was were are be been has have had found that which who whom says said it he she they we you his her their our
    followed showed shows published reported looked asked not""".split()
)
#: a name with one of these is no department and no clinic
_TELLING = frozenset(
    "journal journals annals archives acta bulletin proceedings lancet jama bmj bmc clinics j br plos cochrane".split()
)
_MONTHS = frozenset("january february march april may june july august september october november december".split())
#: what may stand with a capital before a name and is no part of it
_OPENERS = frozenset(
    """the in a an this that and by from of for to our journal journals dr see as while when where since if although though but so
    also even yet here after before now then today last only both according read source on with at it writing thanks""".split()
)
_TO_PUBLISH = r"published|publishes|appeared|appears|printed|featured|writing"
_STUDIES = r"reported|described|presented|out|wrote|article|paper|study|trial|report|review|letter|editorial"
_PUBLISHED_IN = re.compile(
    rf"\b(?:{_TO_PUBLISH}|{_STUDIES})\b[^.;:!?]{{0,30}}?[ ](?:in|by)[ ](?:the[ ])?(?:[a-z-]{{3,15}}[ ]){{0,2}}(?:journal[ ])?[\"“]?$",
    re.IGNORECASE,
)
_PUBLISHED_JUST = re.compile(
    rf"\b(?:{_TO_PUBLISH})(?:[ ](?:online|first|recently|last[ ]year))?[ ](?:in|by)[ ](?:the[ ])?$", re.IGNORECASE
)
_IN_THE_JOURNAL = re.compile(r"\b(?:journal|magazine)[ ](?:called[ ]|named[ ])?[\"“]?$", re.IGNORECASE)
_OF_A_STUDY = re.compile(rf"\b(?:{_TO_PUBLISH}|{_STUDIES}|researchers|authors|it)\b", re.IGNORECASE)
_IN = re.compile(r"\b(?:in|by|from)[ ](?:the[ ])?$", re.IGNORECASE)
_THEN_A_STUDY = re.compile(rf"(?:['’]s(?:[ ][\w-]{{1,20}}){{0,2}})?[ ](?:{NOUN}|published|reports|reported)\b")


@dataclass(frozen=True)
class NamedJournal:
    """A name from `at` to `end`; `journal` is None where no table knows it and its words say that it is one."""

    at: int
    end: int
    name: str
    journal: Journal | None


@dataclass(frozen=True)
class Stretch:
    """Words of a sentence that may be a name."""

    at: int
    end: int
    words: tuple[str, ...]

    @property
    def significant(self) -> int:
        return sum(word.casefold() not in _SMALL for word in self.words)

    @property
    def is_telling(self) -> bool:
        return any(word.casefold().strip(".,’'") in _TELLING for word in self.words)

    @property
    def is_capitalised(self) -> bool:
        return all(word[0].isupper() or word[0].isdigit() or word.casefold() in _SMALL for word in self.words)

    @property
    def may_have_a_slip(self) -> bool:
        return self.significant > 2 and self.is_capitalised

    @property
    def is_acronym(self) -> bool:
        return len(self.words) == 1 and len(self.words[0]) > 2 and self.words[0].isalpha() and self.words[0].isupper()


def journals_in(text: str, named: Named, nearly: Named, emphasis: Collection[str]) -> Iterator[NamedJournal]:
    """The journals that a sentence names for sure, in its order; `nearly` knows names with a slip."""
    covered = 0
    for first, stretches in stretches_of(text):
        if first < covered:
            continue
        for stretch in stretches:
            name = text[stretch.at : stretch.end]
            journal = named(name) or (nearly(name) if stretch.may_have_a_slip else None)
            if journal is None:
                continue
            covered = stretch.end
            if not _is_part_of_a_longer_name(text, stretch) and _is_a_journal(text, stretch, emphasis):
                yield NamedJournal(stretch.at, stretch.end, text[stretch.at : stretch.end], journal)
            break


def stretches_of(text: str) -> Iterator[tuple[int, Iterator[Stretch]]]:
    """For every word with a capital the runs of words that begin there, the longest first."""
    found = list(islice(_WORD.finditer(text), _MOST_WORDS))
    for number, match in enumerate(found):
        if match[0][0].isupper() or match[0] in {"npj", "eLife"}:
            run = _joined(text, found[number : number + _LONGEST])
            yield match.start(), (_stretch(run[:n]) for n in range(len(run), 0, -1) if run[n - 1][0] not in _SMALL)


def _joined(text: str, run: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """As many of the words as nothing but spaces and the marks of titles stands between."""
    for number in range(1, len(run)):
        between = text[run[number - 1].end() : run[number].start()]
        if run[number][0] in _NEVER or COVER in between or between.strip(" ,:.()-–") or len(between) > 4:
            return list(run[:number])
    return list(run)


def _stretch(run: Sequence[re.Match[str]]) -> Stretch:
    """The words of a run; neither a full stop nor the "s" of "JAMA's" is part of the name."""
    words = [match[0] for match in run]
    tail = 2 if words[-1].endswith(("'s", "’s")) else int(words[-1].endswith("."))
    words[-1] = words[-1].removesuffix("'s").removesuffix("’s")
    return Stretch(run[0].start(), run[-1].end() - tail, tuple(words))


def _is_part_of_a_longer_name(text: str, stretch: Stretch) -> bool:
    """Such as "Journal of Hand Surgery" in "Malaysian Journal of Hand Surgery Letters", which nobody knows."""
    before = re.search(r"([^\W\d_][\w’'-]*)[ ]$", text[max(0, stretch.at - 40) : stretch.at])
    if before and before[1][0].isupper() and before[1].casefold() not in _OPENERS | _MONTHS:
        return True
    after = re.match(r"[ ](?:(?:and|&|of)[ ])?([^\W\d_][\w’'-]*)", text[stretch.end : stretch.end + 40])
    return bool(after and after[1][0].isupper() and after[1].casefold() not in _MONTHS | _OPENERS)


def _is_a_journal(text: str, stretch: Stretch, emphasis: Collection[str]) -> bool:
    before, after = text[max(0, stretch.at - 80) : stretch.at], text[stretch.end : stretch.end + 20]
    in_journal = bool(_IN_THE_JOURNAL.search(before))
    if _PUBLISHED_JUST.search(before) or in_journal:
        return True
    emphasised = bool(emphasis) and journal_key(text[stretch.at : stretch.end]) in emphasis
    if stretch.significant < 3 and not stretch.is_telling:
        return (
            (stretch.is_acronym and bool(_IN.search(before) or _THEN_A_STUDY.match(after)))
            or (emphasised and bool(_IN.search(before) and _OF_A_STUDY.search(text)))
            or (stretch.significant == 2 and stretch.is_capitalised and bool(_PUBLISHED_IN.search(before)))
        )
    if emphasised or (stretch.is_telling and stretch.is_capitalised):
        return True
    return bool(_PUBLISHED_IN.search(before)) or (stretch.is_capitalised and stretch.significant > 3)


_CAPITAL = r"[A-Z][\w’'-]{1,25}"
_UNKNOWN = re.compile(
    r"\b(?:published|appeared|printed)(?:[ ]online)?[ ]in[ ](?:the[ ])?"
    rf"(?P<name>(?:{_CAPITAL}[ ]){{0,4}}Journal(?:[ ](?:of|for|and|&|the|in|{_CAPITAL})\b){{0,10}})"
)


def unknown_journals_in(text: str, named: Named) -> Iterator[NamedJournal]:
    """Journals that no table knows: "published in the Nordic Journal of Made-up Papers"."""
    for match in _UNKNOWN.finditer(text):
        name = re.sub(r"(?:[ ](?:of|for|and|&|the|in))+$", "", match["name"])
        words = name.split()
        if len(words) > 2 and not any(named(" ".join(words[:count])) for count in range(len(words), 1, -1)):
            yield NamedJournal(match.start("name"), match.start("name") + len(name), name, None)
