"""Verdicts of a spam filter are remembered for a day, by the mail they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.spam_verdict import SpamReason, SpamVerdict
from newsletter.probe.spam_cache import RememberedVerdicts
from newsletter.probe.spamassassin import SpamAssassin

if TYPE_CHECKING:
    from pathlib import Path

VERDICT = SpamVerdict(score=1.5, threshold=5.0, reasons=(SpamReason(points=1.5, name="A", words="Ä word"),))


@dataclass(frozen=True, kw_only=True)
class Filter(SpamAssassin):
    """Counts how often it is asked."""

    asked: list[bytes] = field(default_factory=list)
    answer: SpamVerdict | None = VERDICT

    def judge(self, mail: bytes) -> SpamVerdict | None:
        self.asked.append(mail)
        return self.answer


class Clock:
    now = datetime(2026, 12, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_same_mail_is_judged_once_a_day(tmp_path: Path, clock: Clock) -> None:
    judging = Filter()
    remembered = RememberedVerdicts(judging=judging, folder=tmp_path / "spam", now=clock)
    assert [remembered.judge(mail) for mail in (b"one", b"one", b"two", b"one")] == [VERDICT] * 4
    assert judging.asked == [b"one", b"two"]
    clock.now += timedelta(hours=25)
    assert remembered.judge(b"one") == VERDICT
    assert judging.asked == [b"one", b"two", b"one"]


def test_that_there_is_no_filter_is_not_remembered(tmp_path: Path, clock: Clock) -> None:
    judging = Filter(answer=None)
    remembered = RememberedVerdicts(judging=judging, folder=tmp_path, now=clock)
    assert remembered.judge(b"one") is None
    assert remembered.judge(b"one") is None
    assert len(judging.asked) == 2


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"x": 1}', '{"x": {"until": 9e9}}', '{"x": {"until": "soon"}}', "[" * 99_999]
)
def test_a_damaged_file_is_written_anew(tmp_path: Path, clock: Clock, damage: str) -> None:
    (tmp_path / "verdicts.json").write_text(damage, "utf-8")
    judging = Filter()
    remembered = RememberedVerdicts(judging=judging, folder=tmp_path, now=clock)
    assert [remembered.judge(b"one"), remembered.judge(b"one")] == [VERDICT, VERDICT]
    assert len(judging.asked) == 1


def test_the_file_stays_small_and_private(tmp_path: Path, clock: Clock) -> None:
    remembered = RememberedVerdicts(judging=Filter(), folder=tmp_path, now=clock)
    for number in range(120):
        remembered.judge(str(number).encode())
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text("utf-8").count("until") == 100
