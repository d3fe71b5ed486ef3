"""The library that all issues share: cited without being named, told only to those who cite, read only where needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.document import cited_keys
from newsletter.read import read_issue
from newsletter.references import cited_twice, load
from newsletter.references.entry import checked
from newsletter.references.library import shelf
from newsletter.references.library.shelf import open_shelf
from newsletter.references.library.spans import spans_of
from tests.read.letters import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.read import ReadResult
    from newsletter.references.library.spans import Span
    from newsletter.references.record import Record

FRONT = "---\ntitle: Knees\nreferences: own.json\n---\n"


def record(key: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": key,
        "type": "article-journal",
        "title": f"About {key}",
        "author": [{"family": "Doe", "given": "Jane"}],
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[2020]]},
        **fields,
    }


def put(workspace: Path, *records: object, name: str = "library.json") -> Path:
    path = workspace / "references" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(records, indent=1), encoding="utf-8")
    return path


def read(workspace: Path, body: str, *own: dict[str, Any]) -> ReadResult:
    folder = workspace / "issues" / "knees"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.json").write_text(json.dumps(own), encoding="utf-8")
    (folder / "issue.md").write_text(FRONT + body, encoding="utf-8")
    return read_issue(folder / "issue.md", SETTINGS, load, workspace)


def codes(problems: tuple[Problem, ...] | list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.level.value) for problem in problems]


def cited(result: ReadResult) -> list[Reference]:
    assert result.issue is not None
    return [result.references[key] for key in cited_keys(result.issue.body)]


def test_an_issue_cites_from_the_library_without_naming_it(tmp_path: Path) -> None:
    put(tmp_path, record("a"), record("b"))
    put(tmp_path, record("c"), name="more.json")
    result = read(tmp_path, "Walk [@a; @c] and see @b.\n")
    assert [(one.key, one.shared) for one in cited(result)] == [("a", True), ("c", True), ("b", True)]
    assert result.problems == ()


def test_without_a_library_all_is_as_it_was(tmp_path: Path) -> None:
    assert codes(read(tmp_path, "Walk [@a].\n", record("b")).problems) == [
        ("citation-unknown", "error"),
        ("reference-uncited", "information"),
    ]


def test_the_issues_own_reference_comes_first(tmp_path: Path) -> None:
    put(tmp_path, record("a", volume="7"))
    result = read(tmp_path, "Walk [@a].\n", record("a"))
    assert [one.shared for one in cited(result)] == [False]
    assert result.problems == ()
    assert list(result.references) == ["a"]


def test_another_source_under_a_key_of_the_library_is_told_where_it_is_cited(tmp_path: Path) -> None:
    put(tmp_path, record("a", title="Stairs"), record("b", title="Beds"))
    result = read(tmp_path, "Walk [@a].\n", record("a"), record("b"))
    assert codes(result.problems) == [("reference-shadows-library", "warning"), ("reference-uncited", "information")]
    assert "line 3 of library.json" in result.problems[0].message


@pytest.mark.parametrize(
    ("own", "shared"),
    [
        ({"title": "Hips"}, {"title": "Hips: a review"}),
        ({"title": "Hips", "DOI": "10.1234/A"}, {"title": "Knees", "DOI": "10.1234/a"}),
        ({"issued": {"date-parts": [[2019]]}}, {"issued": {"date-parts": [[2020]]}}),
        ({"author": [{"family": "Duff", "given": "M"}]}, {"author": [{"family": "Le Duff", "given": "M"}]}),
    ],
)
def test_the_same_source_in_both_is_no_news(tmp_path: Path, own: dict[str, Any], shared: dict[str, Any]) -> None:
    put(tmp_path, record("a", **shared))
    assert read(tmp_path, "Walk [@a].\n", record("a", **own)).problems == ()


def test_what_is_wrong_in_the_library_is_told_only_to_those_who_cite_it(tmp_path: Path) -> None:
    path = put(tmp_path, record("a"), record("b", author=[]), record("b"), {"title": "no key"}, record("c", DOI="x"))
    assert read(tmp_path, "Walk [@a].\n").problems == ()
    (first, second) = read(tmp_path, "Walk [@b] and [@b].\n").problems
    assert (first.code, second.code) == ("reference-no-author", "reference-duplicate-key")
    assert json.loads(path.read_text().splitlines()[first.place.line - 1].strip(" ,").join("{}")) == {"id": "b"}
    assert second.place.line > first.place.line
    (doi,) = read(tmp_path, "Walk [@c].\n").problems
    assert path.read_text().splitlines()[doi.place.line - 1].strip() == '"DOI": "x"'
    assert doi.place.column == 3


def test_a_broken_entry_costs_no_other_and_stops_no_issue(tmp_path: Path) -> None:
    path = put(tmp_path, record("a"), record("b"))
    path.write_text(path.read_text().replace('"About a",', '"About a"'), "utf-8")
    result = read(tmp_path, "Walk [@b] and [@a].\n")
    assert codes(result.problems) == [("citation-unknown", "error"), ("reference-json", "warning")]
    assert [problem.level.value for problem in open_shelf(path.parent, tmp_path).problems] == ["error"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "reference-json"),
        (b"nonsense", "reference-json"),
        (b"\xff\xfe[]", "reference-file-encoding"),
        (b"[" * 100_000, "reference-json"),
        (b"[" + b"1" * 5000 + b"]", "reference-json"),
    ],
)
def test_a_file_that_gives_nothing_is_an_error_and_no_key_is_called_unknown(
    tmp_path: Path, content: bytes, code: str
) -> None:
    put(tmp_path).write_bytes(content)
    assert {code for code, _ in codes(read(tmp_path, "Walk [@a].\n").problems)} == {code}


def test_an_empty_list_is_an_empty_library(tmp_path: Path) -> None:
    put(tmp_path)
    assert codes(read(tmp_path, "Walk.\n").problems) == []


def test_files_outside_the_workspace_are_not_read(tmp_path: Path) -> None:
    workspace, elsewhere = tmp_path / "here", tmp_path / "there"
    for folder in (workspace, elsewhere):
        folder.mkdir()
    secret = put(elsewhere, record("a"))
    (workspace / "references").mkdir()
    (workspace / "references" / "link.json").symlink_to(secret)
    assert codes(read(workspace, "Walk.\n").problems) == [("reference-file-outside", "error")]
    assert len(open_shelf(elsewhere / "references", workspace)) == 0
    assert len(open_shelf(elsewhere / "references", elsewhere)) == 1


def test_what_editors_keep_beside_a_file_is_no_library(tmp_path: Path) -> None:
    folder = put(tmp_path, record("a")).parent
    for name in (".library.json-x1", ".hidden.json", "notes.txt", "library.json~"):
        (folder / name).write_text("nonsense")
    (folder / "folder.json").mkdir()
    assert list(open_shelf(folder, tmp_path)) == ["a"]
    assert open_shelf(folder, tmp_path).problems == []


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_folder_that_cannot_be_is_an_empty_library(tmp_path: Path, name: str) -> None:
    assert len(open_shelf(tmp_path / name, tmp_path)) == 0


def test_a_single_entry_may_stand_without_a_list(tmp_path: Path) -> None:
    put(tmp_path).write_text("\ufeff" + json.dumps(record("a")), "utf-8")
    assert read(tmp_path, "Walk [@a].\n").problems == ()


def test_only_what_is_cited_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, *(record(f"key{number}") for number in range(500)))
    looked_at: list[str] = []

    def watched(entry: Record) -> tuple[Reference | None, list[Problem]]:
        looked_at.append(entry.csl["id"])
        return checked(entry)

    monkeypatch.setattr(shelf, "checked", watched)
    read(tmp_path, "Walk [@key7; @key400; @key7], not [@key9999].\n")
    assert sorted(looked_at) == ["key400", "key7"]


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, record("a", title=str(tmp_path)))
    opened: list[str] = []

    def watched(text: str) -> list[Span] | None:
        opened.append(text)
        return spans_of(text)

    monkeypatch.setattr(shelf, "spans_of", watched)
    assert [list(open_shelf(path.parent, tmp_path)) for _ in range(3)] == [["a"]] * 3
    assert len(opened) == 1
    put(tmp_path, record("b", title=str(tmp_path)))
    assert list(open_shelf(path.parent, tmp_path)) == ["b"]


def test_one_source_by_two_keys_is_told_where_both_are_cited(tmp_path: Path) -> None:
    put(tmp_path, record("a", DOI="10.1234/a"), record("b", DOI="10.1234/A"), record("c"))
    result = read(tmp_path, "Walk [@a; @b; @c; @own; @twin].\n", record("own", title="About c"), record("twin"))
    assert codes(list(cited_twice(cited(result)))) == [("reference-duplicate", "warning")] * 2
    assert list(cited_twice(cited(read(tmp_path, "Walk [@a; @c].\n")))) == []
