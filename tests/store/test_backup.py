"""A backup is one moment of the database in one private file, whole or not there at all."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import FileUnreadable, ServiceMissing
from newsletter.store import facts, witness
from newsletter.store.database import Store
from newsletter.store.people import lists
from newsletter.store.upkeep import backup, postgresql_programs, private, restore, sqlite_file
from tests.support.half_sent import half_sent
from tests.support.readers import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    half_sent(store, tmp_path)
    return store


@pytest.fixture
def in_file(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "newsletter.db").write_bytes(migrated_sqlite.read_bytes())
    store = Store(f"sqlite:///{tmp_path / 'newsletter.db'}")
    yield store
    store.close()


def test_a_backup_says_what_is_in_it_and_is_for_its_owner_alone(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    done = backup.take(filled, target, NOW)
    assert (done.path, done.taken_at, done.readers, done.mailings) == (target, NOW, 9, 1)
    assert done.size == target.stat().st_size > 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    contents = restore.look(str(filled.url), target)
    assert (contents.revision, contents.taken_at) == ("0007", NOW)
    assert contents.readers in {9, None}
    assert not list(tmp_path.glob(".kept*"))
    with filled.read() as connection:
        assert facts.get(connection, facts.BACKUP) == NOW.isoformat()


def test_a_backup_replaces_nothing(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("something dear")
    with pytest.raises(FileUnreadable, match="there already"):
        backup.take(filled, target, NOW)
    assert target.read_text() == "something dear"


def test_a_backup_that_cannot_be_written_leaves_nothing(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="No such file"):
        backup.take(filled, tmp_path / "nowhere" / "kept", NOW)
    with filled.read() as connection:
        assert not facts.get(connection, facts.BACKUP)


def test_a_copy_that_somebody_made_meanwhile_is_not_replaced(
    in_file: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept"
    real = sqlite_file.damage
    monkeypatch.setattr(sqlite_file, "damage", lambda path: (target.write_text("another"), real(path))[1])
    with pytest.raises(FileUnreadable, match="there already"):
        backup.take(in_file, target, NOW)
    assert (target.read_text(), list(tmp_path.glob(".kept*"))) == ("another", [])


def test_where_names_cannot_be_linked_it_is_written_all_the_same(
    in_file: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    backup.take(in_file, tmp_path / "kept", NOW)
    assert sqlite_file.damage(tmp_path / "kept") == []
    assert not list(tmp_path.glob(".kept*"))


def test_others_write_while_it_is_taken_and_it_stays_the_moment_that_it_began(
    in_file: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_STEP", 1)
    added: list[int] = []

    def meanwhile(_done: int, _all: int) -> None:
        with in_file.write() as connection:
            added.append(lists.add(connection, f"list-{len(added)}", "A list", NOW).number)

    backup.take(in_file, tmp_path / "kept", NOW, meanwhile)
    assert len(added) > 20
    with closing(sqlite3.connect(tmp_path / "kept")) as connection:
        assert connection.execute("SELECT count(*) FROM lists").fetchone() == (0,)


def test_a_backup_is_one_file_that_is_noticed_when_it_is_put_in_place_by_hand(in_file: Store, tmp_path: Path) -> None:
    with in_file.write() as connection:
        witness.renew(connection)
    done = backup.take(in_file, tmp_path / "kept", NOW)
    in_file.close()
    assert [path.name for path in tmp_path.glob("kept*")] == ["kept"]
    database = tmp_path / "newsletter.db"
    private.remove(database)
    database.write_bytes(done.path.read_bytes())
    put = Store(f"sqlite:///{database}")
    put.close()
    assert put.replaced


def test_of_a_damaged_database_no_backup_is_made(in_file: Store, tmp_path: Path) -> None:
    half_sent(in_file, tmp_path)
    in_file.close()
    database = tmp_path / "newsletter.db"
    content = bytearray(database.read_bytes())
    for page in range(20, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xaa" * 64
    database.write_bytes(content)
    with pytest.raises(ServiceMissing, match="newsletter db restore"):
        backup.take(in_file, tmp_path / "kept", NOW)
    assert not list(tmp_path.glob("*kept*"))


@pytest.fixture
def on_server(store: Store, backend: str) -> Store:
    assert backend == "postgresql"
    return store


PRETENDED = """\
#!/bin/sh
printf '%s\\n' "$@" > {folder}/arguments
printf '%s' "$PGPASSWORD" > {folder}/password
echo 'pg_dump: error: aborting because of server version mismatch' >&2
echo 'pg_dump: detail: server version: 19.1; pg_dump version: 15.4' >&2
exit 1
"""


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_password_is_told_to_nobody_and_an_old_program_is_named(
    on_server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(PRETENDED.format(folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with_password = Store(on_server.url.set(password="geheim wie 'nie'"))
    with pytest.raises(ServiceMissing, match=r"older than the server \(server version: 19\.1"):
        backup.take(with_password, tmp_path / "kept", NOW)
    with_password.close()
    assert (tmp_path / "password").read_text() == "geheim wie 'nie'"
    assert "geheim" not in (tmp_path / "arguments").read_text()
    assert not list(tmp_path.glob("*kept*"))
    with on_server.read() as connection:
        assert not facts.get(connection, facts.BACKUP)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_backup_that_is_killed_does_not_count_as_one(
    on_server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.take(on_server, tmp_path / "first", NOW)
    later = NOW + timedelta(days=1)

    def dumping(*_given: object, **_named: object) -> None:
        with on_server.read() as connection:  # all that a `kill -9` would leave
            told = [facts.get(connection, name) for name in (facts.BACKUP, facts.BEGUN)]
        assert told == [NOW.isoformat(), later.isoformat()]
        raise KeyboardInterrupt

    monkeypatch.setattr(postgresql_programs, "run", dumping)
    with pytest.raises(KeyboardInterrupt):
        backup.take(on_server, tmp_path / "second", later)
    with on_server.read() as connection:
        assert [facts.get(connection, name) for name in (facts.BACKUP, facts.BEGUN)] == [NOW.isoformat(), None]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_server_without_its_programs_is_told_what_to_install(
    on_server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceMissing, match=r"pg_dump.*postgresql-client"):
        backup.take(on_server, tmp_path / "kept", NOW)
