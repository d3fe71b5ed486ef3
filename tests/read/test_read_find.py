"""The name of an issue on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import IssueNotFound
from newsletter.read import find_issue, find_issues, slug_of, touched_issues
from newsletter.settings import load
from tests.support.workspace import make

if TYPE_CHECKING:
    from newsletter.settings import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "issues" / "running").mkdir(parents=True)
    (tmp_path / "issues" / "running" / "issue.md").write_text("x", encoding="utf-8")
    (tmp_path / "issues" / "walking.md").write_text("x", encoding="utf-8")
    return tmp_path


def test_a_slug_is_found_in_the_workspace(workspace: Path) -> None:
    assert find_issue(workspace, "running") == workspace / "issues" / "running" / "issue.md"
    assert find_issue(workspace, "walking") == workspace / "issues" / "walking.md"


@pytest.mark.parametrize("name", ["issues/running", "issues/running/", "issues/running/issue.md"])
def test_a_folder_or_file_is_found_from_the_workspace(workspace: Path, name: str) -> None:
    assert find_issue(workspace, name) == workspace / "issues" / "running" / "issue.md"


def test_a_folder_or_file_is_found_from_the_current_folder(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace / "issues")
    assert find_issue(workspace, "walking.md").samefile(workspace / "issues" / "walking.md")
    monkeypatch.chdir(workspace / "issues" / "running")
    for name in (".", "issue.md", "../running"):
        found = find_issue(workspace, name)
        assert found.samefile(workspace / "issues" / "running" / "issue.md")
        assert slug_of(found) == "running"


def test_an_absolute_path_is_found(workspace: Path) -> None:
    path = workspace / "issues" / "running"
    assert find_issue(workspace / "elsewhere", str(path)) == path / "issue.md"


def test_a_slug_wins_over_a_folder_that_has_no_issue(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / "running").mkdir()
    monkeypatch.chdir(workspace)
    assert find_issue(workspace, "running") == workspace / "issues" / "running" / "issue.md"


def test_a_typo_names_the_nearest_slug(workspace: Path) -> None:
    with pytest.raises(IssueNotFound) as caught:
        find_issue(workspace, "runing")
    assert (caught.value.name, caught.value.nearest) == ("runing", "running")
    with pytest.raises(IssueNotFound) as caught:
        find_issue(workspace, "issues/walkin.md")
    assert caught.value.nearest == "walking"


@pytest.mark.parametrize("name", ["", " ", "zzzzzz", "a\0b", "x" * 5000, "issues", "..", "*"])
def test_other_names_are_not_found(workspace: Path, name: str) -> None:
    with pytest.raises(IssueNotFound) as caught:
        find_issue(workspace, name)
    assert caught.value.nearest is None


def test_the_slug_is_that_of_the_folder_or_of_the_file() -> None:
    assert slug_of(Path("issues/running/issue.md")) == "running"
    assert slug_of(Path("issues/walking.md")) == "walking"


class TestWhatAFileStandsFor:
    """Names as git and pre-commit give them."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Workspace:
        made = make(tmp_path / "home")
        made.write_issue("x", "running")
        (made.folder / "issues" / "alone.md").write_text("x", encoding="utf-8")
        settings = made.folder / "newsletter.toml"
        settings.write_text(settings.read_text("utf-8") + '\n[theme]\nlogo = "pictures/logo.png"\n', encoding="utf-8")
        return load(made.folder, {})

    @pytest.mark.parametrize(
        ("file", "slugs"),
        [
            ("issues/running/issue.md", ["running"]),
            ("issues/running/deeper/knee.png", ["running"]),
            ("issues/running/notes.md", ["running"]),
            ("issues/alone.md", ["alone"]),
            ("issues/alone.json", ["alone"]),
            ("issues/gone/issue.md", []),
            ("newsletter.toml", ["alone", "running", "walking"]),
            ("templates/disclaimers/general.en.md", ["alone", "running", "walking"]),
            ("styles/ours.csl", ["alone", "running", "walking"]),
            ("pictures/logo.png", ["alone", "running", "walking"]),
            ("pictures/other.png", []),
            ("README.md", []),
            ("../newsletter.toml", []),
        ],
    )
    def test_a_changed_file_touches_issues_though_it_may_be_gone(
        self, place: Workspace, file: str, slugs: list[str]
    ) -> None:
        assert [slug_of(path) for path in touched_issues(place, [place.folder / file])] == slugs

    def test_names_stand_for_each_issue_once(self, place: Workspace) -> None:
        picture = place.folder / "issues" / "running" / "knee.png"
        picture.touch()
        assert [slug_of(path) for path in find_issues(place, ["walking", str(picture), "running", "alone"])] == [
            *("walking", "running", "alone"),
        ]

    def test_an_issue_elsewhere_stands_for_itself(self, place: Workspace) -> None:
        draft = place.folder / "drafts" / "ideas.md"
        draft.parent.mkdir()
        draft.touch()
        assert find_issues(place, ["drafts/ideas.md"]) == [draft]

    def test_other_files_in_issues_stand_for_nothing(self, place: Workspace) -> None:
        (place.folder / "issues" / "alone.md").unlink()
        (place.folder / "issues" / "readers.csv").touch()
        assert find_issues(place, ["issues/readers.csv"]) == []

    def test_a_name_that_stands_for_nothing_is_told(self, place: Workspace) -> None:
        with pytest.raises(IssueNotFound):
            find_issues(place, ["walking", "nowhere"])
