"""Audiences in words: whom a mailing goes to, how it changed, and the options that name it again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.address.audience import LIST, SEGMENT, Asked, bare
from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from newsletter.address.audience import Before
    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace


def asked_of(place: Workspace, to: Sequence[str], excepted: Sequence[str], command: str) -> Asked:
    """Names as they were typed, with what this workspace means by them."""
    settings = place.settings
    return Asked(
        to=to,
        excepted=excepted,
        segments=settings.segments,
        zone=ZoneInfo(settings.newsletter.timezone),
        command=command,
    )


def whom_in_words(lists: Collection[str], segments: Collection[str], excepted: Collection[str]) -> str:
    """Such as: news, friends (only runners or walkers; except board)."""
    limits = [f"only {' or '.join(segments)}"] if segments else []
    limits += [f"except {', '.join(excepted)}"] if excepted else []
    return ", ".join(lists) + (f" ({'; '.join(limits)})" if limits else "")


def whom_of(mailing: Mailing) -> str:
    return whom_in_words(mailing.lists, mailing.segments, mailing.excepted)


def options_of(mailing: Mailing) -> str:
    """The options that name the same audience."""
    both = {*mailing.lists} & {bare(name) for name in mailing.segments}
    lists = (f"--to {LIST if name in both else ''}{name}" for name in mailing.lists)
    segments = (f"--to {SEGMENT if name in both else ''}{name}" for name in mailing.segments)
    return " ".join((*lists, *segments, *(f"--except {name}" for name in mailing.excepted)))


def is_audience_of(mailing: Mailing, to: Sequence[str], excepted: Sequence[str]) -> bool:
    """Whether these names, as they were typed, are those of the mailing. Lists that nobody named may have been assumed."""
    named, lists, segments = {*map(bare, to)}, {*mailing.lists}, {*map(bare, mailing.segments)}
    same = named in (lists | segments, segments) if segments else named == lists
    return same and {*map(bare, excepted)} == {*map(bare, mailing.excepted)}


def change_in_words(before: Before, readers: int) -> str:
    """Such as: 12 % more than mailing 3 had (1,100)."""
    had = f"mailing {before.mailing} had ({show.number(before.readers)})"
    if readers == before.readers:
        return f"as many as {had}"
    more = "more" if readers > before.readers else "fewer"
    if not before.readers:
        return f"{show.number(readers)} more than {had}"
    percent = abs(readers - before.readers) * 100 / before.readers
    return f"{percent:.0f} % {more} than {had}" if percent >= 1 else f"hardly {more} than {had}"


def left_out(suppressed: int, already_sent: int) -> Iterator[str]:
    if suppressed:
        yield f"{show.number(suppressed)} suppressed"
    if already_sent:
        yield f"{show.number(already_sent)} who have it already"
