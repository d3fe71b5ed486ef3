"""Recurring times as people write them: `first tuesday 09:00`, `monday,thursday 8:30`, `15th 10:00`, `weekdays 09:00`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from newsletter.errors import TimeUnclear
from newsletter.schedule.reader_zones import moment_there
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHICH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
#: days of a month that every month has
_MOST_DAY = 28
_LAST = -1
_WEEK = 7
_WEEKEND = frozenset({5, 6})
EXAMPLES = ("first tuesday 09:00", "last friday 17:30", "monday,thursday 09:00", "weekdays 09:00", "15th 10:00")
#: words that may stand there and change nothing
_FILLING = {"every", "each", "at", "on", "the", "of", "and", "month"}
_TELLING = (*DAYS, *_WHICH, "daily", "day", "weekdays", "weekends")
_WORDS = (*_TELLING, *_FILLING)
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_ENGLISH_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)")
_BARE_TIME = re.compile(r"(\d{1,2})(?:[.h](\d{2}))?h?")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """On these days of the week (Monday is 0), of each month only the `which`th of them; or on a day of each month."""

    at: time
    weekdays: frozenset[int] = frozenset()
    #: 1 to 4, or -1 for the last; 0: every week
    which: int = 0
    #: of the month: 1 to 28, or -1 for the last
    day: int = 0

    def __str__(self) -> str:
        """As it is stored, and can be typed again."""
        return f"{self._days()} {self.at:%H:%M}"

    def _days(self) -> str:
        if self.day:
            return "last day" if self.day == _LAST else f"{self.day}{_ordinal(self.day)}"
        if len(self.weekdays) == len(DAYS):
            return "daily"
        if self.weekdays == frozenset(range(5)) and not self.which:
            return "weekdays"
        names = ",".join(DAYS[number] for number in sorted(self.weekdays))
        which = next((name for name, number in _WHICH.items() if number == self.which), "")
        return f"{which} {names}".strip()

    def falls_on(self, day: date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        if self.day:
            return day.day == (last if self.day == _LAST else self.day)
        if day.weekday() not in self.weekdays:
            return False
        if self.which == _LAST:
            return day.day + _WEEK > last
        return not self.which or (day.day - 1) // _WEEK + 1 == self.which

    def local_times(self, first: date, last: date) -> Iterator[datetime]:
        """What clocks show at its times from one day to another, both included."""
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            if self.falls_on(day):
                yield datetime.combine(day, self.at)

    def moments(self, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """(moment in UTC, what clocks of the zone show) of its times after one moment up to another, which is included.

        A time that clocks skip comes at the next minute that they show; one that they show twice comes once.
        """
        first = after.astimezone(zone).date() - timedelta(days=1)
        for shown in self.local_times(first, until.astimezone(zone).date() + timedelta(days=1)):
            moment = moment_there(shown, zone)
            if after < moment <= until:
                yield moment, shown


def rule_written(text: str) -> Rule:
    """Raises TimeUnclear."""
    words = text.lower().replace(",", " ").split()
    words = _glued(words)
    ats = [found for word in words if (found := _TIME.fullmatch(word))]
    if len(ats) != 1:
        raise _no_time(text, words)
    at = _time(ats[0])
    rest = [word for word in words if not _TIME.fullmatch(word) and word not in _FILLING]
    daily = "every" in words or "each" in words
    return _rule(text, rest, at, is_every=daily)


def _rule(text: str, rest: list[str], at: time, *, is_every: bool) -> Rule:
    which = [_WHICH[word] for word in rest if word in _WHICH]
    rest = [word for word in rest if word not in _WHICH]
    weekdays = frozenset(DAYS.index(name) for word in rest if (name := _weekday(word)))
    others = [word for word in rest if not _weekday(word)]
    days = [int(found[1]) for word in others if (found := _DAY_OF_MONTH.fullmatch(word))]
    match (which, sorted(weekdays), others):
        case ([], [], ["daily"]):
            return Rule(at=at, weekdays=frozenset(range(7)))
        case ([], [], ["day"]) if is_every:
            return Rule(at=at, weekdays=frozenset(range(7)))
        case ([], [], ["weekdays" | "weekday"]):
            return Rule(at=at, weekdays=frozenset(range(5)))
        case ([], [], ["weekends" | "weekend"]):
            return Rule(at=at, weekdays=_WEEKEND)
        case ([-1], [], ["day"]):
            return Rule(at=at, day=_LAST)
        case ([1], [], ["day"]):
            return Rule(at=at, day=1)
        case ([], [], [_]) if days:
            return Rule(at=at, day=_day_of_month(days[0], at))
        case ([], [_, *_], []):
            return Rule(at=at, weekdays=weekdays)
        case ([one], [_], []):
            return Rule(at=at, weekdays=weekdays, which=one)
    raise _unclear(text)


def _weekday(word: str) -> str:
    """Also `mondays`, and what calendars shorten it to: `mon`, `tues`."""
    bare = word.removesuffix(".")
    bare = bare if bare in DAYS else bare.removesuffix("s") if bare.endswith("days") else bare
    return next((name for name in DAYS if name == bare or (len(bare) >= 3 and name.startswith(bare))), "")


def _day_of_month(day: int, at: time) -> int:
    if 1 <= day <= _MOST_DAY:
        return day
    if _MOST_DAY < day <= 31:
        why = f"not every month has a {day}{_ordinal(day)}"
        raise TimeUnclear(why, f'Write "last day {at:%H:%M}", or a day up to the 28th.')
    raise TimeUnclear(f"no month has a {day}{_ordinal(day)}", f'Write such as "15th {at:%H:%M}".')


def _ordinal(day: int) -> str:
    return "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _time(found: re.Match[str]) -> time:
    hour, minute = int(found[1]), int(found[2])
    if hour < 24 and minute < 60:
        return time(hour, minute)
    raise TimeUnclear(f"no clock shows {found[0]}", 'Write hours from 00 to 23, such as "09:00" or "17:30".')


def _glued(words: list[str]) -> list[str]:
    """`9 am` is one word."""
    glued: list[str] = []
    for word in words:
        if word in {"am", "pm"} and glued:
            glued[-1] += word
        else:
            glued.append(word)
    return glued


def _no_time(text: str, words: list[str]) -> TimeUnclear:
    """With the time as it is to be written, where one can be seen."""
    better = [_as_time(word) or word for word in words]
    if better != words and sum(bool(_TIME.fullmatch(word)) for word in better) == 1:
        why = f'"{text}" has no time as a clock with 24 hours shows it'
        return TimeUnclear(why, f'Write "{_corrected(" ".join(better))}".')
    if sum(bool(_TIME.fullmatch(word)) for word in words) > 1:
        return TimeUnclear("a recurring schedule has one time", "Make one for each time.")
    try:
        guess = str(rule_written(f"{text} 09:00"))
    except TimeUnclear:
        return _unclear(text)
    return TimeUnclear(f'"{text}" does not say at what time', f'Write such as "{guess}".')


def _as_time(word: str) -> str:
    if found := _ENGLISH_TIME.fullmatch(word):
        hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0)
        return f"{hour:02}:{int(found[2] or 0):02}"
    if (found := _BARE_TIME.fullmatch(word)) and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return f"{int(found[1]):02}:{int(found[2] or 0):02}"
    return ""


def _corrected(text: str) -> str:
    try:
        return str(rule_written(text))
    except TimeUnclear:
        return text


def _unclear(text: str) -> TimeUnclear:
    """With the rule that was probably meant: each word replaced by the nearest one that is known."""
    guess = _guess(text)
    examples = ", ".join(f'"{one}"' for one in EXAMPLES)
    next_step = f'Did you mean "{guess}"?' if guess else f"Write such as {examples}."
    return TimeUnclear(f'"{text}" is no recurring time', next_step)


def _guess(text: str) -> str:
    words = [_nearest(word) for word in text.lower().replace(",", " ").split()]
    if " ".join(words) == " ".join(text.lower().replace(",", " ").split()):
        return ""
    try:
        return str(rule_written(" ".join(words)))
    except TimeUnclear:
        return ""


def _nearest(word: str) -> str:
    if word in {"fifth", "5th"}:  # few months have one
        return "last"
    is_known = word in _WORDS or _weekday(word) or any(map(str.isdigit, word))
    # what `every other monday` or `monday-friday` means is no slip, and must not get lost
    return word if is_known or word == "other" or "-" in word else nearest(word, _TELLING) or word
