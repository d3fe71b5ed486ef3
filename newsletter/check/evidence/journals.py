"""Rules about journals that a text names: whether it is the one of the reference, and whether its name is spelled right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from newsletter.check.evidence.cited import cited_sentences, own_words
from newsletter.check.evidence.cited_tables import Column
from newsletter.check.evidence.cochrane import cochrane_review_in, is_of_cochrane
from newsletter.check.evidence.journal_names import NamedJournal, journals_in, stretches_of, unknown_journals_in
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.journal import journal_key
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.evidence.cited import Cited
    from newsletter.check.knowledge import Journals
    from newsletter.check.rulebook import Content
    from newsletter.model.journal import Journal
    from newsletter.model.reference import Reference

#: words with which the name of a series goes on: "... Surgery. American Volume"
_SERIES = frozenset("american british european volume vol series part section edition international am br eur".split())
#: a series is named behind so many words: "American Journal of ..." is none
_SERIES_FROM = 3
_LONGEST = 200
_SMALL = frozenset("of the and in for on".split())


@runtime_checkable
class KnowsSlips(Protocol):
    """A table of journals that also finds what a misspelt name means."""

    def nearly(self, name: str) -> Journal | None:
        """The journal whose name is meant where one word has a slip; None where the name is right, or too far from any."""


class _NoSlips:
    """Where the table knows only whole names."""

    def nearly(self, name: str) -> Journal | None:
        del name
        return None


@issue_rule("citation-journal-differs", Level.WARNING)
def journals_are_those_of_the_references(content: Content) -> Iterator[Finding]:
    """A journal in the text that is not the one in which the cited paper appeared.

    Many journals have similar names: The Journal of Bone and Joint Surgery is not The Bone & Joint Journal. Full titles and
    abbreviations are known, and names that a journal had before are accepted. A "Cochrane review" is compared too, and a column of
    journals in a table with the sources that its rows cite.

    Bad:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        A study published in the American Journal of Sports Medicine found that walking early helps [@ok2020].

    Good:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        A study published in the Journal of Examples found that walking early helps [@ok2020].
    """
    journals = content.knowledge.journals
    slips = journals if isinstance(journals, KnowsSlips) else _NoSlips()
    for cited in cited_sentences(content):
        if not all(_titles(reference) for reference in cited.references):
            continue
        for named in _named(cited, journals, slips):
            if not any(_fits(named, reference, journals) for reference in cited.references):
                yield Finding(
                    at=cited.place(named.at),
                    message=f"the text names {named.name}, but {_appeared(cited.references)}",
                    fix="Correct the journal in the text, or cite the paper that is meant.",
                )
        review = cochrane_review_in(cited.words) if cited.own else None
        if review and "Cochrane Database" not in cited.words and not any(map(is_of_cochrane, cited.references)):
            yield Finding(
                at=cited.place(review[0]),
                message=f"the text names a {review[1]}, but {_appeared(cited.references)}",
                fix="Cochrane reviews appear in the Cochrane Database of Systematic Reviews. Correct the text, or cite the review.",
            )


@issue_rule("journal-name-misspelled", Level.WARNING)
def names_of_journals_are_spelled_right(content: Content) -> Iterator[Finding]:
    """The name of a journal with a slip of the pen: "Amercian Journal of Sports Medicine".

    Only names of three or more words are looked at, in which one word differs from a known title by a letter or two and is no
    word of any other title.

    Bad:

        The Amercian Journal of Sports Medicine has a page for patients.

    Good:

        The American Journal of Sports Medicine has a page for patients.
    """
    journals = content.knowledge.journals
    if not isinstance(journals, KnowsSlips) or not english(content):
        return
    for passage in passages(content):
        if passage.kind in {Kind.LABEL, Kind.QUOTE}:
            continue
        for at, name, journal in _misspelt(own_words(passage), journals, journals):
            yield Finding(
                at=passage.place(at),
                message=f"{name} looks like a slip of the pen for {journal.title}",
                fix="Correct the name. If it is right, put `references journals import` to use, or ignore this once.",
            )


def _misspelt(text: str, journals: Journals, slips: KnowsSlips) -> Iterator[tuple[int, str, Journal]]:
    covered = 0
    for first, stretches in stretches_of(text):
        if first < covered:
            continue
        for stretch in stretches:
            if stretch.significant < 3:
                break
            name = text[stretch.at : stretch.end]
            if journals.named(name):
                covered = stretch.end
                break
            if stretch.may_have_a_slip and (journal := slips.nearly(name)):
                covered = stretch.end
                yield stretch.at, name, journal
                break


def _named(cited: Cited, journals: Journals, slips: KnowsSlips) -> Iterator[NamedJournal]:
    """Journals of a sentence, those with slips included."""
    if cited.column is Column.JOURNAL and (journal := journals.named(cited.words.strip())):
        yield NamedJournal(0, len(cited.words), cited.words.strip(), journal)
        return
    yield from journals_in(cited.words, journals.named, slips.nearly, cited.emphasis)
    yield from unknown_journals_in(cited.words, lambda name: journals.named(name) or slips.nearly(name))


def _titles(reference: Reference) -> list[str]:
    """The names of its journal: in full, without what follows a colon or stands in brackets, and short."""
    found: list[str] = []
    for name in ("container-title", "container-title-short"):
        title = str(reference.csl.get(name) or "")[:_LONGEST]
        found += [title, *(title[:at] for sign in (":", " (", "=") if (at := title.find(sign)) > 0)]
    return list(filter(None, found))


def _fits(named: NamedJournal, reference: Reference, journals: Journals) -> bool:
    titles = _titles(reference)
    known = [journal for title in titles if (journal := journals.named(title))]
    if named.journal and any(named.journal.is_same(journal) for journal in known):
        return True
    keys = {journal_key(title) for title in (*titles, *(journal.title for journal in known))}
    mine = [journal_key(named.name), *((journal_key(named.journal.title),) if named.journal else ())]
    if named.journal and not _SERIES & set(mine[0].split()[_SERIES_FROM:]) and _base(mine[1]) in map(_base, keys):
        return True
    both_known = bool(named.journal and known)
    return any(
        _is_series(key, other) or (not both_known and _abbreviates(key, other)) for key in keys for other in mine
    )


def _base(key: str) -> str:
    """A title without its series: JBJS may be the American one and the British one."""
    words = key.split()
    series = (number for number, word in enumerate(words) if number >= _SERIES_FROM and word in _SERIES)
    return " ".join(words[: next(series, None)])


def _is_series(one: str, other: str) -> bool:
    """Whether both are the same, or one is a series of the other."""
    short, long = sorted((one, other), key=len)
    return short == long or (long.startswith(f"{short} ") and long[len(short) + 1 :].split()[0] in _SERIES)


def _abbreviates(one: str, other: str) -> bool:
    """Whether each word of one begins as its word in the other: "j made up pap", "journal of made up papers"."""
    ours, theirs = ([word for word in name.split() if word not in _SMALL] for name in (one, other))
    return len(ours) == len(theirs) and all(
        min(a, b, key=len)[:4] == max(a, b, key=len)[: min(len(a), len(b), 4)]
        for a, b in zip(ours, theirs, strict=True)
    )


def _appeared(references: Sequence[Reference]) -> str:
    first, *others = references[:3]
    told = [f"`{first.key}` appeared in {_titles(first)[0]}"]
    return " and ".join([*told, *(f"`{other.key}` in {_titles(other)[0]}" for other in others)])


RULES = (journals_are_those_of_the_references, names_of_journals_are_spelled_right)
