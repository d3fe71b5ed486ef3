"""A notice on its way: how long its link works, whether it is still to be sent, how often and by whom it is tried.

| the provider says | what follows |
|---|---|
| it has it | accepted |
| a definite no that time may cure | again after 1, 5, 15, 30, then every 60 minutes; after 24 hours refused: so late it is of no use |
| a definite no | refused |
| nobody knows | uncertain: never sent again by itself |
| the account may not send | it waits for a person |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.deliver.fared import fared
from newsletter.model.letter import Verdict
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SuppressionReason

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.letter import Answer
    from newsletter.model.notice_mail import NoticeMail

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30))
_LONGER = timedelta(hours=1)
_GIVE_UP = timedelta(hours=24)
#: a sender in trouble that another stands in for is tried again so often
_ASK_AGAIN = timedelta(minutes=5)
_HOURS_OF_PROOF = timedelta(hours=24)
#: an alert that is older tells of what may be over long since; the next one of its kind tells how it stands
_HOURS_OF_ALERTS = timedelta(hours=24)
_DAYS_OF_LINKS = timedelta(days=30)
#: what people asked for themselves, and may ask for after they left everything
_THEIR_RIGHT = frozenset({NoticeKind.DATA, NoticeKind.ERASURE})
#: that, and what goes to the operator for their work, whatever they left as a reader
_TO_WHO_LEFT = _THEIR_RIGHT | {NoticeKind.ALERT}


def life_of(kind: NoticeKind, confirm_days: int) -> timedelta:
    """How long the link in it works, from when it was asked for."""
    if kind in _THEIR_RIGHT:
        return _HOURS_OF_PROOF
    if kind is NoticeKind.ALERT:
        return _HOURS_OF_ALERTS
    return timedelta(days=confirm_days) if kind is NoticeKind.CONFIRMATION else _DAYS_OF_LINKS


def why_not(notice: NoticeMail, suppressed: SuppressionReason | None, now: datetime, confirm_days: int) -> str:
    """Why it is not to be sent any more; empty when it is."""
    if notice.address is None or suppressed is SuppressionReason.ERASED:
        return "erased"
    if suppressed and not (notice.kind in _TO_WHO_LEFT and suppressed is SuppressionReason.LEFT_EVERYTHING):
        return "suppressed"
    if now >= notice.created_at + life_of(notice.kind, confirm_days):
        return "too late" if notice.kind is NoticeKind.ALERT else "too late: its link does not work any more"
    return ""


def waited(tries: int) -> timedelta:
    """How long it has been tried after so many noes."""
    return sum(_WAITS[:tries], timedelta()) + max(0, tries - len(_WAITS)) * _LONGER


def wait_after(tries: int, retry_after: float | None = None) -> timedelta | None:
    """How long to wait after the last of so many noes, never less than the provider asks; None to give up."""
    wait = _WAITS[tries - 1] if tries <= len(_WAITS) else _LONGER
    if waited(tries) > _GIVE_UP:
        return None
    return max(wait, timedelta(seconds=min(retry_after or 0, _GIVE_UP.total_seconds())))


def said_of(answer: Answer, number: int) -> tuple[Verdict, str]:
    """What an answer means for the one who was handed over: accepted, try later, refused, not authorised or uncertain."""
    who = fared(answer, [number])
    if who.taken:
        return Verdict.ACCEPTED, answer.detail
    for named, verdict in (
        (who.doubtful, Verdict.UNCERTAIN),
        (who.blamed, Verdict.REFUSED),
        (who.deferred, Verdict.TRY_LATER),
    ):
        if named:
            return verdict, named[number]
    settled = {Verdict.BLAMED: Verdict.REFUSED, Verdict.TOO_LARGE: Verdict.REFUSED}
    return settled.get(answer.verdict, answer.verdict), answer.detail


@dataclass(kw_only=True)
class Choice:
    """Which of the senders a notice is handed to: 0 is the first, 1 the one that stands in for it."""

    patience: timedelta
    #: since when the first was not reached, without one yes between, and when it was tried last
    _since: datetime | None = None
    _tried: datetime | None = None

    def of(self, tries: int, now: datetime) -> int:
        """After our patience the other takes over; while it does, the first is tried again now and then."""
        if tries and waited(tries) >= self.patience:
            first = next(noes for noes in range(1, tries + 1) if waited(noes) >= self.patience)
            return (tries - first + 1) % 2
        if self._since is None or self._tried is None or now - self._since < self.patience:
            return 0
        return 1 if now - self._tried < _ASK_AGAIN else 0

    def heard(self, sender: int, verdict: Verdict, now: datetime) -> None:
        if sender == 0:
            self._since = (self._since or now) if verdict is Verdict.TRY_LATER else None
            self._tried = now
