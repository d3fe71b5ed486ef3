"""`newsletter subscribers list` and `show`: looking readers up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_keys, open_store, workspace
from newsletter.errors import SubscriberNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsletter.model.subscriber import ConsentRecord, PlannedMail, Subscriber, Subscription, Suppression


@click.command("list")
@click.option("--list", "name", metavar="LIST", help="Only those who know this list.")
@click.option("--status", type=click.Choice(["pending", "subscribed", "unsubscribed"]), help="Only these.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True)
@json_option
def list_(name: str | None, status: str | None, limit: int, json_: bool) -> None:
    """Show readers and what they joined.

    \b
    Example:
      newsletter subscribers list --list friends --status subscribed
    """
    from newsletter.address.audience import included_lists
    from newsletter.store import lists as stored_lists
    from newsletter.store import subscribers as stored

    store = open_store(workspace())
    with store.read() as connection:
        if name:
            included_lists([name], stored_lists.every(connection))
        rows = stored.page(connection, list_name=name, status=status, limit=limit, after=0)
    if json_:
        show.as_json(
            {"subscribers": [_subscriber_json(row.subscriber) | {"lists": dict(row.statuses)} for row in rows]}
        )
        return
    for row in rows:
        lists = ", ".join(f"{entry} ({state})" for entry, state in row.statuses.items()) or "no list"
        click.echo(f"{show.clean(row.subscriber.address):<36} {show.clean(row.subscriber.name):<30} {lists}")
    if not rows:
        click.echo("Nobody. Import readers: newsletter subscribers import FILE --list LIST --consent TEXT")
    elif len(rows) == limit:
        click.echo(f"(the first {show.number(limit)}; --limit shows more)")


def _subscriber_json(reader: Subscriber) -> dict[str, Any]:
    return {
        "email": reader.address,
        "first_name": reader.first_name,
        "last_name": reader.last_name,
        "language": reader.language,
        "timezone": reader.timezone,
        "attributes": dict(reader.attributes),
    }


@click.command("show")
@click.argument("address")
@json_option
def show_(address: str, json_: bool) -> None:
    """Show one reader: lists, consent, and which mails went there.

    \b
    Example:
      newsletter subscribers show ada@example.org
    """
    from newsletter.model.identity import identity
    from newsletter.store import subscribers as stored

    place = workspace()
    store = open_store(place)
    try:
        key = open_keys(place, store).identity_hash(identity(address))
    except ValueError:  # a domain that no address can have
        raise SubscriberNotFound from None
    with store.read() as connection:
        reader, suppression = stored.find(connection, key), stored.suppression_of(connection, key)
        if reader is None and suppression is None:
            raise SubscriberNotFound
        lists = stored.subscriptions_of(connection, reader.number) if reader else ()
        history = stored.history_of(connection, reader.number) if reader else ()
        mail = stored.mail_of(connection, reader.number) if reader else ()
    known = _Known(reader=reader, suppression=suppression, lists=lists, history=history, mail=mail)
    if json_:
        show.as_json(_known_json(known))
        return
    for line in _known_lines(known):
        click.echo(line)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Everything that is stored of one person."""

    reader: Subscriber | None
    suppression: Suppression | None
    lists: Sequence[Subscription]
    history: Sequence[ConsentRecord]
    mail: Sequence[PlannedMail]


def _known_json(known: _Known) -> dict[str, Any]:
    return {
        "subscriber": _subscriber_json(known.reader) if known.reader else None,
        "suppressed": asdict(known.suppression) if known.suppression else None,
        "lists": [{"list": s.list.name, "status": s.status, "since": s.changed_at} for s in known.lists],
        "consent": [_consent_json(record) for record in known.history],
        "mail": [asdict(entry) for entry in known.mail],
    }


def _known_lines(known: _Known) -> Iterator[str]:
    if reader := known.reader:
        yield f"{show.clean(reader.name) or '(no name)'} <{show.clean(reader.address)}>"
        facts = {"language": reader.language, "time zone": reader.timezone, **reader.attributes}
        yield from (f"  {name}: {show.clean(str(value))}" for name, value in facts.items() if value != "")
    if why := known.suppression:
        yield f"Suppressed since {_day(why.at)}: {why.reason} ({why.source}). Never mailed."
    for entry in known.lists:
        yield f"List {entry.list.name}: {entry.status} since {_day(entry.changed_at)}"
    for record in known.history:
        what = (
            f"{_day(record.at)} {record.action} {record.list.name if record.list else 'everything'} ({record.source})"
        )
        yield f"  {what}" + (f": {show.clean(record.wording)}" if record.wording else "")
    for copy in known.mail:
        yield f"Mailing {copy.mailing}, {copy.issue}: {copy.outcome}" + (f" ({copy.reason})" if copy.reason else "")


def _consent_json(record: ConsentRecord) -> dict[str, Any]:
    return {
        "list": record.list.name if record.list else None,
        "action": record.action,
        "source": record.source,
        "at": record.at,
        "wording": record.wording,
        "mailing": record.mailing,
    }


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
