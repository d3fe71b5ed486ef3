"""A planned mailing on a real store, and a sender that answers as a test wants."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from newsletter.address.chunks import ranges
from newsletter.deliver.engine import Engine
from newsletter.deliver.fared import fared
from newsletter.deliver.terms import Terms
from newsletter.model.letter import Answer, Envelope, Letter, Verdict
from newsletter.model.mailing import Planned
from newsletter.model.rendered import Rendered
from newsletter.model.segment import Audience, Sorting
from newsletter.store import mailings
from newsletter.store import rendered as stored
from newsletter.store.ledger import StoredLedger
from newsletter.store.people import consent
from tests.support.readers import Desk, hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.deliver.ended import Ended
    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing, Tally
    from newsletter.model.segment import Condition
    from newsletter.model.subscriber import Subscriber

#: what tokens call the mailings of a test
LINK_NUMBERS = itertools.count(1000)
BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
#: with little patience: every half second of waiting is gone through
PLAIN = Terms(retry=timedelta(seconds=30), fallback_after=timedelta(seconds=20))
ACCEPTED = Answer(verdict=Verdict.ACCEPTED)
DOUBT = Answer(verdict=Verdict.UNCERTAIN, detail="interrupted")


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(seconds, 0.001))


@dataclass
class ScriptedSender:
    """Answers with what `script` returns, and remembers who was handed over."""

    script: Callable[[Sequence[Envelope]], Answer] = lambda _envelopes: ACCEPTED
    name: str = "scripted"
    repeatable: bool = False
    chunk_size: int = 3
    in_flight: int = 1
    real: bool = False
    embeds: bool = False
    #: addresses of all accepted envelopes, in order
    delivered: list[str] = field(default_factory=list)
    #: address -> the variant that was accepted for it
    variants: dict[str, str] = field(default_factory=dict)
    #: addresses that were accepted with a letter that notes opens and clicks
    tracked: list[str] = field(default_factory=list)
    calls: int = 0
    #: what it tells of an attempt of an earlier process
    remembers: Callable[[Sequence[int]], Answer] = lambda _numbers: DOUBT

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        del attempt
        self.calls += 1
        answer = self.script(envelopes)
        who = fared(answer, [envelope.n for envelope in envelopes])
        taken = who.taken.union(who.rest) if answer.verdict is Verdict.ACCEPTED else who.taken
        for envelope in envelopes:
            if envelope.n in taken:
                self.delivered.append(envelope.address)
                self.variants[envelope.address] = letter.rendered.variant
                self.tracked += [envelope.address] if letter.opens else []
        return answer

    def expect(self, attempt: str) -> None: ...

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:
        del attempt
        return self.remembers(numbers)

    def remarks(self, letter: Letter) -> Sequence[str]:
        del letter
        return ()

    def close(self) -> None: ...


class MailingDesk(Desk):
    """Subscribes readers, plans mailings, and runs the engine on them."""

    ended: Ended | None = None

    def subscribe(self, *addresses: str, to: str = "news") -> None:
        self.import_("email\n" + "\n".join(addresses) + "\n", to=to)

    def readers(self, count: int) -> list[str]:
        addresses = [f"reader{number:04}@example.org" for number in range(1, count + 1)]
        self.subscribe(*addresses)
        return addresses

    def plan(
        self,
        issue: str = "walking",
        to: Sequence[str] = ("news",),
        again: str = "",
        size: int = 3,
        sorting: Sorting | None = None,
        narrowed: Mapping[str, Condition] | None = None,
        excepted: Mapping[str, Condition] | None = None,
        now: datetime = BEGIN,
        latest_at: datetime | None = None,
    ) -> int:
        sorting = sorting or Sorting()
        lists = tuple(self.lists[name].number for name in to)
        audience = Audience(lists=lists, narrowed=narrowed or {}, excepted=excepted or {})
        variants = [rendered(issue, name) for name in dict.fromkeys(sorting.variants.values())]
        with self.store.write() as connection:
            stored.keep(connection, issue, variants, (), "digest", BEGIN)
            number = mailings.add(
                connection,
                link_number=next(LINK_NUMBERS),
                issue=issue,
                variants={one.variant: one.fingerprint for one in variants},
                audience=audience,
                sender="scripted",
                again=again,
                now=now,
                planned=Planned(latest_at=latest_at),
            )
            mailings.start(connection, number, audience, sorting, partial(ranges, size=size), now)
        return number

    def ledger(self, is_alive: Callable[[str], bool] = lambda _owner: True) -> StoredLedger:
        return StoredLedger(self.store, is_alive)

    def send(
        self,
        number: int,
        sender: ScriptedSender,
        *others: ScriptedSender,
        clock: Clock | None = None,
        owner: str = "test",
        stop: threading.Event | None = None,
        progress: Callable[[int], None] = lambda _count: None,
        terms: Terms = PLAIN,
    ) -> Tally:
        """Through this sender, and the others in their order when it cannot be reached; how it ended is `self.ended`."""
        clock = clock or Clock()
        ids = (f"{owner}-{number}-{n}-{random.getrandbits(40)}" for n in itertools.count())
        engine = Engine(
            ledger=self.ledger(),
            senders=[sender, *others],
            clock=clock,
            sleep=clock.sleep,
            chance=random.Random(1),
            new_id=lambda: next(ids)[:32],
            stop=stop or threading.Event(),
            progress=progress,
            terms=terms,
        )
        letters: dict[tuple[str, bool], Letter] = {}

        def letter(_sender: Sender, variant: str, tracked: bool) -> Letter:
            return letters.setdefault((variant, tracked), letter_for(number, variant, tracked=tracked))

        self.ended = engine.send(number, owner, letter, envelope, self.mailing(number).latest_at)
        return self.tally(number)

    def tally(self, number: int) -> Tally:
        with self.store.read() as connection:
            return mailings.tally(connection, number)

    def mailing(self, number: int) -> Mailing:
        with self.store.read() as connection:
            return mailings.get(connection, number)

    def leave(self, address: str) -> None:
        from newsletter.model.subscriber import ConsentSource

        with self.store.write() as connection:
            consent.leave(
                connection,
                self.get(address).number,
                [entry.number for entry in self.lists.values()],
                ConsentSource.PAGE,
                None,
                BEGIN,
            )


def rendered(issue: str, variant: str = "") -> Rendered:
    return Rendered(
        subject=(issue,),
        preheader=(),
        html=("<p>", issue, "</p>"),
        text=(issue,),
        from_name="Clinic",
        from_address="letters@example.org",
        reply_to="ask@example.org",
        language="en",
        variant=variant,
    )


def letter_for(number: int, variant: str = "", *, tracked: bool = False) -> Letter:
    return Letter(
        rendered=rendered("walking", variant),
        mailing=str(number),
        list_id="news.example.org",
        date=BEGIN,
        domain="example.org",
        opens=tracked,
        clicks=tracked,
    )


def envelope(n: int, reader: Subscriber) -> Envelope:
    return Envelope(n=n, address=reader.address, name=reader.name, values={})


__all__ = ["ACCEPTED", "BEGIN", "Clock", "MailingDesk", "ScriptedSender", "hash_of"]
