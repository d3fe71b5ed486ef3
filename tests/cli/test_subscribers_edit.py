"""`newsletter subscribers`, as the office keeps single readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.cli.subscribers.person import new_address
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

READERS = "email,first_name,city\nada@example.org,Ada,London\nbob@example.org,Bob,Cork\n"
SEGMENT = '\n[segments.cork]\nattribute = "city"\nequals = "Cork"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspaces.make(tmp_path / "here")
    made.import_readers(READERS)
    return made


def people(workspace: Workspace, *words: str) -> list[str]:
    return [row["email"] for row in workspace.json("subscribers", *words)["subscribers"]]


def test_somebody_is_added_completed_and_never_there_twice(workspace: Workspace) -> None:
    add = ("subscribers", "add", "zoe@example.org", "--list", "friends")
    said = workspace.run(*add, "--first-name", "Zoe").stdout
    assert "Added zoe@example.org." in said
    assert "friends: pending" in said
    assert "never mailed" in said
    more = (
        *("--consent", "Asked on the phone", "--wording", "Yes, send it", "--set", "city=Rome", "--tag", "VIP"),
        *("--tracking", "yes", "--language", "de_AT"),
    )
    done = workspace.json("subscribers", "add", "ZOE@example.org", *add[3:], *more)
    assert (done["added"], done["lists"][0]["before"], done["lists"][0]["status"]) == (False, "pending", "subscribed")
    assert [change["what"] for change in done["changed"]] == ["language", "city"]
    assert (done["tags_added"], done["tracking"], done["hint"]) == (["VIP"], True, None)
    assert "it is all so already" in workspace.run(*add, *more).stdout
    shown = workspace.json("subscribers", "show", "zoe@example.org")
    joined, tracking = shown["consent"]
    assert (joined["ground"], joined["wording"]) == ("Asked on the phone", "Yes, send it")
    assert (tracking["action"], tracking["list"], tracking["wording"]) == ("tracking allowed", None, "")
    assert shown["subscriber"]["attributes"] == {"city": "Rome"}


def test_who_left_comes_back_only_by_an_express_word(workspace: Workspace) -> None:
    ada = ("subscribers", "add", "ada@example.org", "--list", "friends", "--consent", "Rang us")
    left = ("subscribers", "unsubscribe", "ada@example.org")
    assert "left friends" in workspace.run(*left, "--list", "friends", "--reason", "By letter").stdout
    assert "had left friends before" in workspace.run(*left).stdout
    assert "--rejoin" in workspace.run(*ada, code=4).stderr
    assert "--consent" in workspace.run(*ada[:-2], "--rejoin", code=2).stderr
    workspace.run(*ada, "--rejoin")
    shown = workspace.run("subscribers", "show", "ada@example.org").stdout
    assert "List friends: subscribed since" in shown
    assert "ground: By letter" in shown
    assert "ground: Rang us" in shown
    assert "never mailed again" in workspace.run(*left, "--everything").stdout
    refused = workspace.run(*ada, "--rejoin", code=4).stderr
    assert "never want mail" in refused
    assert "newsletter suppressions remove ada@example.org" in refused
    assert workspace.json(*left, "--everything")["people"] == [
        {"email": "ada@example.org", "left": [], "left_before": ["friends"], "suppressed": True}
    ]


def test_several_leave_at_once_and_who_is_not_known_is_told(workspace: Workspace) -> None:
    done = workspace.run("subscribers", "unsubscribe", "ada@example.org", "zoe@example.org", "BOB@example.org", code=1)
    assert done.stdout.startswith("ada@example.org left friends.\nbob@example.org left friends.\nOther lists")
    assert "Not known: zoe@example.org" in done.stderr
    assert workspace.json("lists", "show", "friends")["unsubscribed"] == 2


def test_a_stranger_can_say_no_to_everything(workspace: Workspace) -> None:
    workspace.run("subscribers", "unsubscribe", "zoe@example.org", code=1)
    assert "never mailed again" in workspace.run("subscribers", "unsubscribe", "zoe@example.org", "--everything").stdout
    workspace.run("subscribers", "add", "zoe@example.org", "--list", "friends", "--consent", "x", code=4)
    assert people(workspace, "find", "zoe") == []


def test_a_new_address_keeps_everything_and_the_old_one_stays_out(workspace: Workspace) -> None:
    edit = ("subscribers", "edit", "ada@example.org")
    done = workspace.json(*edit, "--address", "ada@example.com", "--reason", "Wrote to us", "--unset", "city")
    assert [change["what"] for change in done["changed"]] == ["address", "city"]
    workspace.run(*edit, "--first-name", "Eda", code=2)
    shown = workspace.json("subscribers", "show", "ada@example.com")
    assert shown["lists"][0]["status"] == "subscribed"
    assert [record["action"] for record in shown["consent"]] == ["subscribed", "address changed"]
    known = workspace.run("subscribers", "edit", "ada@example.com", "--address", "bob@example.org", code=4).stderr
    assert "another reader" in known
    again = workspace.json("subscribers", "import", str(workspace.folder / "readers.csv"), "--list", "friends")
    assert (again["suppressed"], again["added"]) == (1, 0)


def test_a_wrong_address_is_changed_back_but_nobody_gets_the_old_one_of_another(workspace: Workspace) -> None:
    edit = ("subscribers", "edit")
    workspace.run(*edit, "ada@example.org", "--email", "ada2@example.org")
    others = workspace.run(*edit, "bob@example.org", "--email", "ada@example.org", code=4).stderr
    assert "was the address of another reader, who has a new one" in others
    assert "suppressions remove" in others
    done = workspace.run(*edit, "ada2@example.org", "--address", "ada@example.org").stdout
    assert "ada2@example.org -> ada@example.org" in done
    assert "not suppressed any more" in done
    shown = workspace.json("subscribers", "show", "ada@example.org")
    assert [event["action"] for event in shown["suppression_history"]] == ["added", "lifted"]
    assert workspace.json(*edit, "ada@example.org", "--email", "ada3@example.org")["suppression_lifted"] is False


def test_nobody_escapes_their_own_no_by_a_new_address(workspace: Workspace) -> None:
    workspace.run("subscribers", "unsubscribe", "ada@example.org", "--everything")
    workspace.run("subscribers", "edit", "ada@example.org", "--address", "ada@example.com", code=4)
    workspace.run("suppressions", "add", "bob@example.org", "--reason", "hard bounce")
    workspace.run("subscribers", "edit", "bob@example.org", "--address", "bob@example.com")
    assert people(workspace, "list", "--status", "subscribed") == ["bob@example.com"]


def test_what_cannot_be_meant_is_told(workspace: Workspace) -> None:
    def stopped(*words: str) -> str:
        return workspace.run("subscribers", *words, code=2).stderr

    assert "did you mean city?" in stopped("edit", "ada@example.org", "--set", "citty=Bonn")
    assert '`ort = { type = "text" }`' in stopped("edit", "ada@example.org", "--set", "ort=Bonn")
    assert "Say what to change" in stopped("edit", "ada@example.org")
    assert "not an email address" in stopped("add", "ada@", "--list", "friends")
    assert "line break" in stopped("add", "ada@example.org\nBcc: x", "--list", "friends")
    assert "Did you mean friends?" in stopped("add", "zoe@example.org", "--list", "freinds")
    assert "--allow needs their word" in stopped("tracking", "ada@example.org", "--allow")
    assert people(workspace, "list") == ["ada@example.org", "bob@example.org"]


def test_a_slip_in_a_great_domain_is_hinted(workspace: Workspace) -> None:
    done = workspace.run("subscribers", "add", "zoe@gmial.com", "--list", "friends", "--json")
    assert "zoe@gmail.com" in done.stderr
    assert '"hint": "gmail.com"' in done.stdout


@pytest.mark.parametrize(("answer", "taken"), [(True, "zoe@gmail.com"), (False, "zoe@gmial.com")])
def test_on_a_terminal_a_slip_is_asked_about(monkeypatch: pytest.MonkeyPatch, answer: bool, taken: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: answer)
    assert new_address("zoe@gmial.com", json_=False)[0] == taken


def test_tags_are_given_to_some_or_to_all_of_a_list_or_segment(workspace: Workspace) -> None:
    with (workspace.folder / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write(SEGMENT)
    tag = ("subscribers", "tag")
    some = workspace.run(*tag, "ada@example.org", "nobody@example.org", "--add", "vip", "--add", "Old  Friend", code=1)
    assert "Not known: nobody@example.org" in some.stderr
    assert workspace.json(*tag, "--list", "friends", "--add", "VIP") == {
        "added": {"VIP": 1},
        "on_no_list": {"VIP": 0},
        "removed": {},
        "unknown": [],
    }
    done = workspace.json(*tag, "--segment", "cork", "--add", "harbour", "--remove", "vip")
    assert (done["added"], done["removed"]) == ({"harbour": 1}, {"vip": 1})
    assert workspace.json("subscribers", "tags")["tags"] == [
        {"name": "harbour", "people": 1, "on_no_list": 0},
        {"name": "Old Friend", "people": 1, "on_no_list": 0},
        {"name": "vip", "people": 1, "on_no_list": 0},
    ]
    assert people(workspace, "list", "--tag", "Vip") == ["ada@example.org"]
    assert people(workspace, "list", "--segment", "cork") == ["bob@example.org"]
    assert "Did you mean cork?" in workspace.run("subscribers", "list", "--segment", "crok", code=2).stderr


def test_who_is_tagged_and_on_no_list_is_told(workspace: Workspace) -> None:
    workspace.run("subscribers", "unsubscribe", "ada@example.org")
    said = workspace.run("subscribers", "tag", "ada@example.org", "bob@example.org", "--add", "vip").stdout
    assert said == "vip: 2 readers got it, 1 of them subscribed to no list.\n"
    assert workspace.run("subscribers", "tags").stdout == "        2  vip, 1 of them subscribed to no list\n"


def test_where_nobody_is_found_it_is_told_what_was_asked(workspace: Workspace) -> None:
    listed = workspace.run("subscribers", "list", "--list", "friends", "--status", "pending").stdout
    assert listed == "Nobody matches --list friends --status pending.\n"
    found = workspace.run("subscribers", "find", "ada", "--status", "pending").stdout
    assert found == "Nobody has all of that in their address or name, and matches --status pending.\n"


def test_pages_go_on_where_the_last_one_ended(workspace: Workspace) -> None:
    first = workspace.json("subscribers", "list", "--limit", "1")
    assert ([row["email"] for row in first["subscribers"]], first["next"]) == (["ada@example.org"], 1)
    assert people(workspace, "list", "--after", "1", "--limit", "9") == ["bob@example.org"]
    assert "--after 1" in workspace.run("subscribers", "list", "--limit", "1").stdout
    assert people(workspace, "find", "BOB", "example", "--list", "friends") == ["bob@example.org"]


def test_the_mail_of_a_person_is_summed_up_and_told_in_full(workspace: Workspace) -> None:
    workspace.run("subscribers", "unsubscribe", "bob@example.org", "--everything")
    workspace.run("send", "walking", "--to", "friends", "--yes")
    short = workspace.run("subscribers", "show", "ada@example.org").stdout
    assert "Mail: 1 mailing, the last one walking (accepted)" in short
    assert "knee operation" not in short
    assert (
        "walking: Walking after a knee operation"
        in workspace.run("subscribers", "show", "ada@example.org", "--mail").stdout
    )
    assert workspace.json("subscribers", "show", "ada@example.org")["mail"][0]["subject"].startswith("Walking")
    assert "No mail yet" in workspace.run("subscribers", "show", "bob@example.org", "--mail").stdout
