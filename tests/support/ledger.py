"""A mailing on a real store, and one process after the other that claims, and stores answers, as a test says."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from newsletter.address.chunks import ranges
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import ChunkState, Planned
from newsletter.model.segment import Audience, Sorting
from newsletter.model.sending import Settlement
from newsletter.store import mailings
from newsletter.store import rendered as stored
from newsletter.store import tables as t
from newsletter.store.ledger import StoredLedger
from newsletter.store.ledger.exporting import deliveries
from newsletter.store.upkeep import inspecting_ledger
from tests.support.mailing import BEGIN, LINK_NUMBERS, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.mailing import Mailing, Outcome, Tally
    from newsletter.model.sending import Claim, Lease
    from newsletter.store.database import Store

YES, NO, DOUBT = Verdict.ACCEPTED, Verdict.TRY_LATER, Verdict.UNCERTAIN
STATE = {
    Verdict.ACCEPTED: ChunkState.ACCEPTED,
    Verdict.REFUSED: ChunkState.REFUSED,
    Verdict.UNCERTAIN: ChunkState.UNCERTAIN,
    Verdict.TRY_LATER: ChunkState.PLANNED,
    Verdict.BLAMED: ChunkState.PLANNED,
}


def plan(
    store: Store,
    lists: tuple[int, ...],
    *,
    issue: str = "walking",
    size: int = 5,
    again: str = "",
    latest_at: datetime | None = None,
    tracking: bool = False,
    now: datetime = BEGIN,
) -> int:
    audience, one = Audience(lists=lists), rendered(issue)
    with store.write() as connection:
        stored.keep(connection, issue, [one], (), "digest", BEGIN)
        number = mailings.add(
            connection,
            link_number=next(LINK_NUMBERS),
            issue=issue,
            variants={"": one.fingerprint},
            audience=audience,
            sender="scripted",
            again=again,
            now=now,
            planned=Planned(latest_at=latest_at),
        )
        mailings.start(connection, number, audience, Sorting(), partial(ranges, size=size), now, tracking=tracking)
    return number


@dataclass
class Process:
    """One that sends a mailing, step by step."""

    store: Store
    mailing: int
    name: str = "first"
    now: datetime = BEGIN
    lease: Lease = field(init=False)
    ids = itertools.count(1)

    def __post_init__(self) -> None:
        self.ledger = StoredLedger(self.store, lambda _owner: True)
        self.lease = self.ledger.take(self.mailing, self.name, self.now)

    def claim(self, most: int = 1000, sender: str = "scripted") -> Claim | None:
        return self.ledger.claim(self.lease, f"attempt-{next(self.ids)}", sender, self.now, most)

    def get(self, most: int = 1000) -> Claim:
        claim = self.claim(most)
        assert claim, "nothing is due"
        return claim

    def settle(self, claim: Claim, verdict: Verdict = YES, *, by: str = "", detail: str = "", **moves: Any) -> None:
        answer = Answer(verdict=verdict, detail=detail, provider_id=f"id of {claim.attempt}")
        settlement = Settlement(**{"state": STATE[verdict], **moves})
        self.ledger.settle(self.lease, claim, answer, settlement, self.now, by)

    def send(self, verdict: Verdict = YES, most: int = 1000, **moves: Any) -> Claim:
        claim = self.get(most)
        self.settle(claim, verdict, **moves)
        return claim

    def finish(self) -> None:
        self.ledger.finish(self.lease, self.now)


def mailing_of(store: Store, number: int) -> Mailing:
    with store.read() as connection:
        return mailings.get(connection, number)


def tally_of(store: Store, number: int) -> Tally:
    with store.read() as connection:
        return mailings.tally(connection, number)


def outcomes(store: Store, number: int) -> dict[int, Outcome]:
    """n -> how it stands, as the export tells it."""
    with store.read() as connection:
        return {one.n: one.outcome for one in deliveries(connection, number)}


def counts(store: Store, number: int) -> dict[Outcome, int]:
    return dict(tally_of(store, number).outcomes)


def noted(store: Store, number: int) -> set[int]:
    """Deliveries whose readers are noted to have, or to get, the issue."""
    with store.read() as connection:
        return set(connection.scalars(select(t.issue_readers.c.n).where(t.issue_readers.c.mailing == number)))


def chunks_of(store: Store, number: int) -> list[tuple[int, int, str]]:
    with store.read() as connection:
        rows = connection.execute(select(t.chunks).where(t.chunks.c.mailing == number).order_by(t.chunks.c.first)).all()
    return [(row.first, row.last, row.state) for row in rows]


def change(store: Store, table: str, condition: Mapping[str, object], **values: object) -> None:
    """What no function of ours does to a row."""
    changed = t.metadata.tables[table]
    with store.write() as connection:
        connection.execute(
            update(changed).where(*(changed.c[name] == value for name, value in condition.items())).values(**values)
        )


def faults(store: Store, *numbers: int) -> list[str]:
    """What must hold of the rows of mailings at any moment, and does not."""
    with store.read() as connection:
        wrong = [one.code for one in inspecting_ledger.of_mailings(connection) if one.wrong]
        for number in numbers:
            told = Counter(one.outcome for one in deliveries(connection, number))
            if told != Counter(mailings.tally(connection, number).outcomes):
                wrong.append("the export tells other outcomes than the sum")
    return wrong
