"""A restored backup sends nothing by itself, brings back nobody who was erased, and says what it does not know."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, select, text, update

from newsletter.errors import (
    DatabaseInUse,
    DatabaseTooNew,
    FileUnreadable,
    LeaseHeld,
    SecretChanged,
    ServiceMissing,
)
from newsletter.model.mailing import CHUNK_MOVES, MAILING_MOVES, ChunkState, MailingState, Outcome
from newsletter.store import facts, mailings, upgrade, witness
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.ledger import resolve_uncertain
from newsletter.store.people import erasing
from newsletter.store.upkeep import backup, private, restore, restored, sqlite_file
from newsletter.store.upkeep.restoring import Circumstances
from tests.support.half_sent import desk_of, go_on, half_sent
from tests.support.old_databases import contents, fill, reflected
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Engine

    from tests.support.mailing import MailingDesk
    from tests.support.postgresql import Server

LATER = NOW + timedelta(days=2)
#: how the mailing stands in the end; three were under way when it was cut short
SENT = {Outcome.ACCEPTED: 6, Outcome.UNCERTAIN: 3}
FIRST = "reader0001@example.org"


def circumstances(**changed: Any) -> Circumstances:
    known: dict[str, Any] = {"fingerprint": KEYS.fingerprint, "erasures": (), "is_alive": lambda _: False, "now": LATER}
    return Circumstances(**(known | changed))


class Place:
    """A database with a mailing that was finished after a backup had been taken, and what can be done with the two."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder, self.file = url, folder, folder / "kept"
        self.mailing = 1

    def make(self) -> Place:
        with closing(Store(self.url)) as store:
            store.hold_to_secret(KEYS.fingerprint)
            desk, _ = half_sent(store, self.folder)
            backup.take(store, self.file, NOW)
            go_on(desk, self.mailing)
        return self

    @property
    def database(self) -> Path:
        return self.folder / "empty.db"

    def engine(self) -> Engine:
        return create_engine(self.url.replace("postgresql://", "postgresql+psycopg://"))

    def desk(self) -> MailingDesk:
        """The desk of a store that is open now; whoever asks closes it."""
        return desk_of(Store(self.url))

    def restore(self, **changed: Any) -> Any:
        return restore.restore(self.url, self.file, circumstances(**changed))

    def outcomes(self) -> dict[Outcome, int]:
        with closing(Store(self.url, as_it_is=True)) as store, store.read() as connection:
            return dict(mailings.tally(connection, self.mailing).outcomes)

    def put_by_hand(self) -> None:
        private.remove(self.database)
        self.database.write_bytes(self.file.read_bytes())


