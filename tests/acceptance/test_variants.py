"""An issue with parts for some readers: checked, rendered, proved, sent, shown, through the real command."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.test_flow import parsed, part
from tests.support.killing import killed_runs
from tests.support.workspace import ISSUE, SETTINGS

if TYPE_CHECKING:
    from tests.support.workspace import Workspace

pytestmark = pytest.mark.acceptance
SEGMENTS = """sport = { type = "choice", choices = ["running", "walking"] }

[segments.runners]
attribute = "sport"
equals = "running"
"""
PARTS = """
::: only audience="runners"
Start again after twelve weeks.
:::

::: except audience="runners"
Walk as often as you like.
:::

::: only audience="board"
The board meets on Friday.
:::
"""
READERS = "email,first_name,sport\nada@example.org,Ada,running\ngrace@example.org,Grace,walking\nkim@example.org,Kim,\n"

#: a sentence of each part, and how to ask for a proof that shows it
WORDS = ("Start again after twelve weeks", "Walk as often as you like", "The board meets on Friday")
OPTIONS = (("--variant", "runners"), ("--as-reader", "grace@example.org"), ("--as-reader", "kim@example.org"))


@pytest.fixture
def letters(workspace: Workspace) -> Workspace:
    (workspace.folder / "newsletter.toml").write_text(SETTINGS + SEGMENTS, encoding="utf-8")
    workspace.write_issue(ISSUE + PARTS)
    workspace.import_readers(READERS)
    workspace.import_readers("email\nkim@example.org\n", to="board")
    return workspace


def test_each_reader_gets_the_parts_that_are_for_them(letters: Workspace) -> None:
    letters.run("send", "walking", "--to", "friends", "--yes")
    read = {str(parsed(path)["To"]).split()[0]: parsed(path) for path in letters.mails()}
    for kind in ("plain", "html"):
        told = {name: [words in part(mail, kind) for words in WORDS] for name, mail in read.items()}
        assert told == {"Ada": [True, False, False], "Grace": [False, True, False], "Kim": [False, True, True]}
    shown = letters.json("mailings", "show", "1")
    readers = {name: facts["audience"] for name, facts in shown["variants"].items()}
    assert readers == {"": 1, "runners": 1, "board": 1, "runners+board": 0}
    assert len({facts["fingerprint"] for facts in shown["variants"].values()}) == 4
    assert shown["sum_holds"]


def test_render_writes_every_form_under_its_name(letters: Workspace) -> None:
    letters.run("render", "walking", "--out", str(letters.folder / "out"))
    for name, told in (
        ("walking", "Walk as"),
        ("walking.runners", "Start again"),
        ("walking.runners+board", "The board"),
    ):
        assert told in (letters.folder / "out" / f"{name}.txt").read_text()
    facts = json.loads((letters.folder / "out" / "walking.runners.json").read_text())
    assert (facts["variant"], facts["readers"]) == ("runners", [["runners"]])


def test_a_dry_run_counts_the_readers_of_each_form(letters: Workspace) -> None:
    shown = letters.json("send", "walking", "--to", "friends", "--dry-run")
    assert shown["variants"] == {"": 1, "runners": 1, "board": 1, "runners+board": 0}
    said = letters.run("send", "walking", "--to", "friends", "--dry-run").stdout
    assert "everybody else: 1 reader" in said
    # a segment that nobody is in is mostly a mistake in its settings
    assert "nobody: runners+board" in said


def test_a_proof_shows_the_form_that_is_asked_for(letters: Workspace) -> None:
    for words, (option, value) in zip(WORDS, OPTIONS, strict=True):
        shown = letters.json("proof", "walking", "--to", "staff@example.org", option, value)
        mail = parsed(letters.folder / "outbox" / "notices" / f"{shown['notice']:06}.eml")
        assert words in part(mail, "plain")
    said = letters.run("proof", "walking", "--to", "a@example.org", "--variant", "runer", code=2).stderr
    assert "no variant 'runer'; it has: runners, board, runners+board." in said


def test_a_mailing_that_is_killed_goes_on_with_the_same_mails_whatever_became_of_the_segments(
    letters: Workspace,
) -> None:
    sports = ("running", "walking", "")
    letters.import_readers("email,sport\n" + "".join(f"reader{n:05}@example.org,{sports[n % 3]}\n" for n in range(600)))
    planned = planned_and_killed(letters, last=603)
    (letters.folder / "newsletter.toml").write_text(SETTINGS + 'sport = { type = "text" }\n', encoding="utf-8")
    letters.write_issue(ISSUE)
    letters.import_readers("email,sport\n" + "".join(f"reader{n:05}@example.org,running\n" for n in range(600)))
    killed_runs(letters, [100, 150, 150], lambda: len(letters.mails()))
    letters.run("send", "walking", "--to", "friends", "--yes")
    shown = letters.json("mailings", "show", "1")
    assert (shown["sum_holds"], shown["outcomes"]["accepted"], shown["variants"]) == (True, 603, planned)
    assert len(letters.mails()) == 603
    for path in letters.mails():
        mail = parsed(path)
        if number := re.search(r"reader(\d{5})@", str(mail["To"])):
            runs = int(number[1]) % 3 == 0
            for kind in ("plain", "html"):
                assert [words in part(mail, kind) for words in WORDS] == [runs, not runs, False], path


def planned_and_killed(workspace: Workspace, last: int) -> dict[str, object]:
    """Run the command and kill it as soon as the mailing is planned; returns its variants."""
    # however late the kill comes, the last mail is not out: a folder stands where it is written
    obstacle = workspace.folder / "outbox" / "1" / f"{last:06}.part"
    obstacle.mkdir(parents=True)
    process = workspace.start("send", "walking", "--to", "friends", "--yes")
    assert any(line.startswith("Mailing 1: sending") for line in process.stdout)
    process.kill()
    obstacle.rmdir()
    shown = workspace.json("mailings", "show", "1")
    assert shown["state"] == "sending"
    variants: dict[str, object] = shown["variants"]
    return variants


REFERENCES = """references:
  - {id: ash, type: book, title: Hills and knees, author: [{family: Ash, given: Ann}], issued: 2001, publisher: Press}
  - {id: elm, type: book, title: Sand and knees, author: [{family: Elm, given: Eve}], issued: 2002, publisher: Press}
