"""A workspace whose mailings were sent by a scripted sender, and an operator who types commands in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.errors import NewsletterError
from newsletter.store import tables as t
from tests.support.mailing import BEGIN, MailingDesk, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    import pytest
    from click.testing import Result

    from newsletter.model.letter import Answer, Envelope
    from newsletter.store.database import Store

SETTINGS = """\
[newsletter]
name = "Test Letters"
base_url = "https://news.example.org"
timezone = "America/Los_Angeles"
[sender]
name = "Test Clinic"
address = "letters@example.org"
postal_address = "12 Example Street, Springfield, CA 90001"
phone = "213-555-0142"
"""


@dataclass
class Operator:
    """`now` is when they look; what they do is stored with the time of the machine."""

    folder: Path
    desk: MailingDesk
    now: datetime = BEGIN + timedelta(minutes=5)

    @property
    def store(self) -> Store:
        return self.desk.store

    def types(self, *words: str, answer: str = "") -> Result:
        """Whatever stopped it is raised."""
        typed = ["-C", str(self.folder), *words]
        done = CliRunner().invoke(cli, typed, input=answer, standalone_mode=False)
        if isinstance(done.exception, NewsletterError) or (
            done.exception and not isinstance(done.exception, SystemExit)
        ):
            raise done.exception
        return done

    def reads(self, *words: str) -> str:
        return self.types(*words).stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.types(*words, "--json").stdout)

    def settings(self, more: str) -> None:
        (self.folder / "newsletter.toml").write_text(SETTINGS + more, encoding="utf-8")

    def sent(self, readers: int, *answers: Answer, **how: Any) -> int:
        """A mailing in chunks of three, whose attempts were answered like this; what comes after them is accepted."""
        self.desk.readers(readers)
        number = self.desk.plan(**how)
        self.desk.send(number, scripted(*answers))
        return number

    def being_sent(self, number: int) -> None:
        """By this very process."""
        from newsletter import wiring

        with self.store.write() as connection:
            until = self.now + timedelta(minutes=1)
            connection.execute(t.mailings.update().values(lease_owner=wiring.owner(), lease_until=until))
            connection.execute(t.mailings.update().where(t.mailings.c.number == number).values(state="sending"))


def scripted(*answers: Answer) -> ScriptedSender:
    from tests.support.mailing import ACCEPTED

    left = iter(answers)

    def answer(_envelopes: Sequence[Envelope]) -> Answer:
        return next(left, ACCEPTED)

    return ScriptedSender(answer)


def operator_at(folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """`database` is an empty one with our tables."""
    import shutil

    from newsletter.cli.mailings import standing
    from newsletter.store.database import Store

    for file in database.parent.glob(f"{database.name}*"):
        shutil.copy(file, folder)
    made = Operator(folder, MailingDesk(Store(f"sqlite:///{folder / 'newsletter.db'}"), folder))
    made.settings("")
    look: Callable[[], datetime] = lambda: made.now  # noqa: E731 - `now` of the moment of the look
    monkeypatch.setattr(standing, "now", look)
    return made
