"""Rules about the people whom a text names for a source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import zip_longest
from typing import TYPE_CHECKING

from newsletter.check.evidence.author_names import families, has_people, pieces
from newsletter.check.evidence.author_words import Clearness, named_people, names_alone
from newsletter.check.evidence.cited import cited_sentences
from newsletter.check.evidence.cited_tables import Column
from newsletter.check.evidence.dates import moments
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.evidence.author_words import Named
    from newsletter.check.evidence.cited import Cited
    from newsletter.check.rulebook import Content
    from newsletter.model.reference import Reference


@issue_rule("citation-author-differs", Level.WARNING)
def people_are_authors_of_the_references(content: Content) -> Iterator[Finding]:
    """Somebody is named right before a citation who is no author of what is cited.

    "Smith et al. [@jones2020]" has the wrong name or the wrong citation. Any author may be named, not only the first; accents and
    particles do not matter. Where a name stands further away from the citation, it is only mentioned.

    Bad:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        Specimen et al. [@ok2020] found that walking early helps.

    Good:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        Example et al. [@ok2020] found that walking early helps.
    """
    ours = _our_people(content)
    for cited in cited_sentences(content):
        if not all(has_people(reference) for reference in cited.references):
            continue
        for named, references in _named(cited):
            if (
                not _is_author(named, references)
                and not pieces(named.name) & ours
                and _may_be(named, references, content)
            ):
                yield _finding(cited, named, references)


def _named(cited: Cited) -> Iterator[tuple[Named, tuple[Reference, ...]]]:
    """Each name with the references of the next citation, where no other name stands closer to it."""
    marks = cited.marks
    found = tuple(named_people(cited.words, marks)) or tuple(_in_a_column(cited))
    if not cited.own:
        # the citation stands in another sentence
        yield from ((named, cited.references) for named in found[:1] if len(found) == 1)
        return
    for named, after in zip_longest(found, found[1:]):
        number = bisect_left(marks, named.end)
        if number < len(marks) and not (after and after.end <= marks[number]):
            end = bisect_right(marks, marks[number])
            keys = {item.key for mark in cited.sentence.marks[number:end] for item in mark.citation.items}
            if references := tuple(reference for reference in cited.references if reference.key in keys):
                yield named, references


def _in_a_column(cited: Cited) -> Iterator[Named]:
    """In a column of authors nothing but a name is one."""
    if cited.column is Column.AUTHOR:
        yield from names_alone(cited.words)


def _is_author(named: Named, references: Sequence[Reference]) -> bool:
    known = families(references)
    return all(pieces(name) & known for name in named.names)


def _may_be(named: Named, references: Sequence[Reference], content: Content) -> bool:
    """Names with a year have to be those of a source of that year, and no journal: "Lyon (2012)", "Injury (2012)"."""
    if any(map(content.knowledge.journals.named, named.names)):
        return False
    return named.year is None or any(one.year == named.year for reference in references for one in moments(reference))


def _our_people(content: Content) -> frozenset[str]:
    """Those who write the issue: what they say about a paper is cited too."""
    return frozenset(piece for author in content.issue.authors for piece in pieces(author))


def _finding(cited: Cited, named: Named, references: Sequence[Reference]) -> Finding:
    reference = references[0]
    authors = _authors(reference)
    who = ", ".join(name[:60] for name in authors[:3]) + (" and others" if len(authors) > 3 else "")
    return Finding(
        at=cited.place(named.at),
        message=f"the text names {named.name}, but `{reference.key}` is by {who}",
        fix="Correct the name, or cite the paper that is meant.",
        level=None if named.clearness is Clearness.CLEAR else Level.INFORMATION,
    )


def _authors(reference: Reference) -> list[str]:
    names = reference.csl.get("author") or reference.csl.get("editor") or ()
    return [
        name.get("literal") or " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"))))
        for name in names
    ]


RULES = (people_are_authors_of_the_references,)
