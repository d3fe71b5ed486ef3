"""How fast segments are counted and paged: a tag against the same people by an attribute, the last page against the first.

    python benchmarks/bench_segments.py [--readers 50000] [--rounds 7] [--database sqlite|postgresql]

A segment is counted among the readers of a list, as `newsletter audience show` does. Each pair is run in turn and compared
pair by pair: a count by tag should take a quarter of the time by attribute or less, the last page at most 1.5 times the first.
The goals are meant for --readers 1000000, where making the readers takes a minute or two on each database.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from newsletter.model.segment import AttributeEquals, Audience, HasTag, Sorting
from newsletter.store.audiences import audience, crowds
from newsletter.store.database import Store

sys.path.append(str(Path(__file__).parents[1]))
from tests.support.postgresql import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection

COUNT_GOAL = 4.0
PAGE_GOAL = 1.5
PAGE = 100
NEWS, RUNNING = 1, 2
#: one reader in ten has it, by tag and by attribute alike
VIP = Audience(lists=(NEWS,), narrowed={"vip": HasTag(key="vip")})
BY_ATTRIBUTE = Audience(lists=(NEWS,), narrowed={"vip": AttributeEquals(attribute="vip", value="very important")})
NEWS_LETTER = Audience(lists=(NEWS,))
BOTH = Audience(lists=(NEWS, RUNNING))

_NUMBERS = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :readers)",
    "postgresql": "WITH s(n) AS (SELECT generate_series(1, :readers))",
}
_SOME = """
INSERT INTO lists (number, name, title, created_at) VALUES
    (1, 'news', 'News', '2026-01-01'), (2, 'running', 'Running', '2026-01-01');
INSERT INTO tags (number, key, name, created_at) VALUES (1, 'vip', 'VIP', '2026-01-01'), (2, 'rare', 'rare', '2026-01-01')
"""
_MANY = """
INSERT INTO subscribers (number, public_id, identity_hash, address, first_name, last_name, language, timezone, attributes,
                         tracking, created_at)
    {numbers} SELECT n, 'reader-' || n, 'hash-' || n, 'reader' || n || '@example.org', 'Ada', 'Reader', 'en', '',
        {json}, {no}, {now} FROM s;
INSERT INTO subscriptions (subscriber, list, status, changed_at)
    {numbers} SELECT n, 1, CASE n % 20 WHEN 0 THEN 'unsubscribed' ELSE 'subscribed' END, {now} FROM s;
INSERT INTO subscriptions (subscriber, list, status, changed_at)
    {numbers} SELECT n, 2, 'subscribed', {now} FROM s WHERE n % 5 = 0;
INSERT INTO subscriber_tags (tag, subscriber) {numbers} SELECT 1, n FROM s WHERE n % 10 = 1;
INSERT INTO subscriber_tags (tag, subscriber) {numbers} SELECT 2, n FROM s WHERE n % 1000 = 1;
INSERT INTO suppressions (identity_hash, identity, reason, source, at)
    {numbers} SELECT 'hash-' || n, 'reader' || n || '@example.org', 'hard bounce', 'bench', {now} FROM s WHERE n % 200 = 3
"""
_ATTRIBUTES = (
    """'{"city": "Springfield", "age": ' || (n % 90) || ', "vip": "' || """
    """CASE n % 10 WHEN 1 THEN 'very important' ELSE 'no' END || '", "sport": "running"}'"""
)


def make(store: Store, readers: int) -> None:
    """A list of so many readers, by set statements."""
    with store.write() as connection:
        name = connection.dialect.name
        json = _ATTRIBUTES if name == "sqlite" else f"({_ATTRIBUTES})::json"
        now = "'2026-01-01 00:00:00'" if name == "sqlite" else "TIMESTAMPTZ '2026-01-01 00:00:00+00'"
        no = "0" if name == "sqlite" else "false"
        many = _MANY.format(numbers=_NUMBERS[name], json=json, now=now, no=no)
        for statement in f"{_SOME};{many}".split(";"):
            connection.execute(
                text(statement.replace('": ', '"\\: ')), {"readers": readers} if "s(n)" in statement else {}
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="Only this one.")
    asked = parser.parse_args()
    for name, opened in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if asked.database in {None, name}:
            with opened(asked.readers) as store:
                print(f"{name}, {asked.readers:,} readers")
                compare(store, asked.rounds)


@contextmanager
def _sqlite(readers: int) -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        make(store, readers)
        yield store
        store.close()


@contextmanager
def _postgresql(readers: int) -> Iterator[Store]:
    with running_server() as server:
        server.command("CREATE DATABASE bench")
        store = Store(server.url("bench"))
        make(store, readers)
        server.command("VACUUM ANALYZE", "bench")  # which it does by itself after a minute; SQLite has no statistics
        yield store
        store.close()


def compare(store: Store, rounds: int) -> None:
    with store.read() as connection:
        by_tag, by_attribute = partial(counted, connection, VIP), partial(counted, connection, BY_ATTRIBUTE)
        assert by_tag() == by_attribute()
        tell("count: an attribute against a tag", paired(by_attribute, by_tag, rounds), at_least=COUNT_GOAL)
        tell("count: a tag against its whole list", paired(by_tag, partial(counted, connection, NEWS_LETTER), rounds))
        for name, asked in (("a list", NEWS_LETTER), ("two lists", BOTH), ("a tag", VIP)):
            first, last = (partial(paged, connection, asked, after) for after in (0, _near_the_end(connection, asked)))
            assert len(first()) == len(last()) == PAGE
            tell(f"page of {name}: the last against the first", paired(last, first, rounds * 5), at_most=PAGE_GOAL)
        for name, asked in (("a list", NEWS_LETTER), ("two lists", BOTH), ("a tag", VIP)):
            took = statistics.median(early for early, _ in paired(partial(foreseen, connection, asked), by_tag, 3))
            print(f"  what `send` counts for {name}: {took * 1000:,.0f} ms")


def counted(connection: Connection, asked: Audience) -> int:
    return crowds.count(connection, crowds.everybody_in(connection, asked).query)


def paged(connection: Connection, asked: Audience, after: int) -> list[int]:
    return crowds.page(connection, asked.lists, crowds.tree_of_audience(asked), after=after, limit=PAGE)


def foreseen(connection: Connection, asked: Audience) -> object:
    return audience.foresee(connection, "an issue", asked, Sorting(), again=False)


def _near_the_end(connection: Connection, asked: Audience) -> int:
    """After whom the last whole page begins."""
    everybody = crowds.everybody_in(connection, asked).query.subquery().c.number
    return connection.scalars(select(everybody).order_by(everybody.desc()).offset(PAGE).limit(1)).one()


def paired(one: Callable[[], object], other: Callable[[], object], rounds: int) -> Iterator[tuple[float, float]]:
    for _ in range(rounds):
        yield _seconds(one), _seconds(other)


def _seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def tell(what: str, pairs: Iterator[tuple[float, float]], *, at_least: float = 0, at_most: float = 0) -> None:
    measured = list(pairs)
    ratio = statistics.median(one / other for one, other in measured)
    one, other = (statistics.median(times) * 1000 for times in zip(*measured, strict=True))
    goal = at_least or at_most
    met = ratio >= at_least if at_least else ratio <= at_most
    said = f" (goal {goal:g}: {'met' if met else 'missed'})" if goal else ""
    print(f"  {what}: {one:,.1f} ms / {other:,.1f} ms = {ratio:.2f}{said}")


if __name__ == "__main__":
    main()
