"""The audit log in the database: added to last in its transaction, in one chain, and never changed."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import NullPool, create_engine, delete, text, update
from sqlalchemy.exc import DBAPIError

from newsletter.errors import LogDamaged
from newsletter.model.audit import Action, Head, Wanted
from newsletter.signoff.chain import verify
from newsletter.store import audit, audit_heads, ledger
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.engines import checked_url
from newsletter.store.ledger import leases
from newsletter.store.upkeep import backup, restore
from newsletter.store.upkeep.restoring import Circumstances
from tests.support.mailing import MailingDesk, ScriptedSender

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from newsletter.model.audit import Entry

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    store.actor = "newsletter"
    return MailingDesk(store, tmp_path)


def entries(store: Store) -> list[Entry]:
    with store.read() as connection:
        return [*audit.entries(connection)]


def log(store: Store, count: int = 1, subject: str = "mailing 3", actor: str = "ana") -> None:
    for number in range(count):
        with store.write(actor) as connection:
            audit.note(connection, Action.MAILING_PAUSED, subject, NOW + timedelta(minutes=number), why="a wrong date")


def test_what_is_noted_is_logged_last_in_the_name_of_who_works_with_the_store(store: Store) -> None:
    store.actor = "ana"
    with store.write() as connection:
        audit.note(connection, Action.LIST_ADDED, "list friends", NOW, public=True)
        assert audit.head(connection) is None  # not yet
        connection.execute(t.facts.insert().values(name="later", value="x"))
    [entry] = entries(store)
    assert (entry.number, entry.at, entry.actor, entry.action) == (1, NOW, "ana", "list-added")
    assert (entry.subject, entry.facts) == ("list friends", '{"public":true}')


def test_what_fails_is_not_logged_and_nor_is_it_later(store: Store) -> None:
    def fail(connection: Connection) -> None:
        audit.note(connection, Action.LIST_ADDED, "list friends", NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.write() as connection:
        fail(connection)
    with store.write() as connection:
        connection.execute(t.facts.insert().values(name="later", value="x"))
    assert entries(store) == []


def test_the_entries_are_one_chain(store: Store) -> None:
    log(store, 3)
    with store.write() as connection:
        audit.append(connection, "bob", Action.PROOF_SENT, "issue walking", NOW, notice=4)
        audit.append(connection, "bob", Action.PROOF_SENT, "issue walking", NOW, notice=5)
    found = entries(store)
    assert [entry.number for entry in found] == [1, 2, 3, 4, 5]
    assert verify(found).fault is None


@pytest.mark.parametrize(
    "words",
    [
        "ada@example.org said no",
        'User unknown: <Ada.L+x@example.org>"',
        "x\\ada%40example.org",
        ["ada@example.org"],
        '"ada l"@example.org',
        "o'ada@example.org",
    ],
)
def test_no_address_comes_into_it(store: Store, words: object) -> None:
    with store.write() as connection:
        audit.note(connection, Action.MAILING_PAUSED, "of ada@example.org", NOW, why=words, by={"ada@example.org": 1})
    [entry] = entries(store)
    json.loads(entry.facts)
    assert "example" not in entry.facts + entry.subject
    assert "[address]" in entry.facts


def test_an_account_may_be_called_by_no_text(store: Store) -> None:
    log(store, actor="ana\udce4\0")
    found = entries(store)
    assert found[0].actor == "ana?\ufffd"
    assert verify(found).fault is None


@pytest.mark.parametrize("what", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_an_entry(store: Store, what: str) -> None:
    log(store, 2)
    step = update(t.audit_log).values(actor="bob") if what == "update" else delete(t.audit_log)
    with pytest.raises(DBAPIError, match="the audit log is never changed"), store.write() as connection:
        connection.execute(step)
    assert [entry.actor for entry in entries(store)] == ["ana", "ana"]
    with store.read() as connection:
        assert audit.guarded(connection)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_postgresql_refuses_to_empty_it(store: Store) -> None:
    log(store)
    with pytest.raises(DBAPIError, match="the audit log is never changed"), store.write() as connection:
        connection.execute(text("TRUNCATE audit_log"))


def test_a_change_past_the_guards_is_found(empty_database: str) -> None:
    store = Store(empty_database)
    log(store, 3)
    store.close()
    unguard(empty_database)
    with create_engine(store.url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE audit_log SET actor = 'bob' WHERE number = 2"))
        assert not audit.guarded(connection)
        fault = verify(audit.entries(connection)).fault
    assert fault is not None
    assert fault.entry == 2


def test_a_backup_restored_on_a_new_server_goes_on_with_the_log_and_guards_it(
    empty_database: str, tmp_path: Path
) -> None:
    store = Store(empty_database)
    log(store, 3)
    file = backup.take(store, tmp_path / "backup", NOW).path
    log(store, 2)
    store.close()
    empty(empty_database)
    here = Circumstances(fingerprint=None, erasures=(), is_alive=lambda _owner: False, now=NOW, actor="eve")
    restore.restore(empty_database, file, here)
    store = Store(empty_database)
    found = entries(store)
    assert [entry.number for entry in found] == [1, 2, 3, 4]
    assert (found[-1].action, found[-1].actor) == ("database-restored", "eve")
    assert verify(found).fault is None
    with pytest.raises(DBAPIError, match="the audit log is never changed"), store.write() as connection:
        connection.execute(delete(t.audit_log))
    store.close()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_who_write_at_once_leave_no_gap(store: Store) -> None:
    begun = threading.Barrier(2)

    def work(name: str) -> None:
        begun.wait()
        log(store, 20, actor=name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("ana", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = entries(store)
    assert [entry.number for entry in found] == [*range(1, 41)]
    assert verify(found).fault is None


def test_the_newest_that_are_wanted_come_in_their_order(store: Store) -> None:
    log(store, 3)
    log(store, 2, subject="mailing 31", actor="bob")
    log(store, 1, subject="mailing 3", actor="bob")

    def numbers(wanted: Wanted, limit: int = 9) -> list[int]:
        with store.read() as connection:
            return [entry.number for entry in audit.newest(connection, wanted, limit)]

    assert numbers(Wanted()) == [1, 2, 3, 4, 5, 6]
    assert numbers(Wanted(), 2) == [5, 6]
    assert numbers(Wanted(subject="mailing 3")) == [1, 2, 3, 6]
    assert numbers(Wanted(subject="mailing")) == [1, 2, 3, 4, 5, 6]
    assert numbers(Wanted(actor="bob", subject="mailing 3")) == [6]
    assert numbers(Wanted(since=NOW + timedelta(minutes=1))) == [2, 3, 5]
    assert numbers(Wanted(action=Action.LIST_ADDED)) == []


def test_heads_are_kept_in_a_file_that_only_grows(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "audit-heads.txt"
    assert audit_heads.read(file) == ()
    for _ in range(2):
        log(store)
        with store.read() as connection:
            last = audit.head(connection)
        assert last is not None
        audit_heads.note(file, last, NOW)
        audit_heads.note(file, last, NOW)
    with file.open("a") as torn:
        torn.write("3 abc")
    heads = audit_heads.read(file)
    assert [(head.number, head.at) for head in heads] == [(1, NOW), (2, NOW)]
    assert verify(entries(store), heads).confirmed == 2


def test_the_course_of_a_mailing_is_logged_once_for_each_turn(desk: MailingDesk) -> None:
    desk.readers(4)
    number = desk.plan()
    for name in ("first", "second"):  # the first one dies
        with desk.store.write(name) as connection:
            lease = leases.take(connection, number, name, lambda _owner: False, NOW)
    with desk.store.write("ana") as connection:
        leases.give_back(connection, lease)
        for _ in range(2):
            ledger.pause(connection, number, "a wrong date", NOW)
    desk.send(number, ScriptedSender())
    told = [(one.action, one.actor, json.loads(one.facts)) for one in entries(desk.store) if one.subject[0] == "m"]
    assert told == [
        ("mailing-resumed", "second", {"after": "interrupted"}),
        ("mailing-paused", "ana", {"by": "person", "why": "a wrong date"}),
        ("mailing-resumed", "newsletter", {"after": "a wrong date"}),
        ("mailing-finished", "newsletter", {"deliveries": {"accepted": 4}}),
    ]


def empty(url: str) -> None:
    """Nothing is left of what was there."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        for one in file.parent.glob(f"{file.name}*"):
            one.unlink()
        return
    with create_engine(checked_url(url), poolclass=NullPool).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def unguard(url: str) -> None:
    """What somebody does who may do everything."""
    steps = (
        ("DROP TRIGGER audit_log_is_not_changed", "DROP TRIGGER audit_log_is_not_deleted")
        if url.startswith("sqlite")
        else ("DROP TRIGGER audit_log_stays ON audit_log",)
    )
    with create_engine(checked_url(url), poolclass=NullPool).begin() as connection:
        for step in steps:
            connection.execute(text(step))


