"""A workspace with readers, whose issue is planned for a time and begins, or does not, when a test says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from newsletter import pipeline
from newsletter.address.audience import Asked
from newsletter.model.mailing import Planned
from newsletter.pipeline.running import choosing, obstacles
from newsletter.pipeline.running.beginning import begin
from newsletter.pipeline.running.planning import local_times, schedule
from newsletter.pipeline.running.recurring import occur
from newsletter.pipeline.signing import as_it_goes, ready_version
from newsletter.settings import load
from newsletter.store import audit, mailings, recurrences
from newsletter.store import tables as t
from tests.support.mailing import MailingDesk, ScriptedSender
from tests.support.readers import KEYS
from tests.support.workspace import ISSUE, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from newsletter.model.mailing import Mailing
    from newsletter.model.version import Version
    from newsletter.pipeline import Prepared
    from newsletter.pipeline.running.begun import Begun, Occurred
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

HOME = ZoneInfo("America/Los_Angeles")
#: a Tuesday, 9 o'clock at home
DUE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
NOW = DUE - timedelta(days=1)
WITHIN = timedelta(hours=12)
MINUTE = timedelta(minutes=1)


#: what all of a mail is made from here -> the mail: making one takes most of the time of a test
_MADE: dict[tuple[object, ...], Prepared] = {}


def prepared(place: Workspace, path: Path, now: datetime) -> Prepared:
    """As the pipeline does it; the same sources on the same day are only once made into a mail."""
    files = sorted(one for one in (place.folder / "templates").rglob("*") if one.is_file())
    texts = [one.read_text(encoding="utf-8") for one in (place.folder / "newsletter.toml", path, *files)]
    key = (path.parent.name, now.astimezone(HOME).date(), *texts)
    if key not in _MADE:
        _MADE[key] = pipeline.prepare(place, path, now)
    return replace(_MADE[key], path=path)


@dataclass
class Planner:
    store: Store
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    desk: MailingDesk = field(init=False)
    sender: ScriptedSender = field(default_factory=ScriptedSender)
    #: (what, facts) of every alert
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for module in (obstacles, choosing):
            self.monkeypatch.setattr(module, "prepare", prepared)
        self.desk = MailingDesk(self.store, self.folder)
        self.settings("")
        self.write()

    def settings(self, more: str) -> None:
        (self.folder / "newsletter.toml").write_text(SETTINGS + more, encoding="utf-8")

    def write(self, text: str = ISSUE, slug: str = "walking", day: str = "2026-12-01") -> Path:
        path = self.folder / "issues" / slug / "issue.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("2026-12-01", day), encoding="utf-8")
        return path

    @property
    def place(self) -> Workspace:
        return load(self.folder, {})

    def asked(self, to: Sequence[str] = ("news",)) -> Asked:
        return Asked(to=to, segments=self.place.settings.segments, zone=HOME)

    def schedule(
        self,
        slug: str = "walking",
        to: Sequence[str] = ("news",),
        due_at: datetime = DUE,
        now: datetime = NOW,
        local: datetime | None = None,
        again: str = "",
        **planned: Any,
    ) -> int:
        """With `local`, what readers' clocks show then."""
        place = self.place
        found = prepared(place, self.folder / "issues" / slug / "issue.md", now)
        version = ready_version(self.store, place, found, now, approved_version=planned.get("approved_version", False))
        if local:
            with self.store.read() as connection:
                due_at = local_times(connection, slug, self.asked(to), local, now).first
            planned["local_time"] = local.isoformat(timespec="minutes")
        number, _ = schedule(
            self.store,
            as_it_goes(self.store, place, found, version),
            self.asked(to),
            self.sender,
            again,
            now,
            version=version,
            planned=Planned(due_at=due_at, start_by=due_at + WITHIN, scheduled_by="ana", **planned),
        )
        return number

    def sign(self, slug: str = "walking", now: datetime = NOW) -> Version:
        """Ben signs the issue as it is now."""
        from newsletter.model.staff import StaffMember
        from newsletter.pipeline.signing import version_for
        from newsletter.pipeline.versions import texts_of
        from newsletter.store import approvals, staff, versions

        place = self.place
        found = prepared(place, self.folder / "issues" / slug / "issue.md", now)
        ben = StaffMember(number=0, name="Ben", email="ben@example.org", created_at=NOW)
        with self.store.write() as connection:
            known = staff.by_number(connection)
            person = next(iter(known.values())) if known else staff.add(connection, ben, "hash")
            version = version_for(place, found, now)
            number = versions.keep(connection, version, found.variants, found.images, texts_of(found))
            approvals.add(connection, number, person, "", now)
            return versions.get(connection, number)

    def begin(self, number: int = 1, now: datetime = DUE) -> Begun:
        def tell(_connection: object, what: str, facts: Any) -> None:
            self.told.append((what, dict(facts)))

        return begin(self.store, self.place, KEYS, self.mailing(number), (self.sender,), now, tell)

    def repeat(self, rule: str, now: datetime = NOW, to: Sequence[str] = ("news",), *, local: bool = False) -> int:
        with self.store.write() as connection:
            return recurrences.add(connection, rule=rule, to=to, excepted=(), local=local, made_by="ana", now=now)

    def occur(self, now: datetime) -> list[Occurred]:
        def tell(_connection: object, what: str, facts: Any) -> None:
            self.told.append((what, dict(facts)))

        return occur(self.store, self.place, KEYS, (self.sender,), now, tell)

    def mailing(self, number: int = 1) -> Mailing:
        with self.store.read() as connection:
            return mailings.get(connection, number)

    def chunks(self, number: int = 1) -> list[tuple[int, int, datetime | None]]:
        """(first, last, when they are due)"""
        with self.store.read() as connection:
            own = t.chunks.c
            rows = connection.execute(
                select(own.first, own.last, own.due_at).where(own.mailing == number).order_by(own.first)
            )
            return [(row.first, row.last, row.due_at) for row in rows]

    def logged(self, *actions: str) -> list[str]:
        with self.store.read() as connection:
            return [one.action for one in audit.entries(connection) if not actions or one.action in actions]

    def through(self, **changed: Any) -> None:
        """Another sender from now on."""
        self.sender = replace(self.sender, **changed)
