"""Does cron do what is due? `newsletter run-due` notes how each of its parts went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.duty import MANY
from newsletter.pipeline.doctor.database import is_current
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.duty import Duty
    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "cron"
_say = Findings(AREA)
#: it should run each few minutes
_LATE = timedelta(hours=1)
_HOW = "See `newsletter cron` for the line or the timer to install."


def findings(look: Look) -> Iterator[Finding]:
    from newsletter.store import duties as stored
    from newsletter.store import standing

    if look.store is None or not is_current(look.store):
        yield _say.unseen("cron-unseen", "whether run-due runs: the database cannot be asked")
        return
    with look.store.read() as connection:
        duties, has_work = stored.every(connection), standing.has_work(connection)
    if not duties:
        yield _never(has_work=has_work)
        return
    failing = [one for one in duties if one.failed_in_a_row]
    for one in failing:
        yield _failing(one)
    began = max((one.began_at for one in duties if one.began_at), default=None)
    if began is None:
        yield _never(has_work=has_work)
    elif look.now - began > _LATE:
        hours = (look.now - began) / timedelta(hours=1)
        say = _say.wrong if has_work else _say.careful
        yield say("run-due-late", f"`newsletter run-due` ran last {hours:,.0f} hours ago", f"Look why. {_HOW}")
    elif not failing:
        yield _say.ok("run-due", "`newsletter run-due` ran within the last hour, and nothing in it fails")


def _never(*, has_work: bool) -> Finding:
    say = _say.wrong if has_work else _say.careful
    waits = ", and a mailing waits for it" if has_work else ""
    return say("run-due-never", f"`newsletter run-due` has never run here{waits}", _HOW)


def _failing(duty: Duty) -> Finding:
    times = "once" if duty.failed_in_a_row == 1 else f"{duty.failed_in_a_row:,} times in a row"
    say = _say.careful if duty.failed_in_a_row < MANY else _say.wrong
    why = duty.fault or "it does not say why"
    return say(
        "run-due-fails", f"the part {duty.name} failed {times}: {why}", "Put this right; it tries again by itself."
    )
