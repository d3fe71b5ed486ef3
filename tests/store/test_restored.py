"""What a restored database knows of itself, and what that means for new mailings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from newsletter.pipeline.after_restore import why_not
from newsletter.store import facts, witness
from newsletter.store.upkeep import restored
from newsletter.store.upkeep.restored import Memory, Restoration
from tests.support.readers import NOW

if TYPE_CHECKING:
    from newsletter.errors import SendingRefused
    from newsletter.store.database import Store

ZONE = ZoneInfo("Europe/Vienna")
BEFORE = Memory(mailings={7: "running", 8: "running", 9: "rest"}, whole=True)


def held(store: Store, issue: str, *, again: bool = False) -> SendingRefused | None:
    with store.read() as connection:
        return why_not(connection, issue, ZONE, again=again)


def put(store: Store, before: Memory = BEFORE, *, checked: bool = False) -> Restoration | None:
    with store.write() as connection:
        restored.note(connection, before, NOW - timedelta(days=1), NOW)
        if checked:
            restored.confirm(connection, NOW + timedelta(hours=1))
        return restored.get(connection)


def test_what_is_noted_is_read_again(store: Store) -> None:
    known = put(store, checked=True)
    assert known == Restoration(
        at=NOW,
        taken_at=NOW - timedelta(days=1),
        forgotten=BEFORE.mailings,
        compared=True,
        checked_at=NOW + timedelta(hours=1),
    )
    assert known.issues == ("rest", "running")


def test_the_time_alone_counts_as_not_looked_at(store: Store) -> None:
    with store.write() as connection:
        facts.put(connection, facts.RESTORED, NOW.isoformat())
        assert restored.get(connection) == Restoration(at=NOW)
    assert held(store, "walking")


@pytest.mark.parametrize("again", [False, True])
def test_nothing_new_begins_until_somebody_has_looked(store: Store, again: bool) -> None:
    assert held(store, "walking", again=again) is None
    put(store)
    why = held(store, "walking", again=again)
    assert why
    assert "2026" in why.why
    assert "(among it: rest, running)" in why.why
    assert "newsletter db restore --checked" in why.next_step
    why = held(store, "running", again=again)
    assert why
    assert "running went out after the backup" in why.why
    assert "newsletter db restore --checked" in why.next_step


def test_then_only_what_went_out_needs_a_reason(store: Store) -> None:
    put(store, checked=True)
    assert held(store, "walking") is None
    why = held(store, "running")
    assert why
    assert "newsletter send running --again REASON" in why.next_step
    assert held(store, "running", again=True) is None


def test_many_issues_are_not_all_named(store: Store) -> None:
    put(store, Memory(mailings={number: f"issue-{number}" for number in range(10, 99)}))
    why = held(store, "walking")
    assert why
    assert "issue-14 and 84 more" in why.why


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_same_table_number_on_another_server_is_another_home(store: Store) -> None:
    with store.write() as connection:
        witness.renew(connection)
        table, _, server = (facts.get(connection, facts.HOME) or "").partition("@")
        assert server
        for noted, ours in ((table, True), (f"{table}@1", False), (f"1@{server}", False), ("1", False)):
            facts.put(connection, facts.HOME, noted)
            assert witness.is_ours(connection) is ours
        facts.put(connection, facts.HOME, table)  # as it was noted at first
    with store.write() as connection:
        witness.renew(connection)
        assert facts.get(connection, facts.HOME) == f"{table}@{server}"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_whoever_may_not_ask_which_server_it_is_goes_by_the_table(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as connection:
        witness.renew(connection)
        monkeypatch.setattr(witness, "_MAY_ASK", "SELECT false")
        assert witness.home(connection).isdecimal()
        assert witness.is_ours(connection)
