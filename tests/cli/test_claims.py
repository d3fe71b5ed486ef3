"""`newsletter claims`: what is listed, what accepting writes, and that it never says more than a pre-screen can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from newsletter.cli import claims as command
from newsletter.cli.main import cli
from newsletter.pipeline.screening import screened
from newsletter.settings import load
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

RULES = """\
rules:
  - {id: praise, say: [wonder*], level: review, why: It promises too much, instead: Say what was measured.}
  - {id: cure, say: [cure*], level: error, why: Nobody can promise that}
"""
ISSUE = """\
---
title: Walking after a knee operation
preheader: What to expect in the first weeks, and when to call us about it
date: 2026-12-01
---

Walk a little. It works wonders [@example]. Rest.

A small wonder, every day.
"""
REFERENCES = """[{"id": "example", "type": "article-journal", "title": "Walking", "author": [{"family": "Sample"}],
  "issued": {"date-parts": [[2020]]}}]"""


@pytest.fixture
def workspace(tmp_path: Path) -> workspaces.Workspace:
    place = workspaces.make(tmp_path)
    (place.folder / "claims.yaml").write_text(RULES)
    path = place.write_issue(ISSUE.replace("date:", "references: refs.json\ndate:"))
    (path.parent / "refs.json").write_text(REFERENCES)
    return place


def states(workspace: workspaces.Workspace, code: int) -> list[str]:
    return [claim["state"] for claim in workspace.json("claims", "list", "walking", code=code)["claims"]]


def test_open_sentences_are_listed_and_accepted_by_their_ids(workspace: workspaces.Workspace) -> None:
    said = workspace.run("claims", "review", "walking", code=1).stdout
    assert "Walk a little. >> It works wonders. << Rest." in said
    assert "Why: It promises too much." in said
    assert "Cites [@example] Sample 2020: Walking" in said
    assert "2 open" in said
    assert "held until somebody has looked: newsletter claims review walking." in said
    assert "no legal advice" in said
    ids = [claim["id"] for claim in workspace.json("claims", "list", "walking", code=1)["claims"]]
    signed = ("--reviewer", "Dr. A. Example", "--why", "It is a saying")
    assert workspace.json("claims", "accept", "walking", *ids, *signed)["accepted"] == ids
    assert states(workspace, code=0) == ["accepted", "accepted"]
    again = workspace.run("claims", "accept", "walking", ids[0], *signed, code=2).stderr
    assert "accepted already, by Dr. A. Example" in again


def accept_all(workspace: workspaces.Workspace) -> None:
    ids = [claim["id"] for claim in workspace.json("claims", "list", "walking", code=1)["claims"]]
    workspace.run("claims", "accept", "walking", *ids, "--reviewer", "Dr. A. Example", "--why", "It is a saying")


def rewrite(workspace: workspaces.Workspace, old: str, new: str) -> None:
    path = workspace.folder / "issues" / "walking" / "issue.md"
    path.write_text(path.read_text().replace(old, new))


def test_a_changed_sentence_keeps_its_old_signature_until_it_is_signed_anew(workspace: workspaces.Workspace) -> None:
    accept_all(workspace)
    rewrite(workspace, "small wonder", "great wonder")
    _, claim = workspace.json("claims", "list", "walking", code=1)["claims"]
    assert (claim["state"], claim["changed"]) == ("open", "the sentence changed")
    assert claim["signature"]["reviewer"] == "Dr. A. Example"
    assert claim["signature"]["in_force"] is False
    said = workspace.run("claims", "review", "walking", code=1).stdout
    assert "Then: A [-small-] wonder, every day." in said
    assert "Now: A {+great+} wonder, every day." in " ".join(said.split())
    said = workspace.run("claims", "tidy", "walking").stdout
    assert "Kept, for its sentence waits in another wording: A small wonder, every day." in said
    assert "Nothing to remove" in said
    accept = ("claims", "accept", "walking", claim["id"], "--reviewer", "Dr. B", "--why", "The same")
    workspace.run(*accept)
    lock = (workspace.folder / "issues" / "walking" / "claims.lock").read_text()
    assert "great wonder" in lock
    assert "small wonder" not in lock


def test_a_signature_without_a_sentence_is_tidied_away(workspace: workspaces.Workspace) -> None:
    accept_all(workspace)
    rewrite(workspace, "A small wonder, every day.", "Nothing more.")
    assert "Removed: A small wonder" in workspace.run("claims", "tidy", "walking").stdout
    assert "Nothing to remove" in workspace.run("claims", "tidy", "walking").stdout


def test_a_sentence_is_listed_once_with_all_its_rules_in_the_order_of_the_text(workspace: workspaces.Workspace) -> None:
    rewrite(
        workspace,
        "A small wonder, every day.",
        'Dear {{ first_name | default("friend") }}, a wonder and a cure, says @example.',
    )
    rewrite(workspace, "Walk a little.", "A cure.")
    said = workspace.run("claims", "list", "walking", code=1).stdout
    assert said.count(">> Dear friend, a wonder and a cure, says Sample. <<") == 1
    assert said.index("praise: wonders") < said.index("Dear friend") < said.index("praise: wonder\n")
    claims = workspace.json("claims", "list", "walking", code=1)["claims"]
    assert [(one["rule"], one["line"]) for one in claims] == [("cure", 8), ("praise", 8), ("praise", 10), ("cure", 10)]
    assert claims[-1]["sentence"] == "Dear friend, a wonder and a cure, says Sample."
    assert claims[-1].keys() >= {"rule", "why", "sentence", "line", "state", "signature"}


def test_a_file_that_cannot_be_read_is_never_written_over(workspace: workspaces.Workspace) -> None:
    lock = workspace.folder / "issues" / "walking" / "claims.lock"
    lock.write_text("<<<<<<< ours\n")
    claim = workspace.json("claims", "list", "walking", code=1)["claims"][0]
    words = ("claims", "accept", "walking", claim["id"], "--reviewer", "A", "--why", "B")
    assert "git left its marks" in workspace.run(*words, code=1).stderr
    assert "git left its marks" in workspace.run("claims", "tidy", "walking", code=1).stderr
    assert lock.read_text() == "<<<<<<< ours\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing", "--reviewer", "A", "--why", "B"), "No open sentence has the id"),
        (("ffff", "--reviewer", " ", "--why", "B"), "--reviewer: say it in words"),
        (("ffff", "--reviewer", "A", "--why", "\x1b"), "--why: say it in words"),
    ],
)
def test_accepting_needs_a_sentence_a_name_and_a_reason(
    words: tuple[str, ...], said: str, workspace: workspaces.Workspace
) -> None:
    assert said in workspace.run("claims", "accept", "walking", *words, code=2).stderr


def test_what_is_refused_cannot_be_accepted(workspace: workspaces.Workspace) -> None:
    workspace.write_issue(ISSUE.replace("A small wonder", "A cure").replace(" [@example]", ""))
    (refused,) = [one for one in workspace.json("claims", "list", "walking", code=1)["claims"] if one["rule"] == "cure"]
    words = ("claims", "accept", "walking", refused["id"], "--reviewer", "A", "--why", "B")
    assert "change the sentence, or the rule" in workspace.run(*words, code=2).stderr


def test_an_issue_is_held_until_its_claims_are_settled(workspace: workspaces.Workspace) -> None:
    workspace.import_readers("email\nada@example.org\n")
    said = workspace.run("send", "walking", "--to", "friends", "--yes", code=4).stderr
    assert "claim-review-open" in said
    assert "For the claims: newsletter claims review walking." in said
    assert "--override" not in said
    override = ("--override", "claim-review-open", "in a hurry")
    assert (
        "cannot be overridden" in workspace.run("send", "walking", "--to", "friends", "--yes", *override, code=4).stderr
    )


def test_rules_are_shown_with_their_reasons(workspace: workspaces.Workspace) -> None:
    said = workspace.run("claims", "rules").stdout
    assert "It promises too much." in said
    assert "no legal advice" in said
    assert "Looks for: cure*" in workspace.run("claims", "rules", "cure").stdout
    assert "Did you mean cure?" in workspace.run("claims", "rules", "curse", code=2).stderr
    (workspace.folder / "claims.yaml").unlink()
    assert "regenerative-us" in workspace.run("claims", "rules", code=5).stderr
    assert "there are no rules" in workspace.run("claims", "review", "walking", code=5).stderr


def test_broken_rules_are_told_and_the_others_are_in_force(workspace: workspaces.Workspace) -> None:
    (workspace.folder / "claims.yaml").write_text(RULES + "  - {id: more, say: ['*x'], why: y}\n")
    said = workspace.run("claims", "rules", code=1).stdout
    assert "[claims-rules-broken]" in said
    assert "praise" in said


class Answers:
    """Somebody at a terminal; after the last answer they press Ctrl-C."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)

    def __call__(self, *_: object, **__: object) -> str:
        if not self._answers:
            raise click.Abort
        return self._answers.pop(0)


def test_each_answer_is_written_before_the_next_question(
    workspace: workspaces.Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = load(workspace.folder, {})
    path = workspace.folder / "issues" / "walking" / "issue.md"
    monkeypatch.setattr(click, "prompt", Answers("Dr. A. Example", "a", "  ", "Table 2", "l"))
    found = screened(place, path)
    command._walk(found, None, found.issue.date or command._today(place))
    assert [claim.flag.words for claim in screened(place, path).screening.open] == ["wonder"]
    monkeypatch.setattr(click, "prompt", Answers("a"))
    with pytest.raises(click.Abort):
        command._walk(screened(place, path), "Dr. B", command._today(place))
    (entry,) = screened(place, path).ledger.entries
    assert (entry.reviewer, entry.why) == ("Dr. A. Example", "Table 2")


@pytest.mark.parametrize("name", ["review", "list", "rules"])
def test_the_help_says_that_it_is_a_pre_screen(name: str) -> None:
    help_ = CliRunner().invoke(cli, ["claims", name, "--help"]).output
    assert "pre-screen" in help_
    assert "ensure" not in help_
    assert "guarantee" not in help_
