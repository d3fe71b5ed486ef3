"""How fast reports of an ESP are recorded, against services as they are often written: pydantic models, a table with random keys.

    python benchmarks/bench_webhooks.py [--events 300000] [--only sqlite|postgresql] [--order random|near]

Reports have 1,000 events; one event in ten comes twice. Ours is everything: the signature, keeping the report as it came,
reading it, each event once, fates, suppressions, engagement, clicks, doubt. Two others answer when they are through:

    bare        reads and inserts, a report in one transaction, and nothing else: no raw report, no consequence
    one by one  the same, and what we do as well for each event by itself: is it known, the fate, the suppression; so slow
                that one report of ten stands for all

All are measured in turn, ten reports each, on databases of their own, and the counts at the end must be exact.

`random` is the worst that can come: any event of a day in any order. `near` is how they come: in the order in which the
mailing was sent, mixed up within half an hour.
Goals: while the provider waits, 3 times bare; all of it, 3 times one by one; the last 50,000 events as fast as the first.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
import uuid
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from newsletter.esp.sendgrid import events as sendgrid
from newsletter.esp.sendgrid.signature import Verifier
from newsletter.keys import Keys
from newsletter.pipeline.handling import AT_ONCE, Handler
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.events import inbox

sys.path.append(str(Path(__file__).parents[1]))
from tests.support.postgresql import running_server
from tests.support.signing import signed, spki

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Engine

GOAL, FLAT = 3.0, 0.8
REPORT, EDGE = 1_000, 50_000
NOW = datetime(2026, 12, 2, tzinfo=UTC)
DAY = 86_400
CHUNK = 1_000
#: how often each kind comes
KINDS = {
    "processed": 440,
    "delivered": 440,
    "deferred": 30,
    "open": 60,
    "click": 15,
    "bounce": 12,
    "dropped": 2,
    "spamreport": 1,
}

_NUMBERS = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :readers)",
    "postgresql": "WITH s(n) AS (SELECT generate_series(1, :readers))",
}
#: a mailing that is through, to readers of whom half agree to tracking
_MADE = """
INSERT INTO rendered (fingerprint, issue, variant, content, sources_digest, created_at) VALUES ('f', 'x', '', '', '', {now});
INSERT INTO mailings (number, link_number, issue, fingerprint, state, sender, created_at, started_at, reason, again,
                      again_serial, audience, lease_owner, lease_generation)
    VALUES (1, 1, 'x', 'f', 'finished', 'sendgrid', {now}, {now}, '', '', 0, :readers, '', 0);
INSERT INTO subscribers (number, public_id, identity_hash, address, first_name, last_name, language, timezone, attributes,
                         tracking, created_at)
    {numbers} SELECT n, 'p' || n, 'h' || n, 'reader' || n || '@example.org', '', '', '', '', '{{}}', {half}, {now} FROM s;
INSERT INTO deliveries (mailing, n, subscriber, variant) {numbers} SELECT 1, n, n, '' FROM s;
INSERT INTO chunks (number, mailing, first, last, variant, state, tries)
    {numbers} SELECT n, 1, (n - 1) * 1000 + 1, n * 1000, '', 'accepted', 0 FROM s WHERE n <= :readers / 1000;
INSERT INTO attempts (id, chunk, sender, generation, started_at, detail, provider_id, first, last)
    {numbers} SELECT 'attempt-' || n, n, 'sendgrid', 1, {now}, '', '', (n - 1) * 1000 + 1, n * 1000
    FROM s WHERE n <= :readers / 1000
