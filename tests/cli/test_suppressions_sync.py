"""`newsletter suppressions sync`, `remove --at-esp` and `subscribers erase`, with a SendGrid of our own."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.fakes.sendgrid import KEY, Behaviour, FakeSendGrid
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.workspace import Workspace

ADA, BOB = "ada@example.org", "bob@example.org"
LISTS = ("unsubscribes", "bounces", "blocks", "spam_reports", "invalid_emails")
MAY = 1_780_000_000


@pytest.fixture
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid() as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, fake: FakeSendGrid) -> Workspace:
    sendgrid = {"NEWSLETTER_ESP_NAME": "sendgrid", "NEWSLETTER_ESP_SENDGRID_HOST": fake.url, "SENDGRID_API_KEY": KEY}
    return workspaces.make(tmp_path / "here", **sendgrid)


def held(fake: FakeSendGrid) -> list[str]:
    return [address for name in LISTS for address in fake.suppressions.addresses(name)]


def test_both_sides_know_the_same_afterwards(place: Workspace, fake: FakeSendGrid) -> None:
    place.run("suppressions", "add", ADA, "--note", "Rang us")
    fake.suppressions.add("spam_reports", "Bob@Example.org", MAY)
    tried = place.run("suppressions", "sync", "--dry-run").stdout
    assert "1 would be suppressed: complaint" in tried
    assert "1 would be told to SendGrid" in tried
    assert "Nothing was changed" in tried
    assert fake.suppressions.addresses("unsubscribes") == []
    said = place.run("suppressions", "sync")
    assert "1 suppressed now: complaint" in said.stdout
    assert "1 told to SendGrid" in said.stdout
    assert said.stderr == ""
    assert fake.suppressions.addresses("unsubscribes") == [ADA]
    shown = place.json("suppressions", "show", BOB)
    assert shown["suppressed"] == {"reason": "complaint", "source": "SendGrid", "at": "2026-05-28T20:26:40+00:00"}
    again = place.json("suppressions", "sync")
    assert (again["new"], again["already"], again["pushed"], again["dry_run"]) == (0, 2, 0, False)
    assert place.json("suppressions", "show", ADA)["suppressed"]["reason"] == "by hand"


def test_one_side_can_be_had_alone(place: Workspace, fake: FakeSendGrid) -> None:
    place.run("suppressions", "add", ADA)
    fake.suppressions.add("bounces", BOB, MAY)
    assert place.json("suppressions", "sync", "--push")["new"] == 0
    assert fake.suppressions.addresses("unsubscribes") == [ADA]
    assert place.json("suppressions", "sync", "--pull")["new"] == 1
    assert "--pull" in place.run("suppressions", "sync", "--push", "--forget-erased", code=2).stderr


def test_where_nothing_is_to_do_this_is_said(place: Workspace) -> None:
    assert "nothing to do" in place.run("suppressions", "sync").stdout


def test_who_is_not_asked_and_why_is_said(place: Workspace, fake: FakeSendGrid) -> None:
    place.environment["SENDGRID_API_KEY"] = "SG.wrong"
    assert "give the key access to Suppressions" in place.run("suppressions", "sync", code=5).stderr
    del place.environment["SENDGRID_API_KEY"]
    assert "SENDGRID_API_KEY" in place.run("suppressions", "sync", code=5).stderr
    place.environment["NEWSLETTER_ESP_NAME"] = "outbox"
    assert "sendgrid" in place.run("suppressions", "sync", code=5).stderr
    assert held(fake) == []


def test_mail_that_would_be_dropped_at_the_provider_is_told_of_and_let_go(place: Workspace, fake: FakeSendGrid) -> None:
    fake.suppressions.add("bounces", ADA, MAY)
    place.run("suppressions", "sync")
    because = ("--because", "The mailbox works again", "--yes")
    said = place.run("suppressions", "remove", ADA, *because).stdout
    assert "SendGrid still holds it back" in said
    assert f"newsletter suppressions remove {ADA} --at-esp" in said
    assert held(fake) == [ADA]
    assert "1 lifted here since" in place.run("suppressions", "sync").stdout
    assert "SendGrid has let go of it" in place.run("suppressions", "remove", ADA, "--at-esp").stdout
    assert held(fake) == []
    assert place.json("suppressions", "remove", ADA, "--at-esp") == {"lifted": None, "let_go_by_provider": False}
    assert "is not suppressed" in place.run("suppressions", "remove", ADA, code=2).stderr


def test_both_are_lifted_at_once_or_neither(place: Workspace, fake: FakeSendGrid) -> None:
    fake.suppressions.add("bounces", ADA, MAY)
    place.run("suppressions", "sync")
    lift = ("suppressions", "remove", ADA, "--because", "Wrote to us", "--yes", "--at-esp")
    fake.api_faults.next(Behaviour.UNAUTHORISED)
    refused = place.run(*lift, code=5).stderr
    assert "nothing was lifted" in refused
    assert KEY not in refused
    assert place.json("suppressions", "show", ADA)["suppressed"]
    assert place.json(*lift)["let_go_by_provider"] is True
    assert (held(fake), place.json("suppressions", "show", ADA)["suppressed"]) == ([], None)


def test_without_such_a_provider_nothing_can_be_let_go(place: Workspace) -> None:
    place.environment["NEWSLETTER_ESP_NAME"] = "outbox"
    place.run("suppressions", "add", ADA)
    assert "SENDGRID_API_KEY" in place.run("suppressions", "remove", ADA, "--at-esp", code=2).stderr
    said = place.run("suppressions", "remove", ADA, "--because", "Wrote to us", "--yes").stdout
    assert "SendGrid" not in said


def addresses_of(place: Workspace) -> list[str]:
    with sqlite3.connect(place.database) as connection:
        rows = connection.execute("SELECT address FROM subscribers WHERE address IS NOT NULL ORDER BY number")
        return [address for (address,) in rows]


def test_who_is_erased_is_forgotten_at_the_provider_first(place: Workspace, fake: FakeSendGrid) -> None:
    place.import_readers("email\nAda@example.org\nbob@example.org\n")
    for name in LISTS:
        fake.suppressions.add(name, ADA)
    fake.suppressions.add("bounces", BOB)
    fake.api_faults.next(Behaviour.FORBIDDEN)
    refused = place.run("subscribers", "erase", ADA, "--yes", code=5).stderr
    assert "nothing was erased" in refused
    assert "--not-at-esp" in refused
    assert addresses_of(place) == ["Ada@example.org", BOB]
    assert not (place.folder / "erasures.txt").exists()
    done = place.json("subscribers", "erase", ADA, "--yes")
    assert (done["provider"], done["held_back_there"]) == ("SendGrid", True)
    assert (held(fake), addresses_of(place)) == ([BOB], [BOB])
    assert "did not hold the address back" in place.run("subscribers", "erase", ADA, "--yes").stdout


def test_an_erasing_can_leave_the_provider_out_and_says_so(place: Workspace, fake: FakeSendGrid) -> None:
    place.import_readers("email\nada@example.org\n")
    fake.suppressions.add("bounces", ADA, MAY)
    said = place.run("subscribers", "erase", ADA, "--yes", "--not-at-esp").stdout
    assert "delete the address there too" in said
    assert (held(fake), addresses_of(place)) == ([ADA], [])
    left = place.run("suppressions", "sync").stdout
    assert "1 erased here, and SendGrid still has their address" in left
    assert place.json("suppressions", "sync", "--forget-erased")["forgotten"] == 1
    assert held(fake) == []
    assert b"ada@example.org" not in place.database.read_bytes()
