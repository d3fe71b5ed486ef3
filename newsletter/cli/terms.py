"""How a mailing will go: through which senders, how fast, when, and until when, in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.deliver.ports import Sender
    from newsletter.settings import Settings
    from newsletter.settings.schema import Day, SendingSection

_DAYS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}
HOUR = timedelta(hours=1)
#: so many days in a row are said as a range
_RANGE = 3


def through(senders: Sequence[Sender], settings: Settings) -> str:
    """Such as: sendgrid; if it cannot be reached for 15 minutes, smtp."""
    first, *others = senders
    rehearsal = "" if first.real else " (no mail leaves this machine; its readers count as having the issue)"
    minutes = settings.esp.fallback_after_minutes
    for other in others:
        where = f"{other.name}{'' if other.real else ' (which sends nothing)'}"
        return (
            f"{first.name}{rehearsal}; if it cannot be reached for {minutes} {show.plural(minutes, 'minute')}, {where}"
        )
    return f"{first.name}{rehearsal}"


def terms_lines(
    settings: Settings,
    zone: ZoneInfo,
    readers: int,
    latest_at: datetime | None,
    now: datetime,
    *,
    planned: bool = False,
) -> Iterator[str]:
    """Pace, window and latest time; nothing where there are none. `planned`: `now` is still to come."""
    if pace := pace_in_words(settings.sending):
        whole = takes(settings.sending, readers)
        about = f": about {show.span(whole)} for all" if whole and whole >= timedelta(minutes=1) else ""
        yield f"Pace      {pace}{about}"
    if window := window_in_words(settings.sending):
        opens = closed_until(settings.sending, zone, now)
        closed = f"; {'then' if planned else 'now'} it is closed, and opens {show.moment(opens, zone)}" if opens else ""
        yield f"Window    {window} ({zone.key}){closed}"
    if latest_at:
        yield f"Latest    {show.moment(latest_at, zone)}: who does not have it by then does not get it"


def closed_until(sending: SendingSection, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When mail may leave again; None while it may."""
    from newsletter.deliver.window import Window

    opens = Window.of(sending.days, sending.hours, zone).opening(now)
    return opens if opens > now else None


def hour_is_full_until(
    sending: SendingSection, handed_over: Sequence[tuple[datetime, int]], now: datetime
) -> datetime | None:
    """When there is room again within the hour; None while there is. `handed_over` in the last hour, the oldest first."""
    total = sum(count for _, count in handed_over)
    if sending.per_hour is None or total < sending.per_hour:
        return None
    for at, count in handed_over:
        total -= count
        if total < sending.per_hour:
            return at + HOUR
    return now + HOUR


def too_late(sending: SendingSection, zone: ZoneInfo, readers: int, now: datetime, latest_at: datetime | None) -> int:
    """How many would not be reached before the latest time, at this pace, if mail leaves as soon as it may."""
    now, whole = closed_until(sending, zone, now) or now, takes(sending, readers)
    if latest_at is not None and now >= latest_at:
        return readers
    if latest_at is None or whole is None or now + whole <= latest_at:
        return 0
    return readers - int(readers * ((latest_at - now) / whole))


def takes(sending: SendingSection, readers: int) -> timedelta | None:
    """How long all of them take at the greatest pace that is allowed; None where none is set."""
    spans = [readers / sending.per_second] if sending.per_second else []
    spans += [readers * 3600 / sending.per_hour] if sending.per_hour else []
    return timedelta(seconds=max(spans)) if spans else None


def pace_in_words(sending: SendingSection) -> str:
    """Such as: at most 20 a second, 10,000 an hour; empty where none is set."""
    parts = [f"{sending.per_second:,g} a second"] if sending.per_second else []
    parts += [f"{show.number(sending.per_hour)} an hour"] if sending.per_hour else []
    return f"at most {', '.join(parts)}" if parts else ""


def window_in_words(sending: SendingSection) -> str:
    """Such as: Mon to Fri, 08:00-20:00; empty where mail may leave at any time."""
    days = "" if len({*sending.days}) == len(_DAYS) else _days_in_words(sending.days)
    return ", ".join(filter(None, (days, sending.hours)))


def _days_in_words(days: Sequence[Day]) -> str:
    order = [name for name in _DAYS if name in {*days}]
    first, last = list(_DAYS).index(order[0]), list(_DAYS).index(order[-1])
    if len(order) >= _RANGE and last - first + 1 == len(order):
        return f"{_DAYS[order[0]]} to {_DAYS[order[-1]]}"
    return ", ".join(_DAYS[name] for name in order)


def terms_json(settings: Settings, latest_at: datetime | None) -> dict[str, Any]:
    sending = settings.sending
    return {
        "per_second": sending.per_second,
        "per_hour": sending.per_hour,
        "days": [day.value for day in sending.days],
        "hours": sending.hours,
        "latest_at": latest_at.isoformat() if latest_at else None,
    }
