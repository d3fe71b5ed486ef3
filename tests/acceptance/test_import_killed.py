"""`kill -9` at random moments of an import, and the same command again: everybody is in once."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.workspace import Workspace

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]
#: more than two batches, so that some can be stored and others not
READERS = 31_000
CONSENT = ("--list", "friends", "--consent", "Signed the form")


def import_command(workspace: Workspace, readers: int = READERS) -> tuple[str, ...]:
    file = workspace.folder / "readers.csv"
    rows = "".join(f"reader{n}@example.org,Reader {n},Town {n % 9}\n" for n in range(readers))
    file.write_text(f"email,first_name,city\n{rows}", encoding="utf-8")
    workspace.run("lists", "add", "friends")
    return ("subscribers", "import", str(file), *CONSENT)


def stored(workspace: Workspace) -> int:
    with closing(sqlite3.connect(workspace.database)) as connection:
        found: int = connection.execute("SELECT count(*) FROM subscribers").fetchone()[0]
        return found


def test_an_import_that_is_killed_is_completed_by_the_same_command(workspace: Workspace) -> None:
    command = import_command(workspace)
    chance = random.Random(20261129)
    for wanted in (0, 1, 15_001):
        process = workspace.start(*command)
        while stored(workspace) < wanted and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
    report = workspace.json(*command)
    assert (report["rows"], report["added"] + report["unchanged"]) == (READERS, READERS)
    with closing(sqlite3.connect(workspace.database)) as connection:
        for table in ("subscribers", "subscriptions", "consent_events"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (READERS,), table
        assert connection.execute("SELECT count(DISTINCT identity_hash) FROM subscribers").fetchone() == (READERS,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert workspace.json(*command)["unchanged"] == READERS


def test_who_stops_an_import_is_told_how_it_goes_on(workspace: Workspace) -> None:
    many = 100_000  # on a busy machine we may be late
    command = import_command(workspace, many)
    process = workspace.start(*command)
    while stored(workspace) < 1 and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, warned = process.communicate()
    if process.returncode == 0:
        pytest.fail("it was through before it could be stopped")
    assert process.returncode == 3
    assert "What was imported so far stays; run the same command again" in warned
    assert 0 < stored(workspace) < many