"""


def make(store: Store, readers: int) -> None:
    with store.write() as connection:
        sqlite = connection.dialect.name == "sqlite"
        words = {
            "numbers": _NUMBERS[connection.dialect.name],
            "now": "'2026-12-01 00:00:00'" if sqlite else "TIMESTAMPTZ '2026-12-01 00:00:00+00'",
            "half": "n % 2" if sqlite else "n % 2 = 1",
        }
        for statement in _MADE.format(**words).split(";"):
            connection.execute(text(statement), {"readers": readers} if ":readers" in statement else {})


def entries(count: int, readers: int, order: str) -> list[dict[str, Any]]:
    chance = random.Random(1)
    names = chance.choices([*KINDS], [*KINDS.values()], k=count)
    begin = int(NOW.timestamp()) - DAY
    made = [_entry(name, chance, readers, begin, place) for place, name in enumerate(names)]
    if order == "near":
        for one in made:
            one["timestamp"] = (
                begin + int(one["nl_delivery"]) * (DAY - 1_800) // readers + int(chance.uniform(0, 1_800))
            )
    made += chance.sample(made, count // 10)
    if order == "near":
        made.sort(key=lambda one: one["timestamp"] + chance.uniform(0, 1_800))
    else:
        chance.shuffle(made)
    return made


def _entry(name: str, chance: random.Random, readers: int, begin: int, place: int) -> dict[str, Any]:
    n = chance.randrange(readers) + 1
    facts = {
        "email": f"reader{n}@example.org",
        "timestamp": begin + chance.randrange(DAY),
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "event": name,
        "category": ["newsletter"],
        "sg_event_id": f"{chance.getrandbits(100):025x}{place}",
        "sg_message_id": f"{chance.getrandbits(80):020x}.filter0001.16648.5515E0B88.0",
        "nl_attempt": f"attempt-{(n - 1) // CHUNK + 1}",
        "nl_mailing": "1",
        "nl_delivery": str(n),
    }
    more: dict[str, dict[str, Any]] = {
        "delivered": {"response": "250 OK"},
        "deferred": {"response": "451 try again later", "attempt": "3"},
        "open": {
            "useragent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605",
            "ip": "192.0.2.7",
            "sg_machine_open": False,
        },
        "click": {
            "useragent": "Mozilla/5.0 (X11; Linux) Firefox/128.0",
            "ip": "192.0.2.7",
            "url": f"https://example.org/{n % 9}",
        },
        "bounce": {"type": ("bounce", "blocked")[n % 2], "status": "5.1.1", "reason": "550 5.1.1 no such user"},
        "dropped": {"reason": "Bounced Address"},
    }
    return facts | more.get(name, {})


class Other(BaseModel):
    """An event as a model; what it does not know is left out."""

    email: str
    timestamp: datetime
    event: str
    sg_event_id: str
    sg_message_id: str | None = None
    category: list[str] | str | None = None
    reason: str | None = None
    response: str | None = None
    status: str | None = None
    type: str | None = None
    url: str | None = None
    useragent: str | None = None
    ip: str | None = None
    nl_attempt: str | None = None
    nl_mailing: str | None = None
    nl_delivery: int | None = None


_metadata = MetaData()
_others = Table(
    "webhook_events",
    _metadata,
    Column("id", String(36), primary_key=True),
    Column("sg_event_id", String(100), nullable=False, unique=True),
    Column("email", String(320), nullable=False),
    Column("event", String(40), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("mailing", String(20)),
    Column("delivery", Integer),
    Column("attempt", String(40)),
    Column("reason", String(500)),
    Column("url", String(2000)),
    Column("useragent", String(500)),
)
_fates = Table(
    "deliveries",
    _metadata,
    Column("mailing", String(20), primary_key=True),
    Column("delivery", Integer, primary_key=True),
    Column("fate", String(40), nullable=False),
)
_suppressed = Table(
    "suppressed",
    _metadata,
    Column("email", String(320), primary_key=True),
    Column("reason", String(40), nullable=False),
)
_FATED = {"delivered", "deferred", "bounce", "dropped", "spamreport"}


class Bare:
    """One model for each event, one transaction for each report."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read = TypeAdapter(list[Other])
        inserting = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert
        self._insert = inserting(_others).on_conflict_do_nothing()
        self._suppress = inserting(_suppressed).on_conflict_do_nothing()
        _metadata.create_all(engine)

    def take(self, body: bytes) -> None:
        rows = self._rows(body)
        with self._engine.begin() as connection:
            connection.execute(self._insert, rows)

    def _rows(self, body: bytes) -> list[dict[str, Any]]:
        return [
            {
                "id": str(uuid.uuid4()),
                "sg_event_id": one.sg_event_id,
                "email": one.email,
                "event": one.event,
                "at": one.timestamp,
                "mailing": one.nl_mailing,
                "delivery": one.nl_delivery,
                "attempt": one.nl_attempt,
                "reason": one.reason or one.response,
                "url": one.url,
                "useragent": one.useragent,
            }
            for one in self._read.validate_json(body)
        ]

    def count(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(_others)) or 0


