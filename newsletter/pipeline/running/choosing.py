"""What a recurring schedule sends: the newest issue dated that day or earlier that may go, and went to nobody of it yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.errors import NotApproved, NotSendable
from newsletter.model.problem import Level
from newsletter.pipeline.issue import prepare
from newsletter.pipeline.signing import as_it_goes, ready_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from newsletter.model.version import Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.recurrences import Recurrence


@dataclass(frozen=True, kw_only=True)
class Chosen:
    prepared: Prepared
    version: Version


@dataclass(frozen=True, kw_only=True)
class _Dated:
    slug: str
    path: Path
    day: date


def choose(
    store: Store, workspace: Workspace, recurrence: Recurrence, lists: Sequence[int], day: date, now: datetime
) -> Chosen | str:
    """The issue that goes at its time on `day`, or why none does. Where the first readers are it may be that day already.

    Where the newest may not go yet, an older one that was left behind may, unless it is older than the recurring schedule:
    nobody means those. Behind what went already nothing is looked for.
    """
    from newsletter.store import scheduled

    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    since, said = recurrence.created_at.astimezone(zone).date(), []
    for number, issue in enumerate(_up_to(workspace, day)):
        with store.read() as connection:
            had = scheduled.had(connection, issue.slug, lists)
        if had:
            mailing, state = next(iter(had.items()))
            said.append(
                f"the newest issue before that, {issue.slug}," if number else f"the newest issue, {issue.slug},"
            )
            said[-1] += f" is mailing {mailing} already ({state})"
            break
        if number and issue.day < since:
            break
        found = _ready(store, workspace, issue.path, now)
        if isinstance(found, Chosen):
            return found
        said.append(found)
    return "; ".join(said) or "there is no issue that is dated that day or earlier"


def _up_to(workspace: Workspace, day: date) -> Iterator[_Dated]:
    """Issues by their dates, the newest first; those without a date, or with one to come, are not among them."""
    from newsletter import references
    from newsletter.read import every_issue, read_issue

    found: list[_Dated] = []
    for path in every_issue(workspace.folder):
        issue = read_issue(path, workspace.settings, references.load, workspace.folder).issue
        if issue and issue.date and issue.date <= day:
            found.append(_Dated(slug=issue.slug, path=path, day=issue.date))
    yield from sorted(found, key=lambda one: (one.day, one.slug), reverse=True)


def _ready(store: Store, workspace: Workspace, path: Path, now: datetime) -> Chosen | str:
    prepared = prepare(workspace, path, now)
    try:
        version = ready_version(store, workspace, prepared, now)
        return Chosen(prepared=as_it_goes(store, workspace, prepared, version), version=version)
    except NotApproved as why:
        return str(why)
    except NotSendable as why:
        codes = sorted({one.code for one in why.problems if one.level is Level.ERROR})
        return f"{prepared.slug} has errors: {', '.join(codes)}"
