"""Which disclaimers an issue must carry, and why: by policy always, by its topics, by its words, by its author's wish.

Pure: the catalogue of disclaimers and the day come in, the chosen ones and the problems go out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

from newsletter.model.problem import error
from newsletter.model.sameness import levelled, mentions
from newsletter.model.visible import visible_pieces
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference
    from newsletter.settings.schema import PolicySection


_HTML = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One disclaimer that must be there. `why` completes "it is required ..."; `at` is what asks for it."""

    id: str
    why: str
    at: Place
    #: named only by the author, not by policy
    by_author: bool = False


def required_ids(issue: Issue, references: Sequence[Reference], policy: PolicySection) -> tuple[Requirement, ...]:
    """Each required id once, with its first reason: policy's own, then topics, words, the author's list."""
    found: dict[str, Requirement] = {}
    for requirement in _requirements(issue, references, policy):
        found.setdefault(requirement.id, requirement)
    return tuple(found.values())


def select(
    issue: Issue, references: Sequence[Reference], policy: PolicySection, catalogue: Sequence[Disclaimer], day: date
) -> tuple[tuple[Disclaimer, ...], list[Problem]]:
    """The required disclaimers in the issue's language that are in force on `day`, and a problem for each that is not there."""
    chosen: list[Disclaimer] = []
    problems: list[Problem] = []
    for requirement in required_ids(issue, references, policy):
        found = in_force(requirement.id, issue.language, catalogue, day)
        if found is None:
            problems.append(_why_not(requirement, issue.language, catalogue, day))
        else:
            chosen.append(found)
    return tuple(chosen), problems


def _requirements(issue: Issue, references: Sequence[Reference], policy: PolicySection) -> Iterator[Requirement]:
    for name in policy.required:
        yield Requirement(id=name, why="for every issue", at=issue.place("language"))
    yield from _by_topic(issue, policy)
    yield from _by_words(issue, references, policy)
    for name in issue.disclaimers:
        at = issue.place("disclaimers")
        yield Requirement(id=name, why="because the issue names it under `disclaimers`", at=at, by_author=True)


def _by_topic(issue: Issue, policy: PolicySection) -> Iterator[Requirement]:
    topics = {levelled(topic) for topic in issue.topics}
    for topic, names in policy.topics.items():
        if levelled(topic) in topics:
            for name in names:
                yield Requirement(id=name, why=f"because of the topic `{topic}`", at=issue.place("topics"))


def _by_words(issue: Issue, references: Sequence[Reference], policy: PolicySection) -> Iterator[Requirement]:
    if not policy.words:
        return
    pieces = [(place, levelled(form)) for place, text in visible_pieces(issue, references) for form in _forms(text)]
    for name, phrases in policy.words.items():
        for phrase in phrases:
            pattern = mentions(phrase)
            at = next((place for place, text in pieces if pattern.search(text)), None)
            if at is not None:
                yield Requirement(
                    id=name, why=f'because of the words "{phrase}" ({PurePath(at.file).name}, line {at.line})', at=at
                )


def _forms(text: str) -> tuple[str, ...]:
    """As it stands, and as HTML that somebody hoped would be read: `<b>stem</b> cells`."""
    return (text, _HTML.sub("", text)) if "<" in text else (text,)


def in_force(name: str, language: str, catalogue: Sequence[Disclaimer], day: date) -> Disclaimer | None:
    """The version of a disclaimer for readers of a language that is in force on a day."""
    for tag in _look_up(language):
        versions = [d for d in _versions(name, tag, catalogue) if d.in_force(day)]
        if versions:
            return max(versions, key=lambda d: (d.effective_from or date.min, _natural(d.version)))
    return None


def _natural(version: str) -> list[int]:
    """2 before 10"""
    return [int(number) for number in re.findall(r"\d+", version)]


def _look_up(language: str) -> Iterator[str]:
    """The tag and then ever shorter ones, es-MX -> es (RFC 4647, section 3.4)."""
    steps = language.lower().split("-")
    for length in range(len(steps), 0, -1):
        yield "-".join(steps[:length])


def _versions(name: str, tag: str, catalogue: Sequence[Disclaimer]) -> list[Disclaimer]:
    return [d for d in catalogue if d.id == name and d.language.lower() == tag]


def _why_not(requirement: Requirement, language: str, catalogue: Sequence[Disclaimer], day: date) -> Problem:
    known = dict.fromkeys(disclaimer.id for disclaimer in catalogue)
    if requirement.by_author and requirement.id not in known:
        return _unknown(requirement, tuple(known))
    expired = [d for tag in _look_up(language) for d in _versions(requirement.id, tag, catalogue)]
    if expired:
        return _not_in_force(requirement, expired, day)
    return _missing(requirement, language)


def _unknown(requirement: Requirement, known: tuple[str, ...]) -> Problem:
    guess = nearest(requirement.id, known)
    message = f"there is no disclaimer `{requirement.id}`"
    fix = f"Did you mean `{guess}`?" if guess else f"Use one of: {', '.join(known) or 'none is there yet'}."
    return error("disclaimer-unknown", requirement.at, message, fix)


def _not_in_force(requirement: Requirement, versions: Sequence[Disclaimer], day: date) -> Problem:
    spans = "; ".join(f"{d.file}: version {d.version}, {_span(d)}" for d in versions)
    message = f"the disclaimer `{requirement.id}` is required {requirement.why}, but not in force on {day} ({spans})"
    fix = "Correct `effective_from` or `effective_until` there, add a version for that day, or choose another day."
    return error("disclaimer-not-in-force", requirement.at, message, fix)


def _span(disclaimer: Disclaimer) -> str:
    start = f"from {disclaimer.effective_from}" if disclaimer.effective_from else "from the beginning"
    return start + (f" until {disclaimer.effective_until}" if disclaimer.effective_until else " on")


def _missing(requirement: Requirement, language: str) -> Problem:
    file = f"templates/disclaimers/{requirement.id}.{language.lower().split('-', 1)[0]}.md"
    message = (
        f"the disclaimer `{requirement.id}` is required {requirement.why}, but there is none in this issue's "
        f"language ({language}); another language is never used instead"
    )
    fix = f"Write {file}, have it reviewed, or correct the `language` of the issue."
    return error("disclaimer-missing", requirement.at, message, fix)
