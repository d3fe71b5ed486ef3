"""The parts of run-due that hand over no issue: reports, notices, the mailbox, expiry, pruning, the end of the audit log."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from newsletter.cli.due.at_work import clock
from newsletter.pipeline.running.tasks import PARTLY, Came, Fault, News

if TYPE_CHECKING:
    from newsletter.cli.due.at_work import AtWork
    from newsletter.pipeline.handling import Handled
    from newsletter.pipeline.running.tasks import Turn


def inbox(work: AtWork, turn: Turn) -> Came:
    """What providers reported."""
    total = _handled(work, turn)
    done = {"reports": total.reports, "events": total.received.total, "suppressed": total.received.suppressed}
    return Came(done=done, news=_not_understood(total))


def mailbox(work: AtWork, turn: Turn) -> Came:
    """What came back by mail, and what it says."""
    from newsletter import wiring
    from newsletter.pipeline.mailbox import collect

    new_mails = wiring.mailbox_mails(work.place)
    mails = collect(work.store, lambda place: takewhile(lambda _: not turn.is_over(), new_mails(place)), turn.now)
    total = _handled(work, turn)
    return Came(done={"mails": mails, "suppressed": total.received.suppressed}, news=_not_understood(total))


def _handled(work: AtWork, turn: Turn) -> Handled:
    from newsletter.pipeline.handling import Handled

    total = Handled()
    for handled in work.handler().rounds(turn.now):
        total += handled
        if turn.is_over():
            break
    return total


def _not_understood(total: Handled) -> tuple[News, ...]:
    """Each report comes up once: it is set aside, and `events faults` has it."""
    if not total.faults:
        return ()
    which = ", ".join(map(str, sorted(total.faults)))
    return (News(words=f"reports that could not be understood: {which}. See: newsletter events faults", code=1),)


def notices(work: AtWork, turn: Turn) -> Came:
    """Mails to single people that wait, alerts to the operator among them."""
    from newsletter.cli.notices.notifying import notifier_of
    from newsletter.store.notices_waiting import count_later

    notifier = notifier_of(work.place, work.store, work.keys)
    notifier.clock, notifier.most = clock, _NOTICES_AT_ONCE
    done = dict.fromkeys(("accepted", "refused", "uncertain", "put_off"), 0)
    waits: dict[str, None] = {}
    while not turn.is_over():
        came = notifier.run(clock())
        done = {name: count + getattr(came, name) for name, count in done.items()}
        waits |= dict.fromkeys(came.waits)
        if not came.more:
            break
    news: tuple[News, ...] = ()
    if done["uncertain"]:
        words = (
            f"{done['uncertain']} notices may or may not have been sent. See: newsletter notices list --state uncertain"
        )
        news = (News(words=words, code=PARTLY),)
    fault = Fault(words=f"notices wait: {'; '.join(waits)}", code=4) if waits else None
    with work.store.read() as connection:
        later = count_later(connection, clock())
    return Came(done=done, news=news, fault=fault, shows=done["accepted"] > 0 or not later)


#: between two looks at the time
_NOTICES_AT_ONCE = 50


def expiry(work: AtWork, turn: Turn) -> Came:
    """People who asked to join and never confirmed."""
    from newsletter.pipeline.unconfirmed import forget_unconfirmed

    days, total = work.place.settings.signup.forget_days, 0
    while forgotten := forget_unconfirmed(work.store, days, turn.now):
        total += forgotten
        if turn.is_over():
            break
    return Came(done={"forgotten": total})


def pruning(work: AtWork, turn: Turn) -> Came:
    """Reports, events and answers of the API that are older than is to be kept."""
    from newsletter.pipeline.handling import Keep
    from newsletter.store import api_replays

    reports = work.handler().prune(Keep.asked(work.place.settings.events), turn.now, turn.is_over)
    while not turn.is_over():
        with work.store.write() as connection:
            if not api_replays.prune_replays(connection, turn.now):
                break
    return Came(done={"reports": reports})


def log(work: AtWork, turn: Turn) -> Came:
    """Where the audit log ends, written down outside the database."""
    from newsletter.pipeline.auditing import note_head

    head = note_head(work.store, work.place, turn.now)
    return Came(done={"entries": head.number if head else 0})
