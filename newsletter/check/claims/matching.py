"""Sentences and rules -> what a rule says to which sentence. Each rule is told once in a sentence, at its first claim."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.check.claims.negation import is_denied
from newsletter.check.claims.profile import ClaimLevel, Unless, Where
from newsletter.check.claims.retraction import is_not_offered, takes_back
from newsletter.check.claims.words import words_of
from newsletter.check.cover import COVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.check.claims.finder import Hit
    from newsletter.check.claims.profile import ClaimRule, ClaimRules
    from newsletter.check.claims.statements import Statement
    from newsletter.check.claims.words import Words
    from newsletter.model.problem import Place

#: claims of one rule in one sentence that are looked at, in a sentence as long as a book
_MOST_IN_A_SENTENCE = 200


@dataclass(frozen=True, kw_only=True, eq=False)
class Flag:
    """A rule and the words of a sentence that it speaks of."""

    rule: ClaimRule
    statement: Statement
    #: offsets of the words in the sentence
    start: int
    end: int
    #: what it counts as here
    level: ClaimLevel

    @property
    def words(self) -> str:
        return self.statement.text[self.start : self.end].replace(COVER, "…")

    @property
    def place(self) -> Place:
        return self.statement.place_at(self.start)


@dataclass(frozen=True, kw_only=True, eq=False)
class Read:
    """A sentence with all phrases found in it."""

    statement: Statement
    words: Words
    hits: Mapping[str, Sequence[Hit[str]]]
    #: what some rules want to be near, by their phrases: rules of a kind often want the same
    _near: dict[tuple[str, ...], _Spots] = field(default_factory=dict)

    def has(self, phrases: Iterable[str]) -> bool:
        return any(phrase in self.hits for phrase in phrases)

    def spots(self, phrases: tuple[str, ...]) -> _Spots:
        if phrases not in self._near:
            self._near[phrases] = _Spots(hit for phrase in phrases for hit in self.hits.get(phrase, ()))
        return self._near[phrases]


def read(statement: Statement, rules: ClaimRules) -> Read:
    words = words_of(statement.text)
    hits: dict[str, list[Hit[str]]] = {}
    for hit in rules.finder.find(words.words):
        hits.setdefault(hit.what, []).append(hit)
    return Read(statement=statement, words=words, hits=hits)


def flags(reads: Iterable[Read], rules: ClaimRules) -> Iterator[Flag]:
    """In the order of the sentences, and in a sentence in that of the rules."""
    for one in reads:
        for number in sorted({number for phrase in one.hits for number in rules.saying.get(phrase, ())}):
            if flag := _flag(one, rules.rules[number], rules.denials):
                yield flag


def _flag(one: Read, rule: ClaimRule, denials: frozenset[str]) -> Flag | None:
    if one.has(rule.unless_words) or _is_elsewhere(one, rule):
        return None
    level = _level(one, rule)
    if level is None:
        return None
    # of phrases that begin alike the longest is told
    hits = sorted(
        (hit for phrase in rule.say for hit in one.hits.get(phrase, ())), key=lambda hit: (hit.first, -hit.last)
    )
    for hit in hits[:_MOST_IN_A_SENTENCE]:
        if _is_near(one, rule, hit) and _counts(one, rule, hit, denial_within=hit.what in denials):
            start, end = one.words.starts[hit.first], one.words.ends[hit.last]
            return Flag(rule=rule, statement=one.statement, start=start, end=end, level=level)
    return None


def _is_elsewhere(one: Read, rule: ClaimRule) -> bool:
    """In a callout, in a question, or taken back by the next sentence, where that makes it no claim."""
    in_callout = Unless.CALLOUT in rule.unless and "callout" in one.statement.inside
    question = one.statement.is_question
    return in_callout or (Unless.QUESTION in rule.unless and question) or _is_taken_back(one, rule)


def _is_taken_back(one: Read, rule: ClaimRule) -> bool:
    following = one.statement.following
    if not following or Unless.NEGATED not in rule.unless:
        return False
    offer = bool(rule.needs.notice) and is_not_offered(following)
    return offer or takes_back(following, question=one.statement.is_question)


def _level(one: Read, rule: ClaimRule) -> ClaimLevel | None:
    """What it counts as here. A question and what an error needs make it one for review: a source is there, but what does it say?"""
    met = bool(rule.needs) and not rule.needs.notice and _has_what_it_needs(one, rule)
    if rule.level is ClaimLevel.ERROR:
        return ClaimLevel.REVIEW if met or one.statement.is_question else ClaimLevel.ERROR
    return None if met else rule.level


def _has_what_it_needs(one: Read, rule: ClaimRule) -> bool:
    cited = not rule.needs.citation or bool(one.statement.keys)
    return cited and (not rule.needs.words or one.has(rule.needs.words))


def _is_near(one: Read, rule: ClaimRule, hit: Hit[str]) -> bool:
    return rule.near is None or one.spots(rule.near.words).near(hit, rule.near.within)


def _counts(one: Read, rule: ClaimRule, hit: Hit[str], *, denial_within: bool) -> bool:
    quoted = one.statement.is_quoted(one.words.starts[hit.first])
    if quoted and Unless.QUOTED in rule.unless:
        return False
    if not quoted and rule.where is Where.QUOTED:
        return False
    if Unless.NEGATED not in rule.unless:
        return True
    return not is_denied(one.words, hit.first, hit.last, denial_within=denial_within)


class _Spots:
    """Where some phrases stand, so that the nearest to a claim is found at once."""

    def __init__(self, hits: Iterable[Hit[str]]) -> None:
        spans = [(hit.first, hit.last) for hit in hits]
        self._firsts = sorted(first for first, _ in spans)
        self._lasts = sorted(last for _, last in spans)

    def near(self, hit: Hit[str], within: int | None) -> bool:
        """Whether one begins at most so many words behind the claim, or ends at most so many in front of it."""
        if within is None:
            return bool(self._firsts)
        begins = bisect_right(self._firsts, hit.last + within) - bisect_left(self._firsts, hit.first)
        ends = bisect_right(self._lasts, hit.last) - bisect_left(self._lasts, hit.first - within)
        return begins > 0 or ends > 0
