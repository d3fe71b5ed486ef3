"""`newsletter doctor`, typed in a workspace whose provider and name server are on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click import UsageError

from newsletter.errors import BadSettings, FileUnreadable
from tests.fakes.dns_server import FakeDns
from tests.fakes.sendgrid import KEY, FakeSendGrid
from tests.support.operator import operator_at
from tests.support.signed_mail import READER, SECRET, arrived, mail, publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.operator import Operator


@pytest.fixture
def operator(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    for name in ("SENDGRID_API_KEY", "NEWSLETTER_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    made = operator_at(tmp_path, migrated_sqlite, monkeypatch)
    for file in tmp_path.glob("newsletter.db*"):
        file.chmod(0o600)
    yield made
    made.store.close()


@pytest.fixture
def server() -> Iterator[FakeDns]:
    with FakeDns() as running:
        publish(running)
        yield running


def told(operator: Operator, *words: str) -> tuple[int, dict[str, Any]]:
    done = operator.types("doctor", *words, "--json")
    return done.return_value, json.loads(done.stdout)


def test_offline_everything_on_this_machine_is_looked_at(operator: Operator) -> None:
    code, found = told(operator, "--offline")
    assert (code, found["ok"]) == (0, True), found
    assert {one["area"] for one in found["findings"]} == {
        *("settings", "database", "files", "disk", "clock", "templates", "provider", "dns", "pages", "cron", "work")
    }
    assert sum(found["counts"].values()) == len(found["findings"])
    assert "area-failed" not in {one["code"] for one in found["findings"]}


def test_marks_are_words_and_every_fault_has_what_to_do(operator: Operator) -> None:
    (operator.folder / ".env").write_text("X=1\n")
    (operator.folder / ".env").chmod(0o644)
    done = operator.types("doctor", "--only", "files", "--offline")
    assert done.return_value == 1
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == "Who can read the files"
    assert lines[1].startswith("  WRONG     ")
    assert f"-> Run: chmod 600 {operator.folder}/.env" in " ".join(done.stdout.split())
    assert lines[-1] == "1 wrong, 0 fine."


def test_records_to_add_are_shown_whole(operator: Operator, server: FakeDns) -> None:
    server.add("example.org", "A", "192.0.2.1")
    done = operator.types("doctor", "--only", "dns", "--nameserver", server.address)
    assert done.return_value == 1
    assert [
        line.split(maxsplit=1)[1] for line in done.stdout.splitlines() if line.split()[0] in {"name", "type", "value"}
    ][3:6] == ["_dmarc.example.org", "TXT", "v=DMARC1; p=none; rua=mailto:postmaster@example.org"]


def test_the_account_is_asked_and_no_key_is_ever_shown(operator: Operator) -> None:
    with FakeSendGrid() as fake:
        operator.settings(f'[esp]\nname = "sendgrid"\n[esp.sendgrid]\nhost = "{fake.url}"\n')
        (operator.folder / ".env").write_text(f"SENDGRID_API_KEY={KEY}\n")
        done = operator.types("doctor", "--only", "provider", "--nameserver", "127.0.0.1:9")
    assert done.return_value == 1
    said = " ".join(done.stdout.split())
    assert "does not report here" in said
    assert "copy its verification key" in said
    assert KEY not in done.stdout


def test_no_database_is_made_by_looking(operator: Operator) -> None:
    operator.store.close()
    for file in operator.folder.glob("newsletter.db*"):
        file.unlink()
    code, found = told(operator, "--offline", "--only", "database")
    assert (code, [one["code"] for one in found["findings"]]) == (0, ["database-none"])
    assert not list(operator.folder.glob("newsletter.db*"))


def test_a_database_that_was_in_use_and_is_gone_is_wrong(operator: Operator) -> None:
    operator.sent(1)
    for file in operator.folder.glob("newsletter.db*"):
        if not file.name.endswith(".witness"):
            file.unlink()
    code, found = told(operator, "--offline", "--only", "database")
    assert (code, [one["code"] for one in found["findings"]]) == (1, ["database-unopened"])


def test_a_file_that_is_no_database_is_said_to_be_none(operator: Operator) -> None:
    operator.store.close()
    (operator.folder / "newsletter.db").write_bytes(b"this is no database at all" * 100)
    code, found = told(operator, "--offline", "--only", "database")
    assert (code, [one["code"] for one in found["findings"]]) == (1, ["database-unopened"])


def test_settings_that_cannot_be_read_stop_the_look(operator: Operator) -> None:
    operator.settings("[sender\n")
    with pytest.raises(BadSettings):
        operator.types("doctor", "--offline")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "dsn"), "Did you mean dns?"),
        (("--only", "spam"), "There is no area 'spam'"),
        (("--selector", "a b"), "no name of a DKIM key"),
        (("--nameserver", "ns.example.org"), "no IP address"),
        (("--selector", "s1", "--message", "a.eml"), "leave --selector out"),
    ],
)
def test_what_was_typed_wrong_is_explained(operator: Operator, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        operator.types("doctor", *words)


def test_a_delivered_mail_is_read(operator: Operator, server: FakeDns) -> None:
    file = operator.folder / "arrived.eml"
    file.write_bytes(arrived())
    done = operator.types("doctor", "--message", str(file), "--nameserver", server.address)
    assert done.return_value == 0, done.stdout
    assert "The signature of example.org" in done.stdout or "the signature of example.org" in done.stdout
    assert READER not in done.stdout
    assert SECRET not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 not looked at")  # the spam filter is off


def test_an_unsigned_mail_is_a_fault_and_needs_no_workspace(
    server: FakeDns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from newsletter.cli.main import cli

    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    monkeypatch.delenv("NEWSLETTER_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.eml").write_bytes(mail())
    typed = ["doctor", "--message", "a.eml", "--only", "signatures", "--nameserver", server.address, "--json"]
    done = CliRunner().invoke(cli, typed, standalone_mode=False)
    assert done.return_value == 1
    assert [one["code"] for one in json.loads(done.stdout)["findings"]] == ["mail-unsigned", "spf-aligned"]


@pytest.mark.parametrize("content", [None, b"", bytes.fromhex("d0cf11e0a1b11ae1")])
def test_what_is_no_mail_is_said_in_words(operator: Operator, content: bytes | None) -> None:
    file = operator.folder / "a.eml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FileUnreadable):
        operator.types("doctor", "--offline", "--message", str(file))
    with pytest.raises(FileUnreadable):
        operator.types("doctor", "--offline", "--message", str(operator.folder))
