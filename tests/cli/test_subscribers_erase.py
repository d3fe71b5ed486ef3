"""`newsletter subscribers erase`, as somebody who was asked to does it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

READERS = "email,first_name\nada@example.org,Ada\nbob@example.org,Bob\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    place = workspaces.make(tmp_path / "letters")
    place.import_readers(READERS)
    return place


def test_a_person_is_erased_from_database_and_outbox(place: Workspace) -> None:
    place.run("send", "walking", "--to", "friends", "--yes")
    found = place.json("subscribers", "erase", "ADA@example.org", "--yes")
    assert (found["subscriber"], found["deliveries"], found["files_deleted"]) == (1, [[1, 1]], 1)
    assert found["log_cleared"]
    assert [file.name for file in place.mails()] == ["000002.eml"]
    everything = b"".join(
        file.read_bytes() for file in place.folder.rglob("*") if file.is_file() and file.name != "readers.csv"
    )
    assert b"ada@example.org" not in everything
    assert (place.folder / "erasures.txt").stat().st_mode & 0o777 == 0o600
    tally = place.json("mailings", "show", "1")
    assert tally["sum_holds"]
    report = place.json("subscribers", "import", str(place.folder / "readers.csv"), "--list", "friends")
    assert (report["suppressed"], report["added"]) == (1, 0)


def test_of_somebody_who_was_never_mailed_no_mailings_are_told(place: Workspace) -> None:
    said = place.run("subscribers", "erase", "ada@example.org", "--yes").stdout
    assert said.startswith("Erased. The number 1 stays.\n")


def test_nothing_happens_without_a_yes(place: Workspace) -> None:
    said = place.run("subscribers", "erase", "ada@example.org", code=2, stdin="y\n").stderr
    assert "--yes" in said
    assert not (place.folder / "erasures.txt").exists()


def test_an_address_that_nobody_knows_is_kept_out(place: Workspace) -> None:
    said = place.run("subscribers", "erase", "zoe@example.org", "--yes").stdout
    assert said.startswith("Nothing was known of this address.\n")
    assert "never mailed or imported again" in said
    assert place.run("subscribers", "erase", "no address", "--yes", code=2).stdout == ""


def test_the_file_of_erasures_comes_first(place: Workspace) -> None:
    """Where it cannot be written, a restored backup would bring the person back: nothing is erased."""
    (place.folder / "erasures.txt").mkdir()
    place.run("subscribers", "erase", "ada@example.org", "--yes", code=1)
    with sqlite3.connect(place.database) as connection:
        assert connection.execute("SELECT count(*) FROM subscribers WHERE address IS NOT NULL").fetchone() == (2,)