def by_hand(store: Store, sql: str, **values: object) -> None:
    """As somebody does who may do everything."""
    url = store.url.render_as_string(hide_password=False)
    if url.startswith("sqlite"):
        unguard(url)
    with store.write() as connection:
        if not url.startswith("sqlite"):  # the database is that of other tests, too
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(sql), values)


def test_an_entry_before_the_first_is_found(store: Store) -> None:
    log(store, 2)
    copied = "SELECT 0, at, actor, action, 'mailing 99', facts, previous, :hash FROM audit_log WHERE number = 1"
    by_hand(store, f"INSERT INTO audit_log {copied}", hash="f" * 64)
    found = verify(entries(store)).fault
    assert (found.entry, found.why[:29]) == (0, "it stands before the first: i") if found else pytest.fail("it is not")
    log(store)  # what comes then is logged all the same
    assert [one.number for one in entries(store)] == [0, 1, 2, 3]


UNREADABLE = (
    "at = 'nonsense'",
    "at = '9999-12-31 23:00:00.000000'",
    "actor = x'ff00'",
    "actor = CAST(x'ff41' AS TEXT)",
)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", UNREADABLE)
def test_an_entry_that_cannot_be_read_hides_no_other_and_is_found(store: Store, change: str) -> None:
    log(store, 3)
    by_hand(store, f"UPDATE audit_log SET {change} WHERE number = 2")
    assert [one.subject for one in entries(store)] == ["mailing 3", "unreadable", "mailing 3"]
    fault = verify(entries(store)).fault
    assert fault is not None
    assert fault.entry == 2
    with store.read() as connection:
        assert len(audit.newest(connection, Wanted(), 10)) == 3


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_moment_that_no_clock_tells_hides_no_other_entry(store: Store) -> None:
    log(store, 3)
    by_hand(store, "UPDATE audit_log SET at = 'infinity' WHERE number = 3")
    fault = verify(entries(store)).fault
    assert fault is not None
    assert fault.entry == 3
    log(store)
    assert len(entries(store)) == 4


