"""Sources that were retracted: asked for, added, listed, shown, printed, exported; and what is asked for in vain."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from newsletter.cli.main import main
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., "Done"]


class Done(NamedTuple):
    out: str
    err: str


TABLE = """\
Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,RetractionDOI
1,A,10/20/2026 0:00,10.1234/withdrawn,30000001,Retraction,+Error in Data;,10.1234/notice
"""
BIB = """\
@article{Walk, title={Walking}, author={Doe, Jane and others}, year={2020}, doi={10.1234/withdrawn}, volume={1},
  journal={The American Journal of Sports Medicine}, pages={1-2}, abstract={ABSTRACT}}
@article{a-key-that-is-longer-than-most-columns, title={Stairs}, author={Roe, Bo}, year={2019}, journal={Spine}, doi={10.1234/fine}}
@book{nameless, title={No number}, author={Roe, Bo}, year={2019}, publisher={Example Press}}
"""
NBIB = """\
PMID- 30000003
TI  - Doubtful things about knees.
JT  - The Lancet
DP  - 2010 Feb
AU  - Roe B
PT  - Retracted Publication
RIN - Lancet. 2010 Feb 6;375(9713):445. PMID: 30000009
SO  - Lancet. 2010.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = workspaces.make(tmp_path / "here").folder
    settings = place / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[references]\nretraction_watch = "table.csv"\n', "utf-8")
    (place / "table.csv").write_text(TABLE, "utf-8")
    (tmp_path / "a.bib").write_text(BIB.replace("ABSTRACT", "many long words " * 20), "utf-8")
    (tmp_path / "b.nbib").write_text(NBIB, "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "70")
    return place


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(*words: str, code: int = 0) -> Done:
        monkeypatch.setattr(sys, "argv", ["newsletter", "-C", str(folder), "references", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        done = Done(*capsys.readouterr())
        assert ended.value.code == code, done
        return done

    return run_it


@pytest.fixture
def full(run: Run, tmp_path: Path) -> str:
    return run("import", str(tmp_path / "a.bib"), str(tmp_path / "b.nbib")).out


def test_an_import_warns_of_what_was_retracted_and_shows_all_that_it_counts(full: str) -> None:
    assert "warning [reference-retracted] `Walk` was retracted (Retraction Watch, 2026-10-20: Error in Data;" in full
    assert "warning [reference-retracted] `roe2010` was retracted (PubMed: Lancet. 2010 Feb 6;375(9713):445)" in full
    assert full.count(" information [") + full.count(" warning [") == 3
    assert "2 warnings, 1 information." in full
    assert "references check" in full


def test_a_better_record_of_what_is_there_warns_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.nbib").write_text(NBIB.replace("PT  - Retracted Publication\nRIN", "XX "), "utf-8")
    assert "reference-retracted" not in run("import", str(tmp_path / "b.nbib")).out
    (tmp_path / "b.nbib").write_text(NBIB, "utf-8")
    said = run("import", str(tmp_path / "b.nbib")).out
    assert "`roe2010` was retracted" in said
    assert "own record does not say so yet" in said
    assert "references check" in said


def test_an_import_of_sound_entries_says_no_more_than_that(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.bib").write_text(BIB.splitlines()[2] + "\n@article{x, title={a\n", "utf-8")
    said = run("import", str(tmp_path / "c.bib"), code=1).out
    assert "is not closed" in said
    assert "references check" not in said


@pytest.mark.usefixtures("full")
def test_adding_what_is_there_warns_again(run: Run) -> None:
    said = run("add", "10.1234/withdrawn").out
    assert "warning [reference-retracted] `Walk` was retracted" in said
    assert said.endswith("It is in the library already. Cite it as [@Walk]\n")


@pytest.mark.usefixtures("full")
def test_it_is_marked_where_the_library_is_listed_and_shown(run: Run) -> None:
    lines = run("list").out.splitlines()
    assert lines[:2] == [
        "a-key-that-is-longer-than-most-columns",
        " " * 24 + "  2019  Roe        Stairs",
    ]
    assert "RETRACTED: Doubtful" in lines[3]
    assert "RETRACTED: Walking" in lines[4]
    assert all(len(line) <= 70 for line in lines)
    rows = json.loads(run("list", "--json").out)["references"]
    assert [row["notice"] for row in rows] == [None, None, "retraction", "retraction"]
    shown = run("show", "roe2010").out
    for piece in ("RETRACTED: Doubtful", "  publication types      Retracted Publication\n", "30000009"):
        assert piece in shown
    walk = run("show", "Walk").out
    assert "  abstract               many long words" in walk
    assert "Doe, Jane; and others" in walk
    abstract = [line for line in walk.splitlines() if "many long words" in line]
    assert len(abstract) > 5
    assert all(len(line) <= 70 and line[24:].startswith((" many", " long", " words")) for line in abstract)
    assert json.loads(run("show", "Walk", "--json").out)["notices"][0]["kind"] == "retraction"


@pytest.mark.usefixtures("full")
def test_what_is_known_beyond_the_record_is_printed(run: Run) -> None:
    assert run("format", "Walk").out.startswith(
        "1. Doe J, et al. Walking. Am J Sports Med. 2020;1:1-2. Retracted in: doi:10.1234/notice. doi:10.1234/withdrawn\n"
    )
    keys = [row["key"] for row in json.loads(run("format", "--json").out)["references"]]
    assert keys == ["a-key-that-is-longer-than-most-columns", "nameless", "roe2010", "Walk"]


@pytest.mark.usefixtures("full")
def test_an_export_says_what_it_leaves_out(run: Run) -> None:
    assert "RIS has no field for what became of a source" in run("export", "--to", "ris").err
    assert run("export", "--to", "csl-json").err == ""
    assert run("export", "nameless", "--to", "bibtex").err == ""


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    "paper",
    [
        "10.1234/withdrawn",
        "doi: 10.1234/WITHDRAWN.",
        "10.1234/withdrawn/full",
        "https://doi.org/10.1234/withdrawn",
        "https://journals.example.org/doi/abs/10.1234/withdrawn?x=1",
        "30000001",
        "PMID:30000001",
        "PMID 30000001",
        "https://pubmed.ncbi.nlm.nih.gov/30000001/",
        "Walk",
        "[@Walk]",
        "roe2010",
        "30000003",
    ],
)
def test_a_retracted_paper_is_found_however_it_is_named(run: Run, paper: str) -> None:
    said = run("retractions", paper, code=1).out
    assert f"  {paper}: retraction" in said
    assert "1 row," in said


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("paper", "said"),
    [
        ("Wakl", "Did you mean Walk?"),
        ("PMID:3000000x", "nothing was looked up"),
        ("PMC1234567", "the table has no PMC numbers"),
        ("nameless", "has neither a DOI nor a PubMed number"),
    ],
)
def test_what_cannot_be_looked_up_is_never_cleared(run: Run, paper: str, said: str) -> None:
    result = run("retractions", paper, code=2)
    assert said in result.err
    assert "nothing known" not in result.out


@pytest.mark.usefixtures("full")
def test_a_sound_paper_is_not_known_to_the_table(run: Run) -> None:
    assert "  10.1234/fine: nothing known" in run("retractions", "10.1234/fine").out
    assert json.loads(run("retractions", "10.1234/fine", "--json").out)["papers"] == {"10.1234/fine": None}


def test_without_a_table_that_is_said_in_json_too(run: Run, folder: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8").replace('retraction_watch = "table.csv"', ""), "utf-8")
    assert "No table of retractions" in run("retractions", "1", code=1).out
    assert json.loads(run("retractions", "--json", code=1).out)["table"] is None
