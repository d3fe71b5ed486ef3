"""The journal's two names: the full one, and the abbreviation that AMA and NLM print. What the table does not know is not judged."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.sources.fields import kind, words
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.journal import journal_key
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.journal import Journal
    from newsletter.model.reference import Reference

_LONGEST = 300
_SHORT = "container-title-short"
#: ending of a file -> how its format writes the abbreviation
_WRITTEN = {".bib": "shortjournal = {{{}}}", ".ris": "J2  - {}", ".nbib": "TA  - {}"}
#: "Spine (Phila Pa 1976)": where it appears, to tell it from others of this name
_WHERE = re.compile(r"\s*\([^()]*\)$")


@source_rule("reference-journal-abbreviation", Level.WARNING)
def journals_are_abbreviated_as_the_catalogue_does(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A journal that is not abbreviated as the National Library of Medicine does.

    AMA and NLM print that abbreviation, without full stops. Where a reference has only the full name, the abbreviation
    is filled in when it is printed. Journals that the table does not know are not judged; `newsletter references journals
    import` brings the library's whole list.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: The American Journal of Sports Medicine
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            container-title-short: Amer J Sport Medicine
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: The American Journal of Sports Medicine
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            container-title-short: Am J Sports Med
        ---

        Walking early helps [@one].
    """
    names = _names(reference)
    journal, other = _journals(reference, knowledge)
    if journal is None or (other and not _are_one(journal, other)):
        return  # the second case is told as reference-journal-and-abbreviation-differ
    expected, printed = journal.abbreviation, names.short
    if not printed or printed == expected or printed in journal.formerly:
        return
    is_alias = other and journal_key(printed) not in {journal_key(expected), journal_key(journal.title)}
    level = Level.INFORMATION if is_alias or _is_nearly(printed, expected) else None
    yield found(reference, f"abbreviates its journal as `{printed[:80]}`", _fix(reference, expected), level, _SHORT)


def _fix(reference: Reference, expected: str) -> str:
    """How the abbreviation is written in the format of the file."""
    suffix = PurePath(reference.place(_SHORT).file).suffix.lower()
    if line := _WRITTEN.get(suffix):
        return f"Write `{line.format(expected)}`."
    return f"Write `{expected}` as `{_SHORT}`."


def _is_nearly(printed: str, expected: str) -> bool:
    """Only capitals differ, or it lacks the place that tells it from others of its name."""
    return printed.casefold() in {expected.casefold(), _WHERE.sub("", expected).casefold()}


@source_rule("reference-journal-and-abbreviation-differ", Level.WARNING)
def both_names_are_of_one_journal(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A journal's name and an abbreviation that belongs to another journal.

    One of them is wrong: readers get the abbreviation and look in the wrong journal. Look at the article and correct
    it.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: The American Journal of Sports Medicine
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            container-title-short: Bone Joint J
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: The American Journal of Sports Medicine
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            container-title-short: Am J Sports Med
        ---

        Walking early helps [@one].
    """
    journal, other = _journals(reference, knowledge)
    if journal and other and not _are_one(journal, other):
        names = _names(reference)
        message = f"names the journal `{names.full[:80]}`, but `{names.short[:80]}` is `{other.title[:80]}`"
        yield found(
            reference, message, f"Correct one of the two; the first one's is `{journal.abbreviation}`.", field=_SHORT
        )


class _Names(NamedTuple):
    full: str
    short: str


def _names(reference: Reference) -> _Names:
    return _Names(*(words(reference, name)[:_LONGEST] for name in ("container-title", "container-title-short")))


def _journals(reference: Reference, knowledge: Knowledge) -> tuple[Journal | None, Journal | None]:
    """What the table knows by the full name and by the short one."""
    full, short = _names(reference)
    if kind(reference) != "article-journal" or not full:
        return None, None
    other = knowledge.journals.named(short) if short else None
    if other and _is_section(other.title, full):
        # "Journal of Bone and Joint Surgery": its abbreviation says which of them
        return other, other
    return knowledge.journals.named(full), other


def _are_one(one: Journal, other: Journal) -> bool:
    """Or sections of one: the table may mean either by a short name."""
    related = _is_section(one.title, other.title) or _is_section(other.title, one.title)
    return related or one.is_same(other) or bool(set(one.issns) & set(other.issns))


def _is_section(title: str, whole: str) -> bool:
    """Whether it only adds words to the other's title; that of one or two words begins many others."""
    key = journal_key(whole)
    return key.count(" ") > 1 and journal_key(title).startswith(f"{key} ")


RULES = (journals_are_abbreviated_as_the_catalogue_does, both_names_are_of_one_journal)