def test_behind_the_last_number_that_there_is_no_entry_is_added(store: Store) -> None:
    log(store)
    by_hand(store, "UPDATE audit_log SET number = 9223372036854775807")
    with pytest.raises(LogDamaged):
        log(store)


def test_lines_of_the_heads_that_are_none_are_passed_over_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "audit-heads.txt"
    good = f"7 {'a' * 64} 2026-12-01T09:00:00Z"
    file.write_text(f"# heading\n{good}\n{good.replace('-12-', '-13-')}\n{good.replace('2026', '0000')}\n7 aa\n")
    assert [one.number for one in audit_heads.read(file)] == [7]
    assert audit_heads.unread(file) == 3


def test_heads_of_another_database_are_not_held_against_this_one(tmp_path: Path) -> None:
    file = tmp_path / "audit-heads.txt"
    for number, mark in ((7, "aaaaaaaa"), (3, "bbbbbbbb"), (2, "")):
        audit_heads.note(file, Head(number=number, hash="f" * 64, at=NOW), NOW, mark)
    assert [one.number for one in audit_heads.read(file, "bbbbbbbb")] == [3, 2]
    assert [one.number for one in audit_heads.read(file)] == [7, 3, 2]
    assert (audit_heads.of_others(file, "bbbbbbbb"), audit_heads.unread(file)) == (1, 0)
