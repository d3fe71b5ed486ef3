"""A long trial by hand: thousands of readers, the sending process stopped at random moments, started again until all is sent.

    python tests/acceptance/soak.py --readers 5000 --kills 20 --sender outbox --database sqlite

While it runs, the ledger is read without pause and its sum must hold at every look. At the end nobody has two mails,
nobody has been forgotten, and what may have been lost is called uncertain. Ends with OK, or with what was wrong.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":  # pytest's settings do not reach a script
    sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import case, func, select

from newsletter.model.letter import Verdict
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.database import Store
from tests.fakes.sendgrid import KEY, Behaviour, FakeSendGrid
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.model.mailing import Tally
    from tests.support.workspace import Workspace

#: what the fake does to a share of the requests, the worst for us: all of it is taken first, but for the last
_FAULTS = {
    Behaviour.DROP: 0.03,
    Behaviour.RESET: 0.03,
    Behaviour.ERROR: 0.03,
    Behaviour.CUT: 0.03,
    Behaviour.BLAME_SECOND: 0.03,
}
_PER_REQUEST, _IN_FLIGHT = 25, 4
#: mostly the one that nobody can catch
_SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, kw_only=True)
class Trial:
    workspace: Workspace
    store: Store
    addresses: frozenset[str]
    #: address -> how many mails there are for it
    mails: Callable[[], Counter[str]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--readers", type=int, default=5000)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--sender", choices=("outbox", "sendgrid"), default="outbox")
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--seed", type=int, default=None, help="the same seed draws the same moments")
    given = options.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(10**6)
    say(f"seed {seed}")
    with trial_with(given.readers, given.sender, given.database) as trial:
        with looking_on(trial) as looks:
            kill_again_and_again(trial, given.kills, random.Random(seed))
            finish(trial)
        say(f"{looks.count} looks at the ledger, the sum held at each")
        judge(trial)
        require(interrupted(trial) <= given.kills * _IN_FLIGHT, "more is in doubt than can have been under way")
    say("OK")


@contextmanager
def trial_with(readers: int, sender: str, database: str) -> Iterator[Trial]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsletter-soak-")))
        workspace = workspaces.make(folder / "workspace")
        url = f"sqlite:///{workspace.database}"
        if database == "postgresql":
            from tests.support.postgresql import running_server

            server = stack.enter_context(running_server())
            server.command("CREATE DATABASE soak")
            url = workspace.environment["NEWSLETTER_DATABASE_URL"] = server.url("soak")
        mails = mails_of_outbox(workspace)
        if sender == "sendgrid":
            fake = stack.enter_context(FakeSendGrid(delay=0.05))
            fake.shares = dict(_FAULTS)
            workspace.environment |= settings_for(fake)
            mails = mails_of_fake(fake)
        addresses = [f"reader{number:06}@example.org" for number in range(readers)]
        workspace.import_readers("email,first_name\n" + "".join(f"{a},Name\n" for a in addresses))
        store = Store(url)
        stack.callback(store.close)
        yield Trial(workspace=workspace, store=store, addresses=frozenset(addresses), mails=mails)


def settings_for(fake: FakeSendGrid) -> dict[str, str]:
    return {
        "NEWSLETTER_ESP_NAME": "sendgrid",
        "NEWSLETTER_ESP_SENDGRID_HOST": fake.url,
        "NEWSLETTER_ESP_SENDGRID_RECIPIENTS_PER_REQUEST": str(_PER_REQUEST),
        "NEWSLETTER_ESP_SENDGRID_REQUESTS_IN_FLIGHT": str(_IN_FLIGHT),
        "SENDGRID_API_KEY": KEY,
    }


def mails_of_outbox(workspace: Workspace) -> Callable[[], Counter[str]]:
    def count() -> Counter[str]:
        found = (
            re.search(rb"^To: .*?(reader\d+@example\.org)", p.read_bytes(), re.M | re.S) for p in workspace.mails()
        )
        return Counter(match[1].decode() if match else "a mail without a reader" for match in found)

    return count


def mails_of_fake(fake: FakeSendGrid) -> Callable[[], Counter[str]]:
    return lambda: Counter(mail.address for mail in list(fake.mails))


@dataclass
class Looks:
    count: int = 0


@contextmanager
def looking_on(trial: Trial) -> Iterator[Looks]:
    """Read the tally without pause until the end; a sum that does not hold fails the trial."""
    looks, over = Looks(), threading.Event()
    wrong: list[Tally] = []

    def look() -> None:
        while not over.wait(0.02):
            with trial.store.read() as connection:
                tallies = [mailings.tally(connection, entry.number) for entry in mailings.every(connection)]
            wrong.extend(tally for tally in tallies if not tally.holds)
            looks.count += len(tallies)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield looks
    finally:
        over.set()
        watcher.join()
    require(not wrong, f"the sum did not hold: {wrong[:1]}")
    require(looks.count > 0, "there was nothing to look at")


def kill_again_and_again(trial: Trial, kills: int, chance: random.Random) -> None:
    done = 0
    while done < kills:
        process = subprocess.Popen(
            trial.workspace.command("send", "walking", "--to", "friends", "--yes"),
            env=dict(trial.workspace.env()),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        before = attempts(trial)
        # half of them while it starts and plans, half as soon as it has begun to send
        if chance.random() < 0.5:
            while process.poll() is None and attempts(trial) == before:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.1))
        else:
            time.sleep(chance.uniform(0.2, 1.5))
        ended = process.poll() is not None
        process.send_signal(chance.choice(_SIGNALS))
        _, said = process.communicate(timeout=60)
        require(b"Traceback" not in said, said.decode())
        require(b"@example.org" not in said, f"an address was shown: {said.decode()}")
        if ended:
            say(f"everything was sent after {done} kills; take more readers for more kills")
            return
        done += 1
        shown = trial.workspace.json("mailings", "list")["mailings"]
        require(all(entry["sum_holds"] for entry in shown), f"the sum did not hold: {shown}")
        say(f"kill {done}: " + (compact(shown[0]["outcomes"]) if shown else "nothing planned yet"))


def attempts(trial: Trial) -> int:
    with trial.store.read() as connection:
        return connection.scalar(select(func.count()).select_from(t.attempts)) or 0


def finish(trial: Trial) -> None:
    begun = time.monotonic()
    done = trial.workspace.run("send", "walking", "--to", "friends", "--yes", code=None)
    say(f"the last run took {time.monotonic() - begun:.1f} s and ended with {done.returncode}")
    shown = trial.workspace.json("mailings", "show", "1")
    require(shown["state"] == "finished", f"it is {shown['state']}: {done.stdout}{done.stderr}")
    say(compact(shown["outcomes"]))


def judge(trial: Trial) -> None:
    """Mails that exist against what the ledger says, reader by reader."""
    mails = trial.mails()
    twice = [address for address, count in mails.items() if count > 1]
    require(not twice, f"{len(twice)} have it twice")
    outcomes = outcome_of_everybody(trial)
    require(outcomes.keys() == trial.addresses, "the audience is not everybody")
    accepted = {address for address, outcome in outcomes.items() if outcome == "accepted"}
    doubtful = {address for address, outcome in outcomes.items() if outcome == "uncertain"}
    require(accepted <= mails.keys(), f"{len(accepted - mails.keys())} are called accepted and have no mail")
    require(
        mails.keys() <= accepted | doubtful, f"{len(mails.keys() - accepted - doubtful)} have a mail that nobody owns"
    )
    leftovers = list(trial.workspace.folder.rglob("*.part"))
    require(not leftovers, f"unfinished files are left: {leftovers[:3]}")
    if "NEWSLETTER_ESP_NAME" not in trial.workspace.environment:
        require(accepted == trial.addresses, "the outbox leaves no doubt, and everybody must have it")
    say(f"{len(mails)} mails, {len(doubtful)} in doubt, of them {len(doubtful & mails.keys())} with a mail")


def interrupted(trial: Trial) -> int:
    """Requests in doubt because we were killed: those that nobody answered."""
    query = select(func.count()).where(t.attempts.c.verdict == Verdict.UNCERTAIN, t.attempts.c.answered_at.is_(None))
    with trial.store.read() as connection:
        return connection.scalar(query) or 0


def outcome_of_everybody(trial: Trial) -> dict[str, str]:
    own = t.delivery_outcomes
    query = (
        select(t.subscribers.c.address, case((own.c.outcome.is_not(None), own.c.outcome), else_=t.chunks.c.state))
        .select_from(t.deliveries)
        .join(t.subscribers, t.subscribers.c.number == t.deliveries.c.subscriber)
        .join(t.chunks, (t.chunks.c.mailing == 1) & t.deliveries.c.n.between(t.chunks.c.first, t.chunks.c.last))
        .outerjoin(own, (own.c.mailing == t.deliveries.c.mailing) & (own.c.n == t.deliveries.c.n))
    )
    with trial.store.read() as connection:
        rows = connection.execute(query).all()
    require(len(rows) == len({row[0] for row in rows}), "somebody has two deliveries")
    return {row[0]: row[1] for row in rows}


def compact(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items() if count)


def require(truth: bool, otherwise: str) -> None:
    if not truth:
        sys.exit(f"NOT OK: {otherwise}")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
