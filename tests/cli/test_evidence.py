"""`evidence`: made in the workspace, checked anywhere."""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
from typing import TYPE_CHECKING

import click
import pytest

from newsletter.cli.main import cli
from newsletter.cli.words import as_json, explain
from newsletter.errors import EvidenceDamaged, MailingNotFound
from newsletter.store import tables as t
from tests.support.mailing import ACCEPTED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.operator import Operator

FILE = "evidence.zip"


@pytest.fixture
def sent(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setenv("NEWSLETTER_SECRET", "a secret of the tests")
    monkeypatch.setenv("NEWSLETTER_ACTOR", "ana")
    operator.sent(4, ACCEPTED)
    return operator


@pytest.fixture
def file(sent: Operator) -> Path:
    path = sent.folder / FILE
    sent.types("evidence", "1", "--out", str(path))
    return path


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file on a machine that knows nothing of us, and where one works."""
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NEWSLETTER_SECRET")
    shutil.copy(file, folder)
    return folder / FILE


def verified(path: Path, *more: str) -> str:
    from click.testing import CliRunner

    done = CliRunner().invoke(cli, ["evidence", "verify", str(path), *more], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.stdout


def tamper(path: Path, name: str, content: bytes | None) -> None:
    """Pack it again with one file changed, or left out."""
    with zipfile.ZipFile(path) as opened:
        files = {one: opened.read(one) for one in opened.namelist()} | {name: content}
    with zipfile.ZipFile(path, "w") as packed:
        for one, bytes_ in files.items():
            if bytes_ is not None:
                packed.writestr(one, bytes_)


def test_it_is_made_for_its_owner_alone_and_told_with_its_hash(sent: Operator, tmp_path: Path) -> None:
    said = sent.json("evidence", "1", "--out", str(tmp_path / FILE))
    assert (said["mailing"], said["deliveries"], said["doubts"]) == (1, 4, [])
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / FILE) as opened:
        assert len(opened.namelist()) == said["files"] + 3


def test_it_lands_in_this_folder_and_never_on_another_file(
    sent: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = sent.reads("evidence", "1")
    assert "newsletter evidence verify mailing-1-evidence.zip" in shown
    before = (tmp_path / "mailing-1-evidence.zip").read_bytes()
    with pytest.raises(click.UsageError, match="is there already"):
        sent.types("evidence", "1")
    with pytest.raises(click.UsageError, match="cannot be printed"):
        sent.types("evidence", "1", "--out", "-")
    assert (tmp_path / "mailing-1-evidence.zip").read_bytes() == before


def test_that_it_was_made_is_in_the_log_of_who_made_it(sent: Operator, file: Path) -> None:
    with sent.store.read() as connection:
        [entry] = connection.execute(t.audit_log.select().where(t.audit_log.c.action == "evidence-made")).all()
    assert (entry.actor, entry.subject) == ("ana", "mailing 1")
    assert json.loads(entry.facts)["manifest"] == json.loads(verified(file, "--json"))["manifest_sha256"]


def test_a_mailing_that_is_not_there_makes_no_file(sent: Operator, tmp_path: Path) -> None:
    with pytest.raises(MailingNotFound):
        sent.types("evidence", "9", "--out", str(tmp_path / FILE))
    assert not (tmp_path / FILE).exists()


def test_an_issue_means_its_newest_mailing(sent: Operator, tmp_path: Path) -> None:
    issue = sent.desk.mailing(1).issue
    assert sent.json("evidence", issue, "--out", str(tmp_path / FILE))["mailing"] == 1
    with pytest.raises(click.UsageError, match=r"no mailing of walked\. See `newsletter mailings list`"):
        sent.types("evidence", "walked")


def test_what_does_not_hold_is_said_and_the_file_is_made(sent: Operator, tmp_path: Path) -> None:
    with sent.store.write() as connection:
        connection.execute(t.rendered.update().values(content="{}"))
    done = sent.types("evidence", "1", "--out", str(tmp_path / FILE))
    assert (done.return_value, (tmp_path / FILE).exists()) == (1, True)
    assert "Careful: The stored mail for everybody is not the one" in " ".join(done.stderr.split())


def test_the_workspace_knows_its_own(sent: Operator, file: Path) -> None:
    said = sent.json("evidence", "verify", str(file))
    assert (said["whole"], said["seal"], said["log"], said["packing"]) == (True, "ours", "in the audit log", "as made")
    shown = sent.reads("evidence", "verify", str(file))
    assert "made by this workspace" in shown
    assert "the audit log knows it" in shown
    assert re.search(r"made \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", " ".join(shown.split()))


def test_elsewhere_it_is_said_that_only_the_hashes_were_checked(elsewhere: Path) -> None:
    shown = verified(elsewhere)
    assert "is whole" in shown
    assert "Only the hashes could be checked" in shown
    said = json.loads(verified(elsewhere, "--json"))
    assert (said["seal"], said["log"], said["facts"]["mailing"]) == ("not checked", "not compared", 1)
    assert [one.name for one in elsewhere.parent.iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ledger.csv", b"delivery\r\n", "ledger.csv is not as it was made"),
        ("summary.txt", None, "summary.txt is missing"),
        ("more.txt", b"x", "more.txt was added"),
        ("../more.txt", b"x", "../more.txt must not be in such a file"),
    ],
)
def test_whatever_was_done_to_it_is_named(elsewhere: Path, name: str, content: bytes | None, words: str) -> None:
    tamper(elsewhere, name, content)
    with pytest.raises(EvidenceDamaged) as why:
        verified(elsewhere)
    assert words in why.value.findings
    assert words in " ".join(explain(why.value).split())
    assert as_json(why.value)["findings"] == why.value.findings


def test_packing_it_again_is_no_damage(elsewhere: Path) -> None:
    tamper(elsewhere, "more.txt", None)
    assert "packed again by somebody" in verified(elsewhere)


def test_a_file_of_another_workspace_is_not_taken_for_ours(
    sent: Operator, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SECRET", "another secret")
    with pytest.raises(EvidenceDamaged) as why:
        sent.types("evidence", "verify", str(file))
    assert "does not have the seal of this workspace" in why.value.findings[0]


def test_a_workspace_without_a_database_gets_none(sent: Operator, file: Path) -> None:
    for one in sent.folder.glob("newsletter.db*"):
        one.unlink()
    assert sent.json("evidence", "verify", str(file))["log"] == "not compared"
    assert not (sent.folder / "newsletter.db").exists()


def test_settings_with_mistakes_do_not_keep_from_checking(sent: Operator, file: Path) -> None:
    sent.settings("[nonsense]\nx = 1\n")
    said = sent.json("evidence", "verify", str(file))
    assert (said["seal"], len(said["remarks"])) == ("not checked", 1)


def test_a_screen_is_not_filled_by_who_adds_thousands_of_files(elsewhere: Path) -> None:
    with zipfile.ZipFile(elsewhere, "a") as opened:
        for number in range(200):
            opened.writestr(f"more-{number}", b"")
    with pytest.raises(EvidenceDamaged) as why:
        verified(elsewhere)
    assert len(explain(why.value).splitlines()) < 50
    assert "more; --json tells all" in explain(why.value)


def test_what_is_no_evidence_is_said_to_be_none(sent: Operator) -> None:
    with pytest.raises(EvidenceDamaged) as why:
        sent.types("evidence", "verify", str(sent.folder / "newsletter.toml"))
    assert "no file of evidence" in why.value.findings[0]
