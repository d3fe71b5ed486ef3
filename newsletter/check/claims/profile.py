"""The rules about claims: what each looks for, when it does not count, and why it matters.

docs/claims.md explains the file; newsletter/pipeline/claims.py reads it. Values come in here as YAML gave them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.check.claims.finder import Finder
from newsletter.check.claims.negation import has_denial
from newsletter.check.claims.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.claims.phrases import Way


class ClaimLevel(StrEnum):
    #: it cannot go out like this
    ERROR = "error"
    #: it can, once somebody has signed it
    REVIEW = "review"
    #: it is only told
    INFORMATION = "information"
    #: this rule is not used
    OFF = "off"


class Unless(StrEnum):
    """When a phrase is no claim. What else stands under `unless` is a phrase that must not be in the sentence."""

    NEGATED = "negated"
    #: within quotation marks or a quotation
    QUOTED = "quoted"
    #: within a callout
    CALLOUT = "callout"
    #: in a sentence that asks
    QUESTION = "question"


class Where(StrEnum):
    ANYWHERE = "anywhere"
    #: only within quotation marks or a quotation
    QUOTED = "quoted"


@dataclass(frozen=True, kw_only=True)
class Near:
    """One of these must stand within so many words, or anywhere in the sentence."""

    words: tuple[str, ...]
    within: int | None = None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What readers must have read before the first call to action: one of the phrases, within a block where one is named."""

    id: str
    words: tuple[str, ...]
    block: str = ""
    #: a text that would do
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """With all of these the phrase may stand; that of an error is still for review. A notice is asked for in any case."""

    citation: bool = False
    #: one of these phrases in the sentence
    words: tuple[str, ...] = ()
    #: the notice before the first call to action
    notice: str = ""

    def __bool__(self) -> bool:
        return self.citation or bool(self.words) or bool(self.notice)


@dataclass(frozen=True, kw_only=True)
class Examples:
    hit: tuple[str, ...] = ()
    no_hit: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClaimRule:
    id: str
    level: ClaimLevel
    say: tuple[str, ...]
    why: str
    near: Near | None = None
    unless: frozenset[Unless] = frozenset({Unless.NEGATED})
    unless_words: tuple[str, ...] = ()
    where: Where = Where.ANYWHERE
    needs: Needs = Needs()
    instead: str = ""
    examples: Examples = Examples()
    #: every phrase of it as it is looked for
    ways: Mapping[str, tuple[Way, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """The same as long as it finds the same; its explanations may change."""
        near = [sorted(self._said(self.near.words)), self.near.within] if self.near else None
        unless = [*sorted(self.unless), *sorted(self._said(self.unless_words))]
        needs = [self.needs.citation, sorted(self._said(self.needs.words)), self.needs.notice]
        facts = [self.id, self.level, sorted(self._said(self.say)), near, unless, self.where, needs]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]

    def _said(self, phrases: tuple[str, ...]) -> Iterator[str]:
        for phrase in phrases:
            for way in self.ways[phrase]:
                yield " ".join("|".join(sorted(step.patterns)) or "..." for step in way)


@dataclass(frozen=True, kw_only=True)
class ClaimRules:
    """The rules in force, in their order."""

    rules: tuple[ClaimRule, ...]
    notices: Mapping[str, Notice] = field(default_factory=dict)
    #: the ways to say the phrases of the notices
    notice_ways: Mapping[str, tuple[Way, ...]] = field(default_factory=dict, repr=False)
    #: the language that they are written for
    language: str = "en"

    @cached_property
    def by_id(self) -> Mapping[str, ClaimRule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def finder(self) -> Finder[str]:
        """Finds every phrase of every rule; each phrase once, however many rules have it."""
        ways = dict(self.notice_ways)
        for rule in self.rules:
            ways |= rule.ways
        return Finder((way, phrase) for phrase, said in ways.items() for way in said)

    @cached_property
    def saying(self) -> Mapping[str, tuple[int, ...]]:
        """A phrase -> the numbers of the rules that look for it."""
        numbers: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for phrase in rule.say:
                numbers.setdefault(phrase, []).append(number)
        return {phrase: tuple(found) for phrase, found in numbers.items()}

    @cached_property
    def denials(self) -> frozenset[str]:
        """Phrases with a denial in them: `no side effects`."""
        return frozenset(phrase for phrase in self.saying if has_denial(words_of(phrase).words))
