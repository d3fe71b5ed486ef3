"""Giving and setting a passphrase: wrong ones are counted, and after a few in a row there is a wait."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from newsletter.errors import OptionUnusable, PassphraseLocked, PassphraseWrong
from newsletter.model.audit import Action
from newsletter.signoff.passphrases import hashed, matches, waits_until, why_weak

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.engine import Connection

    from newsletter.model.staff import StaffMember
    from newsletter.store.database import Store
    from newsletter.store.staff import Guard

_SALT = 16


def prove(store: Store, person: StaffMember, passphrase: str, actor: str, now: datetime) -> str:
    """That somebody knows the passphrase of this person; returns its stored hash, to be held against `still_theirs`.

    A try counts as wrong before it is looked at, so that many at once are no way around the wait.

    Raises:
        PassphraseWrong, PassphraseLocked, PersonNotFound
    """
    from newsletter.store import audit, staff

    refuse_while_waiting(store, person, now)
    with store.write() as connection:
        guard = staff.hold(connection, person.number)
        _refuse_wait(person, guard, now)
        staff.count_try(connection, person.number, now)
    if not matches(passphrase, guard.passphrase):
        with store.write() as connection:
            audit.append(
                connection, actor, Action.APPROVAL_REFUSED, f"person {person.name}", now, why="wrong passphrase"
            )
        raise PassphraseWrong(person.name)
    return guard.passphrase


def refuse_while_waiting(store: Store, person: StaffMember, now: datetime) -> None:
    """Before anybody is asked for it.

    Raises:
        PassphraseLocked
    """
    from newsletter.store import staff

    with store.read() as connection:
        _refuse_wait(person, staff.guard_of(connection, person.number), now)


def still_theirs(connection: Connection, person: StaffMember, proven: str) -> None:
    """In the transaction of what was signed: the passphrase that was proven is theirs, and wrong tries are forgiven.

    Raises:
        PassphraseWrong: it was set anew meanwhile.
        PersonNotFound: they have left meanwhile.
    """
    from newsletter.store import staff

    if staff.hold(connection, person.number).passphrase != proven:
        raise PassphraseWrong(person.name)
    staff.forgive(connection, person.number)


def new_hash(passphrase: str, person: StaffMember) -> str:
    """What is stored of a new passphrase.

    Raises:
        OptionUnusable: anybody could guess it.
    """
    if why := why_weak(passphrase, (person.name, person.email, *person.aliases)):
        raise OptionUnusable("the passphrase", why)
    return hashed(passphrase, secrets.token_bytes(_SALT))


def _refuse_wait(person: StaffMember, guard: Guard, now: datetime) -> None:
    until = waits_until(guard.failed, guard.failed_at)
    if until and now < until:
        raise PassphraseLocked(person.name, guard.failed, _span(until - now))


def _span(length: timedelta) -> str:
    minutes = -(-int(length.total_seconds()) // 60)
    return "1 minute" if minutes <= 1 else f"{minutes} minutes"
