"""What somebody asks for in the preference centre: a form -> wishes, and wishes -> what is stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsletter.errors import SubscriberNotFound
from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus
from newsletter.pipeline.joining import Joining, join
from newsletter.store.people import consent, editing, subscribers
from newsletter.store.people.positions import position_of
from newsletter.subscribers.consent import leave
from newsletter.web.names import is_name, typed_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.subscriber import MailingList, Subscriber
    from newsletter.web.forms import Form
    from newsletter.web.site import Reader

YES, NO = "yes", "no"
_FIELDS = frozenset({"first_name", "last_name", "no_name", "language", "tracking", "save"})


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the page lets one choose from."""

    lists: tuple[MailingList, ...]
    languages: tuple[str, ...]
    tracking: bool


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """`errors` are field -> key of a sentence: then nothing is done. `tracking` is None where it stays."""

    join: tuple[MailingList, ...] = ()
    leave: tuple[MailingList, ...] = ()
    first_name: str = ""
    last_name: str = ""
    no_name: bool = False
    language: str = ""
    tracking: bool | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self == Wishes(errors=self.errors)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def list_field(entry: MailingList) -> str:
    return f"list-{entry.number}"


def read(form: Form, offer: Offer) -> Wishes:
    """A field or a value that the page does not have makes all of it wrong."""
    answers = {list_field(entry): (entry, _one_of(form, list_field(entry), allowed(entry))) for entry in offer.lists}
    names = {name: typed_name(form.last(name)) for name in ("first_name", "last_name")}
    no_name = _one_of(form, "no_name", ("1",))
    language = _one_of(form, "language", offer.languages)
    tracking = _one_of(form, "tracking", (YES, NO) if offer.tracking else ())
    unknown = any(name not in answers and name not in _FIELDS for name in form.values)
    errors = {"save": "prefer_wrong"} if unknown else {}
    chosen = {name: value for name, (_, value) in answers.items()}
    chosen |= {"no_name": no_name, "language": language, "tracking": tracking}
    errors |= {name: "prefer_wrong" for name, value in chosen.items() if value is None}
    errors |= {name: "prefer_wrong_name" for name, value in names.items() if not is_name(value)}
    if no_name and any(names.values()):
        errors["first_name"] = "prefer_name_both"
    return Wishes(
        join=tuple(entry for entry, answer in answers.values() if answer == YES),
        leave=tuple(entry for entry, answer in answers.values() if answer == NO),
        **names,
        no_name=bool(no_name),
        language=language or "",
        tracking={YES: True, NO: False}.get(tracking or ""),
        errors=errors,
    )


def allowed(entry: MailingList) -> tuple[str, ...]:
    """A list that is put away can only be left, and so can one that is not offered: its readers were chosen by staff."""
    return (NO,) if entry.archived_at or not entry.public else (YES, NO)


def _one_of(form: Form, name: str, values: Sequence[str]) -> str | None:
    """Empty where it stays as it is; None for what was not offered."""
    value = form.last(name)
    return value if not value or value in values else None


def carry_out(
    connection: Connection, keys: Keys, reader: Reader, wishes: Wishes, said: Mapping[str, Said], *, welcome: bool
) -> None:
    """All of it, in the transaction of the caller. `said` has the words that belong to `join` and to `tracking`.

    Raises:
        SubscriberNotFound: they were erased meanwhile.
    """
    number, now = reader.subscriber.number, said["join"].at
    consent.hold(connection, number)
    person = subscribers.by_number(connection, number)
    if person.address is None:
        raise SubscriberNotFound
    no = Said(source=ConsentSource.PAGE, at=now, recorded_at=now, mailing=reader.mailing)
    for entry in wishes.leave:
        consent.carry_out(connection, number, entry.number, leave, no)
    if wishes.tracking is not None:
        consent.set_tracking(connection, number, said["tracking"], allowed=wishes.tracking)
    _change(connection, person, wishes, now)
    # who is on a list already needs no mail that says so
    if numbers := [entry.number for entry in wishes.join if not _is_on(connection, number, entry)]:
        wanted = Joining(address=person.address, lists=tuple(numbers), said=said["join"])
        join(connection, keys, wanted, welcome=welcome, now=now)


def _is_on(connection: Connection, subscriber: int, entry: MailingList) -> bool:
    return position_of(connection, subscriber, entry.number).status is SubscriptionStatus.SUBSCRIBED


def _change(connection: Connection, before: Subscriber, wishes: Wishes, now: datetime) -> None:
    after = replace(
        before,
        first_name="" if wishes.no_name else wishes.first_name or before.first_name,
        last_name="" if wishes.no_name else wishes.last_name or before.last_name,
        language=wishes.language or before.language,
    )
    if after != before:
        editing.change(connection, after, now)
