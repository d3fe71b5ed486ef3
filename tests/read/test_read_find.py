"""The name of an issue on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.errors import IssueNotFound
from newsletter.read import find_issue, slug_of


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
