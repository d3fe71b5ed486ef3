"""What is wrong with a database is named, with what to do about it; of a good one nothing wrong is said."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text, update

from newsletter.model.mailing import MailingState
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.people import erasing
from newsletter.store.upkeep.inspecting import Known, inspect
from tests.support.half_sent import half_sent
from tests.support.old_databases import fill
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.store.upkeep.findings import Finding
    from tests.support.mailing import MailingDesk

FIRST = "reader0001@example.org"
#: the server of the tests is fast instead of safe
OF_THE_TESTS = {"server-unsafe"}


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    store.hold_to_secret(KEYS.fingerprint)
    return half_sent(store, tmp_path)[0]


def findings(store: Store, folder: Path, **known: Any) -> dict[str, Finding]:
    facts: dict[str, Any] = {"fingerprint": KEYS.fingerprint, "erasures": (), "outbox": folder / "outbox"} | known
    return {finding.code: finding for finding in inspect(store, Known(**facts))}


def wrong(store: Store, folder: Path, **known: Any) -> set[str]:
    found = findings(store, folder, **known)
    assert all(finding.fix for finding in found.values())
    return {code for code, finding in found.items() if finding.wrong} - OF_THE_TESTS


def test_of_a_good_database_nothing_wrong_is_said(desk: MailingDesk, tmp_path: Path) -> None:
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of(FIRST), FIRST, NOW)
        erasing.apply_again(connection, {hash_of("gone@example.org")}, NOW)
    out = {hash_of(FIRST), hash_of("gone@example.org")}
    assert wrong(desk.store, tmp_path, erasures=out) == set()


def _hand(statement: str) -> Callable[[Connection], None]:
    return lambda connection: (connection.execute(text(statement)), None)[1]


def _erase_badly(connection: Connection) -> None:
    connection.execute(update(t.subscribers).where(t.subscribers.c.number == 1).values(erased_at=NOW))


def _bring_back(connection: Connection) -> None:
    suppressions.add(connection, hash_of(FIRST), FIRST, SuppressionReason.ERASED, "test", NOW)
    connection.execute(update(t.suppressions).values(identity=FIRST))


def _finish(connection: Connection) -> None:
    connection.execute(update(t.mailings).values(state=MailingState.FINISHED))


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (_hand("UPDATE mailings SET audience = 10"), {"sum-differs", "deliveries-differ"}),
        (_hand("UPDATE chunks SET last = last + 1 WHERE number = 3"), {"sum-differs"}),
        (_finish, {"finished-with-rest"}),
        (_erase_badly, {"erased-with-data", "erased-on-list"}),
        (_bring_back, {"erased-came-back", "erased-with-address"}),
        (_hand("UPDATE subscribers SET public_id = NULL WHERE number = 2"), {"reader-without-hash"}),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else "",
)
def test_what_does_not_add_up_is_named(
    desk: MailingDesk, tmp_path: Path, spoil: Callable[[Connection], None], codes: set[str]
) -> None:
    with desk.store.write() as connection:
        spoil(connection)
    assert wrong(desk.store, tmp_path) == codes


@pytest.mark.parametrize("backend", ["postgresql"])  # SQLite refuses it, and looks for it by itself
def test_what_refers_to_nothing_is_named_where_the_server_lets_it_in(desk: MailingDesk, tmp_path: Path) -> None:
    event = {"action": "given", "source": "import", "at": NOW, "subscriber": 998, "list": 999}
    with desk.store.write() as connection:
        connection.execute(
            t.subscriptions.insert(), {"subscriber": 999, "list": 1, "status": "pending", "changed_at": NOW}
        )
        connection.execute(text("UPDATE subscriptions SET list = 999 WHERE subscriber = 3"))
        connection.execute(t.consent_events.insert(), [event, event | {"list": None}])
        connection.execute(t.consent_events.insert(), event | {"wording": "none", "ground": "none", "mailing": 999})
        one = {"mailing": 999, "n": 1}
        connection.execute(t.deliveries.insert(), [one | {"subscriber": 999}, one | {"n": 2, "subscriber": 1}])
        connection.execute(t.delivery_outcomes.insert(), one | {"outcome": "refused", "reason": "", "at": NOW})
        connection.execute(t.issue_readers.insert(), one | {"issue": "x", "again_serial": 0, "subscriber": 999})
    facts = Known(fingerprint=KEYS.fingerprint, erasures=(), outbox=tmp_path / "outbox")
    assert {one.message for one in inspect(desk.store, facts) if one.code == "stray"} == {
        "1 subscription belongs to a subscriber that is not there",
        "1 subscription belongs to a list that is not there",
        "3 records of consent belong to a subscriber that is not there",
        "2 records of consent belong to a list that is not there",
        "1 record of consent belongs to a wording that is not there",
        "1 record of consent belongs to a ground of consent that is not there",
        "1 record of consent belongs to a mailing that is not there",
        "1 delivery belongs to a subscriber that is not there",
        "2 deliveries belong to a mailing that is not there",
        "1 outcome of a delivery belongs to a mailing that is not there",
        "1 note of who has an issue belongs to a subscriber that is not there",
        "1 note of who has an issue belongs to a mailing that is not there",
    }


def test_another_secret_none_and_forgotten_erasures_are_named(desk: MailingDesk, tmp_path: Path) -> None:
    assert wrong(desk.store, tmp_path, fingerprint="another") == {"secret-differs"}
    assert wrong(desk.store, tmp_path, fingerprint=None) == {"secret-missing"}
    forgotten = findings(desk.store, tmp_path, erasures={hash_of(FIRST)})["erasure-forgotten"]
    assert "newsletter db restore --here" in forgotten.fix


def test_mails_of_a_mailing_that_the_database_forgot_are_worth_a_note(desk: MailingDesk, tmp_path: Path) -> None:
    for name in ("1", "7", "7.old1", "notices"):
        (tmp_path / "outbox" / name).mkdir(parents=True)
    note = findings(desk.store, tmp_path)["outbox-ahead"]
    assert ("outbox/7 " in note.message, note.wrong) == (True, False)


def test_tables_that_were_changed_by_hand_are_named_and_tables_of_others_are_not(
    empty_database: str, tmp_path: Path
) -> None:
    store = Store(empty_database)
    with store.write() as connection:
        for step in (
            "CREATE TABLE others (id INTEGER)",
            "ALTER TABLE tags ADD COLUMN colour TEXT",
            "DROP INDEX ix_chunks_mailing_state",
        ):
            connection.execute(text(step))
    found = [
        one.message
        for one in inspect(store, Known(fingerprint=None, erasures=(), outbox=tmp_path))
        if one.code == "schema-differs"
    ]
    store.close()
    assert len(found) == 2
    assert all(name in " ".join(found) for name in ("colour", "ix_chunks_mailing_state"))


def test_an_older_database_is_left_as_it_is(empty_database: str, tmp_path: Path) -> None:
    fill(empty_database).dispose()
    store = Store(empty_database, as_it_is=True)
    assert wrong(store, tmp_path) - {"file-mode"} == {"schema-old"}
    assert store.revision() == "0001"
    store.close()


@pytest.fixture
def in_file(migrated_sqlite: Path, tmp_path: Path) -> Path:
    path = tmp_path / "newsletter.db"
    path.touch(mode=0o600)
    path.write_bytes(migrated_sqlite.read_bytes())
    return path


def test_files_that_others_can_read_and_copies_that_lie_about_are_named(in_file: Path, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.touch(mode=0o644)
    (tmp_path / "newsletter.db.before-0007").touch(mode=0o600)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "newsletter-1.db").touch(mode=0o644)
    in_file.chmod(0o640)
    store = Store(f"sqlite:///{in_file}")
    found = list(inspect(store, Known(fingerprint=None, erasures=(), outbox=tmp_path, private_files=(env,))))
    store.close()
    modes = {one.fix.rpartition("/")[2] for one in found if one.code == "file-mode"}
    assert {"newsletter.db", ".env", "newsletter-1.db"} <= modes
    [copies] = [one for one in found if one.code == "copies"]
    assert ("newsletter.db.before-0007" in copies.message, copies.wrong) == (True, False)


def test_a_disk_without_room_for_a_backup_is_named(
    in_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1000))
    store = Store(f"sqlite:///{in_file}")
    assert wrong(store, tmp_path) == {"disk-nearly-full"}
    store.close()


def test_damage_and_a_database_that_was_replaced_are_named(in_file: Path, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{in_file}")
    with store.write() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=1")
        connection.exec_driver_sql("PRAGMA writable_schema=1")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET rootpage = rootpage + 1 WHERE name = 'ix_notices_identity_hash'"
        )
    store.close()
    (tmp_path / "newsletter.db.witness").write_text("0" * 32)
    store = Store(f"sqlite:///{in_file}", as_it_is=True)
    assert {"damaged", "database-replaced"} <= wrong(store, tmp_path)
    store.close()
