"""Whatever is done to the audit log by hand is found, at the first entry that it touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.audit import BEGINNING, Action, Entry, Head
from newsletter.signoff.chain import verify

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def chained(
    count: int, *, action: str = "mailing-started", after: tuple[Entry, ...] = (), word: str = ""
) -> list[Entry]:
    """`count` more entries behind those."""
    entries = list(after)
    for _ in range(count):
        number = len(entries) + 1
        entry = Entry(
            number=number,
            at=NOW + timedelta(minutes=number),
            actor=f"ana{word}",
            action=action,
            subject=f"mailing {number}",
            facts='{"readers":3}',
            previous=entries[-1].hash if entries else BEGINNING,
        )
        entries.append(replace(entry, hash=entry.hashed()))
    return entries


def head(entries: list[Entry], number: int, later: timedelta = timedelta()) -> Head:
    return Head(number=number, hash=entries[number - 1].hash, at=entries[number - 1].at + later)


LOGS = st.integers(2, 8).map(chained)
_TEXTS = {"actor": "bob", "action": "proof-sent", "subject": "mailing 99", "facts": "{}", "hash": "0" * 64}
CHANGES = st.sampled_from([*_TEXTS.items(), ("at", NOW - timedelta(days=1)), ("previous", "1" * 64)])


def test_a_log_that_nobody_touched_is_whole() -> None:
    log = chained(5)
    found = verify(log, [head(log, 2), head(log, 5)])
    assert (found.fault, found.entries, found.confirmed) == (None, 5, 2)
    assert found.last == head(log, 5)


def test_an_empty_log_is_whole() -> None:
    assert verify([]).fault is None
    assert verify([]).last is None


@given(LOGS, st.data())
def test_any_single_change_is_found_at_its_entry(log: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    name, value = data.draw(CHANGES)
    change: dict[str, Any] = {name: value}
    log[place] = replace(log[place], **change)
    fault = verify(log).fault
    assert fault is not None
    assert fault.entry == place + 1


@given(LOGS, st.data())
def test_a_change_with_a_new_hash_is_found_behind_it_or_by_the_head(log: list[Entry], data: st.DataObject) -> None:
    """Whoever changes an entry can work out its hash, but not that of a note that is kept elsewhere."""
    place, kept = data.draw(st.integers(0, len(log) - 1)), head(log, len(log))
    changed = replace(log[place], actor="somebody")
    log[place] = replace(changed, hash=changed.hashed())
    fault = verify(log, [kept]).fault
    assert fault is not None
    assert fault.entry == min(place + 2, len(log))


@given(LOGS, st.data())
def test_a_deleted_entry_is_found(log: list[Entry], data: st.DataObject) -> None:
    place, kept = data.draw(st.integers(0, len(log) - 1)), head(log, len(log))
    del log[place]
    fault = verify(log, [kept]).fault
    assert fault is not None
    assert fault.entry == place + 1


@given(LOGS, st.data())
def test_two_entries_that_changed_places_are_found(log: list[Entry], data: st.DataObject) -> None:
    first, second = sorted(data.draw(st.lists(st.integers(0, len(log) - 1), min_size=2, max_size=2, unique=True)))
    log[first], log[second] = log[second], log[first]
    fault = verify(log).fault
    assert fault is not None
    assert fault.entry == first + 1


@given(LOGS, st.data())
def test_an_entry_between_others_is_found(log: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(log) - 1))
    forged = replace(log[place], actor="somebody", previous=log[place - 1].hash)
    log.insert(place, replace(forged, hash=forged.hashed()))
    fault = verify(log).fault
    assert fault is not None
    assert fault.entry == place + 1


def test_a_cut_off_end_is_found_by_what_was_noted_elsewhere() -> None:
    log = chained(9)
    fault = verify(log[:6], [head(log, 4), head(log, 8)]).fault
    assert fault is not None
    assert fault.entry == 7
    assert "the end was cut off" in fault.why
    assert "entry 8" in fault.why


def test_nothing_can_be_said_of_an_end_that_nobody_noted() -> None:
    log = chained(9)
    assert verify(log[:6], [head(log, 4)]).fault is None


def test_a_log_that_was_emptied_is_found() -> None:
    fault = verify([], [head(chained(3), 3)]).fault
    assert fault is not None
    assert "the log is empty" in fault.why


def test_a_log_that_was_written_anew_is_found() -> None:
    fault = verify(chained(9, word="bel"), [head(chained(9), 4), head(chained(9), 8)]).fault
    assert fault is not None
    assert fault.entry == 4
    assert "written anew" in fault.why


def test_a_restored_backup_explains_what_it_took_the_place_of() -> None:
    before = chained(9)
    restored = chained(1, action=Action.DATABASE_RESTORED, after=tuple(before[:4]), word=" restores")
    restored[4] = _at(restored[4], before[8].at + timedelta(hours=1))
    found = verify(restored, [head(before, 3), head(before, 6), head(before, 9)])
    assert found.fault is None
    assert found.confirmed == 1
    assert [(one.head.number, one.by) for one in found.replaced] == [(6, 5), (9, 5)]


def test_a_restored_backup_explains_nothing_that_was_noted_later() -> None:
    before = chained(9)
    restored = chained(1, action=Action.DATABASE_RESTORED, after=tuple(before[:4]), word=" restores")
    fault = verify(restored, [head(before, 9, timedelta(days=1))]).fault
    assert fault is not None
    assert fault.entry == 6


@pytest.mark.parametrize("facts", ["{", "\ud800"])
def test_facts_that_are_no_json_or_no_text_are_a_change(facts: str) -> None:
    log = chained(3)
    log[1] = replace(log[1], facts=facts)
    fault = verify(log).fault
    assert fault is not None
    assert fault.entry == 2


def _at(entry: Entry, moment: datetime) -> Entry:
    moved = replace(entry, at=moment)
    return replace(moved, hash=moved.hashed())
