"""A backup that is taken while another process sends: neither hinders the other, and restoring it mails nobody twice."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from newsletter.store.database import Store
from newsletter.store.people import lists
from newsletter.store.upkeep import sqlite_file
from tests.support.half_sent import add_readers
from tests.support.readers import KEYS, NOW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

pytestmark = pytest.mark.acceptance
READERS = 1600
SEND = ("send", "walking", "--to", "friends", "--yes")


@pytest.fixture
def place(workspace: Workspace) -> Workspace:
    workspace.environment["NEWSLETTER_SECRET"] = "a secret of the tests"
    with closing(Store(f"sqlite:///{workspace.database}")) as store:
        store.hold_to_secret(KEYS.fingerprint)
        with store.write() as connection:
            number = lists.add(connection, "friends", "Friends", NOW).number
        add_readers(store, number, READERS)
    return workspace


def accepted(backup: Path) -> int:
    with closing(sqlite3.connect(backup)) as connection:
        rows = connection.execute("SELECT sum(last - first + 1) FROM chunks WHERE state = 'accepted'").fetchone()
    return rows[0] or 0


def test_a_backup_taken_while_mail_is_sent_is_one_moment_of_it(place: Workspace) -> None:
    process = place.start(*SEND)
    while len(place.mails()) < 200 and process.poll() is None:
        time.sleep(0.001)
    taken: list[Path] = []
    while process.poll() is None and len(taken) < 3:
        taken.append(place.folder / f"backup-{len(taken)}.db")
        place.run("db", "backup", str(taken[-1]))
    _, warned = process.communicate(timeout=60)
    assert (process.returncode, warned) == (0, "")
    assert len(place.mails()) == READERS
    assert [sqlite_file.damage(backup) for backup in taken] == [[]] * len(taken)
    first = taken[0]
    assert accepted(first) % 200 == 0
    place.run("db", "restore", str(first), "--yes")
    [mailing] = place.json("mailings", "list")["mailings"]
    assert mailing["sum_holds"]
    assert mailing["outcomes"]["accepted"] == accepted(first)
    assert mailing["outcomes"]["uncertain"] == READERS - accepted(first)
    for mail in place.mails():
        mail.unlink()
    place.run(*SEND, code=3 if accepted(first) < READERS else 0)
    assert place.mails() == []
