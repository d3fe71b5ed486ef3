"""The part `schedule`: mailings whose time has come begin, are held or missed; recurring ones are planned."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.cli import show
from newsletter.cli.due.at_work import clock
from newsletter.model.duty import Alert
from newsletter.model.mailing import MailingState
from newsletter.pipeline.running.tasks import PARTLY, Came, Fault, News

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.cli.due.at_work import AtWork
    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing
    from newsletter.pipeline.running.tasks import Turn
    from newsletter.store.upkeep.restored import Restoration

_RESTORED = "restored backup"
_AHEAD = timedelta(days=1)


def schedule(work: AtWork, turn: Turn) -> Came:
    """Everything is looked at again before anybody is mailed; what speaks against it is told once."""
    from newsletter.store import recurrences, scheduled
    from newsletter.store.upkeep import restored

    with work.store.read() as connection:
        due = any(one.state is MailingState.SCHEDULED for one in scheduled.due(connection, turn.now))
        going_on = bool(recurrences.going_on(connection))
        restoration = restored.get(connection)
    news = _of_a_restored_backup(work, restoration)
    if not (due or going_on):  # no sender has to be set up for that
        return Came(news=news)
    with work.senders() as senders:
        return _all(work, senders, turn, news)


@dataclass
class _Looked:
    """What came of it until now. One thing that fails stops no other."""

    news: list[News]
    done: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, Exception]] = field(default_factory=list)

    @contextmanager
    def by_itself(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - whatever it is, the others go on
            self.faults.append((what, fault))


def _all(work: AtWork, senders: Sequence[Sender], turn: Turn, news: list[News]) -> Came:
    from newsletter.pipeline.running.beginning import due_mailings

    looked = _Looked(news)
    with looked.by_itself("recurring schedules"):
        _recur(work, senders, turn, looked)
    with work.store.read() as connection:
        due = [one for one in due_mailings(connection, clock()) if one.state is MailingState.SCHEDULED]
    for mailing in due:
        if turn.is_over():
            break
        with looked.by_itself(f"mailing {mailing.number}"):
            _begin(work, mailing, senders, looked)
    return Came(done=looked.done, news=looked.news, fault=_fault_of(looked.faults))


def _recur(work: AtWork, senders: Sequence[Sender], turn: Turn, looked: _Looked) -> None:
    from newsletter.pipeline.running.recurring import occur

    zone = ZoneInfo(work.place.settings.newsletter.timezone)
    for one in occur(work.store, work.place, work.keys, senders, turn.now, work.tell):
        looked.done["planned"] += one.mailing is not None
        if one.mailing is None:
            when = show.moment(one.due_at, zone)
            words = f"no mailing of the recurring schedule {one.recurrence} of {when}: {one.said}"
            looked.news.append(News(words=words, code=PARTLY))


def _begin(work: AtWork, mailing: Mailing, senders: Sequence[Sender], looked: _Looked) -> None:
    from newsletter.pipeline.running.beginning import begin
    from newsletter.pipeline.running.begun import Became

    begun = begin(work.store, work.place, work.keys, mailing, senders, clock(), work.tell)
    looked.done[begun.became.value] += 1
    if begun.became is Became.BEGUN:
        work.begun.add(mailing.number)
    elif begun.became in {Became.HELD, Became.MISSED} and begun.is_new:
        words = f"mailing {mailing.number} ({mailing.issue}) is {begun.became.value}: {begun.why}"
        looked.news.append(News(words=words, code=PARTLY))


def ahead(work: AtWork, turn: Turn) -> Came:
    """What will hold a mailing of the next day, told while there is time to do something about it."""
    from newsletter.pipeline.running.begun import Cause
    from newsletter.pipeline.running.obstacles import foreseen
    from newsletter.store import scheduled

    with work.store.read() as connection:
        planned = scheduled.every(connection)
    warned = 0
    for mailing in planned:
        if turn.is_over() or mailing.due_at is None or not turn.now < mailing.due_at <= turn.now + _AHEAD:
            continue
        found = foreseen(work.store, work.place, mailing, turn.now)
        if found is None or found.cause is Cause.RESTORED:  # that is told by itself
            continue
        cause = f"mailing {mailing.number} {found.cause} {mailing.due_at} {mailing.version}"
        facts = {"mailing": str(mailing.number), "issue": mailing.issue, "why": str(found), "cause": cause}
        with work.store.write() as connection:
            work.tell(connection, Alert.FORESEEN, facts)
        warned += 1
    return Came(done={"will be held": warned})


def _fault_of(faults: list[tuple[str, Exception]]) -> Fault | None:
    from newsletter.cli.due.words import fault_of

    if not faults:
        return None
    found = [(what, fault_of(why)) for what, why in faults]
    return Fault(words="; ".join(f"{what}: {one.words}" for what, one in found), code=found[0][1].code)


def _of_a_restored_backup(work: AtWork, restoration: Restoration | None) -> list[News]:
    """Said once for each backup that was put in place, and nobody has looked what went out meanwhile."""
    from newsletter.store import duties

    with work.store.read() as connection:
        known = duties.get(connection, _RESTORED)
    if restoration is None or restoration.checked_at:
        if known.told_at:
            with work.store.write() as connection:
                duties.forget(connection, [_RESTORED])
        return []
    if known.told_at == restoration.at:
        return []
    words = (
        "a backup was restored: no new mailing begins before somebody has looked what went out meanwhile. When that "
    )
    words += "is done (docs/running.md, Restoring): newsletter db restore --checked"
    with work.store.write() as connection:
        duties.note_told(connection, _RESTORED, restoration.at)
        work.tell(connection, Alert.RESTORED, {"why": words, "cause": restoration.at.isoformat()})
    return [News(words=words, code=4)]
