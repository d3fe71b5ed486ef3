"""`newsletter suppressions`, as the office uses it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

BOUNCES = (
    "status,reason,email,created\n5.1.1,unknown,bob@example.org,1700000000\n4.2.2,full,eve@example.org,1700000000\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.make(tmp_path / "here")


def test_who_is_suppressed_by_hand_is_listed_shown_and_let_back(workspace: Workspace) -> None:
    workspace.import_readers("email\nada@example.org\n")
    added = workspace.run("suppressions", "add", "Ada@example.org", "stranger@example.org", "--note", "Rang us").stdout
    assert "Ada@example.org is never mailed from now on: by hand (a reader here)." in added
    assert "stranger@example.org is never mailed from now on: by hand (not a reader here" in added
    assert "2 addresses: 2 by hand" in workspace.run("suppressions", "list").stdout
    shown = workspace.json("suppressions", "show", "ada@example.org")
    assert (shown["suppressed"]["source"], shown["is_reader"]) == ("by hand: Rang us", True)
    lifted = workspace.run("suppressions", "remove", "ada@example.org", "--because", "Rang again", "--yes")
    assert "by hand since" in lifted.stderr
    assert "They get no mail: they are not subscribed to friends." in lifted.stdout
    assert "--list friends" in lifted.stdout
    assert "--rejoin" in lifted.stdout


def test_a_no_of_their_own_is_lifted_only_when_they_asked(workspace: Workspace) -> None:
    workspace.run("suppressions", "add", "ada@example.org", "--reason", "complaint")
    because = ("--because", "Wrote to us")
    refused = workspace.run("suppressions", "remove", "ada@example.org", *because, "--yes", code=4)
    assert "--they-asked" in refused.stderr
    asked = workspace.run("suppressions", "remove", "ada@example.org", *because, "--they-asked", code=2)
    assert "--yes" in asked.stderr
    done = workspace.json("suppressions", "remove", "ada@example.org", *because, "--they-asked", "--yes")
    assert done["lifted"]["reason"] == "complaint"
    again = workspace.run("suppressions", "remove", "ada@example.org", *because, "--yes", code=2)
    assert "is not suppressed" in again.stderr


def test_who_was_erased_and_asked_to_come_back_is_noted_in_the_file_of_erasings(workspace: Workspace) -> None:
    workspace.run("subscribers", "erase", "ada@example.org", "--yes")
    said = workspace.run(
        "suppressions", "remove", "ada@example.org", "--because", "Wrote to us", "--they-asked", "--yes"
    ).stdout
    assert "restoring a backup does not erase them again" in said
    assert (workspace.folder / "erasures.txt").read_text("ascii").splitlines()[-1].endswith(" back")
    assert workspace.json("db", "check")["ok"] is True


def test_a_list_of_addresses_is_imported_once_somebody_says_why(workspace: Workspace) -> None:
    file = workspace.folder / "people.txt"
    file.write_text("ada@example.org\n", encoding="utf-8")
    assert "--reason" in workspace.run("suppressions", "import", str(file), code=2).stderr
    assert (
        "1 suppressed now: by hand" in workspace.run("suppressions", "import", str(file), "--reason", "by hand").stdout
    )


def test_a_file_is_tried_imported_and_exported(workspace: Workspace) -> None:
    file = workspace.folder / "suppression_bounces.csv"
    file.write_text(BOUNCES, encoding="utf-8")
    tried = workspace.run("suppressions", "import", str(file), "--dry-run").stdout
    assert "1 would be suppressed: hard bounce" in tried
    assert "1 passed over: bounced for now only" in tried
    report = workspace.json("suppressions", "import", str(file))
    assert [(one["kind"], one["new"], one["rows"]) for one in report["files"]] == [("SendGrid bounces", 1, 2)]
    out = workspace.folder / "out.csv"
    workspace.run("suppressions", "export", "--out", str(out))
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(encoding="utf-8", newline="") as text:
        assert [(row["email"], row["reason"]) for row in csv.DictReader(text)] == [("bob@example.org", "hard bounce")]
    assert workspace.run("suppressions", "export", "--format", "addresses").stdout.split() == [
        "email",
        "bob@example.org",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "@example.org"), "is a whole domain"),
        (("add", "*@example.org"), "is a whole domain"),
        (("add", "example.org"), "is a whole domain"),
        (("add", "ada"), "is not an email address"),
        (("add", "ada@example.org", "bob"), "is not an email address"),
        (("add", "ada@example.org", "--reason", "erased"), "erased"),
        (("add", "ada@example.org", "--note", "a\x1b[1mb"), "control character"),
        (("list", "--after", "yesterday"), "--after"),
        (("export", "--out", "nowhere/x.csv"), "no folder"),
        (("export", "--out", "newsletter.toml"), "is there already"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    workspace: Workspace, words: tuple[str, ...], said: str
) -> None:
    assert said in workspace.run("suppressions", *words, code=2).stderr