class OneByOne(Bare):
    """What follows from each event, as it is read."""

    def take(self, body: bytes) -> None:
        own, fate = _others.c, _fates.c
        with self._engine.begin() as connection:
            for row in self._rows(body):
                if connection.scalar(select(own.id).where(own.sg_event_id == row["sg_event_id"])):
                    continue
                connection.execute(self._insert, row)
                if row["event"] in _FATED:
                    this = (fate.mailing == row["mailing"], fate.delivery == row["delivery"])
                    changed = connection.execute(update(_fates).where(*this).values(fate=row["event"]))
                    if not changed.rowcount:
                        facts = {name: row[name] for name in ("mailing", "delivery")}
                        connection.execute(insert(_fates).values(fate=row["event"], **facts))
                if row["event"] in {"bounce", "spamreport"}:
                    connection.execute(self._suppress, {"email": row["email"], "reason": row["event"]})


class Ours:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._verifier = Verifier(spki(), timedelta(days=1))
        self._handler = Handler(store=store, keys=Keys(["bench"]), readers={"sendgrid": sendgrid.read})

    def keep(self, body: bytes, headers: dict[str, str]) -> None:
        """What happens while the ESP waits for our answer."""
        if self._verifier.why_refused(headers, body, NOW):
            raise RuntimeError("the signature is not taken")
        with self._store.write() as connection:
            inbox.add(connection, "sendgrid", body, NOW)

    def handle(self) -> None:
        for handled in self._handler.rounds(NOW):
            if handled.faults:
                raise RuntimeError(str(handled.faults))

    def counts(self) -> tuple[int, int, int]:
        """Events, fates, clicks."""
        with self._store.read() as connection:
            events = connection.scalar(select(func.count()).select_from(t.events)) or 0
            fates = connection.scalar(select(func.count()).select_from(t.fates)) or 0
            clicks = connection.scalar(select(func.sum(t.link_clicks.c.people))) or 0
        return events, fates, clicks


class Times(NamedTuple):
    """Seconds of each ten reports."""

    keep: list[float]
    handle: list[float]
    bare: list[float]
    one_by_one: list[float]

    @property
    def ours(self) -> list[float]:
        return [a + b for a, b in zip(self.keep, self.handle, strict=True)]


def run(ours: Ours, bare: Bare, one_by_one: Bare, bodies: Sequence[bytes]) -> Times:
    times = Times([], [], [], [])
    headers = [signed(body, NOW) for body in bodies]
    for start in range(0, len(bodies), AT_ONCE):
        part = range(start, min(start + AT_ONCE, len(bodies)))
        moments = [time.perf_counter()]
        for place in part:
            ours.keep(bodies[place], headers[place])
        moments.append(time.perf_counter())
        ours.handle()
        moments.append(time.perf_counter())
        for place in part:
            bare.take(bodies[place])
        moments.append(time.perf_counter())
        one_by_one.take(bodies[start])
        moments.append(time.perf_counter())
        for found, (begin, end) in zip(times, pairwise(moments), strict=True):
            found.append(end - begin)
        times.one_by_one[-1] *= len(part)  # it is so slow that one report stands for all
    return times