@pytest.fixture(scope="module")
def made_in_file(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("made")
    return Place(f"sqlite:///{folder / 'empty.db'}", folder).make()


@pytest.fixture(scope="module")
def made_on_server(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Place:
    postgresql_server.command("CREATE DATABASE made")
    return Place(postgresql_server.url("made"), tmp_path_factory.mktemp("made")).make()


@pytest.fixture
def in_file(made_in_file: Place, tmp_path: Path) -> Place:
    for file in made_in_file.folder.iterdir():
        shutil.copy(file, tmp_path)
    return Place(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)


@pytest.fixture
def on_server(made_on_server: Place, postgresql_server: Server, tmp_path: Path) -> Iterator[Place]:
    """A copy of the database: making it anew would take most of the time."""
    shutil.copy(made_on_server.file, tmp_path)
    postgresql_server.command("CREATE DATABASE copied TEMPLATE made")
    yield Place(postgresql_server.url("copied"), tmp_path)
    postgresql_server.command("DROP DATABASE copied WITH (FORCE)")


@pytest.fixture
def place(backend: str, request: pytest.FixtureRequest) -> Place:
    made: Place = request.getfixturevalue("in_file" if backend == "sqlite" else "on_server")
    return made


def test_only_restoring_uses_these_moves() -> None:
    assert MailingState.PAUSED not in MAILING_MOVES[MailingState.SCHEDULED]
    assert [state for state in ChunkState if ChunkState.UNCERTAIN in CHUNK_MOVES[state]] == [
        ChunkState.PLANNED,
        ChunkState.SUBMITTING,
    ]


def test_what_may_have_gone_out_is_doubt_and_nothing_is_sent_by_itself(place: Place) -> None:
    assert place.outcomes() == SENT
    done, kept = place.restore()
    [(mailing, tally)] = done.paused
    assert (mailing.state, mailing.reason, done.taken_at) == (MailingState.PAUSED, "restored", NOW)
    assert (dict(tally.outcomes), tally.holds) == ({Outcome.ACCEPTED: 3, Outcome.UNCERTAIN: 6}, True)
    assert kept
    desk = place.desk()
    sender = go_on(desk, place.mailing)
    assert (sender.delivered, desk.mailing(place.mailing).state) == ([], MailingState.FINISHED)
    with desk.store.write() as connection:
        assert resolve_uncertain(connection, place.mailing, accepted=False, now=LATER) == 6
    assert len(go_on(desk, place.mailing).delivered) == 6
    desk.store.close()


def test_leases_are_taken_away_and_attempts_without_an_answer_are_doubt(place: Place) -> None:
    place.restore()
    with closing(Store(place.url)) as store, store.read() as connection:
        assert not store.replaced
        lease = connection.execute(select(t.mailings.c.lease_owner, t.mailings.c.lease_until)).one()
        generation = connection.scalar(select(t.mailings.c.lease_generation))
        verdicts = set(connection.scalars(select(t.attempts.c.verdict)))
    assert (tuple(lease), generation, verdicts) == (("", None), 2, {"accepted", "uncertain"})


def test_who_was_erased_since_is_erased_again_and_kept_out(place: Place) -> None:
    done, _ = place.restore(erasures={hash_of(FIRST), hash_of("never@example.org")})
    assert (done.erasures, done.erased_again) == (2, 1)
    with closing(Store(place.url)) as store, store.read() as connection:
        people = connection.scalars(select(t.subscribers.c.address)).all()
        out = set(connection.scalars(select(t.suppressions.c.identity_hash)))
    assert (len(people), FIRST in people) == (9, False)
    assert out == {hash_of(FIRST), hash_of("never@example.org")}
    assert sum(place.outcomes().values()) == 9


def test_a_mailing_that_was_paused_is_so_for_the_new_reason_and_a_planned_one_is_missed_where_its_time_had_come(
    place: Place,
) -> None:
    with closing(Store(place.url)) as store:
        with store.write() as connection:
            connection.execute(update(t.mailings).values(state=MailingState.PAUSED, reason="401"))
            for issue, state, due_at in (
                ("running", MailingState.SCHEDULED, NOW),
                ("swimming", MailingState.SCHEDULED, LATER + timedelta(days=1)),
                ("rest", MailingState.CANCELLED, None),
            ):
                row = (
                    connection.execute(select(t.mailings).where(t.mailings.c.number == place.mailing)).mappings().one()
                )
                values = dict(row) | {"issue": issue, "state": state, "reason": "", "audience": 0}
                values |= {"link_number": row["link_number"] + len(issue), "due_at": due_at, "started_at": None}
                del values["number"]
                connection.execute(t.mailings.insert().values(values))
        place.file = place.folder / "second"
        backup.take(store, place.file, NOW)
    done, _ = place.restore()
    assert [(mailing.issue, mailing.state, mailing.reason) for mailing, _ in done.paused] == [
        ("walking", MailingState.PAUSED, "restored"),
    ]
    assert [(one.issue, one.state) for one in sorted(done.scheduled, key=lambda one: one.issue)] == [
        ("running", MailingState.MISSED),
        ("swimming", MailingState.SCHEDULED),
    ]


def test_the_database_that_was_there_is_kept_as_it_was(place: Place, backend: str) -> None:
    engine = place.engine()
    before = contents(engine)
    engine.dispose()
    _, kept = place.restore()
    if backend == "sqlite":
        engine = create_engine(f"sqlite:///{kept}")
        assert stat.S_IMODE(Path(kept).stat().st_mode) == stat.S_IMODE(place.database.stat().st_mode) == 0o600
        assert contents(engine) == before
        assert {path.name for path in place.folder.glob("empty.db*")} == {
            *("empty.db", "empty.db.witness"),
            Path(kept).name,
        }
    else:
        schema = kept.removeprefix("schema ")
        with engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {schema}.chunks WHERE state = 'accepted'")) == 2
            moved = (
                "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'S' AND "
            )
            left, gone = (connection.scalar(text(f"{moved} nspname = '{name}'")) for name in ("public", schema))
        assert left == gone > 0
    engine.dispose()


def test_numbers_go_on_after_a_restore(place: Place) -> None:
    place.restore()
    desk = place.desk()
    with desk.store.write() as connection:
        row = {"key": "x", "name": "x", "created_at": NOW}
        assert connection.execute(t.tags.insert().values(row).returning(t.tags.c.number)).scalar() == 1
        gone = {"attributes": {}, "created_at": NOW, "address": "new@example.org"}
        assert connection.execute(t.subscribers.insert().values(gone).returning(t.subscribers.c.number)).scalar() == 10
    desk.store.close()


def test_a_backup_of_an_older_version_is_upgraded(tmp_path: Path, empty_database: str) -> None:
    fill(empty_database).dispose()
    with closing(Store(empty_database, as_it_is=True)) as store:
        with store.write() as connection:
            facts.put(connection, facts.SUPPRESSION_KEY, KEYS.fingerprint)
        backup.take(store, tmp_path / "kept", NOW)
    done, _ = restore.restore(empty_database, tmp_path / "kept", circumstances())
    assert [dict(tally.outcomes) for _, tally in done.paused] == [{Outcome.UNCERTAIN: 3}]
    with closing(Store(empty_database, as_it_is=True)) as store:
        assert (store.revision(), store.replaced) == (upgrade.HEAD, False)


def test_a_backup_goes_into_an_empty_place_too(place: Place, backend: str) -> None:
    if backend == "sqlite":
        place.database.unlink()
        witness.beside(place.database).unlink()
    else:
        engine = place.engine()
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    done, kept = place.restore()
    assert (kept, done.uncertain) == (None, 6)


def test_a_backup_of_another_secret_or_a_newer_program_is_refused_before_anything_changes(place: Place) -> None:
    with pytest.raises(SecretChanged):
        place.restore(fingerprint="another")
    with closing(Store(place.url, as_it_is=True)) as store:
        with store.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9876'"))
        place.file = place.folder / "newer"
        backup.take(store, place.file, NOW)
        with store.write() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{upgrade.HEAD}'"))
    with pytest.raises(DatabaseTooNew):
        place.restore()
    assert place.outcomes() == SENT


def test_what_is_no_backup_is_refused(place: Place) -> None:
    whole = place.file.read_bytes()
    for content, words in (
        (b"email\nada@example.org\n", "it is not a backup"),
        (whole[: len(whole) // 2], "damaged|cannot be read|could not read"),
        (b"PGDMP" if whole.startswith(b"SQLite") else b"SQLite format 3\x00", "it is a backup of a"),
    ):
        place.file.write_bytes(content)
        with pytest.raises((FileUnreadable, ServiceMissing), match=words):
            place.restore()
    with pytest.raises(FileUnreadable, match="it is a folder"):
        restore.restore(place.url, place.folder, circumstances())
    with pytest.raises(FileUnreadable, match="No such file"):
        restore.restore(place.url, place.folder / "nothing", circumstances())
    assert place.outcomes() == SENT


def test_nothing_is_restored_under_a_sender_that_is_alive(place: Place) -> None:
    with closing(Store(place.url)) as store, store.write() as connection:
        until = LATER + timedelta(minutes=1)
        connection.execute(update(t.mailings).values(lease_owner="desk:1:1", lease_until=until))
    with pytest.raises(LeaseHeld, match="desk:1:1"):
        place.restore(is_alive=lambda owner: owner == "desk:1:1")
    assert place.outcomes() == SENT


def test_nothing_is_restored_while_another_program_looks_at_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    from newsletter.store.upkeep import restore_postgresql

    for module in (sqlite_file, restore_postgresql):
        monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with closing(Store(place.url)) as looking:
        with looking.read() as connection:
            connection.execute(text("SELECT 1"))
        with pytest.raises(DatabaseInUse):
            place.restore()
        with pytest.raises(DatabaseInUse):
            restore.adopt(place.url, circumstances())
    assert (place.outcomes(), backend in place.url) == (SENT, True)


def test_a_copy_put_in_place_by_hand_is_told_everything(in_file: Place) -> None:
    in_file.put_by_hand()
    with closing(Store(in_file.url)) as store:
        assert store.replaced
    with pytest.raises(SecretChanged):
        restore.adopt(in_file.url, circumstances(fingerprint="another"))
    done = restore.adopt(in_file.url, circumstances(erasures={hash_of(FIRST)}))
    assert (done.uncertain, done.erased_again, done.taken_at) == (6, 1, NOW)
    with closing(Store(in_file.url)) as store:
        assert not store.replaced


def test_an_old_copy_put_in_place_by_hand_is_upgraded_on_the_way(in_file: Place) -> None:
    private.remove(in_file.database)
    fill(in_file.url).dispose()
    with closing(sqlite3.connect(in_file.database)) as connection:
        connection.execute("UPDATE facts SET value = ? WHERE name = ?", (KEYS.fingerprint, facts.SUPPRESSION_KEY))
        connection.commit()
    assert restore.adopt(in_file.url, circumstances()).uncertain == 3
    with closing(Store(in_file.url)) as store:
        assert (store.revision(), store.replaced) == (upgrade.HEAD, False)


def test_the_database_itself_is_no_backup_of_it(in_file: Place) -> None:
    with pytest.raises(FileUnreadable, match="newsletter db restore --here"):
        restore.restore(in_file.url, in_file.database, circumstances())


def test_a_damaged_database_is_no_obstacle_and_is_kept_aside(in_file: Place) -> None:
    in_file.database.write_bytes(sqlite_file.HEADER + b"no database any more" * 500)
    in_file.database.with_name("empty.db-wal").write_bytes(b"left by a crash")
    _, kept = in_file.restore()
    assert b"no database any more" in Path(kept).read_bytes()
    assert in_file.outcomes() == {Outcome.ACCEPTED: 3, Outcome.UNCERTAIN: 6}


def test_issues_that_went_out_after_the_backup_are_named(place: Place) -> None:
    with closing(Store(place.url)) as store, store.write() as connection:
        connection.execute(update(t.mailings).values(link_number=7, issue="running"))  # as if planned after the backup
    done, _ = place.restore()
    assert (done.forgotten, done.compared) == (("running",), True)


def test_they_are_remembered_over_further_restores_until_a_backup_knows_them(place: Place) -> None:
    old = place.file
    with closing(Store(place.url)) as store:
        with store.write() as connection:
            connection.execute(update(t.mailings).values(link_number=7, issue="running"))
        place.file = place.folder / "newer"
        backup.take(store, place.file, NOW)
    newer, place.file = place.file, old
    place.restore()
    with closing(Store(place.url)) as store, store.write() as connection:
        restored.confirm(connection, LATER)
    done, _ = place.restore(now=LATER + timedelta(minutes=1))
    assert (done.forgotten, done.compared) == (("running",), True)
    with closing(Store(place.url)) as store, store.read() as connection:
        known = restored.get(connection)
    assert known
    assert (known.at, known.taken_at, known.checked_at) == (LATER + timedelta(minutes=1), NOW, None)
    place.file = newer
    assert place.restore(now=LATER + timedelta(minutes=2))[0].forgotten == ("walking",)


def test_without_a_database_to_compare_with_that_is_said(in_file: Place) -> None:
    in_file.put_by_hand()
    assert restore.adopt(in_file.url, circumstances()).compared is False
    assert in_file.restore()[0].compared is False  # what it was compared with did not know either
    private.remove(in_file.database)
    assert in_file.restore()[0].compared is False


def test_a_text_that_database_url_names_by_mistake_is_not_put_aside(in_file: Place) -> None:
    settings = in_file.folder / "newsletter.toml"
    settings.write_text("[newsletter]\n" * 400)
    with pytest.raises(ServiceMissing, match="it stays where it is"):
        restore.restore(f"sqlite:///{settings}", in_file.file, circumstances())
    assert (settings.read_text()[:5], [*in_file.folder.glob("*.before-*")]) == ("[news", [])


def test_two_restores_within_a_second_keep_two_databases(in_file: Place) -> None:
    kept = {in_file.restore()[1] for _ in range(3)}
    assert [Path(one).is_file() for one in kept] == [True] * 3
    assert len({Path(one).stat().st_ino for one in kept}) == 3


def test_a_folder_or_another_programs_database_is_not_put_aside(in_file: Place) -> None:
    folder = in_file.folder / "issues"
    folder.mkdir()
    with closing(sqlite3.connect(in_file.folder / "theirs.db")) as connection:
        connection.execute("CREATE TABLE cards (number INTEGER)")
    for name, words in (("issues", "it is a folder"), ("theirs.db", "another program")):
        with pytest.raises(ServiceMissing, match=words):
            restore.restore(f"sqlite:///{in_file.folder / name}", in_file.file, circumstances())
    assert (folder.is_dir(), [*in_file.folder.glob("*.before-*")]) == (True, [])


@pytest.mark.parametrize("url", ["mysql://x", "garbage", "sqlite:///file:x.db?uri=true", "sqlite:///x.db?mode=ro"])
def test_a_url_that_names_no_database_of_ours_is_said_so(in_file: Place, url: str) -> None:
    with pytest.raises(ServiceMissing, match=r"database\.url"):
        restore.look(url, in_file.file)


def test_a_backup_on_a_read_only_disk_is_restored(in_file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(in_file.file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # as a copy of a stopped machine is
    calm, able = in_file.file.resolve().parent / "calm", os.access
    calm.mkdir()
    in_file.file = Path(shutil.copy(in_file.file, calm))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != calm and able(path, mode))
    assert in_file.restore()[0].uncertain == 6
    assert [one.name for one in calm.iterdir()] == [in_file.file.name]  # nothing was made beside it


def test_a_copy_with_the_log_of_another_database_mixed_into_it_is_not_adopted(in_file: Place) -> None:
    in_file.put_by_hand()
    with closing(sqlite3.connect(in_file.database)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'ix_issue_readers_subscriber'")
        connection.commit()
    with pytest.raises(FileUnreadable, match="newsletter db restore FILE"):
        restore.adopt(in_file.url, circumstances())


def test_a_pipe_is_no_backup(in_file: Place) -> None:
    os.mkfifo(in_file.folder / "pipe")
    with pytest.raises(FileUnreadable, match="not a file"):
        restore.look(in_file.url, in_file.folder / "pipe")


def test_a_link_to_the_database_stays_a_link(in_file: Place) -> None:
    link = in_file.folder / "link.db"
    link.symlink_to(in_file.database)
    in_file.url = f"sqlite:///{link}"
    in_file.restore()
    assert link.is_symlink()
    assert in_file.outcomes()[Outcome.UNCERTAIN] == 6


class Killed(BaseException):
    """A `kill -9`."""


@pytest.mark.parametrize("where", ["told", "expect", "link", "replace", "the end"])
def test_a_kill_leaves_the_old_database_or_the_restored_one(
    in_file: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def killed(*_given: object, **_named: object) -> None:
        raise Killed

    real = witness.expect
    with monkeypatch.context() as patched:
        if where == "told":
            patched.setattr(erasing, "apply_again", killed)
        elif where == "link":
            patched.setattr(os, "link", killed)
        elif where == "replace":
            real_replace = Path.replace
            patched.setattr(
                Path, "replace", lambda own, to: killed() if own.name.endswith(".restoring") else real_replace(own, to)
            )
        else:  # the file of witnesses is written once before and once after the swap
            beside, writes = witness.beside(in_file.database), []

            def expect(file: Path, names: set[str]) -> None:
                writes.extend([file] if file == beside else [])
                if len(writes) == (1 if where == "expect" else 2):
                    raise Killed
                real(file, names)

            patched.setattr(witness, "expect", expect)
        with pytest.raises(Killed):
            in_file.restore()
    with closing(Store(in_file.url)) as store:
        assert not store.replaced
    restored = {Outcome.ACCEPTED: 3, Outcome.UNCERTAIN: 6}
    assert in_file.outcomes() == (restored if where == "the end" else SENT)
    in_file.restore(now=LATER + timedelta(hours=1))
    assert in_file.outcomes() == restored
    assert not list(in_file.folder.glob(".empty.db*"))


def test_a_kill_while_a_copy_is_told_leaves_it_noticed(in_file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_given: object) -> None:
        raise Killed

    in_file.put_by_hand()
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "apply_again", killed)
        with pytest.raises(Killed):
            restore.adopt(in_file.url, circumstances())
    with closing(Store(in_file.url)) as store:
        assert store.replaced


def test_a_server_is_restored_in_one_transaction_and_noticed_until_it_was_told(
    on_server: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = on_server

    def killed(*_given: object) -> None:
        raise Killed

    whole = place.file.read_bytes()
    engine = place.engine()
    place.file.write_bytes(whole[:-400])  # it breaks off in the data, after the table of contents
    before = contents(engine)
    engine.dispose()
    with pytest.raises(FileUnreadable, match="the backup is damaged, and nothing was changed"):
        place.restore()
    assert contents(engine) == before
    engine.dispose()
    place.file.write_bytes(whole)
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "apply_again", killed)
        with pytest.raises(Killed):
            place.restore()
    with closing(Store(place.url)) as store:
        assert store.replaced
    assert restore.adopt(place.url, circumstances()).uncertain == 6
    with closing(Store(place.url)) as store:
        assert not store.replaced
    assert "mailings" in reflected(engine).tables
    engine.dispose()
