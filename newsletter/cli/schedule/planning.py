"""A mailing at a time: when that is, what speaks against it, and what is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.cli import show
from newsletter.cli.context import actor, now
from newsletter.cli.send.plan import readers_in_words
from newsletter.cli.send.shown import When
from newsletter.errors import SendingRefused, TimeUnclear
from newsletter.model.mailing import MailingState, Planned
from newsletter.schedule.clock_times import is_far

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.address.audience import Asked
    from newsletter.cli.send.plan import Wishes
    from newsletter.cli.send.shown import Outlook
    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing
    from newsletter.pipeline import Plan
    from newsletter.pipeline.running.planning import LocalTimes
    from newsletter.settings import Settings, Workspace
    from newsletter.store.database import Store

#: zones that are named one by one
_MOST = 4


class AtATime:
    """Either `shown`, what each reader's clock shows then, or one `moment` for all."""

    command = "schedule"
    not_done = "Not scheduled"

    def __init__(
        self,
        settings: Settings,
        zone: ZoneInfo,
        shown: datetime | None,
        moment: datetime | None,
        *,
        passed_at_once: bool = False,
    ) -> None:
        self._within = timedelta(minutes=settings.schedule.start_within_minutes)
        self._zone = zone
        self._shown = shown
        self._moment = moment
        self._passed_at_once = passed_at_once
        #: how it was planned before, where it was
        self.replaced: Mailing | None = None

    def when(self, store: Store, slug: str, asked: Asked, wishes: Wishes) -> When:
        """Raises SendingRefused or TimeUnclear: another mailing of the issue, or this time, stands against it."""
        known = self._known(store, slug, asked)
        times = self._local_times(store, slug, asked, again=bool(wishes.again))
        begins = self._begins(times)
        self._refuse_if_too_late(wishes, begins)
        facts = {
            "due_at": begins.isoformat(),
            "start_by": (begins + self._within).isoformat(),
            "local_time": self._local_time or None,
            "replaces": known.number if known else None,
        }
        return When(begins_at=begins, lines=[*self._lines(begins, times, known, wishes)], facts=facts)

    def question(self, plan: Plan, when: When | None) -> str:
        at = show.moment(when.begins_at, self._zone) if when else ""
        own = f"{self._shown:%Y-%m-%d %H:%M} by their own clocks (from {at})" if self._shown else at
        return f"Schedule it for {readers_in_words(plan)}, {own}?"

    def carry_out(
        self, place: Workspace, store: Store, sender: Sender, outlook: Outlook, asked: Asked, wishes: Wishes
    ) -> Mailing:
        from newsletter.pipeline.running.planning import schedule
        from newsletter.store import mailings

        del place
        begins = outlook.now
        planned = Planned(
            due_at=begins,
            start_by=begins + self._within,
            latest_at=wishes.latest_at,
            local_time=self._local_time,
            scheduled_by=actor(),
            approved_version=wishes.approved_version,
            may_differ=wishes.may_differ,
        )
        number, self.replaced = schedule(
            store,
            outlook.prepared,
            asked,
            sender,
            wishes.again,
            now(),
            version=outlook.version,
            planned=planned,
            most_change=outlook.most_change,
        )
        with store.read() as connection:
            return mailings.get(connection, number)

    @property
    def _local_time(self) -> str:
        return self._shown.isoformat(timespec="minutes") if self._shown else ""

    def _known(self, store: Store, slug: str, asked: Asked) -> Mailing | None:
        """The mailing that this one would replace."""
        from newsletter.pipeline.mailing import whom
        from newsletter.pipeline.running.planning import refuse_unless_same
        from newsletter.store import mailings

        with store.read() as connection:
            known = mailings.unfinished(connection, slug)
            if known:
                refuse_unless_same(known, whom(connection, asked, now()), self._zone)
        return known

    def _local_times(self, store: Store, slug: str, asked: Asked, *, again: bool) -> LocalTimes | None:
        from newsletter.pipeline.running.planning import local_times

        if self._shown is None:
            return None
        with store.read() as connection:
            return local_times(connection, slug, asked, self._shown, now(), again=again)

    def _begins(self, times: LocalTimes | None) -> datetime:
        if times is None or self._shown is None:
            assert self._moment  # noqa: S101 - one of them is given
            return self._moment
        moment = now()
        passed = times.passed(moment)
        if passed and times.last < moment:
            raise TimeUnclear(
                f"{self._shown:%Y-%m-%d %H:%M} has passed where all of these readers are", "Write a time to come."
            )
        if passed and not self._passed_at_once:
            readers = sum(passed.values())
            raise SendingRefused(
                f"where {show.number(readers)} of the readers {'is' if readers == 1 else 'are'} ({self._where(passed)}), "
                f"{self._shown:%Y-%m-%d %H:%M} has passed already",
                f'Name another day: --at "{self._shown + timedelta(days=1):%Y-%m-%d %H:%M}"; or let those have it when the '
                "mailing begins: --passed-at-once; or send to all at one moment: without --in-reader-time-zone.",
            )
        return max(times.first, moment) if passed else times.first

    def _where(self, passed: object) -> str:
        names = [name or self._zone.key for name in passed]  # type: ignore[attr-defined]
        more = len(names) - _MOST
        return ", ".join(names[:_MOST]) + (f" and {more} more time zones" if more > 0 else "")

    def _refuse_if_too_late(self, wishes: Wishes, begins: datetime) -> None:
        if wishes.latest_at and wishes.latest_at <= begins:
            raise TimeUnclear(
                f"--never-after: {show.moment(wishes.latest_at, self._zone)} is not after {show.moment(begins, self._zone)}, "
                "when it begins: nobody would get it",
                "Write a later time, or leave --never-after away.",
            )

    def _lines(
        self, begins: datetime, times: LocalTimes | None, known: Mailing | None, wishes: Wishes
    ) -> Iterator[str]:
        at = show.moment(begins, self._zone)
        away = show.span(begins - now())
        if times and self._shown:
            if begins > times.first:
                at_once = sum(times.passed(begins).values())
                yield f"Begins    with the next run, for {show.number(at_once)} at once: there that time has passed"
            else:
                yield f"Begins    {at} (in {away}), when clocks where the first readers are show {self._shown:%Y-%m-%d %H:%M}"
            yield f"{'':10}and goes on until {show.moment(times.last, self._zone)}, when it is so for the last"
            if late := sum(n for name, n in times.readers.items() if _is_after(times.moments[name], wishes.latest_at)):
                yield f"{'':10}for {show.number(late)} that is after the latest time: they would not get it"
        else:
            yield f"Begins    {at} (in {away})"
        if is_far(begins, now()):
            yield f"{'':10}That is more than two years away. Is the year right?"
        if known and known.state is MailingState.SCHEDULED and known.due_at:
            yield f"Replaces  mailing {known.number}, which was scheduled for {show.moment(known.due_at, self._zone)}"


def _is_after(moment: datetime, latest_at: datetime | None) -> bool:
    return latest_at is not None and moment >= latest_at
