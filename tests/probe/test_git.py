"""What git says of a workspace, and the workspace as it was; real repositories, none of which is ever written to."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import GitRefuses, NewsletterError, NotInGit, RevisionNotFound, ServiceMissing
from newsletter.probe import git as probe
from newsletter.probe.git import changed_files, find_commit, former_name
from newsletter.probe.past import stored_files, written
from tests.support.git import commit_all, git


def write(folder: Path, **files: str) -> Path:
    """`a__b="..."` is written to a/b."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def state(folder: Path) -> dict[str, bytes]:
    """Every file with its content, git's own included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def as_it_was(folder: Path, revision: str = "HEAD") -> tuple[dict[str, str], tuple[str, ...]]:
    """Files of the workspace at that revision, and the notes."""
    files = stored_files(folder, find_commit(folder, revision))
    with written(files, folder) as past:
        found = {name: content.decode() for name, content in state(past.folder).items()}
    assert not past.folder.exists()
    return found, past.notes


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("model"), settings="one", letters__toml="old", letters__issues__a="A")
    commit_all(folder)
    git(folder, "tag", "first")
    write(folder, letters__toml="new")
    commit_all(folder)
    return write(folder, letters__toml="newest", letters__draft="never added")


@pytest.fixture
def repository(model: Path, tmp_path: Path) -> Path:
    """Two commits, `first` a tag of the first, and changes that are not committed."""
    return shutil.copytree(model, tmp_path / "home", symlinks=True)


class TestFindingACommit:
    @pytest.mark.parametrize("name", ["first", "HEAD~1", "main~1", "main^", "refs/tags/first"])
    def test_every_usual_name_of_a_commit_is_understood(self, repository: Path, name: str) -> None:
        found = find_commit(repository, name)
        assert found.hash == git(repository, "rev-parse", "HEAD~1")
        assert found.words == f"{name} ({found.hash[:7]}, 2026-11-20)"

    def test_three_dots_mean_where_the_branch_began(self, repository: Path) -> None:
        git(repository, "branch", "topic", "first")
        git(repository, "stash", "--quiet")
        git(repository, "switch", "--quiet", "topic")
        write(repository, more="more")
        commit_all(repository)
        assert find_commit(repository, "main...").hash == git(repository, "rev-parse", "first")
        assert find_commit(repository, "main...HEAD").hash == git(repository, "rev-parse", "first")

    def test_the_other_side_of_three_dots_is_the_present(self, repository: Path) -> None:
        with pytest.raises(RevisionNotFound, match=r"first\.\.\.main") as why:
            find_commit(repository, "first...main")
        assert "write first... instead" in why.value.next_step

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "--output=stolen",
            "-h",
            "--help",
            "--git-dir",
            "HEAD\0",
            "HEAD..main",
            "HEAD:letters",
            "a b",
            "...",
            "@{",
        ],
    )
    def test_what_is_no_commit_is_refused_and_does_nothing(self, repository: Path, name: str) -> None:
        before = state(repository)
        with pytest.raises(RevisionNotFound):
            find_commit(repository, name)
        assert state(repository) == before

    @given(name=st.text(max_size=12) | st.from_regex(r"-{1,2}[a-z]+=?[a-z/]{0,5}", fullmatch=True))
    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_name_is_ever_an_option(self, repository: Path, name: str) -> None:
        before = state(repository)
        try:
            found = find_commit(repository, name)
        except RevisionNotFound:
            pass
        else:  # such as "@"
            assert found.hash in git(repository, "rev-list", "--all")
        assert state(repository) == before

    def test_a_slip_is_guessed(self, repository: Path) -> None:
        with pytest.raises(RevisionNotFound) as why:
            find_commit(repository, "frist")
        assert why.value.nearest == "first"

    def test_without_a_commit_it_says_so(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        with pytest.raises(RevisionNotFound) as why:
            find_commit(tmp_path, "HEAD")
        assert "Nothing is committed yet" in why.value.next_step

    def test_a_shallow_clone_is_told_what_to_fetch(self, repository: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
        git(repository, "branch", "topic/two", "first")
        shallow = tmp_path / "shallow"
        missing = git(repository, "rev-parse", "first")
        for name in (missing, "origin/topic/two"):
            with pytest.raises(RevisionNotFound) as why:
                find_commit(shallow, name)
            command = why.value.next_step.partition("Get it: git ")[2]
            assert command.startswith("fetch --depth=1 origin ")
        git(shallow, *command.split())
        assert find_commit(shallow, "origin/topic/two").hash == missing

    def test_a_shallow_clone_without_a_common_commit_is_told_to_fetch_more(
        self, repository: Path, tmp_path: Path
    ) -> None:
        git(repository, "branch", "topic", "first")
        git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository}", "shallow")
        with pytest.raises(RevisionNotFound) as why:
            find_commit(tmp_path / "shallow", "origin/topic...")
        assert "git fetch --unshallow origin" in why.value.next_step

    def test_a_folder_outside_of_git_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        with pytest.raises(NotInGit, match="is not in a git repository"):
            find_commit(tmp_path, "HEAD")

    def test_git_itself_may_be_missing(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        with pytest.raises(ServiceMissing, match="git: it is not installed"):
            find_commit(repository, "HEAD")

    def test_a_repository_of_somebody_else_is_told(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        with pytest.raises(GitRefuses) as why:
            find_commit(repository, "HEAD")
        assert why.value.folder == repository

    def test_a_broken_repository_is_told_in_its_own_words(self, repository: Path) -> None:
        (repository / ".git" / "config").write_text("[core\n")
        with pytest.raises(NewsletterError, match="git: bad config line 1"):
            find_commit(repository, "HEAD")

    @pytest.mark.parametrize("value", [".git", "{}/.git"])
    def test_variables_that_git_sets_for_hooks_lead_nowhere_else(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("GIT_DIR", value.format(repository))
        monkeypatch.setenv("GIT_INDEX_FILE", value.format(repository) + "/index")
        assert as_it_was(repository / "letters")[0] == {"toml": "new", "issues/a": "A"}

    def test_a_repository_that_lies_apart_from_its_files_can_be_named(
        self, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_DIR", str((repository / ".git").rename(tmp_path / "apart")))
        monkeypatch.setenv("GIT_WORK_TREE", str(repository))
        assert as_it_was(repository / "letters")[0] == {"toml": "new", "issues/a": "A"}


class TestWhatChanged:
    def test_changed_new_and_deleted_files_by_their_names_in_the_workspace(self, repository: Path) -> None:
        (repository / "letters" / "issues" / "a").unlink()
        write(repository, elsewhere="not in the workspace", **{"letters__ä b": "odd"})
        home = repository / "letters"
        assert list(map(str, changed_files(home, find_commit(home, "HEAD")))) == ["draft", "issues/a", "toml", "ä b"]

    def test_a_file_that_was_only_touched_has_not_changed(self, repository: Path) -> None:
        os.utime(repository / "settings", (1, 1))
        assert PurePosixPath("settings") not in changed_files(repository, find_commit(repository, "HEAD"))
        assert PurePosixPath("letters/toml") in changed_files(repository, find_commit(repository, "HEAD"))

    def test_ignored_files_do_not_count(self, repository: Path) -> None:
        write(repository, **{".gitignore": "draft\n"})
        assert PurePosixPath("letters/draft") not in changed_files(repository, find_commit(repository, "HEAD"))

    def test_a_file_that_git_moved_has_its_former_name(self, repository: Path) -> None:
        git(repository, "mv", "letters/issues/a", "letters/issues/b")
        home = repository / "letters"
        commit = find_commit(home, "HEAD")
        assert former_name(home, commit, PurePosixPath("issues/b")) == PurePosixPath("issues/a")
        assert former_name(home, commit, PurePosixPath("toml")) is None


class TestTheWorkspaceAsItWas:
    def test_it_is_as_committed_and_nothing_else(self, repository: Path) -> None:
        assert as_it_was(repository)[0] == {"settings": "one", "letters/toml": "new", "letters/issues/a": "A"}
        assert as_it_was(repository, "first")[0]["letters/toml"] == "old"

    def test_a_workspace_in_a_folder_of_the_repository_stands_alone(self, repository: Path) -> None:
        assert as_it_was(repository / "letters", "first")[0] == {"toml": "old", "issues/a": "A"}

    def test_a_workspace_that_was_not_there_is_empty(self, repository: Path) -> None:
        home = write(repository / "new", toml="new")
        assert as_it_was(home) == ({}, ())

    def test_a_worktree_of_a_bare_clone_will_do(self, repository: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", "--bare", str(repository), "bare")
        git(tmp_path / "bare", "worktree", "add", "--quiet", str(tmp_path / "tree"), "main")
        assert as_it_was(tmp_path / "tree" / "letters", "first")[0] == {"toml": "old", "issues/a": "A"}

    def test_neither_the_index_nor_a_file_is_touched(self, repository: Path) -> None:
        git(repository, "add", "letters/draft")
        os.utime(repository / "settings", (1, 1))  # git would gladly write down that it is unchanged
        before = state(repository)
        commit = find_commit(repository, "first")
        changed_files(repository, commit)
        former_name(repository, commit, PurePosixPath("letters/toml"))
        as_it_was(repository, "first")
        assert state(repository) == before

    def test_only_we_may_look_into_it_and_it_is_gone_when_interrupted(self, repository: Path) -> None:
        files = stored_files(repository, find_commit(repository, "HEAD"))
        seen: list[Path] = []

        def interrupted() -> None:
            with written(files, repository) as past:
                seen.append(past.folder.parent)
                assert stat.S_IMODE(seen[0].stat().st_mode) == 0o700
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert not seen[0].exists()

    def test_attributes_for_archives_hide_and_change_nothing(self, repository: Path) -> None:
        write(
            repository, **{".gitattributes": "letters export-ignore\nsettings export-subst\n"}, settings="$Format:%H$"
        )
        commit_all(repository)
        found, _ = as_it_was(repository)
        assert found["letters/toml"] == "newest"
        assert found["settings"] == "$Format:%H$"

    def test_names_with_any_character_and_empty_files(self, repository: Path) -> None:
        odd = {"letters/" + name: name for name in ("a b", "ü\n", '"q"', "-x", ":(top)", "日本")}
        for name, text in odd.items():
            (repository / name).write_text(text)
        write(repository, empty="")
        commit_all(repository)
        found, _ = as_it_was(repository)
        assert found.items() >= {**odd, "empty": ""}.items()

    def test_a_link_within_is_a_link_and_one_that_leads_out_is_told(self, repository: Path) -> None:
        (repository / "letters" / "inside").symlink_to("toml")
        (repository / "letters" / "outside").symlink_to("/etc/passwd")
        (repository / "letters" / "above").symlink_to("../settings")
        (repository / "letters" / "circle").symlink_to("circle")
        commit_all(repository)
        found, notes = as_it_was(repository / "letters")
        assert found["inside"] == "newest"
        assert {name for name in found if name in {"outside", "above", "circle"}} == set()
        assert sorted(note.partition(" ")[0] for note in notes) == ["above", "circle", "outside"]

    def test_a_tree_that_would_leave_the_folder_is_not_followed(self, repository: Path, tmp_path: Path) -> None:
        evil = git(repository, "hash-object", "-w", "settings")
        inner = make_tree(repository, f"100644 blob {evil}\tescaped")
        tree = make_tree(repository, f"040000 tree {inner}\t..", f"100644 blob {evil}\tgood")
        commit = git(repository, "commit-tree", tree, "-m", "evil")
        assert as_it_was(repository, commit)[0] == {"good": "one"}
        assert list(tmp_path.rglob("escaped")) == []

    def test_content_in_git_lfs_is_found_where_it_is_and_told_where_not(self, repository: Path) -> None:
        kept, lost, here = (f"content that is {word}" for word in ("kept", "lost", "here"))
        for name, content in (("kept", kept), ("lost", lost), ("here", here)):
            write(repository, **{name: pointer(content)})
        commit_all(repository)
        wanted = hashlib.sha256(kept.encode()).hexdigest()
        write(repository / ".git" / "lfs" / "objects" / wanted[:2] / wanted[2:4], **{wanted: kept})
        write(repository, here=here)
        found, notes = as_it_was(repository)
        assert (found["kept"], found["here"], found["lost"]) == (kept, here, pointer(lost))
        assert notes == ("lost lies in Git LFS and was not fetched: it is missing in the earlier state.",)

    def test_a_submodule_is_taken_as_it_is_now_and_told(self, repository: Path, tmp_path: Path) -> None:
        brand = write(tmp_path / "brand", logo="logo")
        commit_all(brand)
        git(repository, "submodule", "--quiet", "add", str(brand), "letters/templates")
        commit_all(repository)
        found, notes = as_it_was(repository / "letters")
        assert found["templates/logo"] == "logo"
        assert notes == ("templates is a git submodule: it is compared as it is now.",)

    def test_content_that_is_not_here_stops_it(self, repository: Path) -> None:
        blob = git(repository, "rev-parse", "HEAD:settings")
        (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        with pytest.raises(ServiceMissing, match="no content for settings here"):
            as_it_was(repository)


def pointer(content: str) -> str:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"


def make_tree(repository: Path, *entries: str) -> str:
    """A tree object that git's own commands would refuse to make."""
    content = b""
    for entry in entries:
        facts, _, name = entry.partition("\t")
        mode, _, rest = facts.partition(" ")
        content += f"{mode.lstrip('0')} {name}\0".encode() + bytes.fromhex(rest.rpartition(" ")[2])
    file = repository.parent / "tree"
    file.write_bytes(content)
    return git(repository, "hash-object", "-t", "tree", "-w", "--literally", str(file))


def test_the_command_line_has_no_pager_and_asks_nobody() -> None:
    assert probe.environment()["GIT_TERMINAL_PROMPT"] == "0"
    assert "--no-pager" in probe.command(Path(), "log")
