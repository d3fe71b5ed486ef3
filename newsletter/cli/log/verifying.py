"""`newsletter log verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.settings import Workspace
    from newsletter.signoff.chain import Verified


@click.command("verify")
@json_option
def verify_(json_: bool) -> None:
    """Look whether the log is as it was written. Exit code 1 when it is not.

    Each entry holds the hash of the one before, and a file outside the database holds where the log ended day by day
    (database.audit_heads). What that proves, and what it does not: docs/audit.md

    \b
    Example:
      newsletter log verify
    """
    from newsletter.pipeline.auditing import refuse_damaged, verified

    place = workspace()
    found = verified(open_store(place), place)
    refuse_damaged(found)
    if json_:
        show.as_json(_as_json(found))
        return
    for line in _lines(found, place):
        click.echo(line)


def _as_json(found: Verified) -> dict[str, Any]:
    last = found.last
    return {
        "ok": True,
        "entries": found.entries,
        "last": {"number": last.number, "hash": last.hash, "at": last.at.isoformat()} if last else None,
        "heads_confirmed": found.confirmed,
        "heads_replaced": [
            {"number": one.head.number, "hash": one.head.hash, "noted_at": one.head.at.isoformat(), "by_entry": one.by}
            for one in found.replaced
        ],
    }


def _lines(found: Verified, place: Workspace) -> Iterator[str]:
    from newsletter.store import audit_heads

    zone = ZoneInfo(place.settings.newsletter.timezone)
    if found.last is None:
        yield "The audit log is empty."
        return
    count = f"{show.number(found.entries)} {'entry' if found.entries == 1 else 'entries'}"
    yield f"The audit log is whole: {count}, the last of {show.moment(found.last.at, zone)}."
    yield f"Its end: {found.last.number} {found.last.hash}"
    if found.confirmed:
        times = "once" if found.confirmed == 1 else f"{show.number(found.confirmed)} times"
        yield f"Where it ended was noted {times} in {place.audit_heads.name}, and each stands in it."
    elif not found.replaced:
        yield f"Nothing was noted in {place.audit_heads.name} yet, so a log without its end would look like this one."
        yield "Backups and `newsletter run-due` note it; keep the line above elsewhere meanwhile."
    if others := audit_heads.of_others(place.audit_heads, place.database_mark):
        lines = "One line" if others == 1 else f"{show.number(others)} lines"
        yield show.folded(
            f"Left aside: {lines.lower()} in {place.audit_heads.name} about another database (database.url), such as one to "
            "rehearse with."
        )
    if torn := audit_heads.unread(place.audit_heads):
        lines = "One line" if torn == 1 else f"{show.number(torn)} lines"
        yield show.folded(
            f"{lines} in {place.audit_heads.name} cannot be read, so nothing was held against what stood there: a crash leaves "
            "at most one such line at a time; compare the file with a copy."
        )
    for by in dict.fromkeys(one.by for one in found.replaced):
        highest = max(one.head.number for one in found.replaced if one.by == by)
        yield show.folded(
            f"A backup was restored (entry {by}); the log before that went at least to entry {highest}, and its end is in "
            "the database that was kept aside. See who restored it: newsletter log --action database-restored"
        )
