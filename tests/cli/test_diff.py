"""`newsletter diff`: an issue now beside the issue at a commit, each with the whole workspace of its time."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from PIL import Image

from newsletter.cli.diff import lines as diff_lines
from newsletter.cli.main import cli
from newsletter.cli.words import exit_code, explain
from newsletter.errors import IssueNotFound, NotInGit, RevisionNotFound
from tests.support import workspace as workspaces
from tests.support.git import commit_all, git

if TYPE_CHECKING:
    from pathlib import Path

SAME = "walking: no change in what readers get."


@dataclass
class Desk:
    """A workspace in git, and the command on it."""

    folder: Path

    @property
    def issue(self) -> Path:
        return self.folder / "issues" / "walking" / "issue.md"

    def edit(self, old: str, new: str, file: str = "issues/walking/issue.md") -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def diff(self, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["-C", str(self.folder), "diff", *words], standalone_mode=False)
        if done.exception:
            raise done.exception
        assert done.return_value == code, done.output
        assert done.stderr == ""
        return done.stdout

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.diff(*words, "--json", code=code))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workspaces.make(tmp_path_factory.mktemp("model") / "home").folder
    (folder / ".gitignore").write_text(".env\n")
    Image.new("RGB", (600, 300), "green").save(folder / "issues" / "walking" / "knee.png")
    commit_all(folder)
    return folder


@pytest.fixture
def desk(model: Path, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(model, tmp_path / "home"))


class TestWhatIsShown:
    def test_no_change(self, desk: Desk) -> None:
        assert desk.diff("walking").splitlines() == [SAME, ""]

    def test_everything_that_changed_in_words(self, desk: Desk) -> None:
        desk.edit("short walks, often", "short runs, often ![A knee](knee.png)")
        desk.edit("title: Walking after", "title: Running after")
        desk.edit("https://example.org/visit", "https://example.org/call")
        said = desk.diff("walking")
        head, text, html = (said.index(title) for title in ("\nSubject\n", "\nText\n", "\nHTML\n"))
        assert head < text < html
        assert said.startswith("walking: changed since HEAD (")
        assert "\n-Walking after a knee operation\n+Running after a knee operation\n" in said[:text]
        assert "\n+https://example.org/call\n" in said[:text]
        assert "\n-https://example.org/visit\n" in said[:text]
        assert "\nImages\n+knee.png\n" in said[:text]
        assert "-short walks, often: that is the whole secret." in said[text:html]
        assert "issue.md:9\n" in said[html:]
        assert " KB before, " in said[html:]
        assert "Gmail shows all of it." in said[html:]

    def test_one_of_the_two_parts(self, desk: Desk) -> None:
        desk.edit("short walks", "short runs")
        for words, text, html in (
            (["--text"], True, False),
            (["--html"], False, True),
            (["--html", "--text"], True, True),
        ):
            said = desk.diff(*words)
            assert ("\nText\n" in said, "\nHTML\n" in said) == (text, html)

    def test_json_has_it_all(self, desk: Desk) -> None:
        desk.edit("short walks", "short runs")
        found = desk.json("walking")
        assert found["against"] == {
            "revision": "HEAD",
            "commit": git(desk.folder, "rev-parse", "HEAD"),
            "date": "2026-11-20",
        }
        (issue,) = found["issues"]
        assert (issue["slug"], issue["state"], issue["variants"]["now"]) == ("walking", "changed", [""])
        (text,) = (change for change in issue["changes"] if change["part"] == "text")
        assert "+short runs, often: that is the whole secret." in text["lines"]
        (size,) = issue["sizes"]
        assert size["after"] - size["before"] == len("runs") - len("walks")

    def test_colour_on_a_terminal_and_nothing_that_steers_it(self, desk: Desk) -> None:
        desk.edit("short walks", "short \u202eruns")
        words = ["-C", str(desk.folder), "diff", "--text"]
        said = CliRunner().invoke(cli, words, standalone_mode=False, color=True).stdout
        assert "\x1b[31m-short walks, often: that is the whole secret.\x1b[0m" in said
        assert "\u202e" not in said

    def test_new_errors_end_with_1_and_old_ones_do_not(self, desk: Desk) -> None:
        desk.edit("title: Walking", "colour: red\ntitle: Walking")
        said = desk.diff("walking", code=1)
        assert "New problems: 1 error" in said
        assert "front-matter-unknown-key" in said
        commit_all(desk.folder)
        assert desk.diff("walking").splitlines() == [SAME, ""]
        desk.edit("colour: red\n", "")
        assert "Problems that are gone: 1 error\n-error [front-matter-unknown-key]" in desk.diff("walking")


class TestTheOtherSide:
    def test_each_side_has_the_workspace_of_its_time(self, desk: Desk) -> None:
        desk.edit("short walks", "![A knee](knee.png) short walks")
        (desk.folder / "templates" / "email").mkdir(parents=True)
        commit_all(desk.folder)
        Image.new("RGB", (600, 300), "red").save(desk.issue.with_name("knee.png"))
        desk.edit('name = "Test Clinic"', 'name = "Another Clinic"', "newsletter.toml")
        (desk.folder / "templates" / "email" / "parts").mkdir()
        (desk.folder / "templates" / "email" / "parts" / "masthead.html.j2").write_text("<p>Our own head</p>\n")
        said = desk.diff("walking")
        assert "\n~knee.png: another picture\n" in said
        assert "\n-name: Test Clinic\n+name: Another Clinic\n" in said
        assert "+Our own head" in said

    def test_what_git_does_not_keep_holds_for_both(self, desk: Desk) -> None:
        (desk.folder / ".env").write_text('NEWSLETTER_SENDER_NAME="From the machine"\nNEWSLETTER_SECRET=x\n')
        assert desk.diff("walking").splitlines() == [SAME, ""]

    def test_a_named_commit_and_where_a_branch_began(self, desk: Desk) -> None:
        git(desk.folder, "switch", "--quiet", "--create", "topic")
        desk.edit("short walks", "short runs")
        commit_all(desk.folder)
        assert desk.diff("walking").splitlines() == [SAME, ""]
        for revision in ("main", "main..."):
            assert "+short runs" in desk.diff("walking", "--against", revision)

    def test_a_new_issue_is_shown_by_its_text(self, desk: Desk) -> None:
        new = desk.folder / "issues" / "stairs.md"
        new.write_text("---\ntitle: Stairs\npreheader: Going up and coming down, a little every day\n---\n\nWalk up.\n")
        said = desk.diff("stairs")
        assert said.startswith("stairs: new since HEAD (")
        assert "\n+Walk up.\n" in said
        assert "All of it is new; --html shows it." in said
        assert "\n+Walk up.\n" in desk.diff("stairs", "--html")

    def test_a_deleted_issue_is_said_to_be(self, desk: Desk) -> None:
        shutil.rmtree(desk.issue.parent)
        assert desk.diff("walking").startswith("walking: deleted since HEAD (")
        assert desk.json()["issues"][0]["state"] == "deleted"

    def test_an_issue_that_never_was_is_not_found(self, desk: Desk) -> None:
        with pytest.raises(IssueNotFound) as why:
            desk.diff("walkin")
        assert why.value.nearest == "walking"

    @pytest.mark.parametrize("moved_by_git", [True, False])
    def test_an_issue_of_another_name_is_compared_where_git_knows_of_it(self, desk: Desk, moved_by_git: bool) -> None:
        if moved_by_git:
            git(desk.folder, "mv", "issues/walking", "issues/running")
        else:
            desk.issue.parent.rename(desk.folder / "issues" / "running")
        said = desk.diff("running")
        if moved_by_git:
            assert said.splitlines()[0] == "running: no change in what readers get. It was called walking."
        else:
            assert said.startswith("running: new since")

    def test_an_issue_that_became_a_file_of_its_own_is_the_same_issue(self, desk: Desk) -> None:
        desk.issue.rename(desk.folder / "issues" / "walking.md")
        shutil.rmtree(desk.issue.parent)
        assert desk.diff("walking").splitlines() == [SAME, ""]

    def test_settings_that_were_broken_are_a_problem_that_is_gone(self, desk: Desk) -> None:
        desk.edit("[sender]", "[sendr]", "newsletter.toml")
        commit_all(desk.folder)
        desk.edit("[sendr]", "[sender]", "newsletter.toml")
        said = desk.diff("walking")
        assert said.startswith("walking: new since")
        assert "-error [settings-unknown-key]" in said

    def test_a_workspace_that_was_not_there(self, desk: Desk) -> None:
        outer = desk.folder.with_name("outer")
        outer.mkdir()
        commit_all(outer)
        shutil.rmtree(desk.folder / ".git")
        inner = Desk(desk.folder.rename(outer / "letters"))
        assert inner.diff("walking").startswith("walking: new since")

    def test_what_does_not_work(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(RevisionNotFound):
            desk.diff("walking", "--against", "--output=x")
        shutil.rmtree(desk.folder / ".git")
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(desk.folder.parent))
        with pytest.raises(NotInGit) as why:
            desk.diff("walking")
        assert exit_code(why.value) == 5
        assert "Keep the workspace in git" in explain(why.value)


class TestWithoutAnIssue:
    def test_nothing_has_changed(self, desk: Desk) -> None:
        (desk.folder / "notes.txt").write_text("of no matter")
        assert desk.diff().startswith("No issue has changed since HEAD (")

    def test_issues_that_a_changed_file_belongs_to(self, desk: Desk) -> None:
        other = desk.folder / "issues" / "other" / "issue.md"
        other.parent.mkdir()
        other.write_text(workspaces.ISSUE)
        commit_all(desk.folder)
        desk.issue.with_name("knee.png").unlink()
        desk.edit("short walks", "short runs", "issues/other/issue.md")
        assert [(issue["slug"], issue["state"]) for issue in desk.json()["issues"]] == [
            ("other", "changed"),
            ("walking", "same"),
        ]
        commit_all(desk.folder)
        desk.edit('phone = "213-555-0142"', 'phone = "213-555-0199"', "newsletter.toml")
        assert [(issue["slug"], issue["state"]) for issue in desk.json()["issues"]] == [
            ("other", "changed"),
            ("walking", "changed"),
        ]


class TestLongLines:
    def test_the_difference_of_two_long_lines_is_shown(self) -> None:
        old, new = (f"-{'a' * 300}{word}{'b' * 300}" for word in ("old", "new"))
        shown = [*diff_lines._shortened([" same", old, "+" + new[1:]])]
        assert shown == [" same", f"-…{'a' * 40}old{'b' * 40}…", f"+…{'a' * 40}new{'b' * 40}…"]

    def test_lines_around_and_lines_alone_are_cut_at_their_end(self) -> None:
        shown = [*diff_lines._shortened([" " + "a" * 1000, "+" + "b" * 1000, " " + "c" * 20])]
        assert shown[0] == " " + "a" * 159 + "… (841 more characters)"
        assert shown[1] == "+" + "b" * 499 + "… (501 more characters)"
        assert shown[2] == " " + "c" * 20

    def test_a_line_that_only_grew_at_its_end(self) -> None:
        shown = [*diff_lines._shortened(["-" + "a" * 300, "+" + "a" * 303])]
        assert shown == ["-…" + "a" * 40, "+…" + "a" * 43]


@pytest.mark.acceptance
def test_the_command_says_what_to_do_next(desk: Desk) -> None:
    workspace = workspaces.Workspace(desk.folder)
    done = workspace.run("diff", "walking", "--against", "mian", code=2)
    assert done.stderr.splitlines() == [
        "Git knows no revision mian here.",
        "Did you mean main?",
        "Name a branch, a tag or a commit, such as HEAD~1, main or origin/main; `git log` shows them.",
    ]
