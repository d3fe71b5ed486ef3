"""An issue looked at with the claims rules: what is refused, what waits for a signature, what is only told.

This is a pre-screen: it finds words, not meaning, and what it lets pass may still be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsletter.check.claims import history
from newsletter.check.claims import ledger as lock
from newsletter.check.claims.matching import flags, read
from newsletter.check.claims.notices import missing
from newsletter.check.claims.profile import ClaimLevel
from newsletter.check.claims.statements import statements
from newsletter.check.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from newsletter.check.claims.ledger import Entry, Ledger
    from newsletter.check.claims.matching import Flag
    from newsletter.check.claims.notices import Missing
    from newsletter.check.rulebook import Content
    from newsletter.model.reference import Reference


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A flagged sentence and what the ledger says of it."""

    flag: Flag
    sentence: str
    references: tuple[str, ...]
    #: the signature in force
    accepted: Entry | None = None
    #: one that does not count any more, because the sentence, the rule or a reference changed
    before: Entry | None = None

    @property
    def rule(self) -> str:
        return f"{self.flag.rule.id}@{self.flag.rule.fingerprint}"

    @property
    def hash(self) -> str:
        return lock.hash_of(self.rule, self.sentence, self.references)

    @property
    def id(self) -> str:
        """Short enough to type."""
        return self.hash[:8]

    @property
    def is_open(self) -> bool:
        return self.flag.level is ClaimLevel.REVIEW and self.accepted is None

    def signed(self, reviewer: str, why: str, day: date) -> Entry:
        return lock.Entry(
            hash=self.hash,
            rule=self.rule,
            sentence=self.sentence,
            references=self.references,
            reviewer=reviewer,
            why=why,
            date=day,
        )

    @property
    def is_reworded(self) -> bool:
        """Whether another wording of it was accepted."""
        return self.before is not None and self.before.sentence != self.sentence

    def changed(self) -> str:
        """What changed since it was accepted, as clauses."""
        if self.before is None:
            return ""
        return " and ".join(history.changes(self.before, self.rule, self.sentence, self.references))


@dataclass(frozen=True, kw_only=True)
class Screening:
    claims: tuple[Claim, ...] = ()
    missing: tuple[Missing, ...] = ()
    #: entries of the ledger for sentences that are not flagged any more
    stale: tuple[Entry, ...] = ()
    #: claims that another wording of was accepted; its entry stays until the new one is signed
    reworded: tuple[Claim, ...] = ()
    #: rules in force that do not know the issue's language
    wrong_language: bool = field(default=False)

    @property
    def open(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.is_open)

    @property
    def refused(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.flag.level is ClaimLevel.ERROR)


@remembered
def screen(content: Content) -> Screening:
    """Everything that the rules in force say about an issue; nothing where there are none."""
    return _screen(content)


def _screen(content: Content) -> Screening:
    rules, ledger = content.knowledge.claims, content.knowledge.ledger or lock.Ledger()
    if rules is None:
        return Screening()
    if _language(content.issue.language) != _language(rules.language):
        return Screening(wrong_language=True)
    reads = [read(statement, rules) for statement in statements(content)]
    found = list(flags(reads, rules))
    library = content.knowledge.library or {one.key: one for one in content.references}
    claims = _claims([flag for flag in found if not flag.rule.needs.notice], ledger, library)
    in_force = {claim.hash for claim in claims} | {claim.before.hash for claim in claims if claim.before}
    claims, stale = _with_old_wordings(claims, [entry for entry in ledger.entries if entry.hash not in in_force])
    return Screening(
        claims=tuple(claims),
        missing=tuple(missing(found, reads, rules, content.issue.body)),
        stale=tuple(stale),
        reworded=tuple(claim for claim in claims if claim.is_reworded),
    )


def _with_old_wordings(claims: list[Claim], left: list[Entry]) -> tuple[list[Claim], list[Entry]]:
    """The claims, each with the signature that its old wording had, and the entries that belong to none."""
    new = [number for number, claim in enumerate(claims) if claim.is_open and claim.before is None]
    found = history.reworded([claims[number] for number in new], left)
    known = list(claims)
    for index, entry in found.items():
        known[new[index]] = replace(known[new[index]], before=entry)
    taken = {entry.hash for entry in found.values()}
    return known, [entry for entry in left if entry.hash not in taken]


def _claims(found: list[Flag], ledger: Ledger, library: Mapping[str, Reference]) -> list[Claim]:
    """Each sentence once for each rule: the same words a second time are covered by the same signature."""
    claims: dict[str, Claim] = {}
    for flag in found:
        sentence = lock.sentence_of(flag.statement.text)
        claim = Claim(flag=flag, sentence=sentence, references=lock.cited(flag.statement.keys, library))
        if flag.level is ClaimLevel.REVIEW:
            accepted = ledger.by_hash.get(claim.hash)
            before = None if accepted else ledger.by_sentence.get((flag.rule.id, sentence))
            claim = Claim(flag=flag, sentence=sentence, references=claim.references, accepted=accepted, before=before)
        claims.setdefault(f"{claim.hash} {flag.level}", claim)
    return list(claims.values())


def _language(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].casefold()
