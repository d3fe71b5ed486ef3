"""A database file that was copied in by hand is noticed, whenever it would have forgotten something."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from newsletter.errors import DatabaseGone, DatabaseReplaced
from newsletter.store import facts, upgrade, witness
from newsletter.store.database import Store
from newsletter.store.upkeep import backup, private
from tests.support.half_sent import add_readers
from tests.support.mailing import MailingDesk, ScriptedSender
from tests.support.old_databases import fill
from tests.support.readers import NOW

if TYPE_CHECKING:
    from pathlib import Path


class Killed(BaseException):
    """A `kill -9`: nothing after it runs."""


@pytest.fixture
def path(migrated_sqlite: Path, tmp_path: Path) -> Path:
    shutil.copy(migrated_sqlite, tmp_path / "newsletter.db")
    return tmp_path / "newsletter.db"


def opened(path: Path) -> Store:
    return Store(f"sqlite:///{path}")


def renew(path: Path) -> None:
    store = opened(path)
    with store.write() as connection:
        witness.renew(connection)
    store.close()


def is_replaced(path: Path) -> bool:
    store = opened(path)
    store.close()
    return store.replaced


def known(path: Path) -> frozenset[str] | None:
    return witness.read(witness.beside(path))


def test_a_database_without_a_witness_gets_one_silently(path: Path) -> None:
    assert (is_replaced(path), known(path)) == (False, None)
    renew(path)
    assert is_replaced(path) is False
    assert witness.beside(path).stat().st_mode & 0o777 == 0o600


def test_an_older_copy_can_be_read_and_is_never_written_to(path: Path, tmp_path: Path) -> None:
    renew(path)
    shutil.copy(path, tmp_path / "copy.db")
    renew(path)
    shutil.copy(tmp_path / "copy.db", path)
    store = opened(path)
    assert store.replaced
    with store.read() as connection:
        assert facts.get(connection, facts.WITNESS)
    with pytest.raises(DatabaseReplaced, match="is not the database that was used last"), store.write():
        pytest.fail("it could be written to")
    store.close()


def test_a_copy_from_before_there_was_a_witness_is_noticed(path: Path, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / "copy.db")
    renew(path)
    shutil.copy(tmp_path / "copy.db", path)
    assert is_replaced(path)


def test_a_database_that_comes_without_its_file_is_noticed(path: Path, tmp_path: Path) -> None:
    renew(path)
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(path, tmp_path / "elsewhere")
    assert is_replaced(tmp_path / "elsewhere" / path.name)


def test_a_workspace_that_moves_with_both_files_is_at_home_there(path: Path, tmp_path: Path) -> None:
    renew(path)
    (tmp_path / "elsewhere").mkdir()
    for file in (path, witness.beside(path)):
        shutil.copy(file, tmp_path / "elsewhere")
    assert not is_replaced(tmp_path / "elsewhere" / path.name)


def test_a_copy_under_a_log_that_is_in_use_is_noticed(path: Path, tmp_path: Path) -> None:
    renew(path)
    shutil.copy(path, tmp_path / "kept.db")
    serving = opened(path)  # as `newsletter serve` does: the log is not emptied by closing
    with serving.read() as connection:
        facts.get(connection, facts.WITNESS)
    renew(path)
    with closing(opened(path)) as nightly:
        backup.take(nightly, tmp_path / "nightly.db", NOW)
    path.write_bytes((tmp_path / "kept.db").read_bytes())
    assert is_replaced(path)
    serving.close()


def test_what_root_makes_belongs_to_whoever_has_the_database(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda _file, user, group: given.append((user, group)))
    renew(path)
    private.make_folder(path.parent / "backups")
    private.make(path.parent / "backups" / "made")
    own = path.stat()
    assert given == [(own.st_uid, own.st_gid)] * len(given)
    assert len(given) == 4  # the witness is written twice


def test_a_database_that_is_gone_is_told_and_no_empty_one_takes_its_place(path: Path) -> None:
    renew(path)
    path.unlink()
    for _ in range(2):
        with pytest.raises(DatabaseGone):
            opened(path)
    assert not path.exists()


def test_who_removes_the_database_and_its_witness_begins_anew(path: Path) -> None:
    renew(path)
    path.unlink()
    witness.beside(path).unlink()
    assert [is_replaced(path) for _ in range(2)] == [False, False]
    renew(path)
    assert not is_replaced(path)


def test_a_link_to_the_database_shares_its_witness(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").mkdir()
    link = tmp_path / "link" / "letters.db"
    link.symlink_to(path)
    renew(link)
    assert not is_replaced(path)
    assert [file.name for file in link.parent.iterdir()] == ["letters.db"]


def test_an_old_replaced_database_is_not_even_upgraded(path: Path, tmp_path: Path) -> None:
    renew(path)
    fill(f"sqlite:///{tmp_path / 'old.db'}").dispose()
    shutil.copy(tmp_path / "old.db", path)
    with pytest.raises(DatabaseReplaced):
        opened(path)
    engine = create_engine(f"sqlite:///{path}")
    assert upgrade.current_revision(engine) == "0001"
    engine.dispose()
    assert not list(tmp_path.glob("*before*"))


def test_a_file_that_was_moved_away_under_an_open_store_is_not_written_to(path: Path, tmp_path: Path) -> None:
    store = opened(path)
    with store.write() as connection:
        witness.renew(connection)
    path.rename(tmp_path / "aside.db")
    shutil.copy(tmp_path / "aside.db", path)
    with pytest.raises(DatabaseReplaced), store.write():
        pytest.fail("it could be written to")
    store.close()


STEPS = ("the file is written", "the transaction ends", "the file names one again")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("renewed", [0, 1], ids=["the first witness", "a later one"])
def test_a_kill_at_any_step_leaves_a_pair_that_is_our_own(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str, renewed: int
) -> None:
    for _ in range(renewed):
        renew(path)
    writes = []

    def replace_text(file: Path, content: str, like: Path) -> None:
        writes.append(file)
        if len(writes) == 1 + (step == STEPS[2]) and step != STEPS[1]:
            raise Killed
        original(file, content, like)

    original = private.replace_text
    with monkeypatch.context() as patched:
        patched.setattr(private, "replace_text", replace_text)
        store = opened(path)
        with suppress(Killed), store.write() as connection:
            witness.renew(connection)
            if step == STEPS[1]:
                raise Killed
        store.close()
    assert not is_replaced(path)
    renew(path)
    assert not is_replaced(path)
    assert len(known(path) or ()) == 1


def test_it_is_renewed_once_in_a_transaction_and_what_is_undone_stays_ours(path: Path) -> None:
    store = opened(path)
    seen = []
    with suppress(Killed), store.write() as connection:
        for _ in range(2):
            witness.renew(connection)
            seen.append(known(path))
        raise Killed
    assert seen[0] == seen[1]
    assert not is_replaced(path)
    with store.write() as connection:
        witness.renew(connection)
    assert (known(path) or frozenset()).isdisjoint(seen[0] or ())
    store.close()


def test_planning_and_every_run_renew_it_but_no_chunk_does(path: Path, tmp_path: Path) -> None:
    store = opened(path)
    desk = MailingDesk(store, tmp_path)
    add_readers(store, desk.lists["news"].number, 9)
    before = known(path)
    number = desk.plan(size=3)
    planned = known(path)
    during: list[frozenset[str] | None] = []
    sender = ScriptedSender()
    script = sender.script

    def look(envelopes: object) -> object:
        during.append(known(path))
        return script(envelopes)  # type: ignore[arg-type]

    sender.script = look  # type: ignore[assignment]
    desk.send(number, sender)
    assert len({before, planned, *during, known(path)}) == 4
    assert (len(during), len(set(during))) == (3, 1)
    store.close()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_tables_that_were_restored_into_a_server_by_hand_are_noticed(database_url: str) -> None:
    """What pg_restore makes is another table, whatever is in it."""
    store = Store(database_url)
    with store.write() as connection:
        witness.renew(connection)
    store.close()
    engine = create_engine(store.url)
    with engine.begin() as connection:
        for step in ("CREATE TABLE other (LIKE facts INCLUDING ALL)", "INSERT INTO other SELECT * FROM facts"):
            connection.execute(text(step))
        for step in ("ALTER TABLE facts RENAME TO real", "ALTER TABLE other RENAME TO facts"):
            connection.execute(text(step))
    replaced = Store(database_url)
    assert replaced.replaced
    with pytest.raises(DatabaseReplaced), replaced.write():
        pytest.fail("it could be written to")
    replaced.close()
    with engine.begin() as connection:
        for step in ("DROP TABLE facts", "ALTER TABLE real RENAME TO facts"):
            connection.execute(text(step))
    engine.dispose()
    again = Store(database_url)
    assert not again.replaced
    again.close()


def test_another_process_that_renews_it_while_we_open_is_no_alarm(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renew(path)
    answers = iter([False])
    real = witness.is_ours
    monkeypatch.setattr(witness, "is_ours", lambda connection: next(answers, None) is not False and real(connection))
    assert not is_replaced(path)
