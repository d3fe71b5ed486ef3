"""What must hold once a mailing is through: the ledger, reader by reader, against what the provider has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState
from newsletter.store import tables as t
from tests.support.chaos.trial import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from tests.support.chaos.trial import Trial

#: who fared so has the issue, or may have it still
_NOTED = {"planned", "in flight", "accepted", "uncertain"}


class Ledger(NamedTuple):
    """All of a mailing in one snapshot, put together by other means than the program's."""

    mailing: Row[Any]
    chunks: Sequence[Row[Any]]
    #: address -> outcome
    outcomes: Mapping[str, str]
    #: addresses with a note that they have, or are getting, the issue
    noted: set[str]
    #: address -> n
    numbers: Mapping[str, int]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(self.outcomes.values()))

    def those(self, *outcomes: str) -> set[str]:
        return {address for address, outcome in self.outcomes.items() if outcome in outcomes}


def read(trial: Trial) -> Ledger:
    with trial.store.read() as connection:
        return _read(connection)


def _read(connection: Connection) -> Ledger:
    mailing = connection.execute(select(t.mailings)).one()
    number = mailing.number
    chunks = connection.execute(select(t.chunks).where(t.chunks.c.mailing == number).order_by(t.chunks.c.first)).all()
    own = t.delivery_outcomes.c
    singly = {row.n: row.outcome for row in connection.execute(select(own.n, own.outcome).where(own.mailing == number))}
    planned, person = t.deliveries.c, t.subscribers.c
    rows = connection.execute(
        select(planned.n, person.address)
        .join(t.subscribers, person.number == planned.subscriber)
        .where(planned.mailing == number)
        .order_by(planned.n)
    ).all()
    require([row.n for row in rows] == list(range(1, len(rows) + 1)), "the deliveries are not numbered 1 to N")
    _require_partition(chunks, len(rows))
    of_chunk = {n: OUTCOME_OF_CHUNK[ChunkState(c.state)] for c in chunks for n in range(c.first, c.last + 1)}
    notes = set(connection.scalars(select(t.issue_readers.c.n).where(t.issue_readers.c.mailing == number)))
    return Ledger(
        mailing=mailing,
        chunks=chunks,
        outcomes={row.address: str(singly.get(row.n, of_chunk[row.n])) for row in rows},
        noted={row.address for row in rows if row.n in notes},
        numbers={row.address: row.n for row in rows},
    )


def _require_partition(chunks: Sequence[Row[Any]], audience: int) -> None:
    expected = 1
    for chunk in chunks:
        require(chunk.first == expected, f"chunk {chunk.number} begins at {chunk.first}, not at {expected}")
        require(chunk.last >= chunk.first, f"chunk {chunk.number} ends before it begins")
        expected = chunk.last + 1
    require(expected == audience + 1, f"the chunks end at {expected - 1} of {audience}")


def judge(trial: Trial, *, state: str = "finished", settled: bool = False) -> Ledger:
    """`settled`: what the provider reported has been worked off, so that doubt is left only where it has nothing."""
    ledger, mails = read(trial), trial.provider.mails()
    judge_mails(ledger, mails)
    require(ledger.mailing.state == state, f"it is {ledger.mailing.state}: {ledger.mailing.reason}")
    require(ledger.outcomes.keys() == trial.addresses, "the audience is not everybody")
    require(ledger.noted == ledger.those(*_NOTED), f"notes: {_some(ledger.noted ^ ledger.those(*_NOTED))} are wrong")
    judge_sum(trial, ledger)
    doubt, most = len(ledger.those("uncertain")), most_doubt(trial)
    require(doubt <= most, f"{doubt} are in doubt, and no more than {most} can have been on their way")
    if state == "finished":
        left = ledger.those("planned", "in flight")
        require(not left, f"it is finished, and {_some(left)} are left")
    if settled:
        known = ledger.those("uncertain") & mails.keys()
        require(not known, f"{_some(known)} are in doubt although the provider said that it has them")
    return ledger


def judge_mails(ledger: Ledger, mails: Counter[str]) -> None:
    """Holds at any moment, but for what is in flight, which may have come or not."""
    twice = {address for address, count in mails.items() if count > 1}
    require(not twice, f"TWICE: {_some(twice)}")
    strangers = mails.keys() - ledger.outcomes.keys()
    require(not strangers, f"mails to strangers: {_some(strangers)}")
    missing = ledger.those("accepted") - mails.keys()
    require(not missing, f"called accepted without a mail: {_some(missing)}")
    denied = mails.keys() - ledger.those("accepted", "uncertain", "in flight")
    told = Counter(ledger.outcomes[address] for address in denied)
    require(not denied, f"a mail that the ledger denies: {_some(denied)} {dict(told)}")


def judge_sum(trial: Trial, ledger: Ledger) -> None:
    """What the command shows is what the tables hold."""
    for _ in range(20):  # a report may come in between the two looks
        shown = trial.shown()
        counts = {outcome: count for outcome, count in shown["outcomes"].items() if count}
        if counts == ledger.counts:
            break
        ledger = read(trial)
    require(shown["sum_holds"], f"the sum does not hold: {shown['outcomes']} of {shown['audience']}")
    require(counts == ledger.counts, f"shown is {counts}, and there is {ledger.counts}")


def most_doubt(trial: Trial) -> int:
    """How many can have been on their way when something broke."""
    provider = trial.provider
    times = trial.kills + trial.breaks
    return (
        times * provider.lost_with_a_kill
        + trial.stalls * provider.lost_with_a_stall
        + provider.doubts() * provider.lost_with_a_fault
    )


def _some(addresses: set[str]) -> str:
    return f"{len(addresses)} ({', '.join(sorted(addresses)[:5])})"
