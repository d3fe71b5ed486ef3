"""`newsletter events`, and the pages with the hook, as commands."""

from __future__ import annotations

import signal
import socket
import time
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import pytest
from sqlalchemy import select

from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.events import inbox
from tests.support.reports import entry, named, report
from tests.support.signing import signed, spki
from tests.support.workspace import make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workspace import Workspace

READERS = "email,first_name\nada@example.org,Ada\nbob@example.org,Bob\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A mailing that two readers got."""
    made = make(tmp_path / "letters")
    made.import_readers(READERS)
    made.run("send", "walking", "--to", "friends", "--yes")
    return made


def store_of(workspace: Workspace) -> Store:
    return Store(f"sqlite:///{workspace.database}")


def reported(workspace: Workspace, kind: str, n: int, **facts: Any) -> dict[str, Any]:
    store = store_of(workspace)
    with store.read() as connection:
        attempt = connection.scalar(select(t.attempts.c.id))
    store.close()
    moment = {"timestamp": int(datetime.now(UTC).timestamp())}
    return entry(kind, **named(1, n, str(attempt)) | moment | facts)


def keep(workspace: Workspace, *bodies: bytes) -> None:
    store = store_of(workspace)
    with store.write() as connection:
        for body in bodies:
            inbox.add(connection, "sendgrid", body, datetime.now(UTC))
    store.close()


def test_reports_are_handled_shown_and_have_their_consequences(workspace: Workspace) -> None:
    bounce = reported(workspace, "bounce", 2, type="bounce", reason="550 no such user", email="bob@example.org")
    events = [reported(workspace, "delivered", 1), bounce, reported(workspace, "open", 1)]
    keep(workspace, report(*events), report(events[0], reported(workspace, "delivered", 1, nl_attempt="another")))
    assert "2 reports not handled yet" in workspace.run("events", "list").stderr
    done = workspace.run("events", "handle").stdout.splitlines()
    assert done == [
        "Handled 2 reports: 2 delivered, 1 hard bounce.",
        "  1 told before",
        "  1 of readers who do not agree to tracking, not stored",
        "  1 not about mail of this database",
        "  1 address is suppressed by this: newsletter suppressions list",
    ]
    assert workspace.run("events", "handle").stdout == ""
    shown = workspace.run("events", "list", "--mailing", "1")
    assert "1/2  hard bounce" in shown.stdout
    assert "550 no such user" in shown.stdout
    assert "What became of mailing 1: 1 delivered, 1 hard bounce" in shown.stdout
    listed = workspace.json("events", "list", "--kind", "hard bounce")
    assert [(one["mailing"], one["n"], one["kind"]) for one in listed["events"]] == [(1, 2, "hard bounce")]
    assert "ada@example.org" not in shown.stdout
    assert "bob@example.org" in workspace.run("suppressions", "list").stdout


def test_a_list_goes_on_where_it_ended(workspace: Workspace) -> None:
    keep(workspace, report(*(reported(workspace, "deferred", 1, timestamp=1_790_000_000 + n) for n in range(5))))
    workspace.run("events", "handle")
    first = workspace.json("events", "list", "--limit", "3")
    rest = workspace.json("events", "list", "--limit", "3", "--after", first["after"])
    assert len({one["id"] for one in first["events"] + rest["events"]}) == 5
    assert (len(rest["events"]), rest["after"]) == (2, None)
    assert "--after" in workspace.run("events", "list", "--limit", "3").stderr
    assert "such as" in workspace.run("events", "list", "--after", "yesterday", code=2).stderr


def test_what_is_not_understood_is_said_and_can_be_looked_at(workspace: Workspace) -> None:
    assert "Every report was understood" in workspace.run("events", "faults").stdout
    keep(workspace, b'<html>\x1b[31m"ada@example.org"')
    done = workspace.run("events", "handle", code=1)
    assert "report 1: it is not JSON" in done.stdout
    assert "newsletter events faults" in done.stdout
    told = workspace.run("events", "faults")
    assert "sendgrid: it is not JSON" in told.stdout
    assert "newsletter events faults NUMBER" in told.stderr
    body = workspace.run("events", "faults", "1").stdout
    assert "<html>" in body
    assert "\x1b" not in body
    assert workspace.json("events", "faults")["faults"][0]["number"] == 1
    assert "there is no report 7" in workspace.run("events", "faults", "7", code=2).stderr
    again = workspace.json("events", "handle", "--again", code=1)
    assert (again["reports"], again["faults"]) == (1, [{"report": 1, "fault": "it is not JSON"}])


def test_a_key_that_is_none_stops_serve_with_words(workspace: Workspace) -> None:
    settings = workspace.folder / "newsletter.toml"
    text = settings.read_text()
    settings.write_text(f'{text}\n[events]\npublic_key = "MFkw"\n')
    said = workspace.run("serve", code=5).stderr
    assert "this is not the verification key of an event webhook" in said
    assert "newsletter.toml:" in said
    settings.write_text(f'{text}\n[events]\npublic_key = "{spki()[:-6]}AAAA=="\n')
    assert "`events.public_key` is not the verification key" in workspace.run("serve", code=5).stderr


def test_the_pages_take_reports_and_work_them_off(workspace: Workspace) -> None:
    with (workspace.folder / "newsletter.toml").open("a") as settings:
        settings.write(f'\n[events]\npublic_key = "{spki()}"\n')
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    body = report(reported(workspace, "delivered", 1), reported(workspace, "spamreport", 2, email="bob@example.org"))
    serving = workspace.start("serve", "--port", str(port))
    try:
        url = f"http://127.0.0.1:{port}/hooks/sendgrid"
        assert _post(urllib.request.Request(url, body, signed(body, datetime.now(UTC)))) == 200
        for _ in range(600):
            listed = workspace.json("events", "list", "--mailing", "1")
            if listed["events"]:
                break
            time.sleep(0.1)
        assert listed["fates"] == {"delivered": 1, "complained": 1}
        assert listed["reports_waiting"] == 0
        serving.send_signal(signal.SIGTERM)
        out, err = serving.communicate()
        assert "Traceback" not in out + err
    finally:
        serving.kill()


def _post(request: urllib.request.Request) -> int:
    for _ in range(600):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except URLError as why:
            if not isinstance(why.reason, ConnectionRefusedError):
                raise
            time.sleep(0.05)
    raise AssertionError("nothing answers")
