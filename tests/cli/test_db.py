"""The commands around the database, as somebody types them."""

from __future__ import annotations

import re
import shutil
import stat
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from newsletter.store import upgrade
from newsletter.store.database import Store
from newsletter.store.people import erasures
from newsletter.store.upkeep import private
from tests.support import workspace as workspaces
from tests.support.half_sent import desk_of, go_on, half_sent
from tests.support.old_databases import fill
from tests.support.readers import KEYS, hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

SECRET = "a secret of the tests"


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspaces.make(tmp_path / "letters", NEWSLETTER_SECRET=SECRET)


@pytest.fixture
def place(empty: Workspace, migrated_sqlite: Path) -> Workspace:
    """With a mailing that was cut short."""
    empty.database.touch(mode=0o600)
    empty.database.write_bytes(migrated_sqlite.read_bytes())
    with closing(Store(f"sqlite:///{empty.database}")) as store:
        store.hold_to_secret(KEYS.fingerprint)
        half_sent(store, empty.folder)
    return empty


def put_by_hand(place: Workspace, file: Path) -> None:
    private.remove(place.database)
    shutil.copy(file, place.database)


def test_an_old_database_is_upgraded_when_asked_and_a_copy_is_kept(empty: Workspace) -> None:
    fill(f"sqlite:///{empty.database}").dispose()
    said = empty.run("db", "upgrade").stdout
    copy = empty.folder / f"newsletter.db.before-{upgrade.HEAD}"
    assert f"from 0001 to {upgrade.HEAD}" in said
    assert (str(copy) in said, copy.exists()) == (True, True)
    assert "is current" in empty.run("db", "upgrade").stdout
    facts = empty.json("db", "upgrade")
    assert (facts["from"], facts["to"], facts["upgraded"], facts["copy"]) == (upgrade.HEAD, upgrade.HEAD, False, None)


def test_any_command_upgrades_it_and_says_so(empty: Workspace) -> None:
    fill(f"sqlite:///{empty.database}").dispose()
    assert f"from 0001 to {upgrade.HEAD}. A copy" in empty.run("mailings", "list").stderr


def test_without_a_database_nothing_is_made(empty: Workspace) -> None:
    for command in ("upgrade", "check", "backup"):
        assert "does not exist yet" in empty.run("db", command, code=5).stderr
    assert not empty.database.exists()


def test_a_check_names_what_is_wrong_and_what_to_do(place: Workspace) -> None:
    assert "in order" in place.run("db", "check").stdout
    place.database.chmod(0o644)
    with closing(Store(f"sqlite:///{place.database}")) as store, store.write() as connection:
        connection.execute(text("UPDATE mailings SET audience = 12"))
    said = place.run("db", "check", code=1).stdout
    assert "mailing 1 counts 9 of its 12 readers" in said
    assert f"chmod 600 {place.database}" in said
    facts = place.json("db", "check", code=1)
    assert (facts["ok"], facts["schema"]) == (False, upgrade.HEAD)
    assert {one["code"] for one in facts["findings"] if one["wrong"]} == {
        "sum-differs",
        "deliveries-differ",
        "file-mode",
    }


def test_the_last_backup_is_told_in_the_time_of_the_workspace(place: Workspace) -> None:
    place.run("db", "backup")
    said = place.run("db", "check").stdout
    assert re.search(r"the last backup was taken at \d{4}-\d\d-\d\d \d\d:\d\d P[DS]T \(backup\)", said)


