"""One round of the soak: a mailing, a seed, and everything that goes wrong by it."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from newsletter.store import mailings
from tests.support.chaos import actions
from tests.support.chaos.hooked import Pages, free_port, hook_at, told_everything
from tests.support.chaos.judging import judge, judge_mails, read
from tests.support.chaos.killing import OVER, finish, kill_again_and_again
from tests.support.chaos.providers import Outbox
from tests.support.chaos.servers import SINK, SendGridServer, SinkServer, SmtpServer
from tests.support.chaos.trial import require, trial_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.support.chaos.database import Restarting
    from tests.support.chaos.trial import Trial

SENDERS = ("outbox", "sendgrid", "smtp", *(("sink",) if SINK else ()))
_SENDGRID_FAULTS = (
    *("drop", "reset", "error", "cut", "bad_gateway", "timeout", "garbage", "half_headers", "redirect"),
    *("drop_unread", "drop_half_read", "error_untaken", "busy_silent", "blame_second", "too_large"),
    *("substitutions", "unauthorised", "web_page"),
)
_SMTP_FAULTS = (
    *("drop", "closing", "garbage", "lost_in_content", "drop_at_mail", "drop_at_rcpt", "drop_at_data"),
    *("closing_at_mail", "closing_at_rcpt", "unknown", "unknown_but_data", "full", "greylisted", "busy"),
    *("data_later", "spam", "message_later", "no_space", "sender_later", "too_many"),
)


@dataclass(frozen=True)
class Told:
    readers: int
    words: str


def play(folder: Path, sender: str, server: Restarting | None, seed: int) -> Told:
    chance = random.Random(seed)
    readers = chance.randint(400, 2500)
    begun = time.monotonic()
    port = free_port()
    with ExitStack() as stack:
        provider = _provider(folder, sender, chance, readers)
        reports = isinstance(provider, SendGridServer) and chance.random() < 0.5
        if isinstance(provider, SendGridServer) and reports:
            provider.webhook = hook_at(port)
        if not isinstance(provider, Outbox):
            stack.enter_context(provider)
        url = _database(server)
        trial = stack.enter_context(trial_of(folder / "workspace", url, provider, readers))
        done: Counter[str] = Counter()
        pages = stack.enter_context(Pages(trial, port)) if reports else None
        with _looking_on(trial):
            for _ in range(chance.randint(2, 8)):
                if trial.state() in OVER:
                    break
                name = _something(trial, chance, server, max(2, readers // 12), reports=reports)
                done[name] += 1
                if pages and chance.random() < 0.3:
                    pages.kill()
                    pages.start()
                # what is in flight has not come to its end, and all else is certain already
                if trial.is_planned():
                    judge_mails(read(trial), provider.mails())
            if chance.random() < 0.1 and trial.state() not in OVER:
                actions.cancel(trial, chance, max(2, readers // 12))
                done["cancel"] += 1
            finish(trial)
        ledger = judge(trial, state=trial.state())
        if isinstance(provider, SendGridServer) and pages and trial.state() == "finished":
            done[f"{_settle(trial, provider)} settled by reports"] += 1
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(ledger.counts.items()))
    happened = ", ".join(f"{name} {count}" if count > 1 else name for name, count in sorted(done.items()))
    told = f"{time.monotonic() - begun:5.1f} s  {outcomes} of {readers}; {provider.doubts()} faults; {happened}"
    return Told(readers, told)


def _settle(trial: Trial, provider: SendGridServer) -> int:
    """By what the provider reports; whom it never had gets it then, and everybody has exactly one. Returns how many had it."""
    before = len(read(trial).those("uncertain"))
    told_everything(trial, provider)
    left = len(judge(trial, settled=True).those("uncertain"))
    provider.faults = {}
    provider.start()
    if left:
        trial.run("mailings", "resolve", str(trial.number), "--not-sent")
        finish(trial)
    require(not judge(trial).those("uncertain"), "nothing went wrong any more, and somebody is in doubt")
    return before - left


def _provider(
    folder: Path, sender: str, chance: random.Random, readers: int
) -> SendGridServer | SmtpServer | SinkServer | Outbox:
    server = folder / "server"
    if sender == "outbox":
        return Outbox(folder / "workspace")
    if sender == "sendgrid":
        size = chance.randint(3, max(4, readers // 15))
        faults = _faults(chance, _SENDGRID_FAULTS, 0.15)
        return SendGridServer(
            server,
            seed=chance.randrange(10**6),
            at_once=chance.randint(1, 8),
            readers=size,
            delay=chance.uniform(0, 0.05),
            faults=faults,
        )
    connections, messages = chance.randint(1, 8), chance.randint(1, 100)
    if sender == "sink":
        options = chance.choice(([], ["-p"]))
        return SinkServer(server, connections=connections, messages=messages, options=options)
    faults = _faults(chance, _SMTP_FAULTS, 0.02)
    return SmtpServer(
        server,
        connections=connections,
        messages=messages,
        seed=chance.randrange(10**6),
        delay=chance.uniform(0, 0.003),
        faults=faults,
    )


def _faults(chance: random.Random, names: tuple[str, ...], most: float) -> Mapping[str, float]:
    """Some of them, together no more than that share."""
    some = chance.sample(names, chance.randint(0, 5))
    return {name: chance.uniform(0, most / len(some)) for name in some}


def _database(server: Restarting | None) -> str:
    if server is None:
        return ""
    server.command("DROP DATABASE IF EXISTS soak WITH (FORCE)")
    server.command("CREATE DATABASE soak")
    return server.url("soak")


def _something(trial: Trial, chance: random.Random, server: Restarting | None, further: int, *, reports: bool) -> str:
    """Let one thing go wrong; its name."""
    ways: dict[str, Callable[[], object]] = {
        "kill": partial(kill_again_and_again, trial, chance, 1, further=further),
        "kill again": partial(kill_again_and_again, trial, chance, 3, further=further),
    }
    for way in (
        *(actions.stop_politely, actions.send_twice_at_once, actions.stall, actions.pause),
        *(actions.suppress_somebody, actions.provider_dies, actions.database_is_busy, actions.disk_is_full),
    ):
        if way is actions.provider_dies and (trial.provider.name == "outbox" or reports):
            continue  # what it had to report would die with it
        ways[way.__name__.replace("_", " ")] = partial(way, trial, chance, further)
    if server:
        ways["database restarts"] = partial(actions.database_restarts, trial, chance, further, server)
    name = chance.choice(sorted(ways))
    ways[name]()
    return name


@contextmanager
def _looking_on(trial: Trial) -> Iterator[None]:
    """Read the tally again and again until the end: its sum must hold at each look."""
    over, wrong = threading.Event(), list[str]()

    def look() -> None:
        while not over.wait(0.1):
            try:
                with trial.store.read() as connection:
                    tallies = [mailings.tally(connection, one.number) for one in mailings.every(connection)]
            except Exception:  # noqa: BLE001 - the database is started again just now
                continue
            wrong.extend(f"{tally.total} of {tally.audience}" for tally in tallies if not tally.holds)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    require(not wrong, f"the sum did not hold: {wrong[:1]}")
