"""How fast a mailing goes, and how long it will take, from the looks that were taken at it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.cli import show
from newsletter.model.mailing import MailingState, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.cli.mailings.standing import Standing

#: looks that count, and how far they must lie apart to tell anything
_LATELY, _ENOUGH = timedelta(minutes=1), timedelta(seconds=3)
#: from here on a second is the better measure
_FAST = 600


@dataclass
class Speed:
    _looks: deque[tuple[datetime, int]] = field(default_factory=deque)

    def per_minute(self, standing: Standing) -> float:
        """Deliveries that were settled; at first only the ledger can tell."""
        settled = standing.tally.audience - left(standing)
        self._looks.append((standing.at, settled))
        while standing.at - self._looks[0][0] > _LATELY:
            self._looks.popleft()
        at, before = self._looks[0]
        if standing.at - at < _ENOUGH:
            return standing.rate
        return (settled - before) / ((standing.at - at) / timedelta(minutes=1))


def left(standing: Standing) -> int:
    return standing.tally[Outcome.PLANNED] + standing.tally[Outcome.IN_FLIGHT]


def pace_line(standing: Standing, per_minute: float) -> str:
    """Such as: 40 a second, about 5 minutes left."""
    mailing, still = standing.mailing, left(standing)
    if mailing.state is MailingState.SCHEDULED:
        return "it has not begun; when its time comes, `newsletter run-due` begins it"
    if not standing.holder:
        return f"nobody is sending it now: newsletter mailings resume {mailing.number}"
    if per_minute <= 0 or mailing.state is not MailingState.SENDING:
        return f"{show.number(still)} left"
    fast = per_minute >= _FAST
    pace = f"{show.number(round(per_minute / 60))} a second" if fast else f"{show.number(round(per_minute))} a minute"
    return f"{pace}, about {show.span(timedelta(minutes=still / per_minute))} left"
