"""The values of files with claims rules -> ClaimRules, and a Problem for each mistake in them.

Files are laid over one another: a rule with a known id changes only the keys that it has, a list of words adds to the one of
that name. What is wrong is told at its own line, and all the rest stays in force.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from newsletter.check.claims.phrases import BadPhrase, ways_of
from newsletter.check.claims.profile import (
    ClaimLevel,
    ClaimRule,
    ClaimRules,
    Examples,
    Near,
    Needs,
    Notice,
    Unless,
)
from newsletter.check.claims.profile_fields import FileMatter, RuleMatter
from newsletter.model.problem import error
from newsletter.validate import nearest, problems_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from newsletter.check.claims.phrases import Way
    from newsletter.check.claims.profile_fields import NoticeMatter
    from newsletter.model.problem import Place, Problem
    from newsletter.settings.section import Section

CODE = "claims-rules-broken"
#: a file with more is no file of rules
MOST_RULES = 2_000
_KINDS = frozenset(Unless)
KeyPath = tuple[str | int, ...]
S = TypeVar("S", bound="Section")


@dataclass(frozen=True, kw_only=True)
class RulesFile:
    """What YAML gave for one file; `place_of` finds where a key of it stands."""

    values: Mapping[str, Any]
    place_of: Callable[[KeyPath], Place]


@dataclass(kw_only=True)
class _Draft:
    """A rule as the files so far have it; `at` has the place of each of its keys."""

    values: dict[str, Any]
    at: dict[str, Callable[[KeyPath], Place]]

    def place(self, *path: str | int) -> Place:
        return self.at.get(str(path[0]), self.at["id"])(path)


@dataclass(kw_only=True)
class _Builder:
    problems: list[Problem] = field(default_factory=list)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notices: dict[str, tuple[NoticeMatter, Callable[[KeyPath], Place]]] = field(default_factory=dict)
    drafts: dict[str, _Draft] = field(default_factory=dict)
    language: str = "en"

    def add(self, file: RulesFile) -> None:
        """Lay a file over those before it."""
        matter = self._valid(FileMatter, {**file.values}, file.place_of)
        if matter is None:
            return
        self.language = matter.language if "language" in file.values else self.language
        for name, phrases in matter.words.items():
            self.words[name] = tuple(dict.fromkeys((*self.words.get(name, ()), *phrases)))
            self._refuse_nested(phrases, file, name)
        for name, notice in matter.notices.items():
            self.notices[name] = (notice, file.place_of)
        if len(matter.rules) > MOST_RULES:
            fix = f"Keep at most {MOST_RULES:,}; a phrase may have many alternatives."
            self._tell(file.place_of(("rules",)), f"there are {len(matter.rules):,} rules here", fix)
        ids: dict[str, Place] = {}
        for number, values in enumerate(matter.rules[:MOST_RULES]):
            self._rule(values, _below(file.place_of, ("rules", number)), ids)

    def built(self) -> ClaimRules:
        notices = {name: self._notice(name, *notice) for name, notice in self.notices.items()}
        notice_ways = {phrase: said for _, ways in notices.values() for phrase, said in ways.items()}
        rules = [rule for draft in self.drafts.values() if (rule := self._built(draft))]
        return ClaimRules(
            rules=tuple(rules),
            notices={name: notice for name, (notice, _) in notices.items()},
            notice_ways=notice_ways,
            language=self.language,
        )

    def _rule(self, values: object, place_of: Callable[[KeyPath], Place], ids: dict[str, Place]) -> None:
        if not isinstance(values, dict):
            self._tell(
                place_of(()), "this is no rule", "Write a rule as keys and values: `- id: ...`, `say: ...`, `why: ...`."
            )
            return
        matter = self._valid(RuleMatter, values, place_of)
        if matter is None:
            return
        if matter.id in ids:
            what = f"there is a rule `{matter.id}` already, in line {ids[matter.id].line}"
            self._tell(place_of(("id",)), what, "Give each rule an id of its own.")
            return
        ids[matter.id] = place_of(("id",))
        given = {key: getattr(matter, key) for key in RuleMatter.model_fields if key in values}
        if matter.id not in self.drafts and not self._is_whole(matter, given, place_of):
            return
        draft = self.drafts.setdefault(matter.id, _Draft(values={}, at={}))
        draft.values |= given
        draft.at |= dict.fromkeys(given, place_of)

    def _is_whole(self, matter: RuleMatter, given: Mapping[str, Any], place_of: Callable[[KeyPath], Place]) -> bool:
        """A new rule says what it looks for and why; anything less is meant for an inherited rule."""
        missing = [key for key in ("say", "why") if not given.get(key)]
        if not missing:
            return True
        guess = nearest(matter.id, self.drafts)
        hint = f" If it changes an inherited rule: did you mean `{guess}`?" if guess else ""
        what = f"the rule `{matter.id}` has no `{missing[0]}`"
        self._tell(place_of(("id",)), what, f"Add `say` (the phrases) and `why` (one sentence for your staff).{hint}")
        return False

    def _built(self, draft: _Draft) -> ClaimRule | None:
        matter = RuleMatter.model_validate(draft.values)
        if matter.level is ClaimLevel.OFF:
            return None
        ways: dict[str, tuple[Way, ...]] = {}
        words = tuple(one for one in matter.unless if one not in _KINDS)
        self._refuse_slips(words, draft)
        say = self._known(matter.say, ways, draft, "say")
        near = self._known(matter.near.words if matter.near else (), ways, draft, "near", "words")
        unless = self._known(words, ways, draft, "unless")
        needed = self._known(matter.needs.words, ways, draft, "needs", "words")
        if matter.needs.notice and matter.needs.notice not in self.notices:
            what = f"the rule `{matter.id}` needs the notice `{matter.needs.notice}`, and there is none of that name"
            self._tell(draft.place("needs", "notice"), what, "Add it under `notices`, or correct the name.")
            return None
        if not say or (matter.near and not near):
            return None
        return ClaimRule(
            id=matter.id,
            level=matter.level,
            say=say,
            why=matter.why,
            near=Near(words=near, within=matter.near.within) if matter.near else None,
            unless=frozenset(Unless(one) for one in matter.unless if one in _KINDS),
            unless_words=unless,
            where=matter.where,
            needs=Needs(citation=matter.needs.citation, words=needed, notice=matter.needs.notice or ""),
            instead=matter.instead,
            examples=Examples(hit=matter.examples.hit, no_hit=matter.examples.no_hit),
            ways=ways,
        )

    def _refuse_slips(self, words: Sequence[str], draft: _Draft) -> None:
        """`negatd` would be looked for as a word, and nobody would notice."""
        for number, word in enumerate(words):
            if guess := get_close_matches(word.casefold(), _KINDS, n=1, cutoff=0.8):
                what = f"`unless` has `{word[:40]}`, which would be looked for as a word"
                self._tell(draft.place("unless", number), what, f"Did you mean `{guess[0]}`?")

    def _notice(
        self, name: str, matter: NoticeMatter, place_of: Callable[[KeyPath], Place]
    ) -> tuple[Notice, dict[str, tuple[Way, ...]]]:
        ways: dict[str, tuple[Way, ...]] = {}
        draft = _Draft(values={}, at={"id": _below(place_of, ("notices", name))})
        words = self._known(matter.words, ways, draft, "words")
        return Notice(id=name, words=words, block=matter.block or "", example=matter.example), ways

    def _known(
        self, phrases: Sequence[str], ways: dict[str, tuple[Way, ...]], draft: _Draft, *path: str
    ) -> tuple[str, ...]:
        """Those of the phrases that can be understood."""
        for number, phrase in enumerate(phrases):
            try:
                ways[phrase] = ways_of(phrase, self.words)
            except BadPhrase as why:
                what, _, fix = str(why).partition(" | ")
                self._tell(draft.place(*path, number), f"`{phrase[:60]}`: {what}", fix)
        return tuple(phrase for phrase in phrases if phrase in ways)

    def _refuse_nested(self, phrases: Iterable[str], file: RulesFile, name: str) -> None:
        for number, phrase in enumerate(phrases):
            if "{" in phrase:
                what = f"`{phrase[:60]}`: a list of words cannot stand in another one"
                self._tell(file.place_of(("words", name, number)), what, "Write the words themselves.")

    def _valid(self, schema: type[S], values: dict[str, Any], place_of: Callable[[KeyPath], Place]) -> S | None:
        """The values as the schema has them; what is wrong is told and left out where the rest can do without it."""
        try:
            return schema.model_validate(values)
        except ValidationError as failure:
            self.problems += [replace(one, code=CODE) for one in problems_of(failure, schema, CODE, place_of)]
            wrong = {str(details["loc"][0]) for details in failure.errors() if details["loc"]}
        if schema is RuleMatter or wrong.isdisjoint(values):
            return None
        return self._valid_rest(schema, {key: value for key, value in values.items() if key not in wrong})

    def _valid_rest(self, schema: type[S], values: dict[str, Any]) -> S | None:
        try:
            return schema.model_validate(values)
        except ValidationError:
            return None

    def _tell(self, at: Place, what: str, fix: str) -> None:
        self.problems.append(error(CODE, at, what, fix))


def build(files: Iterable[RulesFile]) -> tuple[ClaimRules, list[Problem]]:
    """The rules of files laid over one another, the first at the bottom."""
    builder = _Builder()
    for file in files:
        builder.add(file)
    rules = builder.built()
    return rules, list(dict.fromkeys(builder.problems))


def _below(place_of: Callable[[KeyPath], Place], path: KeyPath) -> Callable[[KeyPath], Place]:
    return lambda rest: place_of((*path, *rest))
