"""A workspace with readers, where their mail goes, and its ledger, read past the program."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.people import lists
from tests.support import workspace as workspaces
from tests.support.half_sent import add_readers
from tests.support.readers import KEYS, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.support.chaos.providers import Provider
    from tests.support.running import Running
    from tests.support.workspace import Workspace

#: what the keys of the tests are made from
_SECRET = "a secret of the tests"
SEND = ("send", "walking", "--to", "friends", "--yes")


class BrokenPromise(AssertionError):
    """What this is all about."""


def require(truth: object, otherwise: str) -> None:
    if not truth:
        raise BrokenPromise(otherwise)


@dataclass(kw_only=True)
class Trial:
    workspace: Workspace
    store: Store
    provider: Provider
    readers: int
    #: processes that were killed while they may have been sending
    kills: int = 0
    #: times that the provider or the database went away, and that a process slept past its lease
    breaks: int = 0
    stalls: int = 0
    #: exit code -> how often a run ended with it
    ends: dict[int, int] = field(default_factory=dict)

    @property
    def addresses(self) -> set[str]:
        return {f"reader{number:04}@example.org" for number in range(1, self.readers + 1)}

    def go_on(self, *words: str) -> Running:
        """The command that sends: at first, and again and again."""
        return self.workspace.start(*(words or self.sending()))

    def run(self, *words: str) -> CompletedProcess[str]:
        """To its end, whatever that is, but in words."""
        done = self.workspace.run(*(words or self.sending()), code=None)
        self.heard(done.returncode, done.stdout, done.stderr)
        return done

    def heard(self, code: int, said: str, warned: str) -> None:
        require("Traceback" not in warned, f"a traceback: {warned}")
        require("@example.org" not in warned, f"an address was shown: {warned}")
        require(code in {0, 3, 4, 5}, f"it ended with {code}: {said}{warned}")
        require(code == 0 or said.strip() or warned.strip(), f"it ended with {code} and not a word")
        self.ends[code] = self.ends.get(code, 0) + 1

    def interrupted(self, process: Running, patience: float = 30.0) -> int:
        """It comes to its end by itself, and says so."""
        said, warned = process.communicate(patience)
        code = process.poll()
        assert code is not None
        require(code >= 0, f"signal {-code} ended it (9: it did not end within {patience:g} s): {said}{warned}")
        self.heard(code, said, warned)
        return code

    def sending(self) -> tuple[str, ...]:
        return ("mailings", "resume", str(self.number)) if self.is_planned() else SEND

    def is_planned(self) -> bool:
        return self.number > 0

    @property
    def number(self) -> int:
        """Of the mailing; PostgreSQL gives the number of one whose planning was killed to nobody else. 0: there is none."""
        with self.store.read() as connection:
            return connection.scalar(select(t.mailings.c.number)) or 0

    def state(self) -> str:
        with self.store.read() as connection:
            return connection.scalar(select(t.mailings.c.state)) or ""

    def hurry(self) -> None:
        """Let nothing wait for its next try: who was put off for minutes is due now."""
        with self.store.write() as connection:
            connection.execute(update(t.chunks).where(t.chunks.c.not_before.is_not(None)).values(not_before=None))

    def shown(self) -> Any:
        return self.workspace.json("mailings", "show", str(self.number))


@contextmanager
def trial_of(folder: Path, database_url: str, provider: Provider, readers: int) -> Iterator[Trial]:
    """`folder` is where the workspace is made. `database_url` may be empty: then it is the workspace's own."""
    workspace = workspaces.make(folder, NEWSLETTER_SECRET=_SECRET, **provider.environment)
    url = database_url or f"sqlite:///{workspace.database}"
    if database_url:
        workspace.environment["NEWSLETTER_DATABASE_URL"] = database_url
    with closing(Store(url)) as store:
        store.hold_to_secret(KEYS.fingerprint)
        with store.write() as connection:
            friends = lists.add(connection, "friends", "Friends", NOW).number
        add_readers(store, friends, readers)
    with closing(Store(url)) as store:
        yield Trial(workspace=workspace, store=store, provider=provider, readers=readers)
