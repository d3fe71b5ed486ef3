"""The rules of notices: how long, how often, by whom, and when no more."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, takewhile

import pytest

from newsletter.deliver.notices import Choice, life_of, said_of, wait_after, waited, why_not
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import ChunkState
from newsletter.model.notice_mail import NoticeKind, NoticeMail
from newsletter.model.subscriber import SuppressionReason
from tests.support.mailing import BEGIN

MINUTE = timedelta(minutes=1)
PATIENCE = timedelta(minutes=15)


def notice(kind: NoticeKind = NoticeKind.CONFIRMATION, address: str | None = "ada@example.org") -> NoticeMail:
    return NoticeMail(
        number=1,
        kind=kind,
        identity_hash="hash",
        address=address,
        language="",
        state=ChunkState.PLANNED,
        created_at=BEGIN,
    )


def test_it_is_tried_again_ever_later() -> None:
    waits = [wait_after(tries) for tries in range(1, 8)]
    assert waits == [1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 60 * MINUTE, 60 * MINUTE]


def test_within_a_day_and_not_longer() -> None:
    last = max(takewhile(lambda tries: wait_after(tries) is not None, count(1)))
    assert timedelta(hours=23) < waited(last) <= timedelta(hours=24)


def test_never_sooner_than_the_provider_asks() -> None:
    assert wait_after(1, 600) == 10 * MINUTE
    assert wait_after(5, 600) == 60 * MINUTE


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_nothing_goes_to_the_erased(kind: NoticeKind) -> None:
    assert why_not(notice(kind, address=None), None, BEGIN, 7) == "erased"
    assert why_not(notice(kind), SuppressionReason.ERASED, BEGIN, 7) == "erased"


@pytest.mark.parametrize("reason", [reason for reason in SuppressionReason if reason is not SuppressionReason.ERASED])
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind is not NoticeKind.PROOF])
def test_the_suppressed_get_only_what_is_their_right(kind: NoticeKind, reason: SuppressionReason) -> None:
    own_word = reason is SuppressionReason.LEFT_EVERYTHING
    allowed = kind in {NoticeKind.DATA, NoticeKind.ERASURE, NoticeKind.ALERT} and own_word
    assert why_not(notice(kind), reason, BEGIN, 7) == ("" if allowed else "suppressed")


@pytest.mark.parametrize("kind", [NoticeKind.CONFIRMATION, NoticeKind.DATA, NoticeKind.LINKS, NoticeKind.ALERT])
def test_none_goes_whose_link_works_no_more(kind: NoticeKind) -> None:
    over = BEGIN + life_of(kind, 7)
    assert why_not(notice(kind), None, over - MINUTE, 7) == ""
    assert why_not(notice(kind), None, over, 7).startswith("too late")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer(verdict=Verdict.ACCEPTED), Verdict.ACCEPTED),
        (Answer(verdict=Verdict.TRY_LATER, taken=frozenset({1})), Verdict.ACCEPTED),
        (Answer(verdict=Verdict.BLAMED, blamed={1: "no such user"}), Verdict.REFUSED),
        (Answer(verdict=Verdict.ACCEPTED, deferred={1: "greylisted"}), Verdict.TRY_LATER),
        (Answer(verdict=Verdict.TRY_LATER, doubtful={1: "cut off"}), Verdict.UNCERTAIN),
        (Answer(verdict=Verdict.TOO_LARGE), Verdict.REFUSED),
        (Answer(verdict=Verdict.NOT_AUTHORISED), Verdict.NOT_AUTHORISED),
    ],
)
def test_an_answer_is_read_for_the_one_who_was_handed_over(answer: Answer, verdict: Verdict) -> None:
    assert said_of(answer, 1)[0] is verdict


def test_the_other_sender_takes_over_when_one_notice_waited_for_long() -> None:
    choice = Choice(patience=PATIENCE)
    assert [choice.of(tries, BEGIN) for tries in range(6)] == [0, 0, 0, 1, 0, 1]


def test_a_sender_in_trouble_is_spared_by_new_notices_and_asked_now_and_then() -> None:
    choice = Choice(patience=PATIENCE)
    for minute in (0, 10, 15):
        assert choice.of(0, BEGIN + minute * MINUTE) == 0
        choice.heard(0, Verdict.TRY_LATER, BEGIN + minute * MINUTE)
    assert choice.of(0, BEGIN + 16 * MINUTE) == 1
    assert choice.of(0, BEGIN + 20 * MINUTE) == 0
    choice.heard(0, Verdict.ACCEPTED, BEGIN + 20 * MINUTE)
    assert choice.of(0, BEGIN + 21 * MINUTE) == 0
