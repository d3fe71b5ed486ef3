"""`newsletter templates`: every template with where it comes from; a copy that never overwrites."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> workspaces.Workspace:
    return workspaces.make(tmp_path)


def sources(workspace: workspaces.Workspace) -> dict[str, tuple[str, bool]]:
    rows = workspace.json("templates", "list")["templates"]
    return {row["name"]: (row["source"], row["replaces_shipped"]) for row in rows}


def shipped(name: str) -> bytes:
    return files("newsletter.templates").joinpath(*name.split("/")).read_bytes()


def test_the_list_says_of_each_where_it_comes_from(workspace: workspaces.Workspace) -> None:
    for name in ("email/seasonal.html.j2", "email/base.html.j2", "email/notes.bak"):
        (workspace.folder / "templates" / "email").mkdir(parents=True, exist_ok=True)
        (workspace.folder / "templates" / name).write_text("x")
    found = sources(workspace)
    assert found["email/base.html.j2"] == ("workspace", True)
    assert found["email/seasonal.html.j2"] == ("workspace", False)
    assert found["translations/fr.toml"] == found["disclaimers/general.en.md"] == ("shipped", False)
    assert "email/notes.bak" not in found
    assert not any(name.startswith(("starter/", "styles/", "__init__")) for name in found)
    said = workspace.run("templates", "list").stdout
    assert "workspace, instead of ours" in said
    assert "newsletter templates copy NAME" in said


def test_a_copy_is_ours_byte_for_byte_and_is_then_used(workspace: workspaces.Workspace) -> None:
    name = "email/blocks/button.html.j2"
    made = workspace.json("templates", "copy", name)
    target = workspace.folder / "templates" / name
    assert made == {"name": name, "file": str(target)}
    assert target.read_bytes() == shipped(name)
    assert sources(workspace)[name] == ("workspace", True)


def test_nothing_is_overwritten(workspace: workspaces.Workspace) -> None:
    workspace.run("templates", "copy", "email/base.html.j2")
    target = workspace.folder / "templates" / "email" / "base.html.j2"
    target.write_text("mine")
    assert "exists already" in workspace.run("templates", "copy", "email/base.html.j2", code=2).stderr
    assert target.read_text() == "mine"


def test_the_end_of_a_name_will_do_where_it_is_the_only_one(workspace: workspaces.Workspace) -> None:
    assert workspace.json("templates", "copy", "style.css.j2")["name"] == "email/style.css.j2"
    said = workspace.run("templates", "copy", "button", code=2).stderr
    assert "email/blocks/button.html.j2, email/blocks/button.txt.j2" in said


def test_an_unknown_name_gets_the_nearest(workspace: workspaces.Workspace) -> None:
    assert "email/article.html.j2" in workspace.run("templates", "copy", "email/artikle.html.j2", code=2).stderr
    assert "templates list" in workspace.run("templates", "copy", "qqqqqqq", code=2).stderr


def test_a_copy_may_have_another_name_of_its_kind(workspace: workspaces.Workspace) -> None:
    workspace.run("templates", "copy", "translations/en.toml", "--as", "translations/pt.toml")
    assert (workspace.folder / "templates" / "translations" / "pt.toml").is_file()
    for name in ("email/x.toml", "translations/../../x.toml", "translations/pt.txt", "/tmp/x.toml"):
        refused = workspace.run("templates", "copy", "translations/en.toml", "--as", name, code=2).stderr
        assert "needs a name in translations/ that ends in .toml" in refused
    assert not (workspace.folder / "x.toml").exists()
