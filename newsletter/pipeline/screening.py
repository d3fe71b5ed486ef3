"""An issue screened for claims by itself, and signatures written beside it: what `newsletter claims` works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import ProblemsFound, ServiceMissing
from newsletter.files import alone_in
from newsletter.model.problem import has_errors
from newsletter.pipeline.claims import NO_RULES, claims_of, ledger_of, write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from newsletter.check.claims.ledger import Ledger
    from newsletter.check.claims.screening import Claim, Screening
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Workspace


@dataclass(frozen=True, kw_only=True)
class Screened:
    path: Path
    issue: Issue
    screening: Screening
    ledger: Ledger
    references: Mapping[str, Reference]
    #: what is wrong with the rules and the ledger
    problems: Sequence[Problem]


def screened(workspace: Workspace, path: Path) -> Screened:
    """The claims of an issue, and who signed which.

    Raises:
        ServiceMissing: the workspace has no claims rules.
        ProblemsFound: the issue or the rules cannot be read.
    """
    from newsletter import references
    from newsletter.check.claims.screening import screen
    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Content
    from newsletter.read import read_issue

    rules, ledger, problems = claims_of(workspace, path)
    if rules is None:
        if problems:
            raise ProblemsFound(problems)
        raise ServiceMissing("claims", NO_RULES)
    reading = read_issue(path, workspace.settings, references.load, workspace.folder)
    if reading.issue is None:
        raise ProblemsFound(reading.problems)
    content = Content(
        issue=reading.issue,
        whole=reading.issue,
        references=tuple(reading.references.values()),
        settings=workspace.settings,
        source=reading.source,
        knowledge=Knowledge(library=reading.references, claims=rules, ledger=ledger),
    )
    return Screened(
        path=path,
        issue=reading.issue,
        screening=screen(content),
        ledger=ledger or ledger_of(path)[0],
        references=reading.references,
        problems=problems,
    )


def sign(path: Path, claim: Claim, reviewer: str, why: str, day: date) -> Path:
    """Add one signature to the file as it is now: somebody else may have signed in the meantime.

    That for an older wording goes; git keeps it.

    Raises:
        ProblemsFound: the file cannot be read as a whole; then it stays as it is.
        FileUnreadable: it cannot be written.
    """
    old = [claim.before.hash] if claim.before else []
    with alone_in(path.parent):
        return write_ledger(path, _whole(path).without(old).with_entry(claim.signed(reviewer, why, day)))


def forget(path: Path, hashes: Iterable[str]) -> Path:
    """Remove signatures; raises as `sign` does."""
    with alone_in(path.parent):
        return write_ledger(path, _whole(path).without(hashes))


def _whole(path: Path) -> Ledger:
    ledger, problems = ledger_of(path)
    if has_errors(problems):
        raise ProblemsFound(problems)
    return ledger
