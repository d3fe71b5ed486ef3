"""What becomes of a good row, given what is known of the person. Decides only; the store carries it out.

An import never brings back who left or is suppressed, and never erases what it does not mention.

| row says     | not known                  | no subscription | pending         | subscribed     | unsubscribed |
|--------------|----------------------------|-----------------|-----------------|----------------|--------------|
| nothing      | by the ground              | by the ground   | by the ground   | stays          | stays        |
| subscribed   | by the ground              | by the ground   | by the ground   | stays          | stays        |
| pending      | pending                    | pending         | stays           | stays          | stays        |
| refused      | pending                    | pending         | stays           | unsubscribed * | stays        |
| unsubscribed | unsubscribed               | unsubscribed    | unsubscribed    | unsubscribed * | stays        |
| suppressed   | suppressed, no subscriber  | suppressed      | unsubscribed +  | unsubscribed + | suppressed   |

By the ground: subscribed where a ground of consent is stated, else pending. `*` unless they joined here after the time
at which the file says that they left or answered. `+` and suppressed. Nothing but a reason is noted of who is suppressed already.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model.importing import Decision, Known, Standing
from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.model.tag import tag_key

if TYPE_CHECKING:
    from collections.abc import Sequence, Set
    from datetime import datetime

    from newsletter.model.importing import Mark, Orders, Person
    from newsletter.model.subscriber import Subscriber

#: end a subscription, unless it is newer
SAY_NO = frozenset({Standing.UNSUBSCRIBED, Standing.REFUSED})
#: nobody has heard of this identity
UNKNOWN = Known()
_PENDING, _SUBSCRIBED, _UNSUBSCRIBED = SubscriptionStatus


def decide(person: Person, known: Known, orders: Orders) -> Decision:
    reason = suppressing(person.mark, known.suppressed)
    if known.suppressed or reason:
        stands = known.status in {_PENDING, _SUBSCRIBED}
        return Decision(person=person, known=known, suppress=reason, moves=_UNSUBSCRIBED if reason and stands else None)
    moves = None if _rejoined(person, known) else moving(person.mark, known.status, orders)
    tags = missing((*person.tags, *orders.tags), known.tags)
    if known.subscriber is None:
        return Decision(person=person, known=known, is_new=True, moves=moves, tags=tags)
    return Decision(
        person=person,
        known=known,
        changed=_changed(known.subscriber, person),
        joined_at=_earlier(person, known),
        moves=moves,
        tags=tags,
    )


def suppressing(mark: Mark, suppressed: SuppressionReason | None) -> SuppressionReason | None:
    """The reason that a row adds. Of erased people nothing more is noted."""
    if suppressed in {mark.reason, SuppressionReason.ERASED}:
        return None
    return mark.reason


def moving(mark: Mark, status: SubscriptionStatus | None, orders: Orders) -> SubscriptionStatus | None:
    """The new status of a subscription, None to leave it as it is."""
    match mark.standing:
        case Standing.UNSUBSCRIBED:
            return _UNSUBSCRIBED if status is not _UNSUBSCRIBED else None
        case Standing.REFUSED if status is _SUBSCRIBED:
            return _UNSUBSCRIBED
        case Standing.PENDING | Standing.REFUSED:
            return _PENDING if status is None else None
        case _ if status is None:
            return orders.wanted
        case _ if status is _PENDING and orders.wanted is _SUBSCRIBED:
            return _SUBSCRIBED
    return None


def missing(tags: Sequence[str], has: Set[str]) -> tuple[str, ...]:
    """Of these tags those that somebody does not have, each once; `has` are keys."""
    if not tags:
        return ()
    wanted = {tag_key(tag): tag for tag in reversed(tags)}
    return tuple(tag for key, tag in reversed(wanted.items()) if key not in has)


def _rejoined(person: Person, known: Known) -> bool:
    """Whether they joined here after they had left there, or had answered no: the day of an answer is the row's only one."""
    if person.mark.standing not in SAY_NO or known.status is not _SUBSCRIBED:
        return False
    said_no = person.left_at or (person.joined_at if person.mark.standing is Standing.REFUSED else None)
    return said_no is not None and known.joined_here is not None and said_no < known.joined_here


def _earlier(person: Person, known: Known) -> datetime | None:
    """The earliest time that was ever stated is kept."""
    if person.joined_at is None or (known.joined_at is not None and known.joined_at <= person.joined_at):
        return None
    return person.joined_at


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