"""
CITING = """
::: only audience="runners"
Hills are hard [@ash].
:::

Sand is soft [@elm].

::: except audience="runners"
We do not offer PRP.
:::
"""


def test_each_mail_has_its_own_numbers_and_all_disclaimers_of_the_issue(letters: Workspace) -> None:
    letters.write_issue(ISSUE.replace("date:", f"{REFERENCES}date:") + CITING)
    letters.run("render", "walking", "--out", str(letters.folder / "out"))
    facts = {
        name: json.loads((letters.folder / "out" / f"walking{name}.json").read_text()) for name in ("", ".runners")
    }
    assert (facts[""]["references"], facts[".runners"]["references"]) == (["elm"], ["ash", "elm"])
    assert facts[""]["disclaimers"] == facts[".runners"]["disclaimers"]
    text = (letters.folder / "out" / "walking.runners.txt").read_text()
    assert "Sand is soft [2]" in text
    assert "PRP" not in text
    # asked for by a word that only the others read
    assert "Regenerative products" in text


def test_a_segment_of_which_list_has_to_be_said(letters: Workspace) -> None:
    said = letters.run("send", "walking", "--to", "runners", "--yes", code=2).stderr
    assert "A mailing goes to lists, and runners is a segment." in said
    assert "newsletter send walking --to runners --to board" in said


def test_a_name_that_is_neither_segment_nor_list_stops_the_sending(letters: Workspace) -> None:
    letters.write_issue(ISSUE + PARTS.replace('"board"', '"bord"'))
    assert letters.run("check", "walking").returncode == 0
    said = letters.run("send", "walking", "--to", "friends", "--yes", code=4).stderr
    assert "Did you mean board?" in said
    assert letters.json("mailings", "list")["mailings"] == []
