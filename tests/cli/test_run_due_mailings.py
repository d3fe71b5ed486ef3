"""Handing over by `newsletter run-due`: what goes on by itself, when its time is over, and what is told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.cli.due import parts, sending, until_over
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import ChunkState, MailingState, Outcome
from newsletter.model.staff import StaffMember
from newsletter.pipeline.running.tasks import Turn
from newsletter.store import approvals, duties, mailings, staff
from newsletter.store import tables as t
from tests.support.due import DUE, OPERATOR, type_in
from tests.support.mailing import DOUBT, ScriptedSender
from tests.support.readers import KEYS

if TYPE_CHECKING:
    from tests.support.due import Machine

AWAY = Answer(verdict=Verdict.TRY_LATER, detail="connection refused")


def test_what_was_refused_or_is_in_doubt_is_told_in_the_run_in_which_it_came_up(machine: Machine) -> None:
    machine.sender.script = lambda envelopes: DOUBT if len(envelopes) == 2 else Answer(verdict=Verdict.ACCEPTED)
    machine.later(minutes=11)
    said = machine.runs(code=3).stderr
    assert "mailing 1 (walking) is finished, but 2 uncertain. See: newsletter mailings show 1" in said
    machine.later(minutes=1)
    assert machine.runs().stderr == ""


def test_while_the_provider_is_away_each_run_tries_and_the_third_says_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(until_over, "WORTH_WAITING", timedelta(seconds=3))
    machine.settings(f"\n[sending]\nretry_minutes = 1000\n{OPERATOR}")
    machine.sender.script = lambda _envelopes: AWAY
    machine.later(minutes=11)
    said = []
    for _ in range(3):
        said.append(machine.runs(code=5).stderr)
        machine.later(minutes=10)
    assert said[:2] == ["", ""]
    assert "mailing 1 (walking): the provider was not reached" in said[2]
    machine.sender.script = ScriptedSender().script
    machine.later(hours=1)
    assert "mailing 1 works again" in machine.runs().stderr
    assert machine.each_once


def test_what_paused_by_itself_goes_on_by_itself_and_what_a_person_paused_does_not(machine: Machine) -> None:
    machine.sender.script = lambda _envelopes: Answer(verdict=Verdict.NOT_AUTHORISED, detail="bad key")
    machine.later(minutes=11)
    assert "is paused: bad key" in machine.runs(code=3).stderr
    assert machine.runs().stderr == ""
    type_in(machine.folder, "mailings", "pause", "1", "--reason", "a mistake in it")
    machine.sender.script = ScriptedSender().script
    machine.runs()
    assert machine.delivered == []
    type_in(machine.folder, "mailings", "resume", "1")
    assert machine.each_once


@pytest.mark.parametrize("state", [MailingState.SENDING, MailingState.PAUSED])
def test_what_somebody_no_longer_signs_does_not_go_on_by_itself(machine: Machine, state: MailingState) -> None:
    machine.settings("\n[policy]\napprovals = 1\n")
    ben = StaffMember(number=0, name="Ben", email="ben@example.org", created_at=DUE)
    with machine.store.write() as connection:
        approvals.add(connection, machine.mailing().version or 0, staff.add(connection, ben, "hash"), "", DUE)
    machine.later(minutes=11)
    machine.runs("--only", "schedule")
    machine.change(state=state, reason="the provider was away" if state is MailingState.PAUSED else "")
    with machine.store.write() as connection:
        approvals.withdraw(connection, "walking", 1, "the dose is wrong", DUE)
    assert "Ben withdrew their signature (the dose is wrong)" in machine.runs(code=4).stderr
    machine.later(minutes=1)
    assert (machine.runs(code=4).stderr, machine.delivered) == ("", [])


@pytest.mark.parametrize("reason", mailings.OPENED_AGAIN)
def test_what_a_restored_backup_or_a_person_has_opened_again_waits_for_a_person(machine: Machine, reason: str) -> None:
    machine.later(minutes=11)
    machine.runs("--only", "schedule")
    machine.change(state=MailingState.PAUSED, reason=reason)
    assert (machine.runs().stderr, machine.state, machine.delivered) == ("", MailingState.PAUSED, [])


def test_at_its_latest_time_it_ends_though_others_would_be_due_later(machine: Machine) -> None:
    machine.later(minutes=11)
    machine.change(latest_at=DUE + timedelta(hours=3))
    machine.runs("--only", "schedule")
    with machine.store.write() as connection:
        connection.execute(t.chunks.update().values(due_at=DUE + timedelta(hours=9)))
    machine.clock.now = DUE + timedelta(hours=3)
    assert "5 cancelled" in machine.runs(code=3).stderr
    assert (machine.state, machine.delivered) == (MailingState.FINISHED, [])


def test_one_of_which_nothing_is_left_ends(machine: Machine) -> None:
    machine.later(minutes=11)
    machine.runs("--only", "schedule")
    with machine.store.write() as connection:
        connection.execute(t.chunks.update().values(state=ChunkState.CANCELLED))
    machine.runs(code=3)
    assert (machine.state, machine.delivered) == (MailingState.FINISHED, [])


def test_who_was_not_reached_by_the_latest_time_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(until_over, "WORTH_WAITING", timedelta(seconds=3))
    machine.change(latest_at=DUE + timedelta(minutes=30))
    machine.sender.script = lambda _envelopes: AWAY
    machine.later(minutes=11)
    machine.runs(code=5)
    machine.later(minutes=30)
    assert "is finished, but 5 cancelled" in machine.runs(code=3).stderr
    assert machine.tally()[Outcome.CANCELLED] == 5


def test_a_finished_mailing_leaves_no_row_behind(machine: Machine) -> None:
    machine.later(minutes=11)
    machine.runs()
    machine.later(minutes=1)
    machine.runs()
    with machine.store.read() as connection:
        assert not [duty for duty in duties.every(connection) if duty.name.startswith("mailing ")]


def test_the_time_of_handing_over_is_bounded_and_the_next_run_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_SENDING", timedelta(0))
    machine.later(minutes=11)
    assert machine.runs().stderr == ""
    assert (machine.state, machine.delivered) == (MailingState.SENDING, [])
    monkeypatch.undo()


def test_the_fallback_takes_over_within_one_run_and_the_next_run_begins_with_it(machine: Machine) -> None:
    from newsletter.cli.due.at_work import AtWork
    from newsletter.settings import load

    esp = 'name = "outbox"\nfallback = "smtp"\nfallback_after_minutes = 1'
    machine.settings(f'\n[esp]\n{esp}\n[esp.smtp]\nhost = "127.0.0.1"\n')
    other = ScriptedSender(name="smtp")
    machine.others = (other,)
    machine.sender.script = lambda _envelopes: AWAY
    machine.later(minutes=11)
    machine.runs()
    assert (len(other.delivered), machine.delivered) == (5, [])
    work = AtWork(place=load(machine.folder, {}), store=machine.store, keys=KEYS, stop=threading.Event())
    order = [one.name for one in sending._in_order(work, machine.mailing(), machine.senders)]
    machine.later(hours=1)
    later = [one.name for one in sending._in_order(work, machine.mailing(), machine.senders)]
    assert (order, later) == (["smtp", "outbox"], ["outbox", "smtp"])


@pytest.mark.parametrize(("fallback", "over"), [(timedelta(), True), (timedelta(minutes=15), False)])
def test_the_time_is_over_unless_another_sender_is_to_take_over(fallback: timedelta, over: bool) -> None:
    from newsletter.deliver.ended import Waiting

    passed = [0.0]
    turn = Turn(now=DUE, stop=threading.Event(), ends=240, monotonic=lambda: passed[0])
    stop = until_over.UntilOver(turn, fallback)
    stop.waits(Waiting.PROVIDER, datetime.now(UTC))
    passed[0] = 239
    stop.waits(Waiting.PROVIDER, datetime.now(UTC))
    passed[0] = 250
    assert stop.is_set() is over
    passed[0] = 240 + 15 * 60
    assert stop.is_set()
