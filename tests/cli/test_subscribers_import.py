"""`newsletter subscribers import`: what a file was taken for is shown, what became of it is told."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from newsletter.cli.subscribers.import_bar import line
from newsletter.cli.subscribers.import_shown import report_lines
from newsletter.model.import_report import ImportReport, TableReport
from newsletter.subscribers.importing import Progress
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

CONSENT = ("--consent", "Signed the form")
HEADER = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,TAGS"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    here = workspaces.make(tmp_path / "here")
    here.run("lists", "add", "friends")
    return here


def test_what_was_found_is_shown_and_rejected_rows_lie_beside_the_file(workspace: Workspace) -> None:
    file = workspace.folder / "readers.csv"
    file.write_text("E-Mail;Vorname;Schuhe\nada@example.org;Ada;38\nbob@gmial.com;Bob;42\nbroken\x1b[2J;X;\n", "utf-8")
    command = ("subscribers", "import", str(file), "--list", "friends", *CONSENT)
    said = workspace.run(*command, "--dry-run", code=1).stdout
    assert "readers.csv: UTF-8, semicolons between columns" in said
    assert "columns: E-Mail = email, Vorname = first_name" in said
    assert "not used: Schuhe" in said
    assert "3 rows read: 2 new, 1 rejected." in said
    assert "gmial.com in 1 row: did you mean gmail.com?" in said
    assert said.endswith("Nothing was changed.\n")
    assert workspace.json("subscribers", "list")["subscribers"] == []
    said = workspace.run(*command, "--tag", "Spring fair", code=1).stdout
    rejected = workspace.folder / "readers.rejected.csv"
    assert f"All of them are in {rejected}, with the reasons." in said
    assert "2 joined friends with this import" in said
    assert "\x1b" not in said
    assert rejected.read_text("utf-8-sig").splitlines()[0] == "E-Mail,Vorname,Schuhe,reason,line"
    assert "Spring fair" in workspace.run("subscribers", "show", "ada@example.org").stdout
    assert (
        f"--rejected {rejected}: it is there already"
        in workspace.run(*command, "--rejected", str(rejected), code=2).stderr
    )


def test_each_table_of_a_zip_is_told_and_all_are_summed_up(workspace: Workspace) -> None:
    file = workspace.folder / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for status, address in (
            ("subscribed", "ada"),
            ("unsubscribed", "bob"),
            ("cleaned", "eve"),
            ("nonsubscribed", "x"),
        ):
            rows = f'{HEADER}\n{address}@example.org,A,2,,2024-05-01 10:00:00,1,1,"vip"\nbroken,,,,,,,\n'
            archive.writestr(f"{status}_email_audience_export_1a.csv", rows)
    said = workspace.run("subscribers", "import", str(file), "--list", "friends", *CONSENT, code=1).stdout
    assert "8 rows read: 3 new, 1 suppressed, 4 rejected." in said
    assert "  subscribed_email_audience_export_1a.csv: 2 rows read: 1 new, 1 rejected." in said
    assert "1 left friends, as the file says" in said
    assert "1 is suppressed from now on" in said
    again = workspace.json("subscribers", "import", str(file), "--list", "friends", *CONSENT, code=1)
    assert (again["rows"], again["unchanged"], again["suppressed"], again["rejected_count"]) == (8, 3, 1, 4)
    assert [table["format"] for table in again["tables"]] == ["mailchimp"] * 4
    assert (workspace.folder / "export.cleaned_email_audience_export_1a.rejected.csv").exists()


def test_of_many_columns_that_are_not_used_the_first_are_named() -> None:
    table = TableReport(name="wide.csv", ignored=tuple(f"c{number}" for number in range(5_000)))
    shown = [*report_lines(ImportReport.of([table, table], dry_run=False), "friends", consented=True)]
    assert next(one for one in shown if one.startswith("  not used: c0, c1,")).endswith(", c19 and 4,980 more")
    assert sum("add it to [attributes]" in one for one in shown) == 1


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--map", "email"), "write HEADING=FIELD"),
        (("--format", "carrier-pigeon"), "known are newsletter, mailchimp"),
        (("--wording", "Yes"), "say with --consent how and when they did"),
        (("--consent", " "), "--consent is empty"),
        (("--tag", "a,b"), "no comma"),
    ],
)
def test_options_that_cannot_be_used_are_told(workspace: Workspace, options: tuple[str, ...], why: str) -> None:
    file = workspace.folder / "readers.csv"
    file.write_text("email\nada@example.org\n", "utf-8")
    assert why in workspace.run("subscribers", "import", str(file), "--list", "friends", *options, code=2).stderr


def test_the_bar_has_the_share_where_it_is_known() -> None:
    assert line(Progress(50_000, 0.5), 2.0) == f"[{'#' * 15}{'.' * 15}]  50%  50,000 rows, 25,000 a second"
    assert line(Progress(50_000), 0.5) == "50,000 rows, ..."
