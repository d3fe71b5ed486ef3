"""A workspace with a scheduled mailing, and `newsletter run-due` in this process under a clock that a test turns."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.model.mailing import Planned
from newsletter.model.notice_mail import NoticeKind
from newsletter.store import mailings, notices_waiting
from newsletter.store import tables as t
from newsletter.store.database import Store
from tests.support import workspace as real
from tests.support.mailing import BEGIN, Clock, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest
    from click.testing import Result

    from newsletter.model.mailing import Mailing, MailingState, Tally
    from newsletter.model.notice_mail import NoticeMail

#: when the mailing is due, and until when it may begin
DUE, START_BY = BEGIN, BEGIN + timedelta(hours=12)
READERS = tuple(f"reader{number}@example.org" for number in range(5))
OPERATOR = '\n[operator]\naddress = "ops@example.org"\n'


def type_in(folder: Path, *words: str) -> Result:
    done = CliRunner().invoke(cli, ["-C", str(folder), *words], standalone_mode=False)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def make(folder: Path, readers: Sequence[str] = READERS) -> None:
    """A workspace whose issue is scheduled to these readers; the issue itself is gone, the schedule has its bytes."""
    from newsletter import pipeline, wiring
    from newsletter.address.audience import Asked
    from newsletter.pipeline.running.planning import schedule
    from newsletter.pipeline.versions import version_of
    from newsletter.settings import load

    made = real.make(folder)
    (folder / "readers.csv").write_text("email\n" + "\n".join(readers) + "\n", encoding="utf-8")
    type_in(folder, "lists", "add", "friends")
    type_in(folder, "subscribers", "import", str(folder / "readers.csv"), "--list", "friends", "--consent", "On paper")
    place = load(made.folder, {})
    store = wiring.open_store(place)
    prepared = pipeline.prepare(place, folder / "issues/walking/issue.md", BEGIN)
    (sender,) = wiring.open_senders(place)
    zone = ZoneInfo(place.settings.newsletter.timezone)
    asked = Asked(to=("friends",), excepted=(), segments={}, zone=zone, command="")
    planned = Planned(due_at=DUE, start_by=START_BY)
    schedule(store, prepared, asked, sender, "", BEGIN, version=version_of(prepared, BEGIN), planned=planned)
    store.close()
    shutil.rmtree(folder / "issues")


@dataclass
class Machine:
    """Where cron calls run-due: `runs()` at the time that its clock shows, through a sender that a test may script."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    clock: Clock = field(default_factory=lambda: Clock(DUE - timedelta(minutes=10)))
    sender: ScriptedSender = field(default_factory=lambda: ScriptedSender(name="outbox"))
    others: Sequence[ScriptedSender] = ()

    def __post_init__(self) -> None:
        from newsletter import wiring
        from newsletter.cli import context
        from newsletter.cli.due import sending

        self.store = Store(f"sqlite:///{self.folder / 'newsletter.db'}")
        self.monkeypatch.setattr(context, "now", self.clock)
        self.monkeypatch.setattr(wiring, "open_senders", lambda _place: self.senders)
        self.monkeypatch.setattr(sending, "time", SimpleNamespace(sleep=self.clock.sleep))
        self.monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")

    @property
    def senders(self) -> Sequence[ScriptedSender]:
        return (self.sender, *self.others)

    def settings(self, more: str) -> None:
        (self.folder / "newsletter.toml").write_text(real.SETTINGS + more, encoding="utf-8")

    def runs(self, *words: str, code: int = 0) -> Result:
        done = type_in(self.folder, "run-due", *words)
        assert done.return_value == code, (done.return_value, done.stdout, done.stderr)
        return done

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """What it did, by name."""
        return {one["name"]: one for one in json.loads(self.runs("--json", *words, code=code).stdout)["parts"]}

    def later(self, **span: float) -> None:
        self.clock.now += timedelta(**span)

    def mailing(self, number: int = 1) -> Mailing:
        with self.store.read() as connection:
            return mailings.get(connection, number)

    def tally(self, number: int = 1) -> Tally:
        with self.store.read() as connection:
            return mailings.tally(connection, number)

    @property
    def state(self) -> MailingState:
        return self.mailing().state

    @property
    def delivered(self) -> list[str]:
        """To readers."""
        return [address for address in self.sender.delivered if address in READERS]

    @property
    def each_once(self) -> bool:
        return sorted(self.delivered) == sorted(READERS)

    def change(self, **values: Any) -> None:
        """Of the mailing, behind the program's back."""
        with self.store.write() as connection:
            connection.execute(t.mailings.update().values(**values))

    def alerts(self) -> list[NoticeMail]:
        """The oldest first."""
        with self.store.read() as connection:
            found = notices_waiting.listed(connection, None, 100)
        return [one for one in reversed(found) if one.kind is NoticeKind.ALERT]
