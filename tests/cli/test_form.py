"""`newsletter form`: a sign-up form to paste into a website."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import html

from newsletter.keys import Keys
from newsletter.settings import Settings
from newsletter.store import tables as t
from newsletter.store.database import Store
from tests.support import workspace as workspaces
from tests.web.joining_site import JoiningSite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.make(tmp_path / "here")


def test_the_form_is_plain_and_what_it_posts_is_taken(workspace: Workspace) -> None:
    assert "lists edit NAME --public" in workspace.run("form", code=2).stderr
    workspace.run("lists", "add", "friends", "--public", "--title", "Friends & <b>foes</b>")
    form = html.fragment_fromstring(workspace.run("form").stdout)
    assert not form.xpath(".//script | .//style | .//b | .//*[@style] | .//*[@onclick]")
    assert form.xpath(".//*[@hidden]//input[@name='website']")
    assert all(field.xpath("ancestor::label") for field in form.xpath(".//input[@type!='hidden']"))
    store = Store(f"sqlite:///{workspace.folder / 'newsletter.db'}")
    site = JoiningSite(store, Settings.model_validate(workspace_settings(form.action)), keys=Keys(["any"]))
    answer = site.web.post("/subscribe", data=dict(form.form_values()) | {"email": "ada@example.org"})
    assert answer.status_code == 200
    assert site.statuses() == {("ada@example.org", "friends"): "pending"}
    [wording] = site.rows(t.wordings)
    assert (
        "".join(form.text_content().translate({0x2068: None, 0x2069: None}).split()).count(
            "".join(wording["text"].split())
        )
        == 1
    )
    store.close()


def workspace_settings(action: str) -> dict[str, dict[str, str]]:
    """As `workspaces.make` writes them, as far as the pages show them."""
    base_url = action.removesuffix("/subscribe")
    sender = {"name": "Test Clinic", "address": "letters@example.org", "postal_address": "12 Example Street"}
    return {"newsletter": {"name": "Test", "base_url": base_url}, "sender": sender}


def test_several_lists_are_boxes_and_only_offered_ones_can_be_named(workspace: Workspace) -> None:
    for name in ("art", "walks"):
        workspace.run("lists", "add", name, "--public", "--description", f"All about {name}")
    workspace.run("lists", "add", "friends")
    made = workspace.json("form", "--lang", "he")
    assert (made["lists"], made["language"]) == (["art", "walks"], "he")
    form = html.fragment_fromstring(made["html"])
    assert form.get("dir") == "rtl"
    assert form.xpath(".//input[@type='checkbox']/@value") == ["art", "walks"]
    assert workspace.json("form", "--list", "walks")["lists"] == ["walks"]
    assert "lists edit friends --public" in workspace.run("form", "--list", "friends", code=2).stderr
    workspace.run("lists", "archive", "art")
    assert "--unarchive" in workspace.run("form", "--list", "art", code=2).stderr
    assert "translations/xx.toml" in workspace.run("form", "--lang", "xx", code=2).stderr
