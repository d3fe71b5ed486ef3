"""The answer to "what do you know of me?": what is stored of one person, with the subjects of their mails, and why it is kept."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from newsletter.compose.slots import fill
from newsletter.errors import SubscriberNotFound
from newsletter.model.identity import identity
from newsletter.model.subscriber import Subscriber, field_values
from newsletter.store import delivered
from newsletter.store import rendered as stored
from newsletter.store.people import access, former

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.settings import Settings
    from newsletter.store.database import Store

#: parts of the answer that are empty when nothing is known of an address
_SIGNS = ("subscriber", "suppression", "suppression_history", "held_back_by_providers", "notices")


def all_about(settings: Settings, store: Store, keys: Keys, address: str, now: datetime) -> dict[str, Any]:
    """Everything, as JSON can say it but for times.

    Raises:
        SubscriberNotFound: nothing is stored of this address.
    """
    try:
        person = keys.identity_hash(identity(address))
    except ValueError:  # a domain that no address can have
        raise SubscriberNotFound from None
    with store.read() as connection:
        found = access.everything(connection, person)
        if not any(found[sign] for sign in _SIGNS):
            raise SubscriberNotFound
        _add_subjects(connection, found)
    return {"asked_for": address, "made_at": now, "about": _statements(settings), **found}


def _add_subjects(connection: Connection, found: dict[str, Any]) -> None:
    """The subject of each mail in place of its fingerprint, as it read then."""
    person = _person(found["subscriber"])
    changed = bool(found["former_details"])
    load = lru_cache(partial(stored.load, connection))
    for row in found["mailings"]:
        key = row.pop("fingerprint")
        then = delivered.as_sent(connection, row["mailing"], row["n"], person) if person and changed else person
        row["subject"] = fill(load(key).subject, _values(then)) if key else ""
    for row in found["notices"]:
        key = row.pop("fingerprint")
        then = former.fields_at(connection, person, row["answered_at"]) if person and changed else person
        row["subject"] = fill(load(key).subject, _values(then)) if key else ""


def _person(row: Mapping[str, Any] | None) -> Subscriber | None:
    if row is None:
        return None
    names = ("number", "public_id", "address", "first_name", "last_name", "language", "attributes")
    return Subscriber(**{name: row[name] for name in names})


def _values(person: Subscriber | None) -> Mapping[str, str]:
    return field_values(person) if person else {}


def _statements(settings: Settings) -> dict[str, Any]:
    """What the law wants to be said beside the data, as far as the settings know it."""
    sender, consent = settings.sender, settings.consent
    kept = [
        what for what, is_kept in (("IP address", consent.keep_ip), ("browser", consent.keep_user_agent)) if is_kept
    ]
    return {
        "controller": sender.organisation or sender.name,
        "postal_address": sender.postal_address,
        "contact": sender.reply_to or sender.address,
        "newsletter": settings.newsletter.name,
        "purpose": "Sending the lists below to people who agreed to them, leaving out everybody else, and being able to "
        "show both.",
        "recipients": [_recipient(settings.esp.name)],
        "kept_with_consent": kept,
        "how_long": "Until erasing is asked for. Then a number without a name stays in the ledger of mailings, and a "
        "keyed hash of the address, so that no import brings it back.",
        "your_rights": "Correction, erasure, objection, and a complaint to a supervisory authority. Write to the "
        "contact above; every mail also has a link to leave.",
    }


def _recipient(esp: str) -> str:
    if esp == "outbox":
        return "nobody outside: mails are written to a folder on the sender's own computer"
    return f"{esp}, the service that delivers the mails"
