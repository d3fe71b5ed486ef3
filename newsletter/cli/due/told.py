"""What run-due says: news on standard error, which cron mails; the rest only where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.due.parts import NAMES
from newsletter.pipeline.running.tasks import State, gravest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.pipeline.running.tasks import Did

_WORDS = {
    State.ELSEWHERE: "another process is at it",
    State.NOT_YET: "done a short while ago",
    State.LEFT: "left for the next run",
}
#: counts -> how they are told
_COUNTS = {
    "reports": "{} reports",
    "events": "{} events",
    "suppressed": "{} addresses suppressed",
    "mails": "{} mails read",
    "accepted": "{} sent",
    "refused": "{} refused",
    "uncertain": "{} uncertain",
    "put_off": "{} put off",
    "planned": "{} planned",
    "begun": "{} begun",
    "held": "{} held",
    "missed": "{} missed",
    "settled": "{} readers handed over",
    "left": "{} left",
    "forgotten": "{} people forgotten",
    "entries": "{} entries so far",
}


def say_news(words: Iterable[str]) -> None:
    for one in words:
        click.echo(f"newsletter run-due: {show.clean(one)}", err=True)


def table(did: Sequence[Did]) -> Iterator[str]:
    """A line for each part, and for each mailing."""
    rows = [(one.name, _what(one), _came(one)) for one in did]
    first, second = (max((len(row[at]) for row in rows), default=0) for at in (0, 1))
    for name, what, came in rows:
        yield f"{name:<{first}}  {what:<{second}}  {show.clean(came)}".rstrip()


def as_json(did: Sequence[Did]) -> dict[str, Any]:
    return {
        "code": gravest(one.code for one in did),
        "parts": [
            {
                "part": one.part,
                "name": one.name,
                "state": one.state.value,
                "code": one.code,
                "done": dict(one.came.done),
                "news": [news.words for news in one.news],
                "fault": one.came.fault.words if one.came.fault else None,
            }
            for one in did
        ],
    }


def _what(one: Did) -> str:
    return NAMES[one.part]


def _came(one: Did) -> str:
    if one.came.fault:
        return f"FAILED: {one.came.fault.words}"
    counts = ", ".join(
        _COUNTS[name].format(show.number(count)) for name, count in one.came.done.items() if count and name in _COUNTS
    )
    return _WORDS.get(one.state) or counts or "nothing to do"
