"""How fast the page behind "unsubscribe" answers, alone and while a mailing is being sent by another process.

    python benchmarks/bench_pages.py [--database sqlite|postgresql] [--clients 20] [--requests 1000] [--readers 150000]

A workspace with so many readers and a mailing to all of them; `newsletter serve` in a process of its own, asked by so many
clients at once, each request on a new connection, as mail programs do it:

    page        GET /u/..., what a person sees
    one click   POST /u/..., each of another reader, who has left for good when the answer comes

First alone, then while `newsletter send` hands the mailing over to a server that answers as slowly as a provider, then alone
again; the ratio is that of the medians. The machine is shared: clients, server, sender and provider. In the end everybody who
was told that they left must have left, and be written down once. The goal: while sending, 95 of 100 requests within a quarter of a second.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from bench_send import database, server
from bench_start import _NEWSLETTER
from sending.workspace import _SECRET, ISSUE, add_readers, clean_environment, make_workspace, plan
from sqlalchemy import func, select

from newsletter.keys import DeliveryToken, Keys
from newsletter.model.subscriber import ConsentAction
from newsletter.store import tables as t
from newsletter.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GOAL_MS = 250
#: the provider takes its time, so that the mailing is under way while we measure
DELAY, IN_FLIGHT = 0.5, 4
_GET = "GET {path} HTTP/1.1\r\nHost: news.example.org\r\nConnection: close\r\n\r\n"
_FORM = "List-Unsubscribe=One-Click"
_POST = (
    "POST {path} HTTP/1.1\r\nHost: news.example.org\r\nConnection: close\r\n"
    f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(_FORM)}\r\n\r\n{_FORM}"
)


class Load(NamedTuple):
    """Milliseconds of each request, and seconds of all."""

    ms: list[float]
    seconds: float

    def tell(self, name: str) -> str:
        cuts = statistics.quantiles(self.ms, n=100)
        return (
            f"  {name:24} p50 {cuts[49]:6.1f} ms, p95 {cuts[94]:6.1f} ms, p99 {cuts[98]:6.1f} ms; "
            f"{len(self.ms) / self.seconds:,.0f} requests/s"
        )

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.ms, n=100)[94]


class Clients:
    """So many at once; `tokens` are handed out in order, so that nobody leaves twice."""

    def __init__(self, port: int, tokens: Iterator[str], at_once: int, requests: int) -> None:
        self._port, self._tokens, self._at_once, self._requests = port, tokens, at_once, requests
        self.left = 0

    def page(self) -> Load:
        return asyncio.run(self._ask(_GET))

    def one_click(self) -> Load:
        self.left += self._requests
        return asyncio.run(self._ask(_POST))

    async def _ask(self, form: str) -> Load:
        words = iter([form.format(path=f"/u/{next(self._tokens)}").encode() for _ in range(self._requests)])
        times: list[float] = []
        begin = time.perf_counter()
        await asyncio.gather(*(self._client(words, times) for _ in range(self._at_once)))
        return Load(times, time.perf_counter() - begin)

    async def _client(self, words: Iterator[bytes], times: list[float]) -> None:
        for one in words:
            begin = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(one)
            answer = await reader.read()
            times.append((time.perf_counter() - begin) * 1000)
            writer.close()
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer.partition(b"\r\n")[0].decode())


@contextmanager
def pages(folder: Path) -> Iterator[int]:
    """`newsletter serve`, and its port."""
    command = [_NEWSLETTER, "-C", str(folder), "serve", "--port", "0", "--log", "text"]
    log = folder / "serve.log"
    with log.open("w") as out, subprocess.Popen(command, stderr=out, env=clean_environment()) as process:
        try:
            while "Ctrl-C" not in log.read_text():
                if process.poll() is not None:
                    raise RuntimeError(log.read_text())
                time.sleep(0.05)
            yield int(log.read_text().partition("http://127.0.0.1:")[2].split()[0])
        finally:
            process.terminate()
    if process.returncode or " ERROR " in log.read_text():
        raise RuntimeError(f"it ended with {process.returncode}:\n{log.read_text()[-2_000:]}")


@contextmanager
def sending(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`newsletter send`, from its first request on."""
    command = [_NEWSLETTER, "-C", str(folder), "send", ISSUE, "--yes", "--json"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=clean_environment()) as process:
        yield process
        process.wait()


def begun(store: Store) -> bool:
    with store.read() as connection:
        return bool(connection.scalar(select(func.count()).select_from(t.attempts)))


def measure(name: str, asked: argparse.Namespace) -> None:
    with TemporaryDirectory() as made, server(DELAY) as esp, database(name, Path(made)) as url:
        folder = Path(made)
        place = make_workspace(folder, esp, url, in_flight=IN_FLIGHT)
        store = Store(url)
        add_readers(store, asked.readers)
        number = plan(store, place)
        with pages(folder) as port:
            clients = Clients(port, tokens(store, number), asked.clients, asked.requests)
            print(
                f"{name}, {asked.readers:,} readers, {asked.clients} clients at once, {asked.requests:,} requests each"
            )
            clients.page()  # templates are read, statements are compiled
            before = clients.page(), clients.one_click()
            with sending(folder) as process:
                while not begun(store) and process.poll() is None:
                    time.sleep(0.05)
                during = clients.page(), clients.one_click()
                busy = process.poll() is None
            after = clients.page(), clients.one_click()
        tell(before, during, after)
        if not busy:
            print("  the mailing was through before the end of it: take more --readers")
        if process.returncode:
            raise RuntimeError(f"newsletter send ended with {process.returncode}")
        check(store, clients.left)
        store.close()


def tokens(store: Store, number: int) -> Iterator[str]:
    """From the end: who is mailed last."""
    with store.read() as connection:
        own = t.mailings.c
        row = connection.execute(select(own.link_number, own.audience).where(own.number == number)).one()
    keys = Keys([_SECRET])
    return (keys.token(DeliveryToken(mailing=row.link_number, n=n)) for n in range(row.audience, 0, -1))


def tell(before: Sequence[Load], during: Sequence[Load], after: Sequence[Load]) -> None:
    for place, name in enumerate(("page", "one click")):
        print(before[place].tell(f"{name}, alone"))
        print(during[place].tell(f"{name}, while sending"))
        print(after[place].tell(f"{name}, alone again"))
        alone = statistics.median([*before[place].ms, *after[place].ms])
        met = "met" if during[place].p95 <= GOAL_MS else "missed"
        ratio = statistics.median(during[place].ms) / alone
        print(f"  {name}: while sending {ratio:.1f} times as long; the goal of {GOAL_MS:,} ms is {met}")


def check(store: Store, left: int) -> None:
    with store.read() as connection:
        gone = select(func.count()).select_from(t.subscriptions).where(t.subscriptions.c.status == "unsubscribed")
        action = t.consent_events.c.action == ConsentAction.UNSUBSCRIBED
        noted = select(func.count()).select_from(t.consent_events).where(action)
        found = connection.scalar(gone), connection.scalar(noted)
    if found != (left, left):
        raise RuntimeError(f"{left} were told that they left; {found} did")
    print(f"  all {left:,} who left are written down, each once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--readers", type=int, default=150_000)
    asked = parser.parse_args()
    for name in [asked.database] if asked.database else ["sqlite", "postgresql"]:
        measure(name, asked)


if __name__ == "__main__":
    main()
