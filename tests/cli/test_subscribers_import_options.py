"""`newsletter subscribers import` with options that name what is not there: told, exit code 2, nothing imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.cli.words import as_json, exit_code, explain
from newsletter.errors import FileUnreadable, OptionUnusable, SourceUnknown
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

FORM = "Zeitstempel\tEmail\tIch möchte den Newsletter\n2025/03/01\tada@example.org\tJa\n2025/03/02\tbob@example.org\tNein\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    here = workspaces.make(tmp_path / "here")
    here.run("lists", "add", "friends")
    return here


def test_an_option_that_names_what_is_not_there_is_a_mistake_of_the_command(workspace: Workspace) -> None:
    file = workspace.folder / "form.tsv"
    file.write_text(FORM, "utf-16")
    asked = ("subscribers", "import", str(file), "--list", "friends", "--dry-run")
    said = workspace.run(*asked, "--map", "Zeitstempel=alter", code=2).stderr
    assert "--map: there is no field `alter`" in said
    assert 'add `alter = { type = "text" }` under [attributes] in newsletter.toml' in said
    facts = workspace.json(*asked, "--encoding", "klingon", code=2)
    assert facts["error"] == "OptionUnusable"
    assert facts["message"].startswith("--encoding: there is no encoding `klingon`; such as utf-8")


def test_who_answered_no_in_a_form_is_not_subscribed(workspace: Workspace) -> None:
    file = workspace.folder / "form.tsv"
    file.write_text(FORM, "utf-16")
    asked = ("subscribers", "import", str(file), "--list", "friends", "--consent", "The form on our page")
    report = workspace.json(*asked)
    assert (report["added"], report["subscribed"]) == (2, 1)
    (table,) = report["tables"]
    assert {"heading": "Ich möchte den Newsletter", "field": "status", "how": "cells"} in table["columns"]


def test_a_question_about_a_column_stops_only_who_would_be_subscribed(workspace: Workspace) -> None:
    file = workspace.folder / "form.csv"
    file.write_text("email,Consent\nada@example.org,Form A\n", "utf-8")
    asked = ("subscribers", "import", str(file), "--list", "friends", "--dry-run")
    said = workspace.run(*asked, "--consent", "The form on our page", code=1).stderr
    assert said.endswith("Say it with --map and run the command again; nothing was changed.\n")
    said = workspace.run(*asked).stdout
    assert "The column `Consent`" in said
    assert "1 is pending on friends" in said


def test_a_message_keeps_the_spelling_of_the_name_it_begins_with() -> None:
    assert explain(FileUnreadable("kunden", "there is no such file")).startswith("kunden: there is no such file.\n")
    assert explain(FileUnreadable("alte kunden.csv", "it is empty")).startswith("alte kunden.csv: it is empty.\n")
    assert explain(SourceUnknown("10.1000/x", "doi.org")).startswith("doi.org does not know 10.1000/x.")


def test_what_was_probably_meant_is_told() -> None:
    why = OptionUnusable("--map", "there is no field `ctiy`", "city")
    assert exit_code(why) == 2
    assert "Did you mean city?" in explain(why)
    assert as_json(why)["message"] == "--map: there is no field `ctiy`."
