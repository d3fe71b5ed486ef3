"""The part `mailings`: what has begun is handed over, each mailing by one process, until the time of the part is over."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from newsletter.cli.due import until_over
from newsletter.cli.due.at_work import clock
from newsletter.cli.due.until_over import UntilOver
from newsletter.deliver.ended import Waiting, Why
from newsletter.errors import LeaseHeld, LeaseLost, PauseStands
from newsletter.model.mailing import MailingState, Outcome, PausedBy
from newsletter.pipeline.running.tasks import PARTLY, Came, Elsewhere, Fault, News, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsletter.cli.due.at_work import AtWork
    from newsletter.deliver.ended import Ended
    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing, Tally
    from newsletter.pipeline.running.tasks import Turn

#: between planning it and taking it, `newsletter send` looks at much: what it has just begun is left to it
_JUST_BEGUN = timedelta(minutes=2)
#: a fallback that took over goes on first for so long, as it would within one long run of `send`
_TOOK_OVER = timedelta(hours=1)


def sending_tasks(work: AtWork, now: datetime) -> list[Task]:
    """One for each mailing that something can be done for now."""
    from newsletter import wiring
    from newsletter.pipeline.running.beginning import due_mailings
    from newsletter.store.duties import name_of

    window = wiring.sending_terms(work.place).window
    with work.store.read() as connection:
        due = [one for one in due_mailings(connection, now) if one.state is not MailingState.SCHEDULED]
    _forget_the_finished(work)
    return [
        Task(name=name_of(one.number), run=partial(_send, work, one))
        for one in due
        if not _is_of_a_send(work, one, now) and (window.is_open(now) or _is_late(one, now))
    ]


def _is_of_a_send(work: AtWork, mailing: Mailing, now: datetime) -> bool:
    began = mailing.started_at
    typed = mailing.due_at is None and mailing.number not in work.begun
    return typed and began is not None and timedelta() <= now - began < _JUST_BEGUN


def _is_late(mailing: Mailing, now: datetime) -> bool:
    return mailing.latest_at is not None and now >= mailing.latest_at


def _forget_the_finished(work: AtWork) -> None:
    """One that waits for a person keeps its row, so that it is told when that is over."""
    from newsletter.store import duties

    with work.store.read() as connection:
        over = duties.of_finished_mailings(connection)
    if over:
        with work.store.write() as connection:
            duties.forget(connection, over)


def patience_of(work: AtWork) -> timedelta:
    """How much longer than its bound the part may last, so that the sender that stands in takes over."""
    esp = work.place.settings.esp
    return timedelta(minutes=esp.fallback_after_minutes) if esp.fallback else timedelta()


def _send(work: AtWork, mailing: Mailing, turn: Turn) -> Came:
    from newsletter.cli.send.going import refuse_withdrawn
    from newsletter.pipeline.refusing import refuse_unless_still_ready
    from newsletter.store import mailings

    _leave_to_others(work, mailing)
    stop, handed = UntilOver(turn, patience_of(work)), [0]

    def progress(count: int) -> None:
        handed[0] += count
        stop.last = None

    with work.senders() as senders:
        _same(work, mailing, senders)
        if mailing.number not in work.begun and not _is_late(mailing, turn.now):
            refuse_withdrawn(work.place, work.store, mailing)
            refuse_unless_still_ready(work.place, work.store, work.keys, senders, mailing)
        try:
            ended = _run(work, mailing, _in_order(work, mailing, senders), stop, progress)
        except (LeaseHeld, LeaseLost, PauseStands):
            raise Elsewhere from None
    with work.store.read() as connection:
        after, tally = mailings.get(connection, mailing.number), mailings.tally(connection, mailing.number)
    return _came(after, tally, ended, handed[0], stop.last)


def _leave_to_others(work: AtWork, mailing: Mailing) -> None:
    """Raises:
    Elsewhere: `newsletter send` is at it, and nothing has to be looked at.
    """
    from newsletter import wiring
    from newsletter.store.ledger.holding import holder

    with work.store.read() as connection:
        if holder(connection, mailing.number, clock(), wiring.may_be_alive):
            raise Elsewhere


def _same(work: AtWork, mailing: Mailing, senders: Sequence[Sender]) -> None:
    """Raises:
    SendingRefused: it was begun through another sender, or to other people, than the settings say now.
    NotApproved: a signature under it was taken back since.
    """
    from newsletter.cli.send.going import refuse_withdrawn, same_readers, same_sender

    same_sender(mailing, work.place)
    same_readers(mailing, reaches_people=any(sender.real for sender in senders))
    refuse_withdrawn(work.place, work.store, mailing)


def _in_order(work: AtWork, mailing: Mailing, senders: Sequence[Sender]) -> Sequence[Sender]:
    """The one that stood in the last time comes first: each run would lose its patience with the other one anew."""
    from newsletter.store.ledger.carriers import last_through

    with work.store.read() as connection:
        last = last_through(connection, mailing.number)
    if last is None or not timedelta() <= clock() - last.at < _TOOK_OVER:
        return senders
    return sorted(senders, key=lambda sender: sender.name != last.sender)


def _run(
    work: AtWork, mailing: Mailing, senders: Sequence[Sender], stop: UntilOver, progress: Callable[[int], None]
) -> Ended:
    from newsletter import pipeline, wiring
    from newsletter.deliver.engine import Engine
    from newsletter.store.ledger import StoredLedger

    engine = Engine(
        ledger=StoredLedger(work.store, wiring.may_be_alive, resumes=False),
        senders=senders,
        clock=clock,
        sleep=time.sleep,
        chance=random.Random(),
        new_id=lambda: uuid.uuid4().hex,
        stop=stop,
        progress=progress,
        terms=replace(wiring.sending_terms(work.place), longest_wait=until_over.WORTH_WAITING),
        waits=stop.waits,
        past=partial(wiring.memory_of, work.place),
    )
    return pipeline.send(engine, work.store, work.place, work.keys, mailing, wiring.owner())


def _came(after: Mailing, tally: Tally, ended: Ended, handed: int, waits: Waiting | None) -> Came:
    """How it stands, and what of that somebody should know now."""
    what = f"mailing {after.number} ({after.issue})"
    done = {"settled": handed, "left": tally[Outcome.PLANNED]}
    see = f"See: newsletter mailings show {after.number}"
    if after.state is MailingState.PAUSED and after.paused_by is not PausedBy.PERSON:
        again = f"then: newsletter mailings resume {after.number}" if after.paused_by else "it is tried again by itself"
        return Came(
            done=done, fault=Fault(words=f"{what} is paused: {after.reason}. Put that right; {again}", code=PARTLY)
        )
    if after.state in {MailingState.FINISHED, MailingState.MISSED} and (short := _short(after, tally)):
        return Came(done=done, news=(News(words=f"{what} is {after.state.value}, but {short}. {see}", code=PARTLY),))
    if ended.why is Why.STOPPED and waits is Waiting.PROVIDER and not handed:
        words = f"{what}: the provider was not reached, or asks to slow down; it is tried again by itself. {see}"
        return Came(done=done, fault=Fault(words=words, code=5, passing=True))
    return Came(done=done, shows=handed > 0 or after.state is MailingState.FINISHED)


def _short(mailing: Mailing, tally: Tally) -> str:
    """Who should have it and has not; empty where all have."""
    if mailing.state is MailingState.MISSED:
        return mailing.reason or "nobody got it"
    counts = {name: tally[name] for name in (Outcome.REFUSED, Outcome.UNCERTAIN, Outcome.CANCELLED)}
    return ", ".join(f"{count:,} {name.value}" for name, count in counts.items() if count)
