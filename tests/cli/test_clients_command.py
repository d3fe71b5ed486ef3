"""`newsletter clients`: who is counted, what an issue loses, and a newer table that replaces nothing unless it is whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from newsletter.check.clients.table import read_table, shipped_table
from newsletter.cli.main import cli
from newsletter.errors import FileUnreadable, ServiceMissing
from tests.support.mail_programs import problems_of, published

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[2]
COLUMNS = '<div style="display:flex;border-radius:6px"><div>a</div><div>b</div></div>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "letters"
    problems_of(home, {"templates/email/parts/masthead.html.j2": COLUMNS})
    return home


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["-C", str(folder), "clients", *words])


def said(folder: Path, *words: str) -> Any:
    return json.loads(run(folder, *words, "--json").output)


def stop(folder: Path, *words: str) -> Exception:
    """What stopped the command."""
    done = run(folder, *words)
    assert isinstance(done.exception, Exception)
    return done.exception


def test_without_an_issue_it_says_who_counts_and_how_old_the_table_is(folder: Path) -> None:
    output = run(folder, "show").output
    assert "usual ones, since newsletter.toml has no [clients]" in output
    assert "11 %  classic Outlook on Windows" in output
    assert re.search(rf"caniemail\.com, {shipped_table().day} \(\d+ months? old\)", output)
    facts = said(folder, "show")
    assert facts["data"]["date"] == str(shipped_table().day)
    assert sum(facts["readers"].values()) == pytest.approx(1, abs=0.001)
    assert not facts["declared"]
    assert "features" not in facts


def test_declared_readers_are_shown(folder: Path) -> None:
    with (folder / "newsletter.toml").open("a") as file:
        file.write("[clients]\ngmail = 3\nhey = 1\n")
    facts = said(folder, "show")
    assert facts["declared"]
    assert facts["readers"]["hey.desktop-webmail"] == 0.25
    assert "as newsletter.toml says" in run(folder, "show").output


def test_of_an_issue_it_marks_what_matters(folder: Path) -> None:
    features = {row["feature"]: row for row in said(folder, "show", "walking")["features"]}
    assert features["css-display-flex"]["matters"]
    assert features["css-display-flex"]["programs"] == ["outlook.windows"]
    assert not features["css-border-radius"]["matters"]
    assert all(row["without"] >= 0.095 for row in features.values())
    output = run(folder, "show", "walking").output
    assert re.search(r"^! +11 %  display:flex: classic Outlook on Windows$", output, re.MULTILINE)
    assert re.search(r"^  +\d+ %  border-radius: ", output, re.MULTILINE)
    assert "None of it is marked" not in output


def test_an_issue_that_loses_only_niceties_is_said_to_be_fine(tmp_path: Path) -> None:
    problems_of(tmp_path, {})
    assert run(tmp_path, "show", "walking").output.splitlines()[-1].startswith("None of it is marked: ")


def test_a_newer_table_is_written_in_the_short_form_and_used(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "data.json"
    source.write_text(json.dumps(published(day="2099-01-31")))
    output = run(folder, "renew", "--from", str(source)).output
    assert "301 features, of 2099-01-31" in output
    written = folder / "caniemail.json"
    assert read_table(written.read_bytes()) == read_table(source.read_bytes())
    assert said(folder, "show")["data"]["date"] == "2099-01-31"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_an_older_table_is_written_but_not_used(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "data.json"
    source.write_text(json.dumps(published(day="2020-01-31")))
    assert "is used instead" in run(folder, "renew", "--from", str(source)).output
    assert said(folder, "renew", "--from", str(source))["used"] is False
    assert said(folder, "show")["data"]["date"] == str(shipped_table().day)


@pytest.mark.parametrize("content", [b"<html>", b"{}", b'{"data": []}', b" " * 5_000_001, b"\xff\xfe"])
def test_what_is_no_table_is_refused_and_nothing_changes(content: bytes, folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "data.json", folder / "caniemail.json"
    source.write_bytes(content)
    target.write_text("as it was")
    assert isinstance(stop(folder, "renew", "--from", str(source)), FileUnreadable)
    assert target.read_text() == "as it was"


def test_only_https_addresses_and_readable_files_are_taken(folder: Path, tmp_path: Path) -> None:
    for source in ("http://news.example.org/data.json", "file:///etc/hostname", "ftp://example.org/x"):
        why = stop(folder, "renew", "--from", source)
        assert isinstance(why, ServiceMissing)
        assert "only https" in str(why)
    assert isinstance(stop(folder, "renew", "--from", str(tmp_path / "none.json")), FileUnreadable)
    assert isinstance(stop(folder, "renew", "--from", str(tmp_path)), FileUnreadable)


def test_every_program_that_may_be_declared_stands_in_the_docs() -> None:
    from newsletter.model.mail_programs import FAMILIES

    page = (ROOT / "docs" / "client-support.md").read_text("utf-8")
    for family, (_, platforms) in FAMILIES.items():
        row = re.search(rf"^\| `{family}` \| (.*) \|$", page, re.MULTILINE)
        assert row, family
        assert tuple(re.findall(r"`([a-z-]+)`", row[1])) == platforms
