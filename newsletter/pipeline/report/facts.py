"""What a medical reviewer has to look at, as plain facts: pipeline/report.py gathers them, report_page.py shows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from newsletter.model.problem import Level, Problem
    from newsletter.model.reference import Entry
    from newsletter.model.waiver import Waiver


class PieceKind(StrEnum):
    WORDS = "words"
    #: the number of a reference, where a reader sees it
    NUMBER = "number"
    #: what stands between and around such numbers
    MARK = "mark"
    #: in the quotation, but not in the source
    ADDED = "added"
    #: in the source, but not in the quotation
    LEFT_OUT = "left out"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text that is shown in one way; `number` is that of the reference that it leads to."""

    text: str
    kind: PieceKind = PieceKind.WORDS
    number: int = 0


class Finding(StrEnum):
    """What became of a quotation that was laid beside its source."""

    SAME = "same"
    DIFFERS = "differs"
    #: it may be in the full text
    NOT_FOUND = "not found"
    #: no abstract of the source is stored, or there was too much to compare
    NOT_COMPARED = "not compared"
    #: a named person says it, who is no source
    SPOKEN = "spoken"
    NO_SOURCE = "no source"


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """`source` is the passage that it was found in, with a sentence around it; empty where it was not found."""

    finding: Finding
    quoted: tuple[Piece, ...]
    source: tuple[Piece, ...] = ()
    #: the number of the reference that it was laid beside, and which field of that: abstract or title
    number: int = 0
    field: str = ""
    speaker: str = ""


class SignOff(StrEnum):
    #: the rules do not allow it, and nobody can sign it
    REFUSED = "refused"
    OPEN = "open"
    ACCEPTED = "accepted"
    #: only pointed at
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class FlaggedClaim:
    """What the claims pre-screen says about a statement, and who signed it when and why."""

    state: SignOff
    rule: str
    words: str
    why: str
    instead: str = ""
    reviewer: str = ""
    signed_on: date | None = None
    reason: str = ""
    #: what changed since somebody signed it
    changed: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A reference where a statement cites it; `excerpt` are the words of its stored abstract that are nearest to the statement."""

    number: int
    excerpt: str = ""
    has_abstract: bool = False


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence, or a few that one quotation joins, with what stands around it in its paragraph or its row."""

    number: int
    line: int
    sentence: tuple[Piece, ...]
    before: str = ""
    after: str = ""
    #: where in the letter: "in a table", "caption"; empty in running text
    where: str = ""
    #: which readers get it, where not all do
    readers: str = ""
    sources: tuple[Source, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    claims: tuple[FlaggedClaim, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.sentence if piece.kind is PieceKind.WORDS)


@dataclass(frozen=True, kw_only=True)
class Part:
    """The statements under one heading of the letter."""

    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True)
class CitedReference:
    entry: Entry
    file: str
    line: int
    abstract: str
    #: BCP 47, where the record says it
    language: str
    #: where retractions were looked for, and what was found
    retractions: tuple[str, ...]
    problems: tuple[Problem, ...]
    #: the numbers of the statements that cite it
    statements: tuple[int, ...] = ()

    @property
    def number(self) -> int:
        return self.entry.number


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One form of the mail: which readers get it, and the beginning of its fingerprint."""

    readers: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule: how often it found what it looks for, and how much of that the author lets stand."""

    code: str
    looks_for: str
    found: int
    let_stand: int
    #: by the workspace's settings
    is_off: bool


@dataclass(frozen=True, kw_only=True)
class CheckGroup:
    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """`language` is that of the letter."""

    slug: str
    newsletter: str
    title: str
    authors: tuple[str, ...]
    dated: date | None
    file: str
    made: date
    language: str
    editions: tuple[Edition, ...]
    #: numbers of references are raised, or stand in brackets
    raised: bool
    parts: tuple[Part, ...]
    references: tuple[CitedReference, ...]
    #: what is shown at no statement and no reference
    problems: tuple[Problem, ...]
    #: all of them
    every_problem: tuple[Problem, ...]
    waivers: tuple[Waiver, ...]
    checks: tuple[CheckGroup, ...]
    #: what was not looked at, and why
    limits: tuple[str, ...]
    #: notices that the rules want before the first call to action and that are not there
    missing_notices: int = 0

    @property
    def statements(self) -> Sequence[Statement]:
        return [statement for part in self.parts for statement in part.statements]

    def count(self, level: Level) -> int:
        return sum(problem.level is level for problem in self.every_problem)
