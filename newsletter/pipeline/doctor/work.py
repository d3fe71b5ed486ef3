"""What waits for a person: mailings that do not go on, mails and reports that are stuck."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.mailing import MailingState
from newsletter.pipeline.doctor.database import is_current
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.store.database import Store
    from newsletter.store.standing import WaitingMailing

AREA = "work"
_say = Findings(AREA)
_MISSED_LATELY = timedelta(days=14)
_OLD_NOTICE = timedelta(hours=1)


def findings(look: Look) -> Iterator[Finding]:
    if look.store is None or not is_current(look.store):
        yield _say.unseen("work-unseen", "what waits: the database cannot be asked")
        return
    found = [*_found(look.store, look.now), *_to_come(look, look.store)]
    yield from found
    if not found:
        yield _say.ok("work", "no mailing is held, and no mail or report is stuck")


def _found(store: Store, now: datetime) -> Iterator[Finding]:
    from newsletter.store import standing
    from newsletter.store.events import inbox

    with store.read() as connection:
        mailings = standing.stuck_mailings(connection, now - _MISSED_LATELY)
        doubts = standing.open_doubts(connection)
        late, doubtful = standing.notices_waiting(connection, now - _OLD_NOTICE)
        waiting, faulty = inbox.count_waiting(connection), standing.faulty_reports(connection)
    yield from map(_mailing, mailings)
    for number in doubts:
        words = f"of mailing {number} nobody knows whether some mails went out"
        yield _say.careful("mailing-doubt", words, f"See: newsletter mailings show {number}")
    if late:
        words = f"{late:,} mails to single people have waited for over an hour"
        yield _say.wrong(
            "notices-wait", words, "Look why: newsletter notices list; to send them: newsletter notices send"
        )
    if doubtful:
        words = f"of {doubtful:,} mails to single people nobody knows whether they went out"
        yield _say.careful(
            "notices-doubt", words, "See: newsletter notices list; to send one again: newsletter notices retry"
        )
    if faulty:
        words = f"{faulty:,} reports of the provider were not understood"
        yield _say.careful(
            "reports-faulty", words, "See: newsletter events faults; after an upgrade: newsletter events handle"
        )
    if waiting > 1_000:
        words = f"{waiting:,} reports wait to be read"
        yield _say.careful("reports-wait", words, "Read them: newsletter events handle; does `newsletter run-due` run?")


def _to_come(look: Look, store: Store) -> Iterator[Finding]:
    """What will be held when its time comes, said while there is time."""
    from newsletter.pipeline.running.obstacles import foreseen
    from newsletter.store import scheduled

    with store.read() as connection:
        planned = scheduled.every(connection)
    for mailing in planned:
        if not mailing.held and (obstacle := foreseen(store, look.workspace, mailing, look.now)):
            words = f"mailing {mailing.number} ({mailing.issue}) will be held as it is now: {obstacle.why}"
            yield _say.careful("mailing-foreseen", words, obstacle.next_step)


def _mailing(one: WaitingMailing) -> Finding:
    name, why = f"mailing {one.number} ({one.issue})", one.why or "it does not say why"
    if one.state == MailingState.MISSED:
        words = f"{name} was missed: {why}"
        return _say.careful("mailing-missed", words, f"If it is still worth it: newsletter send {one.issue} --to LIST")
    if one.state == MailingState.PAUSED:
        words = f"{name} is paused: {why}"
        return _say.careful("mailing-paused", words, f"When that is settled: newsletter mailings resume {one.number}")
    words = f"{name} is held: {why}"
    return _say.wrong(
        "mailing-held", words, f"See: newsletter mailings show {one.number}; it begins when that is settled."
    )
