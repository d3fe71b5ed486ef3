"""What becomes of a good row, given what is known of the person. Decides only; the store carries it out.

An import never brings back who left or is suppressed, and never erases what it does not mention.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model.importing import Decision, Known
from newsletter.model.subscriber import SubscriptionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.importing import Person
    from newsletter.model.subscriber import Subscriber

#: nobody has heard of this identity
UNKNOWN = Known()


def decide(person: Person, known: Known, *, consented: bool, new_public_id: Callable[[], str]) -> Decision:
    if known.suppressed:
        return Decision(person=person, known=known)
    joins = _joins(known.status, consented=consented)
    if known.subscriber is None:
        return Decision(person=person, known=known, public_id=new_public_id(), joins=joins)
    return Decision(person=person, known=known, changed=_changed(known.subscriber, person), joins=joins)


def _joins(status: SubscriptionStatus | None, *, consented: bool) -> SubscriptionStatus | None:
    """The new status of a subscription, None to leave it as it is."""
    if status is SubscriptionStatus.PENDING and consented:
        return SubscriptionStatus.SUBSCRIBED
    if status is None:
        return SubscriptionStatus.SUBSCRIBED if consented else SubscriptionStatus.PENDING
    return None


def _changed(before: Subscriber, person: Person) -> Subscriber | None:
    after = replace(
        before,
        first_name=person.first_name or before.first_name,
        last_name=person.last_name or before.last_name,
        language=person.language or before.language,
        timezone=person.timezone or before.timezone,
        attributes={**before.attributes, **person.attributes},
    )
    return None if after == before else after
