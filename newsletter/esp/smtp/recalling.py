"""What the journal tells of an attempt that an earlier process never brought to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.esp.smtp.journal import Journal
from newsletter.model.letter import Answer, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SAID_NO = "the mail server said no to it before the sending was interrupted"
_NO_REPLY = "interrupted before the mail server answered"


class SmtpMemory:
    """Of a workspace that sends in another way now: the journals are still there."""

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder=folder)

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:
        return recalled(self._journal, attempt, numbers)


def recalled(journal: Journal, attempt: str, numbers: Sequence[int]) -> Answer:
    """Who has it, for whom nobody can say, and who was never begun."""
    marks = journal.recall(attempt)
    begun = {n: _NO_REPLY for n in numbers if n in marks.begun}
    taken = frozenset(n for n in numbers if n in marks.taken)
    if not marks.unknown:
        return Answer(verdict=Verdict.TRY_LATER, detail=_NO_REPLY, taken=taken, doubtful=begun)
    refused = {n: _SAID_NO for n in numbers if n in marks.refused}
    why = f"{_NO_REPLY}: {marks.unknown}"
    return Answer(verdict=Verdict.UNCERTAIN, detail=why, taken=taken, doubtful=begun, deferred=refused)
