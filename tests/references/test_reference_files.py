from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from newsletter.model.problem import Level
from newsletter.model.reference import ReferenceSources
from newsletter.references import load
from newsletter.references.formats.files import read_text
from tests.references.imports import FILES, entries_of, written
from tests.references.records import DATA, WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem


def problems_of(folder: Path, *names: str) -> list[Problem]:
    references, problems = load(ReferenceSources(folder=folder, files=tuple((name, WRITTEN) for name in names)))
    assert references == {}
    return problems


def test_nothing_to_load_is_no_problem(tmp_path: Path) -> None:
    assert load(ReferenceSources(folder=tmp_path)) == ({}, [])


def test_the_sample_records_load_without_a_problem_and_know_their_lines() -> None:
    references, problems = load(ReferenceSources(folder=DATA, files=(("hip-references.csl.json", WRITTEN),)))
    assert problems == []
    assert [(key, reference.at.line) for key, reference in references.items()] == [
        ("fouilleron2012", 3),
        ("wiik2019", 40),
        ("leduff2012", 75),
        ("eremina2021", 105),
        ("mclawhorn2020", 133),
        ("smith2014", 171),
    ]


def test_a_missing_file_names_the_nearest_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "references.json").write_text("[]")
    (problem,) = problems_of(tmp_path, "refrences.json")
    assert (problem.code, problem.place, problem.level) == ("reference-file-missing", WRITTEN, Level.ERROR)
    assert "`references.json`" in problem.fix


def test_a_missing_file_lists_what_is_there_when_nothing_is_near(tmp_path: Path) -> None:
    (tmp_path / "zz.bib").write_text("")
    (problem,) = problems_of(tmp_path, "references.json")
    assert "`zz.bib`" in problem.fix
    (problem,) = problems_of(tmp_path / "nowhere", "references.json")
    assert "beside the issue" in problem.fix


@pytest.mark.parametrize("name", ["../outside.json", "sub/../../outside.json"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.json").write_text("[]")
    folder = tmp_path / "issue"
    (folder / "sub").mkdir(parents=True)
    assert [problem.code for problem in problems_of(folder, name)] == ["reference-file-outside"]


def test_an_absolute_path_and_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("[]")
    folder = tmp_path / "issue"
    folder.mkdir()
    (folder / "link.json").symlink_to(outside)
    codes = [problem.code for problem in problems_of(folder, str(outside), "link.json")]
    assert codes == ["reference-file-outside"] * 2


def test_a_file_in_a_folder_below_is_read(tmp_path: Path) -> None:
    (tmp_path / "refs").mkdir()
    (tmp_path / "refs" / "a.JSON").write_text(
        '{"id": "a", "type": "webpage", "title": "A", "URL": "https://example.org"}'
    )
    references, problems = load(ReferenceSources(folder=tmp_path, files=(("refs/a.JSON", WRITTEN),)))
    assert (list(references), problems) == (["a"], [])


def test_what_is_no_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    names = ("folder.json", "loop.json", "nul\0.json", "a" * 300 + ".json")
    assert [problem.code for problem in problems_of(tmp_path, *names)] == ["reference-file-missing"] * 4


@pytest.mark.parametrize("name", FILES)
def test_an_issue_can_name_files_of_every_format(tmp_path: Path, name: str) -> None:
    upper = name.upper()
    (tmp_path / upper).write_text(written(name, entries_of(name, 2)), encoding="utf-8")
    references, problems = load(ReferenceSources(folder=tmp_path, files=((upper, WRITTEN),)))
    assert problems == []
    assert [reference.csl["title"] for reference in references.values()] == ["Title 0", "Title 1"]
    assert {reference.at.file for reference in references.values()} == {str(tmp_path / upper)}


@pytest.mark.parametrize("name", FILES)
def test_a_file_whose_name_does_not_say_what_it_is_is_told_how_to_name_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "refs.txt").write_text(written(name, entries_of(name, 2)), encoding="utf-8")
    (problem,) = problems_of(tmp_path, "refs.txt")
    assert (problem.code, problem.place) == ("reference-file-type", WRITTEN)
    assert f"`refs{name.removeprefix('many')}`" in problem.fix


def test_an_import_reads_a_file_of_any_name(tmp_path: Path) -> None:
    (tmp_path / "refs.txt").write_text("TY  - JOUR\r\n", encoding="utf-8", newline="")
    assert read_text(tmp_path, "refs.txt", WRITTEN, any_suffix=True) == ("TY  - JOUR\n", None)
    (tmp_path / "huge.txt").write_bytes(b" " * 5_000_001)
    _, problem = read_text(tmp_path, "huge.txt", WRITTEN, any_suffix=True)
    assert problem
    assert problem.code == "reference-file-too-large"


def test_any_other_file_is_no_references_file(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04\xff")
    assert [problem.code for problem in problems_of(tmp_path, "a.docx", "a")] == ["reference-file-type"] * 2


def test_a_file_over_five_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.json").write_bytes(b" " * 5_000_001)
    assert [problem.code for problem in problems_of(tmp_path, "big.json")] == ["reference-file-too-large"]


def test_a_file_that_is_not_utf8_says_on_which_line(tmp_path: Path) -> None:
    (tmp_path / "latin.bib").write_bytes("@book{a,\n title={Größe}}".encode("latin-1"))
    (problem,) = problems_of(tmp_path, "latin.bib")
    assert (problem.code, problem.place.line) == ("reference-file-encoding", 2)
    assert problem.place.file.endswith("latin.bib")


def test_a_file_in_utf16_is_read_when_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text("TY  - BOOK\nTI  - Größe\nER  - \n", encoding="utf-16")
    references, _ = load(ReferenceSources(folder=tmp_path, files=(("a.ris", WRITTEN),)))
    assert [reference.csl["title"] for reference in references.values()] == ["Größe"]


def test_a_bom_and_foreign_line_ends_are_simply_read(tmp_path: Path) -> None:
    text = '[\r\n{"id": "a",\r\n "type": "book", "title": 5,\r\n "author": 1}]'
    (tmp_path / "dos.json").write_bytes(b"\xef\xbb\xbf" + text.encode())
    references, problems = load(ReferenceSources(folder=tmp_path, files=(("dos.json", WRITTEN),)))
    assert references["a"].csl["title"] == "5"
    assert [(problem.code, problem.place.line, problem.place.column) for problem in problems[:1]] == [
        ("reference-names", 4, 2)
    ]


def test_a_file_listed_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    (problem,) = problems_of(tmp_path, "a.json", "./a.json")
    assert (problem.code, problem.level) == ("reference-file-twice", Level.WARNING)


def test_a_date_of_yaml_is_a_date(tmp_path: Path) -> None:
    entry = {"id": "a", "type": "webpage", "title": "A", "URL": "https://example.org", "accessed": date(2026, 11, 2)}
    references, problems = load(ReferenceSources(folder=tmp_path, inline=((entry, WRITTEN),)))
    assert problems == []
    assert references["a"].csl["accessed"] == {"date-parts": [[2026, 11, 2]]}


def test_entries_of_the_front_matter_stand_where_they_are_written(tmp_path: Path) -> None:
    entry = {"key": "a", "type": "book", "title": "A"}
    references, problems = load(ReferenceSources(folder=tmp_path, inline=((entry, WRITTEN),)))
    assert references["a"].at == WRITTEN
    assert {problem.place for problem in problems} == {WRITTEN}
