"""`newsletter run-due` as cron calls it: the clock, and what is held back."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.duty import Alert
from newsletter.model.mailing import MailingState
from tests.support.due import DUE, OPERATOR, START_BY, type_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.due import Machine

SCHEDULED, FINISHED, MISSED = MailingState.SCHEDULED, MailingState.FINISHED, MailingState.MISSED


def test_before_its_time_nothing_begins_and_nothing_is_said(machine: Machine) -> None:
    done = machine.runs()
    assert (done.stdout, done.stderr, machine.state) == ("", "", SCHEDULED)


def test_what_is_due_goes_to_each_reader_once(machine: Machine) -> None:
    machine.later(minutes=11)
    done = machine.runs()
    assert (done.stdout, done.stderr, machine.state, machine.each_once) == ("", "", FINISHED, True)
    machine.later(minutes=1)
    machine.runs()
    assert machine.each_once


def test_a_machine_that_slept_for_a_while_sends_late(machine: Machine) -> None:
    machine.clock.now = START_BY - timedelta(minutes=1)
    machine.runs()
    assert (machine.state, machine.each_once) == (FINISHED, True)


def test_one_that_slept_too_long_has_missed_it_and_says_so_once(machine: Machine) -> None:
    machine.settings(OPERATOR)
    machine.clock.now = START_BY + timedelta(minutes=1)
    said = machine.runs(code=3).stderr
    assert "mailing 1 (walking) is missed" in said
    assert "newsletter send walking" in said
    assert (machine.state, machine.delivered) == (MISSED, [])
    machine.later(minutes=1)
    assert machine.runs().stderr == ""
    assert [one.about["alert"] for one in machine.alerts()] == [Alert.MISSED]


def test_a_clock_that_jumps_far_ahead_misses_and_one_that_jumps_back_sends_nothing_twice(machine: Machine) -> None:
    machine.later(minutes=11)
    machine.runs()
    machine.clock.now = DUE - timedelta(days=400)
    machine.runs()
    machine.clock.now = DUE + timedelta(days=400)
    machine.runs()
    assert (machine.state, machine.each_once) == (FINISHED, True)


def test_after_a_clock_was_put_back_all_parts_go_on(machine: Machine) -> None:
    machine.clock.now = datetime(2036, 1, 1, tzinfo=UTC)
    machine.change(due_at=machine.clock.now + timedelta(days=1), start_by=None)
    machine.runs()
    machine.clock.now = DUE - timedelta(minutes=10)
    states = {one["state"] for one in machine.json().values()}
    assert states == {"done"}


@pytest.mark.parametrize(
    "changes",
    [datetime(2026, 11, 1, 9, 0, tzinfo=UTC), datetime(2027, 3, 14, 10, 0, tzinfo=UTC)],
    ids=["back", "forward"],
)
def test_around_a_change_of_clocks_it_goes_once_at_its_moment(machine: Machine, changes: datetime) -> None:
    """Los Angeles puts clocks back, or forward, at that moment; mail may leave from one to four by these clocks."""
    machine.settings('\n[sending]\nhours = "01:00-04:00"\n')
    due = changes - timedelta(minutes=30)
    machine.change(due_at=due, start_by=due + timedelta(hours=12))
    seen = []
    for minutes in range(-90, 91, 30):
        machine.clock.now = changes + timedelta(minutes=minutes)
        machine.runs()
        seen.append(len(machine.delivered))
    assert seen == [0, 0, 5, 5, 5, 5, 5]
    assert machine.each_once


def test_outside_the_hours_for_sending_it_waits_without_a_word(machine: Machine) -> None:
    machine.settings('\n[sending]\nhours = "08:00-20:00"\n')
    machine.later(minutes=11)  # one in the morning where the newsletter is
    for _ in range(3):
        assert machine.runs().stderr == ""
        machine.later(minutes=1)
    assert machine.delivered == []
    machine.clock.now = DUE + timedelta(hours=8)
    machine.runs()
    assert machine.each_once


def test_what_is_held_is_told_once_and_looked_at_again(machine: Machine) -> None:
    machine.settings(f"\n[policy]\napprovals = 1\n{OPERATOR}")
    machine.later(minutes=11)
    assert "mailing 1 (walking) is held" in machine.runs(code=3).stderr
    for _ in range(3):
        machine.later(minutes=1)
        assert machine.runs().stderr == ""
    assert (machine.state, machine.delivered) == (SCHEDULED, [])
    assert [one.about["alert"] for one in machine.alerts()] == [Alert.HELD]
    machine.settings("")
    machine.runs()
    assert machine.each_once


def test_after_a_backup_was_restored_nothing_begins_and_that_is_said_once(machine: Machine) -> None:
    from newsletter.store.upkeep import restored
    from newsletter.store.upkeep.restored import NO_MEMORY

    machine.settings(OPERATOR)
    with machine.store.write() as connection:
        restored.note(connection, NO_MEMORY, None, machine.clock.now)
    said = machine.runs(code=4).stderr
    assert "a backup was restored" in said
    assert "newsletter db restore --checked" in said
    assert machine.runs().stderr == ""
    machine.later(minutes=11)
    assert "is held" in machine.runs(code=3).stderr
    assert machine.runs().stderr == ""
    assert machine.delivered == []
    assert [one.about["alert"] for one in machine.alerts()] == [Alert.RESTORED, Alert.HELD]
    type_in(machine.folder, "db", "restore", "--checked", "--yes")
    machine.runs()
    assert machine.each_once


def test_a_database_that_was_replaced_is_told_once_and_nothing_is_written_to_it(
    machine: Machine, due_workspace: Path
) -> None:
    machine.store.close()
    (machine.folder / "newsletter.db.witness").write_text(f"{'0' * 32}\n", encoding="ascii")
    machine.later(minutes=11)
    from newsletter.errors import DatabaseReplaced

    with pytest.raises(DatabaseReplaced):
        machine.runs()
    machine.later(minutes=1)
    assert machine.runs(code=4).stderr == ""
    machine.later(days=1)
    with pytest.raises(DatabaseReplaced):
        machine.runs()
    assert machine.delivered == []
    shutil.copy(due_workspace / "newsletter.db.witness", machine.folder)
    machine.clock.now = DUE + timedelta(minutes=1)
    assert "it works again" in machine.runs().stderr
    assert machine.each_once


def test_what_would_hold_a_mailing_of_the_next_day_is_told_once_before(machine: Machine) -> None:
    machine.settings(OPERATOR + "[policy]\napprovals = 1\n")
    for _ in range(2):
        machine.runs()
        machine.later(minutes=3)
    (told,) = machine.alerts()
    assert (told.about["alert"], told.about["facts"]["issue"]) == (Alert.FORESEEN, "walking")
    assert "nobody has signed it" in told.about["facts"]["why"]
    found = json.loads(type_in(machine.folder, "doctor", "--offline", "--only", "work", "--json").stdout)["findings"]
    assert [one["code"] for one in found] == ["mailing-foreseen"]
