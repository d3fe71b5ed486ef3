"""The parts of run-due, in their order, and how long each may take.

Their times are short, so that a run ends before the next one that systemd begins after five minutes: it never begins a
second one beside it, as cron does.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from newsletter.cli.due import small_parts
from newsletter.cli.due.scheduled import ahead, schedule
from newsletter.cli.due.sending import patience_of, sending_tasks
from newsletter.pipeline.running.tasks import Part, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.cli.due.at_work import AtWork
    from newsletter.pipeline.running.tasks import Came, Turn

#: what `--only` and `--except` name -> what it is, for people
NAMES = {
    "inbox": "reports of providers",
    "notices": "mails to single people",
    "mailbox": "mails that came back",
    "schedule": "mailings whose time has come",
    "mailings": "handing over what has begun",
    "ahead": "what will hold a mailing of the next day",
    "expiry": "people who never confirmed",
    "pruning": "what was kept long enough",
    "log": "the end of the audit log, noted outside the database",
}
#: a thousand reports take a second
_SHORT = timedelta(minutes=1)
#: `newsletter serve` waits for nobody; what is left here the next run goes on with
_SENDING = timedelta(minutes=4)
#: mail servers take it ill when somebody logs in each minute
_MAILBOX_EVERY = timedelta(minutes=5)
_HOURLY, _DAILY = timedelta(hours=1), timedelta(days=1)


def parts_of(work: AtWork) -> list[Part]:
    """Those that this workspace has."""
    every = [
        _single(work, "inbox", small_parts.inbox),
        _single(work, "notices", small_parts.notices),
        *([_single(work, "mailbox", small_parts.mailbox, _MAILBOX_EVERY)] if _reads_a_mailbox(work) else []),
        _single(work, "schedule", schedule),
        Part(name="mailings", tasks=partial(sending_tasks, work), bound=_SENDING, more=patience_of(work)),
        _single(work, "ahead", ahead, _HOURLY),
        _single(work, "expiry", small_parts.expiry, _HOURLY),
        _single(work, "pruning", small_parts.pruning, _HOURLY),
        _single(work, "log", small_parts.log, _DAILY),
    ]
    assert {part.name for part in every} <= NAMES.keys()  # noqa: S101 - what is not named there cannot be left out
    return every


def _single(work: AtWork, name: str, run: Callable[[AtWork, Turn], Came], every: timedelta = timedelta()) -> Part:
    """A part with one task."""
    task = Task(name=name, run=partial(run, work), every=every)
    return Part(name=name, tasks=lambda _now: [task], bound=_SHORT)


def _reads_a_mailbox(work: AtWork) -> bool:
    mailbox = work.place.settings.mailbox
    return bool(mailbox.address and mailbox.host)
