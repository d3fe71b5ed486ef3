"""Sentences about one part of the body that cite papers about another: perhaps the key is the wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.prose.body_parts import named_parts
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import passages
from newsletter.check.prose.sentences import sentences
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

#: who writes about one of them names the other: the heel of an Achilles tendon, the wrist of a tennis elbow
_TOGETHER = (frozenset({"ankle", "foot"}), frozenset({"elbow", "wrist", "hand"}), frozenset({"neck", "back"}))


@issue_rule("reference-other-body-part", Level.INFORMATION)
def sources_are_about_the_same_part(content: Content) -> Iterator[Finding]:
    """A sentence about one body part that cites only papers about another.

    The title of a source names what it studied. Where a sentence about hips cites a paper about knees alone, the key may be
    the wrong one, or the sentence should say whom the paper studied. English only.

    Bad:

        ---
        title: Walking after a hip operation
        preheader: How far, how often, and when to stop and call us
        references:
          - id: one
            type: article-journal
            title: Early walking after total knee arthroplasty
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early after a hip operation was safe [@one].

    Good:

        ---
        title: Walking after a hip operation
        preheader: How far, how often, and when to stop and call us
        references:
          - id: one
            type: article-journal
            title: Early walking after total knee arthroplasty
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early after a knee operation was safe [@one]; for the hip we know less.
    """
    if not english(content):
        return
    parts = {
        reference.key: {part for part, _ in named_parts(str(reference.csl.get("title", "")))}
        for reference in content.references
    }
    for passage in passages(content):
        for sentence in sentences(passage):
            cited = [parts.get(item.key, set()) for mark in sentence.marks for item in mark.citation.items]
            studied = {part for one in cited for part in one}
            named = {part for part, _ in named_parts(sentence.text)}
            # where a source names no part, or several are cited, one of them may fit
            if named and all(cited) and studied and not _with_neighbours(studied) & named:
                message = f"this sentence is about the {_listed(named)}, and its source about the {_listed(studied)}"
                fix = "Look whether the key is the right one; else say whom the source studied."
                yield Finding(at=sentence.marks[0].citation.at, message=message, fix=fix)


def _with_neighbours(parts: set[str]) -> set[str]:
    return parts.union(*(group for group in _TOGETHER if group & parts))


def _listed(parts: set[str]) -> str:
    return " and the ".join(sorted(parts))


RULES = (sources_are_about_the_same_part,)
