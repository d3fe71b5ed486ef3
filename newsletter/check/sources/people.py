"""The names of a source: several people in one field, "et al." among them, and names all in capitals."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from newsletter.check.sources.fields import PEOPLE, part, people
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

    Name = Mapping[str, Any]

#: names of one reference that are told
_MOST = 3
#: longer ones are no names; nothing below costs more than this much of them
_LONGEST = 400

_ET_AL = re.compile(r"\bet\.? ?al\b|\band (?:others|colleagues|co-?workers)\b|\bu\. ?a\.$", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;]|\s(?:and|und|et|y|&)\s")
#: Smith J, van der Berg JP, O'Neil-Brown J.-P.
_PERSON = re.compile(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2} (?:[A-Z]\.?[ -]?){1,3}")
#: Smith, J. A.
_REVERSED = re.compile(r"[^\W\d_][\w'’ -]{1,40}, ?[A-Z][\w. -]{0,30}")
_GROUP = re.compile(
    r"\b(?:group|committee|panel|team|society|network|study|trial|phase|part|type|vitamin)\b", re.IGNORECASE
)
_PARTICLES = frozenset("van von der den de del della di da dos du la le ten ter zu al el bin ibn".split())


@source_rule("reference-et-al", Level.WARNING)
def names_are_given_in_full(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A name with "et al." in it.

    It would be printed as a part of the name, and hides how many wrote it: AMA names up to six. Give all names; the
    style shortens the list where it must.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: A et al}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
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
            author: [{family: Example, given: A}, {family: Sample, given: B}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for name in _names(reference, lambda name: bool(_ET_AL.search(_written(name)))):
        fix = "Give all names, each as one of its own; the style decides how many are printed."
        yield found(reference, f'has "et al" or the like within the name "{name}"', fix)


@source_rule("reference-authors-in-one", Level.WARNING)
def each_name_stands_alone(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """Several people in one name.

    They are printed as if they were one person, and the list is cut at the wrong place. Give each person a name of
    its own.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{literal: "Example A, Sample BC"}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
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
            author: [{family: Example, given: A}, {family: Sample, given: BC}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for name in _names(reference, _holds_several):
        fix = 'Write each as one: {"family": "Smith", "given": "J"}, {"family": "Miller", "given": "K"}.'
        yield found(reference, f'has several people in one name: "{name}"', fix)


@source_rule("reference-name-capitals", Level.WARNING)
def names_are_in_usual_letters(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A name all in capitals.

    It is printed as it stands and shouts. Write it as its owner does: "Smith", "McDonald".

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: EXAMPLE, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
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
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for name in _names(reference, lambda name: _shouts(name) and not _ET_AL.search(_written(name))):
        yield found(reference, f'has the name "{name}" in capitals', "Write it as its owner does, such as `Smith`.")
    for name in _names(reference, _is_small):
        fix = "Write it with a capital, unless its owner does not."
        yield found(reference, f'has the name "{name}" in small letters', fix, Level.INFORMATION)


def _names(reference: Reference, wrong: Callable[[Name], bool]) -> Iterator[str]:
    """The first few names that are wrong, as they are written."""
    every = (name for field in PEOPLE for name in people(reference, field))
    return islice((_written(name)[:80] for name in every if wrong(name)), _MOST)


def _written(name: Name) -> str:
    literal = part(name, "literal")
    parts = ("given", "dropping-particle", "non-dropping-particle", "family")
    return (literal or " ".join(filter(None, (part(name, which) for which in parts))))[:_LONGEST]


def _holds_several(name: Name) -> bool:
    literal, family, given = (part(name, which)[:_LONGEST] for which in ("literal", "family", "given"))
    if _is_person(family) and _is_person(given):
        # "Smith J, Miller K", split at its comma by an export
        return True
    return any(_are_several(text) for text in (literal, family, given))


def _are_several(text: str) -> bool:
    apart = [piece for piece in text.split(";") if piece.strip()]
    if len(apart) > 1 and all(_REVERSED.fullmatch(piece.strip()) or _is_person(piece) for piece in apart):
        return True
    return sum(_is_person(piece) for piece in _BETWEEN.split(text)) > 1


def _is_person(text: str) -> bool:
    text = text.strip()
    return len(text) <= 60 and bool(_PERSON.fullmatch(text)) and not _GROUP.search(text)


def _shouts(name: Name) -> bool:
    """A family name of four letters or more: NG and LI may be initials in the wrong field, and WHO is a group."""
    if family := part(name, "family")[:_LONGEST]:
        return family.isupper() and _letters(family) >= 4
    literal = part(name, "literal")[:_LONGEST]
    return literal.isupper() and sum(_letters(word) >= 4 for word in literal.split()) > 1


def _is_small(name: Name) -> bool:
    family, given = part(name, "family"), part(name, "given")
    if part(name, "non-dropping-particle") or part(name, "dropping-particle"):
        return False
    return family.islower() and given.islower() and not _PARTICLES & set(family.split())


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


RULES = (names_are_given_in_full, each_name_stands_alone, names_are_in_usual_letters)
