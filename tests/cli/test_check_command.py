"""`newsletter check`: what it tells and how, what stops a mailing, and who may let it stand."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

#: one error and one warning
FAULTY = workspaces.ISSUE.replace("short walks", "see the [plan](#plan), TODO: short walks")
HOUSE_RULE = '''
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

@issue_rule("house-greeting", Level.WARNING)
def greets(content):
    """A letter without our greeting."""
    if "Good morning" not in content.source:
        yield Finding(at=content.issue.place("title"), message="no greeting", fix="Greet the reader.")

RULES = (greets,)
'''


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.make(tmp_path / "workspace")


def codes(workspace: Workspace, *words: str, code: int) -> list[str]:
    return [problem["code"] for problem in workspace.json("check", *words, code=code)["problems"]]


def add_settings(workspace: Workspace, text: str) -> None:
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text("utf-8") + text, "utf-8")


def test_the_faulty_line_is_shown_and_marked(workspace: Workspace) -> None:
    workspace.write_issue(FAULTY)
    told = workspace.run("check", "walking", code=1).stdout
    lines = told.splitlines()
    at = next(number for number, line in enumerate(lines) if "[link-target]" in line)
    assert re.search(r":9:9: error \[link-target\] no heading of this issue is called `#plan`$", lines[at])
    assert lines[at + 1].endswith("| see the [plan](#plan), TODO: short walks, often: that is the whole secret.")
    assert lines[at + 2].index("^") == lines[at + 1].index("[plan]")
    assert lines[at + 3].lstrip().startswith("-> Headings are: #what-to-do.")


def test_select_and_ignore_decide_what_is_told_and_the_exit_code(workspace: Workspace) -> None:
    workspace.write_issue(FAULTY)
    assert codes(workspace, "walking", code=1) == ["link-target", "text-leftover"]
    assert codes(workspace, "walking", "--select", "text-*", code=0) == ["text-leftover"]
    assert codes(workspace, "walking", "--ignore", "link-target,text-leftover", code=0) == []


def test_a_code_that_does_not_exist_is_refused_with_the_nearest(workspace: Workspace) -> None:
    for words in (("walking", "--select", "link-targe"), ("--explain", "link-targe")):
        assert "Did you mean link-target?" in workspace.run("check", *words, code=2).stderr


def test_strict_makes_warnings_count(workspace: Workspace) -> None:
    workspace.write_issue(workspaces.ISSUE.replace("short walks", "TODO: short walks"))
    assert codes(workspace, "walking", code=0) == ["text-leftover"]
    assert codes(workspace, "walking", "--strict", code=1) == ["text-leftover"]


def test_without_a_name_all_issues_are_checked(workspace: Workspace) -> None:
    workspace.write_issue(FAULTY, "another")
    told = workspace.run("check", code=1).stdout
    assert "another/issue.md:9:9: error [link-target]" in told
    assert told.splitlines()[-1].startswith("2 issues checked: 1 error, 1 warning.")


def test_github_gets_one_annotation_for_each_finding(workspace: Workspace) -> None:
    workspace.write_issue(FAULTY)
    error, warning = workspace.run("check", "walking", "--format", "github", code=1).stdout.splitlines()
    assert re.fullmatch(r"::error file=\S+issue\.md,line=9,col=9,title=link-target::no heading .*%0A[A-Z].*", error)
    assert warning.startswith("::warning ")


def test_a_code_is_explained_with_its_examples(workspace: Workspace) -> None:
    told = workspace.run("check", "--explain", "subject-long").stdout
    assert told.startswith("subject-long (warning): A subject that most inboxes cut.")
    assert "Good (issue.md):" in told
    assert "`link-*` is no single code" in workspace.run("check", "--explain", "link-*", code=2).stderr
    assert "preheader-missing" in workspace.run("check", "--list-codes").stdout


def test_a_workspace_adds_rules_of_its_own(workspace: Workspace) -> None:
    add_settings(workspace, '\n[checks]\nrules = ["rules/house.py"]\n')
    assert codes(workspace, "walking", code=1) == ["rules-unloadable"]
    rules = workspace.folder / "rules" / "house.py"
    rules.parent.mkdir()
    rules.write_text(HOUSE_RULE, "utf-8")
    assert codes(workspace, "walking", code=0) == ["house-greeting"]
    assert "A letter without our greeting" in workspace.run("check", "--explain", "house-greeting").stdout
    add_settings(workspace, '\n[policy.levels]\nhouse-greeting = "error"\n')
    assert codes(workspace, "walking", code=1) == ["house-greeting"]


@pytest.mark.parametrize(
    "text",
    [
        "RULES = 1",
        "RULES = [1]",
        "import nothing_of_that_name",
        "raise SystemExit(0)",
        HOUSE_RULE.replace("house-greeting", "subject-long"),
    ],
)
def test_rules_that_cannot_be_used_are_told_and_ours_count_all_the_same(workspace: Workspace, text: str) -> None:
    add_settings(workspace, '\n[checks]\nrules = ["house.py"]\n')
    (workspace.folder / "house.py").write_text(text, "utf-8")
    workspace.write_issue(FAULTY)
    assert set(codes(workspace, "walking", code=1)) == {"rules-unloadable", "link-target", "text-leftover"}


def test_an_installed_package_adds_rules(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    info = site / "house_rules-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text("[newsletter.rules]\nhouse = house_rules:RULES\n", "utf-8")
    (site / "house_rules.py").write_text(HOUSE_RULE, "utf-8")
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    typed = ["-C", str(workspace.folder), "check", "walking", "--json"]
    told = CliRunner().invoke(cli, typed, standalone_mode=False)
    assert (told.return_value, [one["code"] for one in json.loads(told.stdout)["problems"]]) == (0, ["house-greeting"])
    (site / "house_rules.py").write_text("RULES = 1", "utf-8")
    monkeypatch.delitem(sys.modules, "house_rules")
    told = CliRunner().invoke(cli, typed, standalone_mode=False)
    (problem,) = json.loads(told.stdout)["problems"]
    assert (told.return_value, problem["code"], problem["file"]) == (1, "rules-unloadable", "package house-rules")


def test_errors_stop_a_mailing_unless_a_rule_is_overridden_with_a_reason(workspace: Workspace) -> None:
    workspace.import_readers("email\nada@example.org\n")
    workspace.write_issue(
        FAULTY.replace("---\ntitle", "---\nchecks:\n  ignore:\n    - {code: text-leftover, reason: A joke.}\ntitle")
    )
    send = ("send", "walking", "--to", "friends", "--yes")
    assert "link-target" in workspace.run(*send, code=4).stderr
    assert workspace.mails() == []
    assert "say why" in workspace.run(*send, "--override", "link-target", " ", code=2).stderr
    assert "Did you mean" in workspace.run(*send, "--override", "link-targt", "later", code=2).stderr
    refused = workspace.run(*send, "--override", "disclaimer-missing", "We are sure", code=4).stderr
    assert "cannot be overridden" in refused
    workspace.run(*send, "--override", "link-target", "the plan comes on Monday")
    assert len(workspace.mails()) == 1
    shown = workspace.json("mailings", "show", "1")
    assert shown["waivers"] == [
        {"code": "text-leftover", "kind": "ignored", "reason": "A joke.", "count": 1},
        {"code": "link-target", "kind": "overridden", "reason": "the plan comes on Monday", "count": 1},
    ]
    assert "overridden: 1 link-target (the plan comes on Monday)" in workspace.run("mailings", "show", "1").stdout


def test_what_is_ignored_is_still_said(workspace: Workspace) -> None:
    text = workspaces.ISSUE.replace("short walks", "TODO: short walks")
    workspace.write_issue(
        text.replace("---\ntitle", "---\nchecks:\n  ignore:\n    - {code: text-leftover, reason: A joke.}\ntitle")
    )
    assert "ignored: 1 text-leftover (A joke.)" in workspace.run("check", "walking").stdout


def test_an_ignore_is_told_at_its_own_line(workspace: Workspace) -> None:
    ignores = "checks:\n  ignore:\n    - {code: text-leftover, reason: A joke.}\n    - code: subject-lng\n      reason: A name.\n"
    workspace.write_issue(workspaces.ISSUE.replace("---\ntitle", f"---\n{ignores}title"))
    problems = workspace.json("check", "walking")["problems"]
    assert [(p["code"], p["line"]) for p in problems] == [("ignore-unused", 4), ("ignore-unknown", 5)]