def tell(times: Times, events: int) -> None:
    def rate(some: list[float]) -> str:
        return f"{events / sum(some):,.0f}"

    def goal(what: str, found: float, wanted: float) -> str:
        return f"{what} {found:.1f} (goal {wanted} {'met' if found >= wanted else 'missed'})"

    edge = EDGE // REPORT // AT_ONCE
    flat, bare_flat = (sum(some[:edge]) / sum(some[-edge:]) for some in (times.ours, times.bare))
    waits = statistics.median(times.keep) / AT_ONCE * 1000
    print(
        f"  events a second: {rate(times.ours)} (kept {rate(times.keep)}, handled {rate(times.handle)}); "
        f"bare {rate(times.bare)}, one by one {rate(times.one_by_one)}; the provider waits {waits:.1f} ms for a report"
    )
    print(f"  {goal('while the provider waits, against bare:', sum(times.bare) / sum(times.keep), GOAL)}")
    print(f"  {goal('all of it, against one by one:', sum(times.one_by_one) / sum(times.ours), GOAL)}")
    print(f"  all of it, against bare, which does less: {sum(times.bare) / sum(times.ours):.1f}")
    print(f"  {goal(f'the last {EDGE:,} against the first:', flat, FLAT)}; bare {bare_flat:.1f}")


def check(ours: Ours, bare: Bare, made: Sequence[dict[str, Any]]) -> None:
    """The numbers, worked out from the events themselves."""
    unique = {one["sg_event_id"]: one for one in made}.values()
    kinds = Counter(one["event"] for one in unique)
    tracked = [one for one in unique if one["event"] in {"open", "click"} and int(one["nl_delivery"]) % 2]
    events = len(unique) - kinds["open"] - kinds["click"] + len(tracked)
    fated = {one["nl_delivery"] for one in unique if one["event"] not in {"processed", "open", "click"}}
    clicks = sum(one["event"] == "click" for one in tracked)
    if ours.counts() != (events, len(fated), clicks):
        raise RuntimeError(f"{ours.counts()} are not {(events, len(fated), clicks)}")
    if bare.count() != len(unique):
        raise RuntimeError("the bare one has lost events")


@contextmanager
def databases(only: str) -> Iterator[list[tuple[str, list[str]]]]:
    """Name and the URLs of three databases of each kind."""
    names = ("ours", "bare", "single")
    with ExitStack() as stack:
        found = []
        if only in {"", "sqlite"}:
            folder = stack.enter_context(TemporaryDirectory())
            found.append(("SQLite", [f"sqlite:///{folder}/{name}.db" for name in names]))
        if only in {"", "postgresql"}:
            server = stack.enter_context(running_server())
            for name in names:
                server.command(f"CREATE DATABASE {name}")
            found.append(
                ("PostgreSQL", [server.url(name).replace("postgresql:", "postgresql+psycopg:") for name in names])
            )
        yield found


def engine_of(url: str) -> Engine:
    """As safe against a crash as ours."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    return engine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"], default="")
    parser.add_argument("--order", choices=["random", "near"], default="")
    asked = parser.parse_args()
    readers = max(asked.events // 2 // CHUNK, 1) * CHUNK
    for order in [asked.order] if asked.order else ["random", "near"]:
        made = entries(asked.events, readers, order)
        bodies = [orjson.dumps(made[start : start + REPORT]) for start in range(0, len(made), REPORT)]
        with databases(asked.only) as found:
            for name, urls in found:
                store = Store(urls[0])
                make(store, readers)
                ours, bare, one_by_one = Ours(store), Bare(engine_of(urls[1])), OneByOne(engine_of(urls[2]))
                print(f"{name}, order {order}, {len(made):,} events, {len(bodies)} reports")
                tell(run(ours, bare, one_by_one, bodies), len(made))
                check(ours, bare, made)
                store.close()


if __name__ == "__main__":
    main()
