"""Where the marks of citations stand: before the words, on both sides of full stops, in headings. In every language."""

from __future__ import annotations

import re
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from newsletter.check.evidence.appeal_words import appeals
from newsletter.check.evidence.nearby import MANY
from newsletter.check.evidence.number_words import numbers
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content

_PROSE = {Kind.PROSE, Kind.CAPTION, Kind.QUOTE}
#: behind so few words there is nothing to support
_FEW = 3
#: so many lines are named
_NAMED = 6
_BEFORE_STOP = re.compile(r"[\"'”’»)\]*]{0,3}[.!?…]")
#: behind a label or a colon, with a new clause or a quotation to follow
_AFTER_COLON = re.compile(r":[\"'”’»)\]*]{0,3}\s{0,3}$")
_NEW_CLAUSE = re.compile(r"\s{0,3}(?:[\"“«'‘]\s?\w|[A-ZÀ-ÖØ-Þ]\S*\s+\w\S*\s+\w\S*\s+\w)")
_AFTER_STOP = re.compile(r"[.!?…][\"'”’»)\]*]{0,3}$")
#: a number cannot stand for the words that are missing here
_WORDS_MISSING = re.compile(
    r"(?:^|[\s(])(?:according to|as (?:shown|reported|described|found|seen) (?:in|by)|(?:see|in|by|and|with) the(?: \w{1,12})? of|"
    r"laut|nach|según|d’après|d'après|selon)$",
    re.IGNORECASE,
)


@issue_rule("citation-before-words", Level.WARNING)
def citations_follow_their_words(content: Content) -> Iterator[Finding]:
    """A citation in front of the words that it supports.

    A citation stands behind what it supports: at the end of the sentence, or of the part of it that comes from the source. One at
    the beginning of a paragraph, or a second one behind the full stop, seems to belong to the words before it. The author
    as a part of the sentence is written without brackets: `@smith2020 found that ...`.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        [@ok2020] Walking early helps most of us.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps most of us [@ok2020]. @ok2021 found the same for stairs.
    """
    yield from islice(_findings(content), MANY)


def _findings(content: Content) -> Iterator[Finding]:
    for passage in passages(content):
        if passage.kind in _PROSE and len(passage.text.split(None, _FEW)) >= _FEW:
            for mark, message in _misplaced(passage, content):
                key = mark.citation.items[0].key if mark.citation.items else "key"
                fix = f"Put it behind the words that it supports, or write @{key} without brackets to name the authors."
                yield Finding(at=mark.citation.at, message=message, fix=fix)


def _misplaced(passage: Passage, content: Content) -> Iterator[tuple[Mark, str]]:
    found = sentences(passage)
    for sentence, following in zip_longest(found, found[1:]):
        for number, mark in enumerate(sentence.marks):
            if mark.citation.in_text:
                continue
            if not passage.text[: mark.at].strip():
                yield mark, "a citation stands at the beginning, before the words that it supports"
            elif following is not None and _is_behind(passage, mark):
                if sentence.marks[0].at < sentence.end and number:
                    yield (
                        mark,
                        "a second citation stands behind the full stop: does it belong to the sentence that follows?",
                    )
                elif mark.spaced and english(content) and _belongs_to(sentence, following):
                    yield (
                        mark,
                        "a citation stands behind a sentence that needs none; does it belong to the one that follows?",
                    )
            elif _is_behind_a_colon(passage, mark):
                yield mark, "a citation stands in front of the words that it supports, right behind a colon"
            elif _WORDS_MISSING.search(passage.text[max(0, mark.at - 40) : mark.at]):
                yield mark, "only a number stands here for readers, where the sentence needs a name"


def _is_behind_a_colon(passage: Passage, mark: Mark) -> bool:
    """As in "**Against:** [@key] In one trial, ...". A citation alone behind a colon is a list of sources."""
    text = passage.text
    return bool(_AFTER_COLON.search(text, max(0, mark.at - 8), mark.at)) and bool(_NEW_CLAUSE.match(text, mark.at))


def _belongs_to(sentence: Sentence, following: Sentence) -> bool:
    """Whether of two sentences only the second needs a citation, and has none."""
    return not following.marks and _needs_one(following) and not _needs_one(sentence)


def _needs_one(sentence: Sentence) -> bool:
    return any(one.sure for one in appeals(sentence.text)) or next(numbers(sentence.text), None) is not None


@issue_rule("citation-placement-mixed", Level.INFORMATION)
def citations_stand_on_one_side_of_full_stops(content: Content) -> Iterator[Finding]:
    """Citations sometimes before and sometimes behind the full stop.

    Either is right, and one of them throughout looks cared for. American medical style puts the number behind the full stop. This is
    told once, for those that are fewer.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps [@ok2020]. Stairs help too.[@ok2021] Rest does not [@ok2020].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps [@ok2020]. Stairs help too [@ok2021]. Rest does not [@ok2020].
    """
    before: list[Mark] = []
    behind: list[Mark] = []
    for passage in passages(content):
        if passage.kind in {Kind.PROSE, Kind.CAPTION}:
            for mark in passage.marks:
                if not mark.citation.in_text:
                    _sort(passage, mark, before, behind)
    if before and behind:
        yield _mixed(before, behind)


def _sort(passage: Passage, mark: Mark, before: list[Mark], behind: list[Mark]) -> None:
    if _is_behind(passage, mark):
        behind.append(mark)
    elif _BEFORE_STOP.match(passage.text, mark.at):
        before.append(mark)


def _is_behind(passage: Passage, mark: Mark) -> bool:
    return bool(_AFTER_STOP.search(passage.text[max(0, mark.at - 5) : mark.at]))


def _mixed(before: list[Mark], behind: list[Mark]) -> Finding:
    rare, side, other = (behind, "behind", "before") if len(behind) <= len(before) else (before, "before", "behind")
    lines = list(dict.fromkeys(mark.citation.at.line for mark in rare))
    named = ", ".join(map(str, lines[:_NAMED])) + (f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else "")
    usual = len(before) + len(behind) - len(rare)
    return Finding(
        at=rare[0].citation.at,
        message=f"{len(rare)} of {len(before) + len(behind)} citations stand {side} the full stop (lines {named}), the others {other} it",
        fix=f"Put all of them {other} the full stop, as {usual} are.",
    )


@issue_rule("citation-in-heading", Level.INFORMATION)
def headings_have_no_citations(content: Content) -> Iterator[Finding]:
    """A citation in a heading or on a button.

    Headings are read on their own, in lists of contents and by screen readers, where a number says nothing. Cite the source
    in the text below.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        ## Walking early helps [@ok2020]

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        ## Walking early helps

        Walk a little every day [@ok2020].
    """
    yield from islice(_in_headings(content), MANY)


def _in_headings(content: Content) -> Iterator[Finding]:
    for passage in passages(content):
        if passage.kind in {Kind.HEADING, Kind.LABEL}:
            what = "a heading" if passage.kind is Kind.HEADING else "a button"
            for mark in passage.marks:
                yield Finding(
                    at=mark.citation.at,
                    message=f"a citation stands in {what}",
                    fix="Move it into the text below, behind the words that it supports.",
                )


RULES = (citations_follow_their_words, citations_stand_on_one_side_of_full_stops, headings_have_no_citations)
