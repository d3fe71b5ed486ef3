"""Each part of `newsletter run-due` by itself, and what somebody is told of one that fails."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from newsletter.cli.due import parts, remembered, small_parts
from newsletter.errors import SecretMissing, ServiceMissing
from newsletter.model.duty import Alert
from newsletter.store import duties
from newsletter.store.database import Store
from tests.support import workspace
from tests.support.due import OPERATOR, type_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsletter.cli.due.at_work import AtWork
    from newsletter.pipeline.running.tasks import Came, Turn
    from tests.support.due import Machine

SMALL = ("inbox", "notices", "expiry", "pruning", "log")


def failing(why: Exception) -> Callable[[AtWork, Turn], Came]:
    def fail(_work: AtWork, _turn: Turn) -> Came:
        raise why

    return fail


@pytest.mark.parametrize("part", [*SMALL, "schedule"])
def test_a_part_that_fails_stops_no_other(machine: Machine, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    where = parts if part == "schedule" else small_parts
    monkeypatch.setattr(where, part, failing(ZeroDivisionError("ada@example.org")))
    done = machine.runs("--json", code=1)
    assert done.stderr.startswith(f"newsletter run-due: {part} failed: This is a fault of ours: ZeroDivisionError.")
    assert "ada" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    states = {one["name"]: one["state"] for one in json.loads(done.stdout)["parts"]}
    assert states.pop(part) == "failed"
    assert set(states.values()) == {"done"}


@pytest.mark.parametrize("part", SMALL)
def test_the_mailing_goes_whatever_else_fails(machine: Machine, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(small_parts, part, failing(OSError(28, "No space left on device")))
    machine.later(minutes=11)
    machine.runs(code=5)
    assert machine.each_once


@pytest.mark.parametrize(
    ("why", "code", "said"),
    [
        (ZeroDivisionError(), 1, "a fault of ours"),
        (SecretMissing("MAILBOX_PASSWORD"), 5, "Set MAILBOX_PASSWORD in the environment"),
    ],
)
def test_a_failure_is_told_once_again_after_a_day_and_once_when_it_is_over(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, why: Exception, code: int, said: str
) -> None:
    machine.settings(OPERATOR)
    whole = small_parts.inbox
    monkeypatch.setattr(small_parts, "inbox", failing(why))
    assert said in machine.runs(code=code).stderr
    for _ in range(3):
        machine.later(minutes=1)
        assert machine.runs(code=code).stderr == ""
    machine.later(days=1)
    assert "inbox failed (for the 5th time in a row)" in machine.runs("--only", "inbox", code=code).stderr
    monkeypatch.setattr(small_parts, "inbox", whole)
    machine.later(minutes=1)
    assert machine.runs("--only", "inbox").stderr == "newsletter run-due: inbox works again.\n"
    assert machine.runs("--only", "inbox").stderr == ""
    assert [one.about["alert"] for one in machine.alerts()] == [Alert.FAILS, Alert.FAILS, Alert.WORKS]


def test_a_server_that_is_away_for_a_moment_is_no_news(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = small_parts.inbox
    monkeypatch.setattr(small_parts, "inbox", failing(ServiceMissing("the server", "it does not answer")))
    said = [machine.runs("--only", "inbox", code=5).stderr for _ in range(2)]
    monkeypatch.setattr(small_parts, "inbox", whole)
    said.append(machine.runs("--only", "inbox").stderr)
    assert said == ["", "", ""]
    monkeypatch.setattr(small_parts, "inbox", failing(ServiceMissing("the server", "it does not answer")))
    said = [machine.runs("--only", "inbox", code=5).stderr for _ in range(3)]
    assert said[:2] == ["", ""]
    assert "it does not answer" in said[2]


def test_an_alert_goes_out_in_the_same_run(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.settings(OPERATOR)
    monkeypatch.setattr(small_parts, "log", failing(ZeroDivisionError()))
    machine.runs(code=1)
    (told,) = machine.alerts()
    assert (told.state.value, machine.sender.delivered) == ("accepted", ["ops@example.org"])


def test_where_notices_cannot_be_sent_the_line_is_what_is_left(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter import wiring

    def none(_place: object) -> None:
        raise SecretMissing("SENDGRID_API_KEY")

    machine.settings(OPERATOR)
    monkeypatch.setattr(wiring, "open_senders", none)
    monkeypatch.setattr(small_parts, "inbox", failing(ZeroDivisionError()))
    said = machine.runs(code=4).stderr
    assert "inbox failed" in said
    assert "notices failed: notices wait: the sender cannot be opened: SENDGRID_API_KEY is not set" in said
    machine.later(minutes=1)
    assert machine.runs(code=4).stderr == ""


def test_a_report_that_nobody_understands_is_told_once(machine: Machine) -> None:
    from newsletter.store.events import inbox

    with machine.store.write() as connection:
        inbox.add(connection, "sendgrid", b"{", machine.clock.now)
    assert "could not be understood: 1. See: newsletter events faults" in machine.runs(code=1).stderr
    assert machine.runs().stderr == ""


def test_the_mailbox_is_a_part_only_where_one_is_set_up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsletter import wiring

    assert "mailbox" not in machine.json()
    machine.settings('\n[mailbox]\naddress = "news@example.org"\nhost = "imap.example.org"\n')
    logins: list[int] = []

    def new_mails(_place: object) -> Callable[[object], tuple[()]]:
        logins.append(1)
        return lambda _since: ()

    monkeypatch.setattr(wiring, "mailbox_mails", new_mails)
    assert [machine.json()["mailbox"]["state"] for _ in range(3)] == ["done", "not yet", "not yet"]
    assert len(logins) == 1
    machine.later(minutes=5)
    machine.runs()
    assert len(logins) == 2


def test_only_and_except_choose_parts(machine: Machine) -> None:
    assert set(machine.json("--only", "inbox", "--only", "log")) == {"inbox", "log"}
    assert set(machine.json("--except", "inbox")) == {
        "notices",
        "schedule",
        "mailings",
        "ahead",
        "expiry",
        "pruning",
        "log",
    }


def test_only_does_it_now_although_it_was_done_a_short_while_ago(machine: Machine) -> None:
    machine.runs()
    assert machine.json()["pruning"]["state"] == "not yet"
    assert machine.json("--only", "pruning")["pruning"]["state"] == "done"


def test_verbose_tells_what_each_part_did(machine: Machine) -> None:
    machine.later(minutes=11)
    said = machine.runs("-v").stdout
    assert "5 readers handed over" in said
    assert all(name in said for name in ("inbox", "notices", "schedule", "mailing 1", "expiry", "pruning", "log"))


def test_what_another_run_is_at_is_left_to_it(machine: Machine) -> None:
    from newsletter import wiring

    machine.monkeypatch.setattr(wiring, "may_be_alive", lambda _owner: True)
    with machine.store.write() as connection:
        assert duties.take(connection, "inbox", "another", machine.clock.now, timedelta(minutes=6), lambda _: True)
    states = {name: one["state"] for name, one in machine.json().items()}
    assert states.pop("inbox") == "elsewhere"
    assert set(states.values()) == {"done"}


def test_wrong_settings_are_told_once_a_day(machine: Machine) -> None:
    from newsletter.errors import BadSettings

    machine.settings("\n[sending]\nhours = 7\n")
    with pytest.raises(BadSettings):
        machine.runs()
    assert machine.runs(code=5).stderr == ""
    machine.settings("")
    assert "it works again" in machine.runs().stderr


def test_a_database_that_is_away_for_a_moment_is_no_news(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsletter import wiring

    def away(_place: object) -> None:
        raise ServiceMissing("the database", "connection refused")

    whole = wiring.open_store
    monkeypatch.setattr(wiring, "open_store", away)
    assert [machine.runs(code=5).stderr for _ in range(2)] == ["", ""]
    monkeypatch.setattr(wiring, "open_store", whole)
    assert machine.runs().stderr == ""
    monkeypatch.setattr(wiring, "open_store", away)
    assert [machine.runs(code=5).stderr for _ in range(2)] == ["", ""]
    with pytest.raises(ServiceMissing):
        machine.runs()
    assert machine.runs(code=5).stderr == ""
    monkeypatch.setattr(wiring, "open_store", whole)
    assert "it works again" in machine.runs().stderr


def test_a_database_that_opens_and_cannot_be_written_to_is_told_once_and_when_that_is_over(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.runs()
    with monkeypatch.context() as full:
        full.setattr(Store, "write", _full)
        assert [machine.runs(code=5).stderr for _ in range(2)] == ["", ""]
        assert "the disk is full" in machine.runs(code=5).stderr
        assert machine.runs(code=5).stderr == ""
    assert "it works again" in machine.runs().stderr
    assert machine.runs().stderr == ""


def test_where_nothing_can_be_remembered_a_trouble_is_told_each_time(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "write_whole", _refused)
    monkeypatch.setattr(Store, "write", _full)
    assert all("the disk is full" in machine.runs(code=5).stderr for _ in range(2))


def _refused(*_given: object) -> None:
    raise OSError(28, "No space left on device")


def _full(_store: Store) -> None:
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("the disk is full"))


def test_every_part_works_on_both_databases(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "workspace"
    workspace.make(folder)
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", database_url)
    type_in(folder, "run-due")  # it makes a secret, and says so
    done = type_in(folder, "run-due", *(f"--only={part}" for part in parts.NAMES), "--json")
    did = json.loads(done.stdout)
    assert (did["code"], done.stderr, {one["state"] for one in did["parts"]}) == (0, "", {"done"})
