"""Words that the commands about suppressions share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import SuppressionAction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsletter.model.subscriber import Suppression
    from newsletter.model.suppressing import SuppressionEvent

#: `subscribers erase` erases; nothing else may say so
REASONS = [reason.value for reason in SuppressionReason if reason is not SuppressionReason.ERASED]
_LONGEST_TEXT = 400


def one_line(text: str, option: str) -> str:
    """What somebody typed to be kept: one line without anything that is not seen.

    Raises:
        click.UsageError
    """
    from newsletter.subscribers.columns.values import PADDING, refuse_hostile

    text = text.strip(PADDING)
    try:
        refuse_hostile(text)
    except ValueError as why:
        msg = f"{option} {why}; write one plain line."
        raise click.UsageError(msg) from None
    if len(text) > _LONGEST_TEXT:
        msg = f"{option} is {len(text)} characters long; at most {_LONGEST_TEXT} are kept."
        raise click.UsageError(msg)
    return text


def identity_of(address: str) -> str:
    """Raises:
    click.UsageError: nobody can be meant by it.
    """
    from newsletter.subscribers.columns.values import PADDING
    from newsletter.subscribers.suppressions.deciding import whose

    text = address.strip(PADDING)
    if text.startswith(("@", "*@")) or ("." in text and "@" not in text):
        msg = (
            f"{show.clean(text[:80])} is a whole domain; suppressions are for single addresses. To see who is there: "
            f"newsletter subscribers find @{show.clean(text[:80].lstrip('*@'))}"
        )
        raise click.UsageError(msg)
    try:
        return whose(text)
    except ValueError as why:
        msg = f"{show.clean(text[:80])}: {why}" if show.clean(text[:60]) not in str(why) else str(why)
        raise click.UsageError(msg) from None


def day(moment: datetime) -> str:
    return moment.date().isoformat()


def stands(suppression: Suppression) -> str:
    """Such as: complaint since 2026-05-03 (imported: SendGrid spam reports)"""
    return f"{suppression.reason} since {day(suppression.at)}{_source(suppression)}"


def history_lines(events: Sequence[SuppressionEvent]) -> Iterator[str]:
    for event in events:
        if event.action is SuppressionAction.LIFTED:
            yield f"  {day(event.at)} lifted: {show.clean(event.source)}"
        else:
            yield f"  {day(event.at)} suppressed: {event.reason}{_source(event)}"


def _source(said: Suppression | SuppressionEvent) -> str:
    """Nothing where it only repeats the reason."""
    source = said.source.removeprefix(said.reason).removeprefix(": ")
    return f" ({show.clean(source)})" if source else ""


def suppression_json(suppression: Suppression) -> dict[str, Any]:
    return {"reason": suppression.reason, "source": suppression.source, "at": suppression.at.isoformat()}


def history_json(events: Sequence[SuppressionEvent]) -> list[dict[str, Any]]:
    return [
        {"action": event.action, "reason": event.reason, "source": event.source, "at": event.at.isoformat()}
        for event in events
    ]
