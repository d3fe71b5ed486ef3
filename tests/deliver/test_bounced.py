"""Of whom a server says at once that their address does not exist: told once the answer is stored, and suppressed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.model.subscriber import SuppressionReason
from newsletter.pipeline.bouncing import suppress_bounced
from newsletter.store import suppressions
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import Rig
from tests.support.mailing import BEGIN, ScriptedSender, hash_of
from tests.support.readers import KEYS

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsletter.model.sending import Claim
    from tests.support.mailing import MailingDesk

UNKNOWN = Answer(
    verdict=Verdict.ACCEPTED, blamed={1: "550 5.1.1", 2: "554 5.7.1"}, bounced=frozenset({1, 9}), deferred={3: "450"}
)


@dataclass
class Told:
    ledger: MemoryLedger
    numbers: list[set[int]] = field(default_factory=list)

    def __call__(self, claim: Claim, numbers: Collection[int]) -> None:
        assert self.ledger.attempts[claim.attempt].answer is not None
        self.numbers.append({*numbers})


def test_it_is_told_of_those_who_were_refused_once_that_is_stored() -> None:
    ledger = MemoryLedger(4, size=4)
    answers = iter([UNKNOWN])
    rig = Rig(ledger, bounced=Told(ledger))
    rig.send(ScriptedSender(chunk_size=4, script=lambda _: next(answers, Answer(verdict=Verdict.ACCEPTED))))
    assert rig.bounced.numbers == [{1}]  # type: ignore[attr-defined]
    assert ledger.outcomes() == {Outcome.REFUSED: 2, Outcome.ACCEPTED: 2}


def claimed(desk: MailingDesk, count: int = 3) -> Claim:
    desk.readers(count)
    number = desk.plan(size=count)
    ledger = desk.ledger()
    claim = ledger.claim(ledger.take(number, "test", BEGIN), "a", "smtp", BEGIN, count)
    assert claim
    return claim


def suppressed(desk: MailingDesk) -> list[Any]:
    with desk.store.read() as connection:
        return list(suppressions.stream(connection))


def test_the_address_is_suppressed_and_the_source_is_told(desk: MailingDesk) -> None:
    claim = claimed(desk)
    for _ in range(2):  # a second time changes nothing
        suppress_bounced(desk.store, KEYS, lambda: BEGIN, claim, {2})
    (one,) = suppressed(desk)
    assert one.identity_hash == hash_of("reader0002@example.org")
    assert one.suppression.reason is SuppressionReason.HARD_BOUNCE
    assert one.suppression.source == f"smtp, mailing {claim.chunk.mailing}"


def test_the_delivery_stays_refused(desk: MailingDesk) -> None:
    claim = claimed(desk)
    number = claim.chunk.mailing
    suppress_bounced(desk.store, KEYS, lambda: BEGIN, claim, {2})
    assert desk.tally(number)[Outcome.IN_FLIGHT] == 3


def test_an_address_that_its_reader_has_no_more_is_kept_as_a_hash(desk: MailingDesk) -> None:
    claim = claimed(desk)
    n, reader = claim.readers[0]
    former = replace(claim, readers=[(n, replace(reader, address="former@example.org"))])
    suppress_bounced(desk.store, KEYS, lambda: BEGIN, former, {n})
    (one,) = suppressed(desk)
    assert (one.identity_hash, one.identity) == (hash_of("former@example.org"), None)
