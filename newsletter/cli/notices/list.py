"""`newsletter notices list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.model.mailing import ChunkState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.notice_mail import NoticeMail

_STATES = (
    ChunkState.PLANNED,
    ChunkState.SUBMITTING,
    ChunkState.ACCEPTED,
    ChunkState.REFUSED,
    ChunkState.UNCERTAIN,
)


@click.command("list")
@click.option("--state", type=click.Choice([state.value for state in _STATES]), help="Only those that are so.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@json_option
def list_(state: str | None, limit: int, json_: bool) -> None:
    """Show mails to single people, the newest first, and why one waits or was not sent.

    \b
    Example:
      newsletter notices list
      newsletter notices list --state planned
    """
    from newsletter.store import notices_waiting

    place = workspace()
    with open_store(place).read() as connection:
        found = notices_waiting.listed(connection, ChunkState(state) if state else None, limit + 1)
    shown, more = found[:limit], len(found) > limit
    if json_:
        show.as_json({"notices": [_as_json(one) for one in shown], "more": more})
        return
    if not shown:
        click.echo("No such notice." if state else "No notices yet: they are ordered by the pages.")
    for line in _lines(shown, ZoneInfo(place.settings.newsletter.timezone)):
        click.echo(line)
    if more:
        click.echo("There are older ones: --limit shows more.", err=True)


def _as_json(notice: NoticeMail) -> dict[str, Any]:
    return {
        "number": notice.number,
        "kind": notice.kind.value,
        "email": notice.address,
        "language": notice.language,
        "state": notice.state.value,
        "detail": notice.detail,
        "fate": notice.fate,
        "tries": notice.tries,
        "not_before": notice.not_before,
        "created_at": notice.created_at,
        "answered_at": notice.answered_at,
        "used_at": notice.used_at,
    }


def _lines(found: Sequence[NoticeMail], zone: ZoneInfo) -> Iterator[str]:
    for one in found:
        whom = show.clean(one.address) if one.address else "(erased)"
        yield (
            f"{one.number:>5}  {one.created_at.astimezone(zone):%Y-%m-%d %H:%M}  {one.kind.value:<12}  "
            f"{one.state.value:<10}  {whom}"
            + (f", then {one.fate}" if one.fate else "")
            + (", its button was pressed" if one.used_at else "")
        )
        if one.detail:
            again = f"; again at {show.moment(one.not_before, zone)}" if _waits(one) and one.not_before else ""
            yield f"       {show.clean(one.detail)}{again}"


def _waits(notice: NoticeMail) -> bool:
    return notice.state is ChunkState.PLANNED
