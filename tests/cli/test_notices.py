"""`newsletter notices`: what an operator sees of mails to single people, and does about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from newsletter import wiring
from newsletter.errors import NoticeNotFound, SendingRefused
from newsletter.model.mailing import ChunkState
from newsletter.model.notice_mail import NoticeKind
from newsletter.settings import load
from newsletter.store import notices
from newsletter.store import tables as t

if TYPE_CHECKING:
    from tests.support.operator import Operator


def order(operator: Operator, address: str = "ada@example.org", ago: timedelta = timedelta(0)) -> int:
    keys, _ = wiring.open_keys(load(operator.folder, {}), operator.store)
    with operator.store.write() as connection:
        number = notices.order(
            connection,
            kind=NoticeKind.CONFIRMATION,
            identity_hash=keys.identity_hash(address),
            address=address,
            cause=f"join {address}",
            now=datetime.now(UTC) - ago,
        )
    assert number is not None
    return number


def put(operator: Operator, number: int, state: ChunkState, detail: str = "") -> None:
    with operator.store.write() as connection:
        values = {"state": state, "detail": detail, "tries": 3}
        connection.execute(update(t.notices).where(t.notices.c.number == number).values(values))


def test_send_hands_over_what_waits_and_then_says_nothing(operator: Operator) -> None:
    number = order(operator)
    assert operator.reads("notices", "send") == "1 notice handed to the provider.\n"
    assert operator.reads("notices", "send") == ""
    mail = (operator.folder / "outbox" / "notices" / f"{number:06}.eml").read_bytes()
    assert b"To: ada@example.org" in mail
    assert b"Auto-Submitted: auto-generated" in mail
    assert operator.json("notices", "send") == {
        "accepted": 0,
        "refused": 0,
        "uncertain": 0,
        "put_off": 0,
        "waits": [],
    } | {"later": 0}


def test_send_says_what_keeps_them_waiting_and_where(operator: Operator) -> None:
    order(operator)
    folder = operator.folder / "templates" / "notices"
    folder.mkdir(parents=True)
    (folder / "confirmation.en.md").write_text("---\nsubject: Hi\nwhy: So.\n---\nHi {{ name }}\n", encoding="utf-8")
    done = operator.types("notices", "send", "-q")
    assert done.return_value == 4
    assert "confirmation.en.md:5: there is no `name`" in done.stderr
    assert done.stderr.count("confirmation.en.md") == 1
    assert "Nothing is lost" in done.stderr
    checked = operator.types("notices", "check")
    assert checked.return_value == 1
    assert "confirmation.en.md:5" in checked.stdout


def test_list_shows_who_how_and_why(operator: Operator) -> None:
    first, second = order(operator), order(operator, "bob\x1b[2J@example.org")
    put(operator, first, ChunkState.REFUSED, "no such mailbox")
    said = operator.reads("notices", "list")
    assert f"{first}" in said
    assert "ada@example.org" in said
    assert "no such mailbox" in said
    assert "\x1b" not in said
    only = operator.json("notices", "list", "--state", "planned")
    assert [row["number"] for row in only["notices"]] == [second]
    assert operator.json("notices", "list", "--limit", "1")["more"] is True


def test_retry_sends_a_refused_one_again(operator: Operator) -> None:
    number = order(operator)
    put(operator, number, ChunkState.REFUSED, "no such mailbox")
    operator.types("notices", "retry", str(number))
    assert operator.reads("notices", "send") == "1 notice handed to the provider.\n"


def test_retry_of_an_uncertain_one_is_for_a_person_to_say(operator: Operator) -> None:
    number = order(operator)
    put(operator, number, ChunkState.UNCERTAIN)
    assert operator.json("notices", "retry", str(number), "--yes") == {"number": number, "state": "planned"}


@pytest.mark.parametrize(
    ("state", "ago", "why"),
    [
        (ChunkState.ACCEPTED, timedelta(0), "was handed over"),
        (ChunkState.SUBMITTING, timedelta(0), "is on its way"),
        (ChunkState.REFUSED, timedelta(days=8), "does not work any more"),
    ],
)
def test_retry_refuses_what_makes_no_sense(operator: Operator, state: ChunkState, ago: timedelta, why: str) -> None:
    number = order(operator, ago=ago)
    put(operator, number, state)
    with pytest.raises(SendingRefused, match=why):
        operator.types("notices", "retry", str(number))


def test_retry_of_one_that_is_not_there(operator: Operator) -> None:
    with pytest.raises(NoticeNotFound):
        operator.types("notices", "retry", "7")


def test_a_text_is_copied_to_be_changed(operator: Operator) -> None:
    assert "newsletter notices check" in operator.reads("templates", "copy", "notices/welcome.fr.md")
    assert operator.reads("notices", "check") == "Notices: no problems.\n"
