"""What goes wrong around the engine: a database that goes away, a provider that is down, faults, two that plan at once."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsletter import pipeline
from newsletter.address.audience import Asked
from newsletter.deliver.terms import Terms
from newsletter.errors import AudienceDiffers, SendingRefused
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.store import mailings
from newsletter.store.ledger import StoredLedger, resolve_uncertain
from newsletter.store.upkeep import restored
from tests.support.mailing import ACCEPTED, BEGIN, ScriptedSender, rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Envelope
    from newsletter.store.database import Store
    from tests.support.mailing import MailingDesk


SYNCHRONOUS = "PRAGMA synchronous"


class FailingLedger(StoredLedger):
    """A ledger whose database goes away at the second claim, and for some answers after it."""

    def __init__(self, store: Store, answers_lost: int) -> None:
        super().__init__(store, lambda _owner: False)
        self._claims = 0
        self._answers_lost = answers_lost

    def claim(self, *given: Any) -> Any:
        self._claims += 1
        if self._claims > 2:
            raise ConnectionError
        return super().claim(*given)

    def settle(self, *given: Any) -> None:
        if self._claims > 2 and self._answers_lost:
            self._answers_lost -= 1
            raise ConnectionError
        super().settle(*given)


def stopped_by_the_database(desk: MailingDesk, monkeypatch: pytest.MonkeyPatch, answers_lost: int) -> int:
    """A mailing of three chunks whose ledger fails while two are under way."""
    desk.readers(9)
    number = desk.plan()
    with monkeypatch.context() as patch:
        patch.setattr(desk, "ledger", lambda: FailingLedger(desk.store, answers_lost))
        with pytest.raises(ConnectionError):
            desk.send(number, ScriptedSender(in_flight=3), owner="first")
    return number


@pytest.mark.parametrize("answers_lost", [0, 1, 3])
def test_answers_in_hand_are_stored_when_the_database_comes_back_so_that_no_doubt_arises(
    desk: MailingDesk, monkeypatch: pytest.MonkeyPatch, answers_lost: int
) -> None:
    number = stopped_by_the_database(desk, monkeypatch, answers_lost)
    assert desk.tally(number)[Outcome.ACCEPTED] == 6
    sender = ScriptedSender()
    tally = desk.send(number, sender, owner="first")
    assert (len(sender.delivered), tally[Outcome.ACCEPTED], tally[Outcome.UNCERTAIN]) == (3, 9, 0)


def test_a_database_that_stays_away_leaves_in_doubt_what_was_under_way_and_no_more(
    desk: MailingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = stopped_by_the_database(desk, monkeypatch, answers_lost=1000)
    tally = desk.send(number, ScriptedSender(), owner="first")
    assert (tally[Outcome.ACCEPTED], tally[Outcome.UNCERTAIN], tally.holds) == (3, 6, True)


def test_a_provider_that_is_away_is_left_alone_by_all_chunks(desk: MailingDesk) -> None:
    desk.readers(30)
    sender = ScriptedSender(lambda _: Answer(verdict=Verdict.TRY_LATER))
    tally = desk.send(desk.plan(size=3), sender, terms=Terms(retry=timedelta(seconds=10)))
    assert (sender.calls, tally[Outcome.PLANNED]) == (5, 30)  # at once, after about 1, 3 and 7 seconds, and at the end


def test_after_a_wait_all_chunks_go(desk: MailingDesk) -> None:
    addresses = desk.readers(30)
    answers = [ACCEPTED, Answer(verdict=Verdict.TRY_LATER, retry_after=3)]
    sender = ScriptedSender(lambda _: answers.pop(0) if answers else ACCEPTED)
    desk.send(desk.plan(size=3), sender)
    assert sorted(sender.delivered) == addresses


def test_a_fault_in_a_sender_is_logged_without_its_words_which_may_hold_an_address(
    desk: MailingDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.readers(1)

    def script(envelopes: Sequence[Envelope]) -> Answer:
        raise RuntimeError(envelopes[0].address)

    desk.send(desk.plan(), ScriptedSender(script))
    (record,) = caplog.records
    assert "RuntimeError" in record.getMessage()
    assert Path(__file__).name in record.getMessage()
    assert "@" not in caplog.text
    assert record.exc_info is None


def test_a_repeated_issue_is_not_sent_again_to_those_who_got_only_the_repetition(desk: MailingDesk) -> None:
    desk.readers(2)
    desk.send(desk.plan(), ScriptedSender())
    desk.subscribe("late@example.org")
    desk.send(desk.plan(again="a wrong date"), ScriptedSender())
    desk.subscribe("later@example.org")
    sender = ScriptedSender()
    tally = desk.send(desk.plan(), sender)
    assert sender.delivered == ["later@example.org"]
    assert tally.exclusions == {"already sent": 3}


def test_who_left_before_a_refusal_is_not_counted_among_the_refused(desk: MailingDesk) -> None:
    desk.readers(3)
    number = desk.plan()
    desk.leave("reader0002@example.org")
    desk.send(number, ScriptedSender(lambda _: Answer(verdict=Verdict.REFUSED, detail="bad request")))
    with desk.store.read() as connection:
        assert mailings.refusals(connection, number) == {"bad request": 2}


def test_counts_are_numbers_for_programs_on_every_database(desk: MailingDesk) -> None:
    desk.readers(4)
    number = desk.plan()
    desk.send(number, ScriptedSender(lambda _: Answer(verdict=Verdict.UNCERTAIN, detail="lost")))
    with desk.store.read() as connection:
        counts = [mailings.tally(connection, number).total, mailings.in_doubt(connection, "walking")]
        counts += [mailings.refusals(connection, number)]
    assert json.dumps(counts) == json.dumps([4, {number: 4}, {"lost": 4}])


def test_doubt_is_remembered_until_a_person_settles_it(desk: MailingDesk) -> None:
    desk.readers(2)
    number = desk.plan()
    desk.send(number, ScriptedSender(lambda _: Answer(verdict=Verdict.UNCERTAIN)))
    with desk.store.write() as connection:
        assert mailings.in_doubt(connection, "walking") == {number: 2}
        resolve_uncertain(connection, number, accepted=True, now=BEGIN)
        assert mailings.in_doubt(connection, "walking") == {}


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.REFUSED, Verdict.UNCERTAIN])
def test_every_delivery_that_is_settled_is_told_as_progress(desk: MailingDesk, verdict: Verdict) -> None:
    desk.readers(7)
    told: list[int] = []
    desk.send(desk.plan(), ScriptedSender(lambda _: Answer(verdict=verdict)), progress=told.append)
    assert sum(told) == 7


def test_two_that_plan_the_same_issue_at_once_get_the_same_mailing(desk: MailingDesk) -> None:
    desk.readers(5)
    prepared = pipeline.Prepared(slug="walking", path=Path("issue.md"), problems=(), variants=[rendered("walking")])
    meeting = threading.Barrier(3)

    def plan(_: int) -> int:
        meeting.wait(timeout=20)
        return pipeline.plan(desk.store, prepared, Asked(to=("news",)), ScriptedSender(), "", BEGIN)

    with ThreadPoolExecutor(3) as pool:
        numbers = set(pool.map(plan, range(3)))
    assert len(numbers) == 1


def test_readers_who_come_between_the_question_and_the_start_stop_it_and_nothing_is_stored(desk: MailingDesk) -> None:
    desk.readers(10)
    desk.send(desk.plan(issue="spring"), ScriptedSender())
    prepared = pipeline.Prepared(slug="walking", path=Path("issue.md"), problems=(), variants=[rendered("walking")])
    asked = Asked(to=("news",))
    foreseen = pipeline.foresee(desk.store, prepared, asked, BEGIN, again=False)
    pipeline.refuse_if_it_differs(foreseen.before, foreseen.subscribed, 30)
    desk.subscribe(*(f"more{n}@example.org" for n in range(4)))
    with pytest.raises(AudienceDiffers) as stopped:
        pipeline.plan(desk.store, prepared, asked, ScriptedSender(), "", BEGIN, most_change=30)
    assert (stopped.value.readers, stopped.value.before) == (14, 10)
    with desk.store.read() as connection:
        assert [one.issue for one in mailings.every(connection)] == ["spring"]
    number = pipeline.plan(desk.store, prepared, asked, ScriptedSender(), "", BEGIN)
    assert desk.tally(number).audience == 14


def test_a_restore_between_the_question_and_the_start_stops_a_new_mailing_and_not_one_that_began(
    desk: MailingDesk,
) -> None:
    desk.readers(5)
    prepared = pipeline.Prepared(slug="walking", path=Path("issue.md"), problems=(), variants=[rendered("walking")])
    asked = Asked(to=("news",))
    assert pipeline.foresee(desk.store, prepared, asked, BEGIN, again=False).held is None
    with desk.store.write() as connection:
        restored.note(connection, restored.NO_MEMORY, None, BEGIN)
    with pytest.raises(SendingRefused, match="no new mailing since a backup was restored"):
        pipeline.plan(desk.store, prepared, asked, ScriptedSender(), "for a reason", BEGIN)
    with desk.store.read() as connection:
        assert not mailings.every(connection)
    number = desk.plan()
    assert pipeline.plan(desk.store, prepared, asked, ScriptedSender(), "", BEGIN) == number


def test_what_is_committed_outlives_a_crash_of_the_database_whatever_the_server_is_set_to(store: Store) -> None:
    # an attempt that is forgotten is a second mail; the tests' PostgreSQL is set to `off`
    query, safe = ("SHOW synchronous_commit", "on") if store.url.get_backend_name() != "sqlite" else (SYNCHRONOUS, 2)
    with store.read() as connection:
        assert connection.exec_driver_sql(query).scalar() == safe
