"""`mailings watch`: one look a second, shown in place or as lines, until nothing goes on any more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.cli.mailings.speed import Speed, pace_line
from newsletter.cli.mailings.standing import Standing
from newsletter.cli.mailings.watch import follow
from newsletter.cli.mailings.watched import InPlace, JsonLines, Lines
from newsletter.model.delivery import Pending
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Mailing, MailingState, Outcome, Tally
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.operator import Operator

BEGIN = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
PLACE = Settings.model_validate(
    {
        "newsletter": {"name": "Letters", "base_url": "https://news.example.org", "timezone": "America/Los_Angeles"},
        "sender": {"name": "Clinic", "address": "letters@example.org", "postal_address": "12 Meadow Lane, Springfield"},
    }
)
SENDING, PAUSED, FINISHED = MailingState.SENDING, MailingState.PAUSED, MailingState.FINISHED


def looked(seconds: float, accepted: int, state: MailingState = SENDING, flying: int = 0, **how: object) -> Standing:
    """At a mailing to 1,200 readers."""
    mailing = Mailing(
        number=3,
        link_number=9,
        issue="walking",
        fingerprint="f",
        variants={"": "f"},
        lists=("news",),
        state=state,
        created_at=BEGIN,
        sender="outbox",
    )
    outcomes = {Outcome.ACCEPTED: accepted, Outcome.IN_FLIGHT: flying, Outcome.PLANNED: 1200 - accepted - flying}
    standing = Standing(
        at=BEGIN + timedelta(seconds=seconds),
        mailing=mailing,
        tally=Tally(audience=1200, outcomes={what: count for what, count in outcomes.items() if count}),
        pending=Pending(due=1200 - accepted - flying),
        holder="a process",
    )
    return replace(standing, **how)  # type: ignore[arg-type]


def followed(*looks: Standing) -> tuple[list[int], int]:
    """How many were accepted at each look that was shown, and the seconds that were slept."""
    left: Iterator[Standing] = iter(looks)
    shown: list[int] = []
    slept: list[float] = []
    last = follow(lambda: next(left), lambda one, _: shown.append(one.tally[Outcome.ACCEPTED]), slept.append)
    assert last is looks[-1]
    assert set(slept) <= {1.0}
    return shown, len(slept)


@pytest.mark.parametrize("state", [PAUSED, FINISHED, MailingState.CANCELLED, MailingState.MISSED])
def test_it_looks_every_second_until_nothing_goes_on(state: MailingState) -> None:
    assert followed(looked(0, 0), looked(1, 300), looked(2, 600, state)) == ([0, 300], 2)


def test_after_a_pause_answers_to_what_is_under_way_are_waited_for() -> None:
    assert followed(looked(0, 300, PAUSED, 100), looked(1, 400, PAUSED)) == ([300], 1)


def test_where_nobody_is_left_to_hear_them_they_are_not() -> None:
    assert followed(looked(0, 300, PAUSED, 100, holder="")) == ([], 0)


def test_lines_come_every_ten_seconds_at_most_and_only_when_something_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown, speed = Lines(PLACE), Speed()
    for second in range(25):
        standing = looked(second, min(second, 12) * 100)
        shown(standing, speed.per_minute(standing))
    assert capsys.readouterr().out.splitlines() == [
        "09:00:00  sending: 0 of 1,200 accepted; 1,200 left",
        "09:00:10  sending: 1,000 of 1,200 accepted; 100 a second, about 2 seconds left",
        "09:00:20  sending: 1,200 of 1,200 accepted; 60 a second, about 0 seconds left",
    ]


def test_a_line_comes_now_and_then_though_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Lines(PLACE)
    for minute in range(12):
        shown(looked(minute * 60, 300), 0)
    assert [line[:5] for line in capsys.readouterr().out.splitlines()] == ["09:00", "09:05", "09:10"]


def test_a_line_says_what_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    later = Pending(later=900, next_at=BEGIN + timedelta(minutes=5), detail="slow down")
    Lines(PLACE)(looked(0, 300, pending=later), 0)
    said = capsys.readouterr().out
    assert said.startswith(
        "09:00:00  sending: 300 of 1,200 accepted; 900 left; 900 wait, the first until 2026-12-01 09:05"
    )
    assert "slow down" in said


def test_on_a_terminal_the_lines_are_written_over_and_gone_in_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    shown = InPlace(PLACE)
    shown(looked(0, 0), 0)
    first = capsys.readouterr().out
    assert first.count("\n") == 5
    shown(looked(1, 300), 0)
    second = capsys.readouterr().out
    assert second.startswith("\x1b[5A")
    assert max(len(line.removeprefix("\r\x1b[2K")) for line in first.split("\n")) < 40
    shown.clear()
    assert capsys.readouterr().out == "\x1b[6A\r\x1b[J"


def test_for_a_program_each_look_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines()(looked(0, 300), 59.6)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["outcomes"]["accepted"], told["per_minute"]) == ("sending", 300, 60)
    assert told["at"] == BEGIN.isoformat()


class TestSpeed:
    def test_at_first_the_ledger_tells_how_fast_it_goes(self) -> None:
        assert Speed().per_minute(looked(0, 300, rate=240)) == 240

    def test_then_what_was_settled_since_the_first_look_of_the_last_minute(self) -> None:
        speed = Speed()
        told = [round(speed.per_minute(looked(second, second * 2))) for second in range(200)]
        assert {*told[3:]} == {120}

    @pytest.mark.parametrize(
        ("per_minute", "words"),
        [
            (0, "900 left"),
            (60, "60 a minute, about 15 minutes left"),
            (900, "15 a second, about 60 seconds left"),
            (1, "1 a minute, about 15 hours left"),
        ],
    )
    def test_it_is_told_with_the_time_that_is_left(self, per_minute: float, words: str) -> None:
        assert pace_line(looked(0, 300), per_minute) == words

    def test_where_nobody_sends_it_says_how_to_go_on(self) -> None:
        assert pace_line(looked(0, 300, holder=""), 60) == "nobody is sending it now: newsletter mailings resume 3"

    def test_what_is_scheduled_is_nobodys_to_resume(self) -> None:
        assert "`newsletter run-due` begins it" in pace_line(looked(0, 0, MailingState.SCHEDULED, holder=""), 0)


def test_of_what_is_over_only_the_end_is_told(operator: Operator) -> None:
    operator.sent(4)
    watched = operator.types("mailings", "watch", "1")
    assert watched.stdout == "Mailing 1: walking to news, finished\n  accepted           4\n  audience           4\n"
    assert watched.return_value == 0
    operator.sent(6, Answer(verdict=Verdict.NOT_AUTHORISED), issue="stairs")
    assert operator.types("mailings", "watch", "2").return_value == 3
    assert operator.json("mailings", "watch", "2")["state"] == "paused"


def test_ctrl_c_ends_the_watching_only(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    operator.sent(6, Answer(verdict=Verdict.NOT_AUTHORISED))
    operator.being_sent(1)
    monkeypatch.setattr("time.sleep", interrupted)
    watched = operator.types("mailings", "watch", "1")
    assert watched.return_value == 0
    assert "No longer watching; the mailing goes on as it did." in watched.stderr
    assert operator.desk.mailing(1).state is SENDING
