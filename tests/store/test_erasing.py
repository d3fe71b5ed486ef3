"""Erasing: nothing of the person is left, everything of everybody else is, and every sum stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.model.subscriber import ConsentSource, SuppressionReason
from newsletter.store import tables as t
from newsletter.store.people import access, consent, erasing
from newsletter.store.people import subscribers as stored
from tests.support.mailing import MailingDesk, ScriptedSender
from tests.support.people import ADA, OWN_GROUND, TRACES, known_well, rows_of, tables_that_know_people
from tests.support.readers import AGREED, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.erasure import Erased
    from newsletter.model.letter import Envelope
    from newsletter.model.subscriber import Suppression
    from newsletter.store.database import Store
    from tests.support.people import Known


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    return MailingDesk(store, tmp_path)


@pytest.fixture
def known(desk: MailingDesk) -> Known:
    return known_well(desk)


def erase(store: Store, address: str) -> Erased:
    with store.write() as connection:
        return erasing.erase(connection, hash_of(address), address, NOW)


def suppression(store: Store, address: str) -> Suppression | None:
    with store.read() as connection:
        return stored.suppression_of(connection, hash_of(address))


def test_nothing_names_the_person_any_more(known: Known) -> None:
    assert all(trace in str(rows_of(known.store)).lower() for trace in TRACES)
    erase(known.store, ADA)
    left = str(rows_of(known.store)).lower()
    assert [trace for trace in TRACES if trace in left] == []


def test_only_the_suppression_knows_the_hash(known: Known) -> None:
    erase(known.store, ADA)
    rows = rows_of(known.store)
    assert {name for name in rows if hash_of(ADA) in str(rows[name])} == {"suppressions", "suppression_events"}


def test_the_row_keeps_its_number_and_nothing_else(known: Known) -> None:
    erase(known.store, ADA)
    (row,) = [row for row in rows_of(known.store)["subscribers"] if row["number"] == known.ada]
    day = NOW.replace(hour=0, minute=0)
    told = {"number": known.ada, "attributes": {}, "tracking": False, "created_at": day, "erased_at": day}
    nothing = dict.fromkeys(("public_id", "identity_hash", "address", "joined_at"))
    assert row == told | nothing | dict.fromkeys(("first_name", "last_name", "language", "timezone"), "")


def test_everybody_else_stays_as_they_were(known: Known) -> None:
    def of_bob() -> dict[str, object]:
        with known.store.read() as connection:
            return access.everything(connection, hash_of("bob@example.org"))

    before = of_bob()
    erase(known.store, ADA)
    assert of_bob() == before
    assert "bob@example.org" in str(rows_of(known.store)["attempts"])


def test_what_was_sent_stays_and_adds_up(known: Known) -> None:
    before = known.desk.tally(known.mailing)
    erased = erase(known.store, ADA)
    assert erased.deliveries == ((known.mailing, 1),)
    assert known.desk.tally(known.mailing) == before
    assert before.holds


def test_consent_keeps_what_was_done_when_and_words_that_others_agreed_to(known: Known) -> None:
    erase(known.store, ADA)
    rows = [row for row in rows_of(known.store)["consent_events"] if row["subscriber"] == known.ada]
    assert [(row["action"], row["source"]) for row in rows] == [("subscribed", "import"), ("tracking allowed", "page")]
    texts = {row["text"] for row in rows_of(known.store)["wordings"]}
    assert AGREED in texts
    assert OWN_GROUND not in texts


def test_no_import_brings_the_person_back(known: Known) -> None:
    erase(known.store, ADA)
    report = known.desk.import_("email\nADA@example.org\n")
    assert (report.suppressed, report.added) == (1, 0)
    assert known.desk.find(ADA) is None


@pytest.mark.parametrize("suppressed", [False, True])
def test_somebody_who_is_no_subscriber_stays_out(desk: MailingDesk, suppressed: bool) -> None:
    if suppressed:
        desk.suppress("zoe@example.org", SuppressionReason.COMPLAINT)
    erased = erase(desk.store, "zoe@example.org")
    assert (erased.subscriber, erased.was_known) == (None, suppressed)
    found = suppression(desk.store, "zoe@example.org")
    assert found is not None
    assert found.reason is SuppressionReason.ERASED


def test_erasing_twice_changes_nothing_more(known: Known) -> None:
    erase(known.store, ADA)
    before = rows_of(known.store)
    erased = erase(known.store, ADA)
    assert (erased.subscriber, erased.was_suppressed) == (None, True)
    assert rows_of(known.store) | {"facts": []} == before | {"facts": []}


def test_while_a_mailing_runs_the_person_is_left_out_and_the_sum_holds(desk: MailingDesk) -> None:
    addresses = desk.readers(7)
    number = desk.plan()

    def script(envelopes: Sequence[Envelope]) -> Answer:
        if envelopes[0].n == 1:
            erase(desk.store, addresses[0])  # in the chunk that is on its way
            erase(desk.store, addresses[5])  # in one that is to come
        return Answer(verdict=Verdict.ACCEPTED)

    sender = ScriptedSender(script=script)
    tally = desk.send(number, sender)
    assert tally.holds
    assert (tally[Outcome.ACCEPTED], tally[Outcome.EXCLUDED]) == (6, 1)
    assert tally.exclusions == {"erased": 1}
    assert addresses[5] not in sender.delivered
    assert {row["subscriber"] for row in rows_of(desk.store)["issue_readers"]} >= {1, 2, 3}


def test_a_copy_on_its_way_is_named(desk: MailingDesk) -> None:
    addresses = desk.readers(4)
    number = desk.plan()
    seen: list[tuple[tuple[int, int], ...]] = []

    def script(envelopes: Sequence[Envelope]) -> Answer:
        if envelopes[0].n == 1:
            seen.extend(erase(desk.store, address).in_flight for address in (addresses[1], addresses[3]))
        return Answer(verdict=Verdict.ACCEPTED)

    desk.send(number, ScriptedSender(script=script))
    assert seen == [((number, 2),), ()]


def test_reports_lose_the_person_and_one_that_waits_keeps_what_it_says_of_others(known: Known) -> None:
    erase(known.store, ADA)
    of_handled, of_waiting, *of_bob = (row["body"].decode() for row in rows_of(known.store)["event_inbox"])
    assert of_handled == ""
    assert [entry["email"] for entry in json.loads(of_waiting)] == ["zoe@example.org"]
    assert all("bob@example.org" in body for body in of_bob)


def test_what_became_of_the_mail_stays_and_what_they_opened_goes(known: Known) -> None:
    erase(known.store, ADA)
    rows = rows_of(known.store)
    assert [row["fate"] for row in rows["fates"]] == ["soft bounce"] * 2
    kinds = sorted((row["n"], row["kind"]) for row in rows["events"])
    assert kinds == [(1, "soft bounce"), (2, "opened"), (2, "soft bounce")]


def test_no_moment_tells_which_number_a_hash_had(known: Known) -> None:
    erase(known.store, ADA)
    rows = rows_of(known.store)
    noted = {row["at"] for row in rows["suppression_events"] if row["identity_hash"] == hash_of(ADA)}
    assert noted == {NOW.replace(hour=0, minute=0)}


def test_a_restored_backup_is_erased_again(known: Known) -> None:
    known.desk.subscribe("carol@example.org")
    hashes = {hash_of(ADA), hash_of("nobody@example.org")}
    with known.store.write() as connection:
        assert erasing.apply_again(connection, hashes, NOW) == 1
    left = str(rows_of(known.store)).lower()
    assert [trace for trace in TRACES if trace in left] == []
    assert suppression(known.store, "nobody@example.org") is not None
    assert known.desk.find("carol@example.org") is not None
    before = rows_of(known.store)
    with known.store.write() as connection:
        assert erasing.apply_again(connection, hashes, NOW) == 0
    assert rows_of(known.store) == before


def test_who_left_and_was_erased_is_in_no_audience_after_an_import(desk: MailingDesk) -> None:
    desk.subscribe("dora@example.org")
    with desk.store.write() as connection:
        consent.leave_everything(connection, desk.get("dora@example.org").number, ConsentSource.PAGE, None, NOW)
    erase(desk.store, "dora@example.org")
    desk.subscribe("dora@example.org")
    number = desk.plan()
    assert desk.tally(number).audience == 0


def test_erasing_overwrites_the_file_of_sqlite(migrated_sqlite: Path, tmp_path: Path) -> None:
    from newsletter.store.database import Store

    path = tmp_path / "newsletter.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = Store(f"sqlite:///{path}")
    known = known_well(MailingDesk(store, tmp_path))
    assert erasing.clear_log(store)
    assert b"Lovelace" in path.read_bytes()
    with store.write() as connection:  # as SQLite is by itself on many machines
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    erase(store, ADA)
    assert erasing.clear_log(store)
    files = b"".join(file.read_bytes() for file in tmp_path.glob("newsletter.db*")).lower()
    assert [trace for trace in TRACES if trace.encode() in files] == []
    assert known.desk.find("bob@example.org")
    store.close()


def test_postgresql_has_no_log_of_ours(store: Store, backend: str) -> None:
    assert (erasing.clear_log(store) is None) == (backend == "postgresql")


def test_no_table_that_knows_people_is_forgotten() -> None:
    """A new one belongs into store/people/erasing.py and store/people/access.py: say there what becomes of it, and tell it."""
    assert tables_that_know_people() == set(erasing.REACH) == set(access.TOLD)


def test_the_person_of_these_tests_stands_in_every_table(known: Known) -> None:
    rows = rows_of(known.store)
    assert [name for name in tables_that_know_people() if not rows[name]] == []


def test_an_access_request_tells_every_table(known: Known) -> None:
    with known.store.read() as connection:
        found = access.everything(connection, hash_of(ADA))
        assert connection.scalar(select(t.subscribers.c.address).where(t.subscribers.c.number == known.ada)) == ADA
    assert [part for part in access.TOLD.values() if not found[part]] == []
    assert all(trace in str(found).lower() for trace in TRACES)
    assert "bob" not in str(found).lower().replace("bob@example.org are unknown", "")
