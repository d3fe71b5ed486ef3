"""`newsletter references journals`: importing the list of the NLM, and looking journals up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.errors import FileUnreadable, ServiceMissing

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

LIST = """\
--------------------------------------------------------
JrId: 1
JournalTitle: Zeta papers
MedAbbr: Zeta Pap
ISSN (Print): 1234-5678
--------------------------------------------------------
JrId: 2
JournalTitle: Papers without a short name
"""
SETTINGS = """\
[newsletter]
name = "Larkmeadow Letters"
base_url = "https://news.example.org"
[sender]
name = "Larkmeadow Clinic"
address = "letters@example.org"
postal_address = "12 Example Street"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "newsletter.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "list.txt").write_text(LIST, "utf-8")
    monkeypatch.setenv("NEWSLETTER_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["references", "journals", *words])


def test_the_list_is_imported_and_a_broken_record_named(folder: Path) -> None:
    result = run("import", "list.txt")
    assert result.exit_code == 1
    assert "1 journal." in result.stdout
    assert "line 7: `Papers without a short name` has no MedAbbr" in result.stderr
    assert "Zeta papers\tZeta Pap\t1234-5678\n" in (folder / "references" / "journals.tsv").read_text("utf-8")
    shown = json.loads(run("show", "ZETA PAP.", "--json").stdout)
    assert shown["journal"] == {
        "title": "Zeta papers",
        "abbreviation": "Zeta Pap",
        "issns": ["1234-5678"],
        "formerly": [],
    }


def test_an_import_tells_programs_the_same(folder: Path) -> None:
    told = json.loads(run("import", "list.txt", "--json").stdout)
    assert (told["journals"], [one["line"] for one in told["broken"]]) == (1, [7])


def test_what_is_no_list_changes_nothing(folder: Path) -> None:
    run("import", "list.txt")
    before = (folder / "references" / "journals.tsv").read_bytes()
    (folder / "other.txt").write_text("hello\n", "utf-8")
    assert isinstance(run("import", "other.txt").exception, FileUnreadable)
    for name, said in (("nowhere", "no file `nowhere`"), ("http://example.org/list.txt", "not an https address")):
        result = run("import", name)
        assert (result.exit_code, said in result.stderr) == (2, True)
    assert (folder / "references" / "journals.tsv").read_bytes() == before


def test_a_journal_is_shown_by_any_of_its_names(folder: Path) -> None:
    result = run("show", "bjj")
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        0,
        ["The Bone & Joint Journal", "  abbreviation: Bone Joint J"],
    )


def test_an_unknown_name_gets_advice(folder: Path) -> None:
    result = run("show", "Amercian Journal of Sports Medicine")
    assert result.exit_code == 1
    assert "Did you mean The American Journal of Sports Medicine?" in result.stderr
    assert json.loads(run("show", "nothing", "--json").stdout) == {"journal": None}


def test_a_journal_is_shown_by_its_issn(folder: Path) -> None:
    run("import", "list.txt")
    assert run("show", "1234-5678").stdout.startswith("Zeta papers\n")
    assert "with this ISSN" in run("show", "8765-4321").stderr


def test_journals_that_have_all_words_are_offered(folder: Path) -> None:
    said = run("show", "joint surg").stderr
    assert "Did you mean one of these?\n  The Journal of Bone and Joint Surgery" in said


def test_a_list_that_cannot_be_fetched_is_told_with_a_way_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(url: str, **_: object) -> bytes:
        raise ServiceMissing(url, "[Errno -2] Name or service not known")

    monkeypatch.setattr("newsletter.probe.download.download", offline)
    why = str(run("import", "https://lists.example.org/list.txt").exception)
    assert "is it connected to the internet? Or fetch the file with your browser" in why
