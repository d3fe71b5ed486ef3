"""Counts by short intervals put together into as many as a chart can show, and what people call them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.report.charts import Columns, Panel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from newsletter.model.reporting import Course

_MOST = 48
_STEPS = tuple(
    timedelta(minutes=one) for one in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 43_200)
)
#: after this share of all the rest is the last interval
_TAIL = 0.995


class Together:
    """The intervals of a chart. What comes later than nearly all is counted in the last one."""

    def __init__(self, course: Course) -> None:
        moments = sorted({*course.handed_over, *course.delivered})
        self.begin = moments[0]
        last = max((_nearly_last(one) for one in (course.handed_over, course.delivered) if one), default=self.begin)
        length = last - self.begin + course.interval
        fitting = (one for one in _STEPS if one >= course.interval and one * _MOST >= length)
        self.step = next(fitting, _STEPS[-1])
        self.count = min(-(-length // self.step), _MOST)
        self.tail = moments[-1] >= self.begin + self.step * self.count

    def counts(self, told: Mapping[datetime, int]) -> tuple[int, ...]:
        made = [0] * self.count
        for at, count in told.items():
            made[min((at - self.begin) // self.step, self.count - 1)] += count
        return tuple(made)

    @property
    def begins(self) -> list[datetime]:
        return [self.begin + self.step * place for place in range(self.count)]


def _nearly_last(told: Mapping[datetime, int]) -> datetime:
    """When nearly all had come."""
    enough, seen = _TAIL * sum(told.values()), 0
    for at, count in sorted(told.items()):
        seen += count
        if seen >= enough:
            return at
    return max(told)


def chart(course: Course, zone: tzinfo) -> Columns | None:
    """None where no time is known."""
    if not course.handed_over and not course.delivered:
        return None
    together = Together(course)
    begins = [at.astimezone(zone) for at in together.begins]
    handed, delivered = together.counts(course.handed_over), together.counts(course.delivered)
    panels = [Panel("Handed over to the provider", handed)]
    panels += [Panel("Taken by the readers' servers", delivered)] if any(delivered) else []
    ticks = tuple(clock(at) for at in ([begins[0], begins[-1]] if len(begins) > 1 else begins[:1]))
    tail = " The last column holds all that came later." if together.tail else ""
    says = f"Columns of {length_words(together.step)}, from {clock(begins[0])} on. {_most(panels, begins)}{tail}"
    return Columns("Over time", says, tuple(panels), ticks)


def _most(panels: list[Panel], begins: list[datetime]) -> str:
    said = []
    for panel in panels:
        if panel.largest:
            place = panel.values.index(panel.largest)
            said.append(f"{panel.name}: most, {panel.largest:,}, in the column of {clock(begins[place])}.")
    return " ".join(said)


def clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def length_words(step: timedelta) -> str:
    minutes = int(step.total_seconds() // 60)
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {word if count == 1 else f'{word}s'}"
    raise AssertionError
