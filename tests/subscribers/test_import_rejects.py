"""Rejected rows in a file of their own: nothing of them is lost, and they can be corrected and imported."""

from __future__ import annotations

import csv
import io
import stat
from typing import TYPE_CHECKING

import pytest

from newsletter.subscribers.importing import rejects, steps
from newsletter.subscribers.importing.rejects import file_of_member, rejects_beside

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.readers import Desk

CONTENT = (
    "E-Mail;Vorname;Notizen\nada@example.org;Ada;x\nbroken;Bob;=HYPERLINK(1)\n\n"
    'eve@example.org;"E\x07ve";"two\nlines"\nADA@example.org;Other;\nx@example.org;a;b;c\n'
)


def table(path: Path) -> list[list[str]]:
    return [*csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))]


def test_rejected_rows_are_written_down_as_they_stand_with_reason_and_line(reading_desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    report = reading_desk.import_(CONTENT, rejected=out)
    assert (report.rejected_count, report.rejected_file) == (4, str(out))
    header, *rows = table(out)
    assert header == ["E-Mail", "Vorname", "Notizen", "reason", "line"]
    by_line = {row[-1]: row for row in rows}
    assert by_line["3"][:3] == ["broken", "Bob", "'=HYPERLINK(1)"]
    assert "not an email address" in by_line["3"][3]
    assert by_line["5"][:3] == ["eve@example.org", "E\x07ve", "two\nlines"]
    assert by_line["7"] == ["ADA@example.org", "Other", "", "same address as line 2", "7"]
    assert by_line["8"][:4] == ["x@example.org", "a", "b", "c"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_corrected_file_of_rejected_rows_is_imported(reading_desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    reading_desk.import_(CONTENT, rejected=out)
    corrected = out.read_text("utf-8-sig").replace("broken", "bob@example.org").replace("E\x07ve", "'=Eve")
    report = reading_desk.import_(corrected, rejected=tmp_path / "again.csv")
    assert report.added == 2
    assert report.ignored == ("Notizen",)
    assert reading_desk.get("bob@example.org").first_name == "Bob"
    assert reading_desk.get("ada@example.org").first_name == "Ada", "of two rows of a person the first one counts"
    repeated, wide = sorted(table(tmp_path / "again.csv")[1:])
    assert repeated == ["ADA@example.org", "Other", "", "same address as line 2", repeated[4]]
    assert wide[:4] == ["x@example.org", "a", "b", "c"]


def test_without_a_rejected_row_there_is_no_file(reading_desk: Desk, tmp_path: Path) -> None:
    report = reading_desk.import_("email\nada@example.org\n", rejected=tmp_path / "out.csv")
    assert report.rejected_file is None
    assert not (tmp_path / "out.csv").exists()


def test_the_report_names_the_first_and_the_file_has_all(
    reading_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejects, "MOST_NAMED", 3)
    report = reading_desk.import_("email\n" + "broken\n" * 10, rejected=tmp_path / "out.csv")
    assert ([entry.line for entry in report.rejected], report.rejected_count) == ([2, 3, 4], 10)
    assert len(table(tmp_path / "out.csv")) == 11
    assert report.rows == report.rejected_count == 10


@pytest.mark.parametrize("run", [1, 1_000])
def test_repeated_people_are_found_across_batches(
    reading_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int
) -> None:
    monkeypatch.setattr(steps, "BATCH", 3)
    monkeypatch.setattr(steps, "RUN", run)
    rows = "".join(f"r{i % 7}@example.org,{i}\n" for i in range(20_000))  # more than is read at once
    for dry_run in (True, False):
        report = reading_desk.import_(f"email,notes\n{rows}", rejected=tmp_path / "out.csv", dry_run=dry_run)
        assert (report.added, report.duplicates, report.rejected_count) == (7, 19_993, 19_993)
        written = {(row[0], row[1], row[2], int(row[3])) for row in table(tmp_path / "out.csv")[1:]}
        assert written == {
            (f"r{i % 7}@example.org", str(i), f"same address as line {i % 7 + 2}", i + 2) for i in range(7, 20_000)
        }


def test_each_table_of_a_zip_has_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "export.rejected.csv"
    assert file_of_member(path, "") == path
    assert file_of_member(path, "a/cleaned_members.csv") == tmp_path / "export.cleaned_members.rejected.csv"
    assert file_of_member(None, "x.csv") is None


def test_rows_that_somebody_mended_are_never_replaced(reading_desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out.rejected.csv"
    out.write_text("mended", "ascii")
    report = reading_desk.import_("email\nbroken\n", rejected=out)
    assert report.rejected_file == str(tmp_path / "out.rejected-2.csv")
    assert table(tmp_path / "out.rejected-2.csv")[1][0] == "broken"
    assert out.read_text("ascii") == "mended"


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("readers.csv", "readers.rejected.csv"),
        ("readers.rejected.csv", "readers.rejected.csv"),
        ("readers.rejected-12.csv", "readers.rejected.csv"),
        ("my.rejected.list.xlsx", "my.rejected.list.rejected.csv"),
        (".rejected.csv", ".rejected.rejected.csv"),
    ],
)
def test_rejected_rows_lie_beside_their_file(tmp_path: Path, name: str, beside: str) -> None:
    assert rejects_beside(tmp_path / name) == tmp_path / beside
