"""`newsletter references`, run within this process: what is said, what is written, how it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from newsletter.cli.main import main
from tests.fakes.bibliography import Answer, FakeBibliography
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WALKING = {
    "DOI": "10.1234/walk",
    "PMID": "30000001",
    "type": "journal-article",
    "title": "Walking <script>alert(1)</script>\u202e",
    "author": [{"family": "Doe", "given": "Jane"}],
    "container-title": "Journal of Examples",
    "issued": {"date-parts": [[2020, 3]]},
    "volume": "7",
    "page": "12-9",
}
STAIRS = {**WALKING, "DOI": "10.1234/stairs", "PMID": "30000002", "title": "Stairs and <i>strength</i>"}
BIB = """\
@article{walk, title={Walking}, author={Doe, Jane and Roe, Bo}, year={2020}, journal={Journal of Examples}, doi={10.1234/walk}}
@article{broken, title={Broken, author={Doe, Jane}, year={2020}
@article{stairs, title={Stairs}, author={Müller, Ida}, year={2019}, journal={Journal of Examples}}
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def fake() -> Iterator[FakeBibliography]:
    clock = iter(range(10_000))
    with FakeBibliography([WALKING, STAIRS], clock=lambda: float(next(clock))) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeBibliography) -> Path:
    monkeypatch.setattr("newsletter.probe.bibliography_request._GAP", 0.0)
    for name, value in {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "NEWSLETTER_REFERENCES_DOI_URL": fake.doi_url,
        "NEWSLETTER_REFERENCES_PUBMED_URL": fake.pubmed_url,
        "no_proxy": "*",
    }.items():
        monkeypatch.setenv(name, value)
    return workspaces.make(tmp_path / "here").folder


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(*words: str, code: int | None = 0) -> Done:
        monkeypatch.setattr(sys, "argv", ["newsletter", "-C", str(folder), "references", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        done = Done(int(str(ended.value.code)), out, err)
        assert code is None or done.code == code, done
        return done

    return run_it


def library(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "references" / "library.json").read_text("utf-8"))
    return found


def test_a_source_is_looked_up_shown_and_can_be_cited(run: Run, folder: Path) -> None:
    said = run("add", "https://doi.org/10.1234/walk").out
    assert said.startswith(
        "Doe J. Walking <script>alert(1)</script>. Journal of Examples. 2020;7:12-19. doi:10.1234/walk\n"
    )
    assert said.endswith("Added. Cite it as [@doe2020]\n")
    (entry,) = library(folder)
    assert (entry["id"], entry["type"], entry["page"]) == ("doe2020", "article-journal", "12-19")


def test_what_is_there_is_said_and_not_written(run: Run, folder: Path, fake: FakeBibliography) -> None:
    run("add", "10.1234/WALK", "--key", "walk")
    asked, before = len(fake.requests), (folder / "references" / "library.json").stat()
    for number in ("30000001", "10.1234/walk"):
        assert "It is in the library already. Cite it as [@walk]" in run("add", number).out
    assert len(fake.requests) == asked
    assert (folder / "references" / "library.json").stat() == before


def test_one_unknown_number_costs_the_others_nothing(run: Run, folder: Path) -> None:
    done = run("add", "10.1234/no", "30000001", "10.1234/stairs", "--json", code=1)
    told = json.loads(done.out)
    assert [(row["key"], row["added"], row["cite"]) for row in told["references"]] == [
        ("doe2020", True, "[@doe2020]"),
        ("doe2020a", True, "[@doe2020a]"),
    ]
    assert [row["error"] for row in told["errors"]] == ["SourceUnknown"]
    assert [entry["id"] for entry in library(folder)] == ["doe2020", "doe2020a"]


def test_a_number_that_nobody_knows_may_be_a_typing_mistake(run: Run, folder: Path) -> None:
    done = run("add", "10.1234/no", code=1)
    assert "does not know DOI 10.1234/no.\nLook for a typing mistake" in done.err
    assert json.loads(run("add", "10.1234/no", "--json", code=1).out)["error"] == "SourceUnknown"
    assert not (folder / "references").exists()


def test_without_network_the_next_step_is_told(run: Run, fake: FakeBibliography) -> None:
    fake.next(Answer(status=500))
    done = run("add", "10.1234/walk", "10.1234/stairs", "30000002", code=5)
    assert "newsletter references import FILE" in done.err
    assert "it was not asked again" in done.err
    assert "Cite it as [@doe2020]" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "hello"), "neither a DOI nor a PubMed number"),
        (("add", "1", "2", "--key", "a"), "for one source"),
        (("add", "1", "--key", "a b"), "no good key"),
        (("add", "30000002", "--key", "Doe2020"), "taken by another source"),
        (("show", "deo2020"), "Did you mean doe2020?"),
        (("format", "nobody"), "The library has no reference nobody."),
        (("export", "--to", "csl-json", "--out", "references/x.json"), "into the library itself"),
        (("import", "no-such-file.bib"), "does not exist"),
    ],
)
def test_slips_are_told(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(folder)
    run("add", "30000001")
    assert said in run(*words, code=2).err


def test_files_are_imported_and_what_is_broken_is_told_with_its_line(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(BIB, "utf-8")
    (tmp_path / "b.ris").write_text("TY  - JOUR\nAU  - Roe, Bo\nTI  - Beds\nJO  - J Ex\nPY  - 2018\nER  - \n", "utf-8")
    files = [str(tmp_path / name) for name in ("a.bib", "b.ris")]
    assert "3 references would be added" in run("import", *files, "--dry-run", code=1).out
    assert not (folder / "references").exists()
    said = run("import", *files, code=1).out
    assert "  + stairs  Stairs" in said
    assert f"{tmp_path}/a.bib:2:1: error [reference-bibtex]" in said
    assert "3 references added to" in said
    assert [entry["id"] for entry in library(folder)] == ["roe2018", "stairs", "walk"]
    again = json.loads(run("import", *files, "--json", code=1).out)
    assert again["added"] == []
    assert [row["key"] for row in again["there"]] == ["walk", "stairs", "roe2018"]


def test_what_is_there_under_another_key_is_named(run: Run, tmp_path: Path) -> None:
    run("add", "30000001", "--key", "mine")
    (tmp_path / "a.bib").write_text(BIB.splitlines()[0], "utf-8")
    assert "  = walk is there already as mine" in run("import", str(tmp_path / "a.bib")).out


@pytest.fixture
def full(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(BIB, "utf-8")
    run("import", str(tmp_path / "a.bib"), code=1)


@pytest.mark.usefixtures("full")
def test_the_library_is_listed_and_searched(run: Run) -> None:
    assert run("list").out.splitlines() == [
        "stairs  2019  Müller     Stairs",
        "walk    2020  Doe et al  Walking",
    ]
    rows = json.loads(run("list", "MULLER", "2019", "--json").out)["references"]
    assert rows == [{"key": "stairs", "year": 2019, "author": "Müller", "title": "Stairs", "notice": None}]
    assert "None of 2 references has all of these words." in run("list", "hip").out


def test_an_empty_library_says_what_to_do(run: Run) -> None:
    assert "newsletter references add DOI" in run("list").out
    assert "0 references checked: no problems." in run("check").out
    assert run("format", "--html").out == run("format").out == ""


@pytest.mark.usefixtures("full")
def test_a_reference_is_shown_with_the_issues_that_cite_it(run: Run, folder: Path) -> None:
    walking = folder / "issues" / "walking" / "issue.md"
    walking.write_text(walking.read_text("utf-8") + "\nSee [@walk].\n", "utf-8")
    said = run("show", "walk").out
    for piece in (
        "Doe J, Roe B. Walking.",
        "[@walk]",
        "Doe, Jane; Roe, Bo",
        "https://doi.org/10.1234/walk",
        "walking\n",
    ):
        assert piece in said
    told = json.loads(run("show", "stairs", "--json").out)
    assert (told["issues"], told["csl"]["title"], told["line"]) == ([], "Stairs", 3)


@pytest.mark.usefixtures("full")
def test_references_are_printed_as_readers_see_them(run: Run) -> None:
    text = "2. Doe J, Roe B. Walking. Journal of Examples. Published online 2020. doi:10.1234/walk\n   https://doi.org/10.1234/walk\n"
    assert run("format", "stairs", "walk").out.endswith(text)
    html = run("format", "walk", "--html").out
    assert html.startswith("<ol>\n<li>Doe J, Roe B. Walking. <i>")
    assert '<a href="https://doi.org/10.1234/walk">doi:10.1234/walk</a></li>\n</ol>\n' in html
    assert [row["number"] for row in json.loads(run("format", "--json").out)["references"]] == [1, 2]
    assert "there is no citation style `nonsense`. Use one of: ama," in run("format", "--style", "nonsense", code=2).err


def test_html_of_strangers_is_escaped(run: Run) -> None:
    run("add", "30000001", "30000002")
    html = run("format", "--html").out
    assert "&lt;script&gt;" in html
    assert "<i>strength</i>" in html


@pytest.mark.usefixtures("full")
def test_the_library_is_checked(run: Run, folder: Path) -> None:
    path = folder / "references" / "more.json"
    twin = {"id": "twin", "type": "article-journal", "title": "Walking", "DOI": "10.1234/WALK"}
    path.write_text(json.dumps([twin, {"id": "bad", "type": "book"}, {"type": "book"}]), "utf-8")
    problems = json.loads(run("check", "--json", code=1).out)["problems"]
    codes = {problem["code"] for problem in problems}
    assert {"reference-duplicate", "reference-no-title", "reference-no-key", "reference-no-author"} <= codes
    assert [problem["code"] for problem in problems].count("reference-duplicate") == 1
    assert "1 reference checked" in run("check", "twin").out
    assert "reference-duplicate" in run("check", "twin", "--strict", code=1).out
    assert run("check", "stairs").code == 0


@pytest.mark.usefixtures("full")
def test_references_leave_for_other_programs(run: Run, tmp_path: Path) -> None:
    assert [entry["id"] for entry in json.loads(run("export", "--to", "csl-json").out)] == ["stairs", "walk"]
    file = tmp_path / "out.ris"
    assert f"Wrote 1 reference to {file}" in run("export", "walk", "--to", "ris", "--out", str(file)).out
    assert "10.1234/walk" in file.read_text("utf-8")
