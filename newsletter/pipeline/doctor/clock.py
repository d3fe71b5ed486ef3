"""Is this machine's clock right, and does it know time zones? Mailings begin by it, and signatures are judged by it."""

from __future__ import annotations

import time
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "clock"
_say = Findings(AREA)
_SECONDS = 10.0
#: more than a slow answer, and more than mailings are planned to
_WORTH_A_WORD, _TOO_MUCH = timedelta(seconds=60), timedelta(minutes=5)
#: zones of readers, of which some file must be there
_ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")


def findings(look: Look) -> Iterator[Finding]:
    yield from _zones(look)
    if look.offline:
        yield _say.unseen("clock-unseen", "whether the clock is right: --offline")
        return
    theirs, where = _their_time(look)
    if theirs is None:
        yield _say.unseen(
            "clock-unseen", "whether the clock is right: nobody told the time", "Look yourself: timedatectl"
        )
        return
    yield _judged(look.now, theirs, where)


def _judged(ours: datetime, theirs: datetime, where: str) -> Finding:
    off = ours - theirs
    size, side = abs(off), "ahead" if off > timedelta() else "behind"
    advice = "Let the machine set its clock: timedatectl set-ntp true"
    if size > _TOO_MUCH:
        words = f"the clock is {size.total_seconds() / 60:,.0f} minutes {side} of that of {where}"
        return _say.wrong("clock-off", f"{words}: mailings begin at the wrong time, and reports are refused", advice)
    if size > _WORTH_A_WORD:
        words = f"the clock is {size.total_seconds():.0f} seconds {side} of that of {where}"
        return _say.careful("clock-slips", words, advice)
    return _say.ok("clock", f"the clock agrees with that of {where}")


def _zones(look: Look) -> Iterator[Finding]:
    name = look.workspace.settings.newsletter.timezone
    try:
        for one in (name, *_ZONES):
            ZoneInfo(one)
    except (OSError, KeyError, ValueError):
        yield _say.wrong(
            "zones-missing",
            "the time zone data of this machine is not whole",
            "Install it: apt install tzdata, or pip install tzdata",
        )
        return
    yield _say.ok("zones", f"it is {look.now.astimezone(ZoneInfo(name)):%Y-%m-%d %H:%M} in {name}")


def _their_time(look: Look) -> tuple[datetime | None, str]:
    if "sendgrid" in look.senders and (told := look.account.time):
        return told, "SendGrid"
    if look.requests is None or (not look.reaches_people and AREA not in look.named):
        return None, ""
    from newsletter.probe.link_request import NotVisited, Unreachable

    url = look.workspace.settings.newsletter.base_url
    try:
        answer = look.requests.ask("HEAD", f"{url}/", time.monotonic() + _SECONDS)
        told = parsedate_to_datetime(answer.headers.get("date", ""))
    except (NotVisited, Unreachable, TimeoutError, ValueError, TypeError):
        return None, ""
    return told if told.tzinfo else told.replace(tzinfo=UTC), "newsletter.base_url"
