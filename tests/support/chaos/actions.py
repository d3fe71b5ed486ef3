"""What happens to a command that sends, besides `kill -9`. Each leaves the promise as it was."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from newsletter.store import tables as t
from tests.support.chaos.killing import end_at_once, wait_for_mails
from tests.support.chaos.trial import require

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.chaos.database import Restarting
    from tests.support.chaos.trial import Trial
    from tests.support.running import Running


def at_work(trial: Trial, further: int) -> Running:
    """The command, after it has mailed so many more."""
    process = taken_over(trial)  # what it finds on the way to the server is none of its own
    wait_for_mails(trial, process, further)
    return process


def stop_politely(trial: Trial, chance: random.Random, further: int) -> None:
    """SIGTERM or Ctrl-C: what is under way is finished, and no doubt arises."""
    process = at_work(trial, chance.randint(1, further))
    if process.poll() is None:
        process.send_signal(chance.choice((signal.SIGTERM, signal.SIGINT)))
    trial.interrupted(process)


def send_twice_at_once(trial: Trial, chance: random.Random, further: int) -> None:
    """A second command finds the first at work, and does nothing."""
    process = at_work(trial, chance.randint(1, further))
    trial.run()
    end_at_once(trial, process)


def stall(trial: Trial, chance: random.Random, further: int) -> None:
    """It sleeps past its lease, another takes over, and it wakes in the middle of that, or after."""
    process = at_work(trial, chance.randint(1, further))
    if not fall_asleep(trial, process):
        trial.interrupted(process)
        return
    other = taken_over(trial)
    wait_for_mails(trial, other, chance.randint(1, further), patience=2)
    process.send_signal(signal.SIGCONT)
    trial.interrupted(process)
    end_at_once(trial, other)


def taken_over(trial: Trial) -> Running:
    """A process that has the lease now, whoever had it before."""
    before = _generation(trial)
    other = trial.go_on()
    while _generation(trial) == before and other.poll() is None:
        time.sleep(0.01)
    return other


def _generation(trial: Trial) -> int:
    with trial.store.read() as connection:
        return connection.scalar(select(t.mailings.c.lease_generation)) or 0


def fall_asleep(trial: Trial, process: Running) -> bool:
    """Two minutes pass in no time, in the middle of its work but not of a transaction; False when it came to its end."""
    while process.poll() is None:
        process.send_signal(signal.SIGSTOP)
        try:
            _let_the_lease_run_out(trial)
        except (
            OperationalError,
            sqlite3.OperationalError,
        ):  # it has the row locked: others wait for the end of its transaction
            process.send_signal(signal.SIGCONT)
            time.sleep(0.02)
            continue
        trial.stalls += 1
        return True
    return False


def _let_the_lease_run_out(trial: Trial) -> None:
    if trial.store.url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(trial.workspace.database, timeout=0.5)) as file, file:
            file.execute("UPDATE mailings SET lease_until = '2026-01-01 00:00:00.000000' WHERE lease_owner <> ''")
        return
    with trial.store.write() as connection:
        connection.execute(text("SET LOCAL lock_timeout TO '500ms'"))
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(t.mailings).where(t.mailings.c.lease_owner != "").values(lease_until=past))


def pause(trial: Trial, chance: random.Random, further: int) -> None:
    """Another process pauses it: it obeys within seconds."""
    process = at_work(trial, chance.randint(1, further))
    done = trial.run("mailings", "pause", str(trial.number))
    trial.interrupted(process)
    require(done.returncode or trial.state() != "sending", "it was paused, and is being sent")


def cancel(trial: Trial, chance: random.Random, further: int) -> None:
    """Another process cancels it, while it is being sent or after it was killed."""
    process = at_work(trial, chance.randint(1, further))
    killed = chance.random() < 0.5
    if killed:
        end_at_once(trial, process)
        trial.stalls += trial.provider.name == "outbox"  # which remembers nothing: all that is in hand is in doubt
    if trial.is_planned():
        done = trial.run("mailings", "cancel", str(trial.number), "--reason", "a wrong date", "--yes")
        require(done.returncode or trial.state() == "cancelled", "it was cancelled, and is not")
    if not killed:
        trial.interrupted(process)


def suppress_somebody(trial: Trial, chance: random.Random, further: int) -> None:
    """People leave while it is being sent: who has no mail yet gets none."""
    process = at_work(trial, chance.randint(1, further))
    them = chance.sample(sorted(trial.addresses), 5)
    trial.workspace.run("suppressions", "add", *them)
    end_at_once(trial, process)


def provider_dies(trial: Trial, chance: random.Random, further: int) -> None:
    """The server is gone for some time, with whatever it was told last."""
    process = at_work(trial, chance.randint(1, further))
    trial.provider.kill()
    trial.breaks += 1
    time.sleep(chance.uniform(0, 1.5))
    trial.provider.start()
    time.sleep(chance.uniform(0, 0.5))
    end_at_once(trial, process)


def database_is_busy(trial: Trial, chance: random.Random, further: int) -> None:
    """Somebody else writes for some seconds."""
    process = at_work(trial, chance.randint(1, further))
    with trial.store.write() as connection:
        connection.execute(update(t.mailings).values(reason=t.mailings.c.reason))
        time.sleep(chance.uniform(0.2, 2.0))
    end_at_once(trial, process)


def disk_is_full(trial: Trial, chance: random.Random, further: int) -> None:
    """For some time it can make no file longer."""
    process = at_work(trial, chance.randint(1, further))
    trial.breaks += 1
    with no_longer_files(process):
        time.sleep(chance.uniform(0.2, 3))
    if chance.random() < 0.5:
        trial.interrupted(process, patience=120)
    else:
        end_at_once(trial, process)


@contextmanager
def no_longer_files(process: Running) -> Iterator[None]:
    """As if the disk were full, wherever it writes."""
    if process.poll() is not None:
        yield
        return
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    if process.poll() is None:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def full(folder: Path, room: int = 0) -> Iterator[None]:
    """The disk of this folder has no more room than that."""
    filler = folder / "filler"
    facts = os.statvfs(folder)
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        left = facts.f_bavail * facts.f_frsize - room
        block = b"\0" * 4096
        while left > 0:
            left -= file.write(block)
    try:
        yield
    finally:
        filler.unlink()


def database_restarts(trial: Trial, chance: random.Random, further: int, server: Restarting) -> None:
    """It is away for some time; everything that was committed is there again."""
    process = at_work(trial, chance.randint(1, further))
    trial.breaks += 1
    if chance.random() < 0.5:
        server.restart()
    else:
        server.stop()
        time.sleep(chance.uniform(0, 2))
        server.start()
    trial.store.close()  # its connections; it makes new ones
    if chance.random() < 0.5:
        trial.interrupted(process, patience=120)
    else:
        time.sleep(chance.uniform(0, 0.5))
        end_at_once(trial, process)
