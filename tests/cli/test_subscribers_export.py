"""`newsletter subscribers export`, of everybody and of one person."""

from __future__ import annotations

import json
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


def test_a_file_is_for_its_owner_alone_and_replaces_nothing(place: Workspace) -> None:
    file = place.folder / "all.csv"
    told = place.json("subscribers", "export", "--out", str(file))
    assert told == {"file": str(file), "format": "csv", "people": 2}
    assert file.read_text("utf-8").startswith("email,first_name,")
    assert file.stat().st_mode & 0o777 == 0o600
    before = place.database.read_bytes()
    place.run("subscribers", "export", "--out", str(place.database), code=2)
    assert place.database.read_bytes() == before
    assert place.run("subscribers", "export").stdout.splitlines() == file.read_text("utf-8").splitlines()
    assert sorted(path.name for path in place.folder.iterdir() if path.name.startswith(".")) == [".env"]


def test_only_some_as_json_or_as_a_sheet(place: Workspace) -> None:
    people = place.json("subscribers", "export", "--list", "friends", "--status", "subscribed")["subscribers"]
    assert [one["email"] for one in people] == ["ada@example.org", "bob@example.org"]
    sheet = place.folder / "friends.xlsx"
    place.run("subscribers", "export", "--out", str(sheet))
    assert sheet.read_bytes().startswith(b"PK")
    assert place.json("subscribers", "export", "--tag", "vip") == {"subscribers": []}


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "xlsx"),
        ("--list", "nobodys"),
        ("--out", "no/such/folder/a.csv"),
        ("--person", "ada@example.org", "--list", "friends"),
        ("--person", "zoe@example.org"),
        ("--tag", ""),
    ],
)
def test_what_cannot_be_is_said(place: Workspace, words: tuple[str, ...]) -> None:
    assert place.run("subscribers", "export", *words, code=2).stdout == ""


def test_one_person_with_everything(place: Workspace) -> None:
    place.run("send", "walking", "--to", "friends", "--yes")
    file = place.folder / "ada.json"
    place.run("subscribers", "export", "--person", "ADA@example.org", "--out", str(file))
    found = json.loads(file.read_text("utf-8"))
    assert found["subscriber"]["first_name"] == "Ada"
    assert found["consent"][0]["wording"] or found["consent"][0]["ground"] == "Signed the form"
    (mail,) = found["mailings"]
    assert (mail["subject"], mail["outcome"]) == ("Walking after a knee operation", "accepted")
    assert found["about"]["controller"] == "Test Clinic"
    assert found["about"]["contact"] == "ask@example.org"
    assert "bob" not in file.read_text("utf-8").lower()
    assert file.stat().st_mode & 0o777 == 0o600
