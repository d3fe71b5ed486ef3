"""What a mail showed of its reader when it left stays to be seen, and nothing is kept of who was never mailed."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

import newsletter
from newsletter.model.consent import Said
from newsletter.model.letter import Answer, Verdict
from newsletter.model.subscriber import ConsentSource
from newsletter.pipeline.handling import Handler, Keep
from newsletter.store import delivered
from newsletter.store import tables as t
from newsletter.store.people import access, consent, editing, erasing, former, subscribers
from tests.support.mailing import BEGIN, Clock, MailingDesk, ScriptedSender
from tests.support.people import rows_of
from tests.support.readers import KEYS, hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.letter import Envelope
    from newsletter.model.subscriber import Subscriber
    from newsletter.store.database import Store

ADA, BOB = "ada@example.org", "bob@example.org"
#: everything that a mail can show
HEAD = "email,first_name,last_name,language,city\n"


class FormerDesk(MailingDesk):
    def send_now(self, issue: str, day: int, *senders: ScriptedSender) -> int:
        """A mailing that leaves on that day after BEGIN."""
        number = self.plan(issue, now=on(day))
        self.send(number, *(senders or (ScriptedSender(),)), clock=Clock(on(day)))
        return number

    def change(self, address: str, day: int, **fields: Any) -> None:
        with self.store.write() as connection:
            editing.change(connection, replace(self.get(address), **fields), on(day))

    def move(self, old: str, new: str, day: int) -> None:
        said = Said(source=ConsentSource.BY_HAND, at=on(day), recorded_at=on(day))
        with self.store.write() as connection:
            editing.move(connection, self.get(old).number, new, hash_of(new), said)

    def shown(self, mailing: int, address: str) -> Subscriber:
        """The reader as their copy shows them."""
        person, planned = self.get(address), t.deliveries.c
        n = select(planned.n).where(planned.mailing == mailing, planned.subscriber == person.number)
        with self.store.read() as connection:
            return delivered.as_sent(connection, mailing, connection.scalars(n).one(), person)

    def kept(self) -> list[dict[str, Any]]:
        return rows_of(self.store)["former_fields"]


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> FormerDesk:
    made = FormerDesk(store, tmp_path)
    made.import_(f"{HEAD}{ADA},Ada,Lovelace,en,London\n{BOB},Bob,Boole,en,Cork\n")
    return made


def on(day: int) -> datetime:
    return BEGIN + timedelta(days=day)


def test_each_mail_shows_what_stood_when_it_left(desk: FormerDesk) -> None:
    original = desk.get(ADA)
    desk.change(ADA, 0, first_name="Augusta")
    first = desk.send_now("first", 1)
    desk.change(ADA, 2, first_name="Ada", language="de")
    desk.change(ADA, 3, last_name="Byron", attributes={"city": "Zürich", "age": 36, "member": True})
    second = desk.send_now("second", 4)
    desk.change(ADA, 5, first_name="", last_name="", attributes={})
    assert desk.shown(first, ADA) == replace(original, first_name="Augusta")
    told = replace(original, language="de", last_name="Byron", attributes={"city": "Zürich", "age": 36, "member": True})
    assert desk.shown(second, ADA) == told
    assert [row["until"] for row in desk.kept()] == [on(2), on(3), on(5)]
    assert desk.shown(first, BOB) == desk.get(BOB)


def test_a_moved_address_and_another_spelling(desk: FormerDesk) -> None:
    before = desk.get(ADA)
    first = desk.send_now("first", 1)
    with desk.store.write() as connection:
        editing.respell(connection, before.number, "Ada@example.org", on(2))
    second = desk.send_now("second", 3)
    desk.move(ADA, "ada@example.com", 4)
    shown = [desk.shown(mailing, "ada@example.com").address for mailing in (first, second)]
    assert shown == [ADA, "Ada@example.org"]


def test_of_who_was_never_mailed_nothing_is_kept(desk: FormerDesk) -> None:
    desk.change(ADA, 0, first_name="Augusta")
    desk.send_now("first", 1)
    desk.import_(f"{HEAD}eve@example.org,Eve,,en,\n")
    desk.change("eve@example.org", 2, first_name="Eva")
    desk.move("eve@example.org", "eva@example.org", 3)
    desk.import_(f"{HEAD}eva@example.org,Evi,,en,\n", now=on(4))
    assert desk.kept() == []


def test_what_no_mail_shows_leaves_no_row(desk: FormerDesk) -> None:
    desk.send_now("first", 1)
    desk.change(ADA, 2, timezone="Europe/London")
    desk.change(ADA, 3)
    with desk.store.write() as connection:
        said = Said(source=ConsentSource.PAGE, at=on(4), recorded_at=on(4))
        consent.set_tracking(connection, desk.get(ADA).number, said, allowed=True)
    assert desk.kept() == []


def test_an_import_keeps_what_it_changes(desk: FormerDesk) -> None:
    rows = [f"r{n}@example.org,Reader {n},,en,Cork" for n in range(5)]
    desk.import_(HEAD + "\n".join(rows) + "\n")
    first = desk.send_now("first", 1)
    before = desk.everybody()
    desk.import_(HEAD + "\n".join(row.replace("Cork", "“Köln”") for row in rows[:3]) + "\n", now=on(2))
    changed = [person for person in desk.everybody() if person not in before]
    assert [person.attributes for person in changed] == [{"city": "“Köln”"}] * 3
    assert [(row["subscriber"], row["until"]) for row in desk.kept()] == [(one.number, on(2)) for one in changed]
    assert sorted((desk.shown(first, one.address) for one in before), key=lambda one: one.number) == sorted(
        before, key=lambda one: one.number
    )


def test_an_import_that_began_long_before_a_mail_left(desk: FormerDesk) -> None:
    """Its moment is that of its begin; what it changes after the mail is still later."""
    first = desk.send_now("first", 1)
    desk.import_(f"{HEAD}{ADA},Augusta,,,\n", now=on(1) - timedelta(hours=3))
    second = desk.send_now("second", 2)
    names = [desk.shown(mailing, ADA).first_name for mailing in (first, second)]
    assert names == ["Ada", "Augusta"]


def test_an_attempt_whose_clock_was_years_ahead_moves_nothing(desk: FormerDesk) -> None:
    desk.send_now("first", 4_000)
    desk.change(ADA, 1, first_name="Augusta")
    assert [row["until"] for row in desk.kept()] == [on(1)]


def test_two_changes_and_a_mail_at_one_moment(desk: FormerDesk) -> None:
    desk.send_now("first", 0)
    for name in ("Augusta", "Countess"):
        desk.change(ADA, 1, first_name=name)
    second = desk.send_now("second", 1)
    desk.change(ADA, 1, first_name="Byron")
    assert desk.shown(second, ADA).first_name == "Countess"
    assert [row["fields"]["first_name"] for row in desk.kept()] == ["Ada", "Countess"]


def test_a_claim_that_waited_for_a_change(desk: FormerDesk) -> None:
    """Its moment was read before that of the change, which came first."""
    desk.send_now("first", 0)
    desk.change(ADA, 2, first_name="Augusta")
    second = desk.send_now("second", 1)
    desk.change(ADA, 3, first_name="Countess")
    assert desk.shown(second, ADA).first_name == "Augusta"


def test_what_is_still_to_be_sent_will_show_what_stands_then(desk: FormerDesk) -> None:
    number = desk.plan("first", now=on(1))
    desk.change(ADA, 2, first_name="Augusta")
    assert desk.shown(number, ADA).first_name == "Augusta"
    desk.send(number, ScriptedSender(), clock=Clock(on(3)))
    assert desk.shown(number, ADA).first_name == "Augusta"


def test_the_attempt_that_counts_is_the_last(desk: FormerDesk) -> None:
    """All are told to come back later; then one is taken and the other has a row of its own, that it was refused."""
    tries: list[int] = []

    def script(envelopes: Sequence[Envelope]) -> Answer:
        tries.append(len(envelopes))
        if len(tries) == 1:
            desk.change(ADA, 1, first_name="Augusta")
            return Answer(verdict=Verdict.TRY_LATER, detail="busy")
        return Answer(verdict=Verdict.ACCEPTED, blamed={one.n: "unknown" for one in envelopes if one.address == BOB})

    number = desk.send_now("first", 1, ScriptedSender(script))
    desk.change(ADA, 2, first_name="Countess")
    desk.change(BOB, 2, first_name="Robert")
    assert tries == [2, 2]
    assert [row["outcome"] for row in rows_of(desk.store)["delivery_outcomes"]] == ["refused"]
    assert [desk.shown(number, one).first_name for one in (ADA, BOB)] == ["Augusta", "Bob"]


def test_a_change_while_a_mail_is_on_its_way(desk: FormerDesk) -> None:
    def script(_envelopes: Sequence[Envelope]) -> Answer:
        desk.change(ADA, 1, first_name="Augusta")
        return Answer(verdict=Verdict.ACCEPTED)

    number = desk.send_now("first", 1, ScriptedSender(script))
    assert desk.shown(number, ADA).first_name == "Ada"


def test_a_change_that_fails_leaves_nothing(desk: FormerDesk) -> None:
    desk.send_now("first", 1)
    with pytest.raises(RuntimeError), desk.store.write() as connection:  # noqa: PT012 - one transaction
        editing.change(connection, replace(desk.get(ADA), first_name="Augusta"), on(2))
        raise RuntimeError
    assert desk.kept() == []


def test_an_erased_person_leaves_nothing_and_an_access_request_tells_it(desk: FormerDesk) -> None:
    desk.send_now("first", 1)
    desk.change(ADA, 2, first_name="Augusta")
    desk.change(BOB, 2, first_name="Robert")
    with desk.store.write() as connection:
        told = access.everything(connection, hash_of(ADA))["former_details"]
        erasing.erase(connection, hash_of(ADA), ADA, on(3))
        former.note(connection, [row["subscriber"] for row in rows_of(desk.store)["deliveries"]], on(4))
    fields = {"first_name": "Ada", "last_name": "Lovelace", "language": "en", "address": ADA}
    assert told == [{"until": on(2), "fields": fields | {"attributes": {"city": "London"}}}]
    assert {row["subscriber"] for row in desk.kept()} == {desk.get(BOB).number}


def test_erasing_looks_for_the_address_that_was_left_too(desk: FormerDesk) -> None:
    desk.send_now("first", 1)
    desk.move(ADA, "ada@example.com", 2)
    with desk.store.write() as connection:
        connection.execute(update(t.attempts).values(detail=f"550 {ADA} is unknown"))
        erasing.erase(connection, hash_of("ada@example.com"), "ada@example.com", on(3))
    assert ADA not in str(rows_of(desk.store)["attempts"])


def test_old_rows_go_and_then_the_values_of_today_are_shown(desk: FormerDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(former, "_PORTION", 1)
    number = desk.send_now("first", 1)
    desk.import_(f"{HEAD}{ADA},Augusta,,,\n{BOB},Robert,,,\n", now=on(2))
    handler = Handler(store=desk.store, keys=KEYS, readers={})
    keep = Keep(reports=90, events=400)
    handler.prune(keep, on(402))
    assert len(desk.kept()) == 2
    with desk.store.write() as connection:
        assert former.prune(connection, on(3)) == 1
    handler.prune(keep, on(403))
    assert desk.kept() == []
    assert desk.shown(number, ADA).first_name == "Augusta"


#: functions that write to `subscribers` and say why no row is needed, or that keep one
WRITERS = {
    "store/importing/__init__.py:_change": "keeps",
    "store/importing/__init__.py:_join_earlier": "no mail shows when somebody joined",
    "store/people/consent.py:set_tracking": "no mail shows it",
    "store/people/editing.py:change": "keeps",
    "store/people/editing.py:move": "keeps",
    "store/people/editing.py:respell": "keeps",
    "store/people/erasing.py:_empty": "nobody sees the mail of somebody erased any more",
}


def test_whatever_changes_a_person_keeps_what_their_mails_show() -> None:
    """A new function that updates `subscribers` must keep the former values first (former.note), or say here why not."""
    root = Path(newsletter.__file__).parent
    found = {
        f"{file.relative_to(root)}:{function.name}": "former.note(" in ast.unparse(function)
        for file in sorted(root.rglob("*.py"))
        if "migrations" not in file.parts and "subscribers" in (source := file.read_text(encoding="utf-8"))
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef) and _updates_people(ast.unparse(function))
    }
    assert found == {name: why == "keeps" for name, why in WRITERS.items()}


def _updates_people(code: str) -> bool:
    return any(words in code for words in ("update(t.subscribers)", "update(tables.subscribers)", "UPDATE subscribers"))


def test_a_look_at_many_people_is_one_statement_for_each_portion(desk: FormerDesk) -> None:
    numbers = [*range(1, 2_000)]
    with desk.store.write() as connection:
        former.note(connection, numbers, on(1))
        assert subscribers.by_number(connection, desk.get(ADA).number).first_name == "Ada"
    assert desk.kept() == []
