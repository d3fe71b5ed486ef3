"""`newsletter lists`, as the office keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.model.mailing import MailingState
from newsletter.store import mailings
from newsletter.store.database import Store
from newsletter.store.people import lists
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

ASKS = '\n[segments.near]\nnot = { any = [{ list = "friends" }, { tag = "far" }] }\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspaces.make(tmp_path / "here")
    made.import_readers("email\nada@example.org\nbob@example.org\n")
    return made


def test_a_list_is_added_with_double_opt_in_and_stays_as_it_is(workspace: Workspace) -> None:
    added = workspace.json("lists", "add", "art", "--title", " Of  art ", "--description", "Once a month")
    assert added == {
        "name": "art",
        "title": "Of art",
        "description": "Once a month",
        "opt_in": "double",
        "public": False,
        "archive": "hidden",
        "archived_at": None,
        "added": True,
    }
    again = workspace.run("lists", "add", "art", "--title", "Other", "--opt-in", "single").stdout
    assert "newsletter lists edit art" in again
    assert workspace.json("lists", "add", "art")["opt_in"] == "double"
    assert "invisible" in workspace.run("lists", "add", "evil", "--title", "a\u202eb", code=2).stderr


def test_a_list_is_changed_and_a_rename_says_who_has_to_follow(workspace: Workspace) -> None:
    with (workspace.folder / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write(ASKS)
    shown = workspace.run("lists", "show", "friends").stdout
    assert "segments that ask for it: near" in shown
    assert "2 subscribed" in shown
    done = workspace.run("lists", "edit", "friends", "--rename", "pals", "--title", "Pals", "--opt-in", "single")
    assert "opt-in: double -> single" in done.stdout
    assert "[segments.near]" in done.stderr
    shown_ = workspace.json("lists", "show", "pals")
    assert (shown_["subscribed"], shown_["opt_in"], shown_["last_30_days"]) == (2, "single", {"joined": 2, "left": 0})
    assert "Nothing changed" in workspace.run("lists", "edit", "pals", "--title", "Pals").stdout
    workspace.run("lists", "show", "friends", code=2)
    workspace.run("lists", "add", "others")
    assert "already" in workspace.run("lists", "edit", "pals", "--rename", "others", code=2).stderr
    assert "lower-case" in workspace.run("lists", "edit", "pals", "--rename", "Big", code=2).stderr


def test_a_list_is_offered_on_the_pages_and_its_issues_are_opened(workspace: Workspace) -> None:
    added = workspace.run("lists", "add", "letter", "--public", "--archive", "public").stdout
    assert "/subscribe?list=letter" in added
    assert "by everybody" in workspace.run("lists", "show", "letter").stdout
    changed = workspace.run("lists", "edit", "letter", "--not-public", "--archive", "unlisted").stdout
    assert "public: yes -> no" in changed
    assert "archive: public -> unlisted" in changed
    shown = workspace.json("lists", "show", "letter")
    assert (shown["public"], shown["archive"]) == (False, "unlisted")
    assert "public: Friends" not in workspace.run("lists", "list").stdout
    workspace.run("lists", "edit", "friends", "--public")
    assert "public: Friends" in workspace.run("lists", "list").stdout
    workspace.run("lists", "archive", "friends")
    assert "public: Friends" not in workspace.run("lists", "list").stdout
    assert "not offered" in workspace.run("lists", "show", "friends").stdout
    assert "hidden" in workspace.run("lists", "edit", "letter", "--archive", "secret", code=2).stderr


def test_the_suppressed_are_named_among_the_subscribed(workspace: Workspace) -> None:
    workspace.run("suppressions", "add", "ada@example.org", "--reason", "hard bounce")
    for words in (("lists", "list"), ("lists", "show", "friends")):
        assert "2 subscribed (1 of them suppressed: never mailed)" in workspace.run(*words).stdout
    assert workspace.json("lists", "show", "friends")["suppressed"] == 1
    assert workspace.json("lists", "list")["lists"][0]["suppressed"] == 1


@pytest.mark.parametrize(
    "words", [("lists", "show"), ("subscribers", "list", "--list"), ("send", "walking", "--to")], ids=" ".join
)
def test_a_list_called_by_its_title_is_guessed_and_no_impossible_name_is_advised(
    workspace: Workspace, words: tuple[str, ...]
) -> None:
    workspace.run("lists", "edit", "friends", "--title", "Knie und Hüfte")
    said = workspace.run(*words, "Knie und Hüfte", code=2).stderr
    assert "Did you mean friends?" in said
    assert "lists add" not in said


def test_an_archived_list_takes_nobody_in_and_lets_everybody_out(workspace: Workspace) -> None:
    assert "is archived" in workspace.run("lists", "archive", "friends").stdout
    assert "as before" in workspace.run("lists", "archive", "friends").stdout
    assert "archived: Friends" in workspace.run("lists", "list").stdout
    add = ("subscribers", "add", "zoe@example.org", "--list", "friends", "--consent", "Rang us")
    assert "--unarchive" in workspace.run(*add, code=4).stderr
    assert "left friends" in workspace.run("subscribers", "unsubscribe", "ada@example.org").stdout
    assert workspace.json("lists", "archive", "friends", "--unarchive")["archived_at"] is None
    workspace.run(*add)


def test_a_list_with_an_unfinished_mailing_is_not_archived(workspace: Workspace) -> None:
    workspace.run("send", "walking", "--to", "friends", "--yes")
    assert "last mailing: 1, walking, finished" in workspace.run("lists", "show", "friends").stdout
    store = Store(f"sqlite:///{workspace.database}")
    with store.write() as connection:
        mailings.move(connection, 1, MailingState.PAUSED)
        assert lists.unfinished_mailings(connection, 1) == (1,)
    store.close()
    refused = workspace.run("lists", "archive", "friends", code=4).stderr
    assert "newsletter mailings show 1" in refused
