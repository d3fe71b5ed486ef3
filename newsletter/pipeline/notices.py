"""Notices that wait, worked off: each by itself, none twice, none lost.

A notice is taken in one transaction, handed over outside of any, and settled in another. Whoever is killed between
leaves it `submitting`; after a while the next run asks its sender what it knows (deliver/notices.py has the rules).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.deliver.notices import Choice
from newsletter.errors import NewsletterError
from newsletter.model.letter import Verdict
from newsletter.pipeline.notices_round import NoticesSent, Round
from newsletter.pipeline.refusing import refuse_unless_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.deliver.ports import Memory, Sender
    from newsletter.keys import Keys
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

__all__ = ["MOST", "NoticesSent", "Notifier"]

log = logging.getLogger(__name__)

#: notices that one run works off
MOST = 200
#: a yes to all that must be right before real mail leaves holds so long
_STAYS_READY = timedelta(minutes=10)


@dataclass(kw_only=True)
class Notifier:
    """One for a process: it remembers which sender is in trouble, and what it has told already."""

    workspace: Workspace
    store: Store
    keys: Keys
    #: opened only where something is due, and closed after each run
    open_senders: Callable[[], Sequence[Sender]]
    #: what a sender remembers that is not set up any more, by its name
    past: Callable[[str], Memory | None] = lambda _name: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    most: int = MOST
    _choice: Choice = field(init=False)
    _ready_until: datetime | None = None
    _told: set[str] = field(default_factory=set)
    _is_away: bool = False

    def __post_init__(self) -> None:
        self._choice = Choice(patience=timedelta(minutes=self.workspace.settings.esp.fallback_after_minutes))

    def run(self, now: datetime) -> NoticesSent:
        """Work off what is due, at most `most`."""
        from newsletter.store import notices_waiting as waiting

        with self.store.read() as connection:
            left = waiting.interrupted(connection, now, self.most)
            due = waiting.due(connection, now, self.most)
        if not (left or due):
            return NoticesSent()
        run = Round(self, now)
        try:
            senders = self.open_senders()
        except NewsletterError as why:
            run.wait_for_a_person(f"the sender cannot be opened: {why}")
            return run.came_to(more=False)
        try:
            for one in left:
                run.by_itself(one.number, lambda one=one: run.clear_up(one, senders))  # type: ignore[misc]
            for notice in due:
                if run.stopped:
                    break
                run.by_itself(notice.number, lambda notice=notice: run.send(notice, senders))  # type: ignore[misc]
        finally:
            for sender in senders:
                sender.close()
        with self.store.read() as connection:
            more = not run.stopped and waiting.count_due(connection, now) > 0
        came = run.came_to(more=more)
        if came.accepted and not came.waits:
            self._told.clear()
        return came

    def refuse_unless_ready(
        self, senders: Sequence[Sender], rendered: Rendered, images: Sequence[ImageFile], now: datetime
    ) -> None:
        """Looked at once for many: it asks our own pages over the network.

        Raises:
            NotReadyForReaders: real mail must not leave yet.
        """
        if self._ready_until is None or now >= self._ready_until:
            self._ready_until = None
            refuse_unless_ready(self.workspace, self.store, self.keys, senders, [rendered], images)
            self._ready_until = now + _STAYS_READY

    def tell(self, words: str) -> None:
        """Once: it stays so until somebody does something about it."""
        if words not in self._told:
            self._told.add(words)
            log.error("notices wait: %s", words)

    def choose(self, notice: NoticeMail, senders: Sequence[Sender], now: datetime) -> int:
        return self._choice.of(notice.tries, now) if len(senders) > 1 else 0

    def heard(self, sender: int, verdict: Verdict, now: datetime) -> None:
        self._choice.heard(sender, verdict, now)
        if verdict is Verdict.TRY_LATER and not self._is_away:
            log.warning("a provider is away or busy: notices are tried again (newsletter notices list --state planned)")
        elif verdict is Verdict.ACCEPTED and self._is_away:
            log.warning("the provider takes notices again")
        if verdict in {Verdict.TRY_LATER, Verdict.ACCEPTED}:
            self._is_away = verdict is Verdict.TRY_LATER
