"""`newsletter references report`: where the page goes, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.errors import FileUnreadable
from tests.support import workspace as workspaces


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return workspaces.make(tmp_path / "here").folder


def test_the_page_is_written_here_and_programs_get_facts(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["-C", str(folder), "references", "report", "walking"])
    assert done.exit_code == 0
    assert done.output.startswith("Wrote walking-review.html: 0 statements, 0 references; ")
    assert Path("walking-review.html").read_text("utf-8").startswith("<!doctype html>")
    named = CliRunner().invoke(
        cli, ["-C", str(folder), "references", "report", "walking", "--out", "page.html", "--json"]
    )
    assert json.loads(named.output)["page"] == "page.html"
    assert Path("page.html").read_bytes() == Path("walking-review.html").read_bytes()


def test_a_page_does_not_take_the_place_of_a_letter(folder: Path) -> None:
    done = CliRunner().invoke(
        cli, ["-C", str(folder), "references", "report", "walking", "--out", "here/issues/walking/issue.md"]
    )
    assert (done.exit_code, "ends in .html" in done.output) == (2, True)


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["-C", str(folder), "references", "report", "walking", "--out", "nowhere/page.html"])
    assert isinstance(done.exception, FileUnreadable)
