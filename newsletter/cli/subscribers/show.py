"""`newsletter subscribers show`: everything that is known of one reader."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_keys, open_store, workspace
from newsletter.cli.subscribers.list import subscriber_json
from newsletter.cli.subscribers.person import day, hash_of
from newsletter.errors import SubscriberNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import ConsentRecord, PlannedMail, Subscriber, Subscription, Suppression
    from newsletter.model.suppressing import SuppressionEvent
    from newsletter.store.people.leaving_reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything that is stored of one person. `subjects` are those of their mail, by mailing."""

    reader: Subscriber | None
    suppression: Suppression | None
    suppression_history: Sequence[SuppressionEvent]
    lists: Sequence[Subscription] = ()
    tags: Sequence[str] = ()
    history: Sequence[ConsentRecord] = ()
    mail: Sequence[PlannedMail] = ()
    subjects: Mapping[int, str]
    #: why they left, where they said so
    reasons: Sequence[Reason] = ()
    #: in which the days are told
    zone: ZoneInfo


@click.command("show")
@click.argument("address")
@click.option("--mail", "with_mail", is_flag=True, help="Each mailing: when, subject, what became of it and why.")
@json_option
def show_(address: str, with_mail: bool, json_: bool) -> None:
    """Show one reader: lists, tags, what they agreed to and when, whether they are suppressed, and which mails went there.

    \b
    Example:
      newsletter subscribers show ada@example.org --mail
    """
    place = workspace()
    store = open_store(place)
    key = hash_of(open_keys(place, store), address)
    with store.read() as connection:
        known = _known(connection, key, ZoneInfo(place.settings.newsletter.timezone))
    if json_:
        show.as_json(_as_json(known))
        return
    for line in (*_person_lines(known), *_consent_lines(known), *_reason_lines(known)):
        click.echo(line)
    for line in _mail_lines(known) if with_mail else _mail_sum(known, address):
        click.echo(line)


def _known(connection: Connection, key: str, zone: ZoneInfo) -> Known:
    from newsletter.compose.slots import fill
    from newsletter.model.subscriber import field_values
    from newsletter.store import suppressions
    from newsletter.store.people import leaving_reasons, subjects, tags
    from newsletter.store.people import subscribers as stored

    reader, suppression = stored.find(connection, key), stored.suppression_of(connection, key)
    events = suppressions.events_of(connection, key)
    if reader is None:
        if suppression is None:
            raise SubscriberNotFound
        return Known(reader=None, suppression=suppression, suppression_history=events, subjects={}, zone=zone)
    number = reader.number
    values = field_values(reader)
    return Known(
        reader=reader,
        suppression=suppression,
        suppression_history=events,
        lists=stored.subscriptions_of(connection, number),
        tags=tags.of_people(connection, [number]).get(number, ()),
        history=stored.history_of(connection, number),
        mail=stored.mail_of(connection, number),
        subjects={mailing: fill(parts, values) for mailing, parts in subjects.of_person(connection, number).items()},
        reasons=leaving_reasons.of_person(connection, number),
        zone=zone,
    )


def _person_lines(known: Known) -> Iterator[str]:
    if reader := known.reader:
        yield f"{show.clean(reader.name) or '(no name)'} <{show.clean(reader.address)}>"
        facts = {"language": reader.language, "time zone": reader.timezone, **reader.attributes}
        yield from (f"  {name}: {show.clean(str(value))}" for name, value in facts.items() if value != "")
        if known.tags:
            yield f"  tags: {', '.join(map(show.clean, known.tags))}"
        yield f"  opens and clicks: {'may be noted' if reader.tracking else 'are not noted'}"
    if why := known.suppression:
        yield f"Suppressed since {day(why.at, known.zone)}: {why.reason} ({show.clean(why.source)}). Never mailed."
    told = known.suppression_history
    if len(told) > 1 or (told and not known.suppression):
        yield "Suppressions:"
        for event in told:
            yield f"  {day(event.at, known.zone)} {event.action}: {event.reason} ({show.clean(event.source)})"
    for entry in known.lists:
        yield f"List {entry.list.name}: {entry.status} since {day(entry.changed_at, known.zone)}{_how(known, entry)}"


def _how(known: Known, entry: Subscription) -> str:
    """By which way somebody came to stand as they do; people who were only imported have said nothing yet."""
    said = [one for one in known.history if one.list and one.list.number == entry.list.number]
    asks = " (asked to join, has not confirmed)" if said and said[-1].action == "requested" else ""
    ways = [one.source for one in said if one.action.value == entry.status.value]
    return (f", {ways[-1]}" if ways else "") + asks + (" (archived)" if entry.list.archived_at else "")


def _consent_lines(known: Known) -> Iterator[str]:
    if known.history:
        yield "Consent:"
    for record in known.history:
        what = f" {record.list.name}" if record.list else ""
        mailing = f", mailing {record.mailing}" if record.mailing else ""
        yield f"  {day(record.at, known.zone)} {record.action}{what} ({record.source}{mailing})"
        if record.ground:
            yield f"      ground: {show.clean(record.ground)}"
        if record.wording:
            yield f"      words: {show.clean(record.wording)}"


def _reason_lines(known: Known) -> Iterator[str]:
    if known.reasons:
        yield "Why they left:"
    for reason in known.reasons:
        mailing = f" (mailing {reason.mailing})" if reason.mailing else ""
        words = f": {show.clean(reason.words)}" if reason.words else ""
        yield f"  {day(reason.at, known.zone)} {reason.code.replace('_', ' ')}{mailing}{words}"


def _mail_sum(known: Known, address: str) -> Iterator[str]:
    if known.mail:
        count, last = len(known.mail), known.mail[0]
        yield f"Mail: {show.number(count)} {show.plural(count, 'mailing')}, the last one {last.issue} ({last.outcome})"
        yield f"  All of it: newsletter subscribers show {show.clean(address)} --mail"


def _mail_lines(known: Known) -> Iterator[str]:
    if not known.mail:
        yield "No mail yet."
        return
    yield "Mail, the newest first:"
    for copy in known.mail:
        when = day(copy.started_at, known.zone) if copy.started_at else "not yet    "
        became = f"{copy.outcome}" + (f" ({show.clean(copy.reason)})" if copy.reason else "")
        subject = show.clean(known.subjects.get(copy.mailing, ""))
        yield f"  {copy.mailing:>4}  {when}  {became:<24}  {copy.issue}: {subject}"


def _as_json(known: Known) -> dict[str, Any]:
    return {
        "subscriber": subscriber_json(known.reader) if known.reader else None,
        "suppressed": asdict(known.suppression) if known.suppression else None,
        "suppression_history": [asdict(event) for event in known.suppression_history],
        "lists": [{"list": s.list.name, "status": s.status, "since": s.changed_at} for s in known.lists],
        "tags": list(known.tags),
        "consent": [_consent_json(record) for record in known.history],
        "reasons_for_leaving": [asdict(reason) for reason in known.reasons],
        "mail": [asdict(copy) | {"subject": known.subjects.get(copy.mailing, "")} for copy in known.mail],
    }


def _consent_json(record: ConsentRecord) -> dict[str, Any]:
    return asdict(record) | {"list": record.list.name if record.list else None}
