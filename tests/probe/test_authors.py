"""Who wrote the files of an issue, as git knows it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsletter.model.staff import Author
from newsletter.probe.authors import Written, written_by

ISSUE = Path("issues/walking")
ANA, BEN = Author(name="Ana Ruiz", email="ana@example.org"), Author(name="Ben Lee", email="ben@example.org")
CEM = Author(name="Cem Kaya", email="cem@example.org")


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q")
        self.is_used_by(ANA)

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def is_used_by(self, author: Author) -> None:
        with (self.folder / ".git" / "config").open("a") as file:
            file.write(f"[user]\nname = {author.name}\nemail = {author.email}\n")

    def write(self, text: str, name: str = "issues/walking/issue.md") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, by: Author, *more: str) -> None:
        self.git("add", ".")
        self.git("-c", f"user.name={by.name}", "-c", f"user.email={by.email}", "commit", "-qm", "text", *more)

    def written(self) -> Written:
        return written_by(self.folder, [ISSUE / "issue.md", ISSUE])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return Repository(tmp_path)


def test_everybody_who_committed_a_file_of_the_issue_wrote_it(repository: Repository) -> None:
    repository.write("one")
    repository.commit(BEN)
    repository.write("picture", "issues/walking/knee.svg")
    repository.commit(CEM, "-m", "Co-authored-by: Dora Maar <dora@example.org>")
    repository.write("another issue", "issues/diet/issue.md")
    repository.commit(ANA)
    found = repository.written()
    assert {*found.authors} == {BEN, CEM, Author(name="Dora Maar", email="dora@example.org")}
    assert found.commit == repository.git("rev-parse", "HEAD")


def test_who_commits_for_another_is_an_author_as_well(repository: Repository) -> None:
    repository.write("one")
    repository.commit(CEM, f"--author={BEN.name} <{BEN.email}>")
    assert {*repository.written().authors} == {BEN, CEM}


def test_what_is_not_committed_is_by_the_user_of_git_here(repository: Repository) -> None:
    repository.write("one")
    assert repository.written() == Written(authors=(ANA,), commit="", known=True)
    repository.commit(BEN)
    repository.write("two")
    found = repository.written()
    assert (found.authors, found.commit[-1]) == ((ANA, BEN), "+")


def test_a_file_that_git_ignores_is_by_the_user_too(repository: Repository) -> None:
    repository.write("issues/\n", ".gitignore")
    repository.commit(BEN)
    repository.write("one")
    assert repository.written().authors == (ANA,)


def test_a_change_elsewhere_shows_at_the_commit_alone(repository: Repository) -> None:
    repository.write("one")
    repository.write("[newsletter]", "newsletter.toml")
    repository.commit(BEN)
    repository.write("[sender]", "newsletter.toml")
    found = repository.written()
    assert (found.authors, found.commit[-1]) == ((BEN,), "+")


def test_who_wrote_it_under_another_name_wrote_it(repository: Repository) -> None:
    repository.write("a text that is long enough to be known again\n" * 9, "issues/draft.md")
    repository.commit(BEN)
    (repository.folder / ISSUE).mkdir()
    repository.git("mv", "issues/draft.md", "issues/walking/issue.md")
    repository.commit(CEM)
    assert {*repository.written().authors} == {BEN, CEM}


def test_a_mailmap_makes_nobody_else_of_an_author(repository: Repository) -> None:
    repository.write("one")
    repository.commit(ANA)
    repository.write(f"Nobody <nobody@example.com> <{ANA.email}>\n", ".mailmap")
    assert {ANA, Author(name="Nobody", email="nobody@example.com")} == {*repository.written().authors}


def test_a_commit_in_the_place_of_another_does_not_count(repository: Repository) -> None:
    repository.write("one")
    repository.commit(ANA)
    mine = repository.git("rev-parse", "HEAD")
    repository.is_used_by(BEN)
    repository.git("commit", "-q", "--amend", "--reset-author", "--message", "mine")
    repository.git("replace", mine, "HEAD")
    repository.git("reset", "-q", "--hard", mine)
    assert repository.written().authors == (ANA,)


def test_a_new_file_counts_also_where_git_status_leaves_new_files_away(repository: Repository) -> None:
    repository.write("one")
    repository.commit(ANA)
    repository.git("config", "status.showUntrackedFiles", "no")
    repository.is_used_by(BEN)
    repository.write("more", "issues/walking/more.md")
    assert BEN in repository.written().authors


def test_a_folder_with_signs_in_its_name_is_that_folder(repository: Repository) -> None:
    repository.write("one", "issues/[d]raft/issue.md")
    repository.commit(BEN)
    repository.write("one", "issues/draft/issue.md")
    repository.commit(CEM)
    folder = Path("issues/[d]raft")
    assert written_by(repository.folder, [folder / "issue.md", folder]).authors == (BEN,)


def test_outside_of_git_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert written_by(tmp_path, [ISSUE]) == Written()


def test_without_the_program_nothing_is_known(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("one")
    monkeypatch.setattr("newsletter.probe.git.shutil.which", lambda _name: None)
    assert repository.written() == Written()
