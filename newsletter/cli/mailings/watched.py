"""Looks at a mailing, one after the other: in place on a terminal, else as lines."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.mailings.speed import pace_line
from newsletter.cli.mailings.standing import standing_json
from newsletter.cli.mailings.words import doubt_reasons, head_line, refusal_lines, waiting_lines
from newsletter.model.mailing import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.cli.mailings.standing import Standing
    from newsletter.settings import Settings

#: a line as often at most, and one now and then though nothing changed
_LINE, _STILL_THERE = timedelta(seconds=10), timedelta(minutes=5)
_TROUBLE = (Outcome.REFUSED, Outcome.UNCERTAIN, Outcome.CANCELLED)
#: ANSI: begin the line anew; take away what stands below
_CLEAR_LINE, _CLEAR_BELOW = "\r\x1b[2K", "\x1b[J"


@dataclass
class InPlace:
    """For a terminal: the lines of the last look are written over."""

    settings: Settings
    _drawn: int = 0

    def __call__(self, standing: Standing, per_minute: float) -> None:
        width = shutil.get_terminal_size().columns - 1
        lines = [line[:width] for line in self._lines(standing, per_minute)]
        back = f"\x1b[{self._drawn}A" if self._drawn else ""
        click.echo(back + "".join(f"{_CLEAR_LINE}{line}\n" for line in lines) + _CLEAR_BELOW, nl=False, color=True)
        self._drawn = len(lines)

    def clear(self) -> None:
        """Make room for what is said in the end."""
        if self._drawn:
            click.echo(f"\x1b[{self._drawn}A\r{_CLEAR_BELOW}", nl=False, color=True)
            self._drawn = 0

    def _lines(self, standing: Standing, per_minute: float) -> Iterator[str]:
        yield head_line(standing)
        yield from show.tally_lines(standing.tally)
        yield from refusal_lines(standing.refusals, standing.mailing.number)
        yield from doubt_reasons(standing)
        yield from waiting_lines(standing, self.settings)
        yield f"  {pace_line(standing, per_minute)}"
        yield "  (Ctrl-C ends the watching, not the sending)"


@dataclass
class Lines:
    """For a log or a pipe: a line when something changed, ten seconds after the last one at the earliest."""

    settings: Settings
    _last: Standing | None = field(default=None)

    def __call__(self, standing: Standing, per_minute: float) -> None:
        if self._last and standing.at - self._last.at < (_LINE if _differ(standing, self._last) else _STILL_THERE):
            return
        self._last = standing
        at = standing.at.astimezone(ZoneInfo(self.settings.newsletter.timezone))
        click.echo(f"{at:%H:%M:%S}  {self._line(standing, per_minute)}")

    def _line(self, standing: Standing, per_minute: float) -> str:
        tally = standing.tally
        accepted = f"{show.number(tally[Outcome.ACCEPTED])} of {show.number(tally.audience)} accepted"
        trouble = [f"{show.number(tally[what])} {what.value}" for what in _TROUBLE if tally[what]]
        stands = ", ".join([f"{standing.mailing.state.value}: {accepted}", *trouble])
        waits = (line.strip() for line in waiting_lines(standing, self.settings))
        return "; ".join([stands, pace_line(standing, per_minute), *waits])


class JsonLines:
    """For a program: every look, one object a line."""

    def __call__(self, standing: Standing, per_minute: float) -> None:
        looked = standing_json(standing) | {"at": standing.at.isoformat(), "per_minute": round(per_minute)}
        click.echo(json.dumps(looked, ensure_ascii=False))


def _differ(one: Standing, other: Standing) -> bool:
    return (one.tally, one.mailing.state, one.holder) != (other.tally, other.mailing.state, other.holder)