def test_a_backup_goes_beside_the_database_and_says_what_is_not_in_it(place: Workspace) -> None:
    said = place.run("db", "backup").stdout
    [file] = (place.folder / "backups").glob("newsletter-*.db")
    assert f"{file}: 9 readers, 1 mailing," in said
    assert all(words in said for words in (".env", "erasures.txt", "newsletter db restore"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]
    assert "is there already" in place.run("db", "backup", str(file), code=2).stderr
    facts = place.json("db", "backup", str(place.folder / "mine.db"))
    assert (facts["readers"], facts["mailings"], facts["bytes"] > 0) == (9, 1, True)


def test_a_restored_backup_says_what_was_done_and_what_to_look_at(place: Workspace) -> None:
    file = place.folder / "mine.db"
    place.run("db", "backup", str(file))
    erasures.append(place.folder / "erasures.txt", hash_of("reader0001@example.org"), date(2026, 12, 1))
    assert "--yes" in place.run("db", "restore", str(file), code=2).stderr
    said = place.run("db", "restore", str(file), "--yes").stdout
    [kept] = place.folder.glob("newsletter.db.before-restore-*")
    assert str(kept) in said
    assert "Paused mailing 1: walking to news" in said
    assert "Erased again: 1, of 1 person" in said
    assert "newsletter mailings resolve 1 --accepted (or --not-sent)" in said
    assert "newsletter suppressions import" in said
    [mailing] = place.json("mailings", "list")["mailings"]
    assert (mailing["state"], mailing["reason"], mailing["outcomes"]["uncertain"]) == ("paused", "restored", 6)
    assert mailing["sum_holds"]
    facts = place.json("db", "restore", str(file), "--yes")
    assert (facts["uncertain"], facts["erased_again"], len(facts["paused"])) == (6, 1, 1)
    assert "in order" in place.run("db", "check").stdout


def test_what_does_not_belong_here_is_not_restored(place: Workspace) -> None:
    file = place.folder / "mine.db"
    place.run("db", "backup", str(file))
    place.environment["NEWSLETTER_SECRET"] = "another"
    assert "NEWSLETTER_OLD_SECRETS" in place.run("db", "restore", str(file), "--yes", code=5).stderr
    del place.environment["NEWSLETTER_SECRET"]
    for what in (str(file), "--here"):
        assert "NEWSLETTER_SECRET is not set" in place.run("db", "restore", what, "--yes", code=5).stderr
    assert "not a backup" in place.run("db", "restore", str(place.folder / "newsletter.toml"), code=1).stderr
    assert "--here" in place.run("db", "restore", code=2).stderr


def test_a_file_copied_in_by_hand_can_be_looked_at_and_not_sent_from(place: Workspace) -> None:
    file = place.folder / "mine.db"
    shutil.copy(place.database, file)  # not by our backup: any older state
    with closing(Store(f"sqlite:///{place.database}")) as store:
        go_on(desk_of(store), 1)
    put_by_hand(place, file)
    looked = place.run("mailings", "list")
    assert ("walking" in looked.stdout, "newsletter db restore --here" in looked.stderr) == (True, True)
    for command in (("lists", "add", "more"), ("serve", "--port", "0"), ("send", "walking", "--yes")):
        assert "newsletter db restore --here" in place.run(*command, code=4).stderr
    assert "database-replaced" in place.run("db", "check", code=1).stdout
    said = place.run("db", "restore", "--here", "--yes").stdout
    assert ("the state of a time that it does not tell" in said, "resolve 1" in said) == (True, True)
    assert not place.run("mailings", "list").stderr
    assert "in order" in place.run("db", "check").stdout


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_server_is_backed_up_and_restored_by_the_same_commands(place: Workspace, empty_database: str) -> None:
    with closing(Store(empty_database)) as store:
        store.hold_to_secret(KEYS.fingerprint)
        half_sent(store, place.folder / "issues")
    place.environment["NEWSLETTER_DATABASE_URL"] = empty_database
    facts = place.json("db", "backup")
    assert (facts["path"].endswith(".dump"), facts["readers"]) == (True, 9)
    said = place.run("db", "restore", facts["path"], "--yes").stdout
    assert "kept: schema newsletter_before_restore_" in said
    assert "newsletter mailings resolve 1" in said
    assert {one["code"] for one in place.json("db", "check", code=1)["findings"] if one["wrong"]} == {"server-unsafe"}
