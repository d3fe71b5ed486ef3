"""The rules by which a subscription moves. They decide only; store/people/consent.py carries a move out.

| from \\ by       | request, single | request, double  | confirm         | by hand, ground given | by hand, no ground | leave        |
|-----------------|-----------------|------------------|-----------------|-----------------------|--------------------|--------------|
| nothing         | subscribed      | pending, asked   | refused         | subscribed            | pending            | unsubscribed |
| pending         | subscribed      | pending, asked   | subscribed *    | subscribed            | stays              | unsubscribed |
| subscribed      | stays           | stays            | stays           | stays                 | stays              | unsubscribed |
| unsubscribed    | stays, asked    | stays, asked     | subscribed *    | refused +             | refused            | stays        |
| suppressed      | refused         | refused          | refused         | refused               | refused            | as above     |
| list archived   | refused         | refused          | refused         | refused               | refused            | as above     |

`*` only what was asked for and not taken back since; else it is refused. `+` unless staff say so expressly (`rejoin`).

| from            | leaving is taken back within the hour                                              |
|-----------------|------------------------------------------------------------------------------------|
| unsubscribed    | as it was, where nothing was said of the list since; else refused                  |
| anything else   | stays                                                                              |
| suppressed      | refused; what leaving everything added just now is lifted before                   |
| list archived   | refused                                                                            |

Who left and asks again stays `unsubscribed` until they confirm, on every list: anybody can type an address into a page,
and an import takes up whoever is pending.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from newsletter.model.consent import Move, Refusal, Said
from newsletter.model.subscriber import ConsentAction, ConsentSource, OptIn, SubscriptionStatus

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.consent import Position
    from newsletter.settings.schema import ConsentSection

_JOIN = Move(to=SubscriptionStatus.SUBSCRIBED, action=ConsentAction.SUBSCRIBED)
_STAY = Move()
#: what is kept of a browser's name
_LONGEST_AGENT = 400


def request(position: Position) -> Move:
    """Somebody asks to join by a page. Where the move's action is `requested`, a confirmation mail has to follow."""
    if refused := _never(position):
        return refused
    match position.status:
        case SubscriptionStatus.SUBSCRIBED:
            return _STAY
        case SubscriptionStatus.UNSUBSCRIBED:
            return Move(action=ConsentAction.REQUESTED)
        case _ if position.list.opt_in is OptIn.SINGLE:
            return _JOIN
        case status:
            to = SubscriptionStatus.PENDING if status is None else None
            return Move(to=to, action=ConsentAction.REQUESTED)


def confirm(position: Position, request: int) -> Move:
    """The link of a confirmation mail is used; `request` is the number of the event that it was mailed for."""
    if refused := _never(position):
        return refused
    if position.status is SubscriptionStatus.SUBSCRIBED:
        return _STAY
    return _JOIN if request in position.requests else Move(refused=Refusal.LEFT)


def by_hand(position: Position, *, grounded: bool, rejoin: bool = False) -> Move:
    """Staff put somebody on a list. Without a ground they are pending; only `rejoin` brings back who left."""
    if refused := _never(position):
        return refused
    match position.status:
        case SubscriptionStatus.UNSUBSCRIBED:
            return _JOIN if grounded and rejoin else Move(refused=Refusal.LEFT)
        case SubscriptionStatus.SUBSCRIBED:
            return _STAY
        case _ if grounded:
            return _JOIN
        case status:
            return Move(to=SubscriptionStatus.PENDING) if status is None else _STAY


def leave(position: Position) -> Move:
    """Somebody says no to a list, also one that they never joined: nothing may put them on it later."""
    if position.status is not SubscriptionStatus.UNSUBSCRIBED:
        return Move(to=SubscriptionStatus.UNSUBSCRIBED, action=ConsentAction.UNSUBSCRIBED)
    # they had asked to come back: that is taken back too
    return Move(action=ConsentAction.UNSUBSCRIBED) if position.requests else _STAY


def take_back(position: Position, *, was: SubscriptionStatus, untouched: bool) -> Move:
    """They left just now by a page, and say that it was a mistake; `was` is how they stood before.

    `untouched`: nobody said anything of this list since.
    """
    if refused := _never(position):
        return refused
    if position.status is not SubscriptionStatus.UNSUBSCRIBED:
        return _STAY
    if not untouched:
        return Move(refused=Refusal.LEFT)
    # who was pending had not agreed to anything: that is no yes
    return _JOIN if was is SubscriptionStatus.SUBSCRIBED else Move(to=was)


def _never(position: Position) -> Move | None:
    if position.suppressed:
        return Move(refused=Refusal.SUPPRESSED)
    return Move(refused=Refusal.ARCHIVED) if position.list.archived_at else None


def said_on_page(settings: ConsentSection, now: datetime, *, wording: str, ip: str = "", user_agent: str = "") -> Said:
    """What a page writes down of somebody who joins: where they came from only as far as the settings allow."""
    return Said(
        source=ConsentSource.PAGE,
        at=now,
        recorded_at=now,
        wording=wording,
        ip=_plain_ip(ip) if settings.keep_ip else "",
        user_agent=user_agent[:_LONGEST_AGENT] if settings.keep_user_agent else "",
    )


def _plain_ip(text: str) -> str:
    """An IP address without the zone of an interface; nothing for what is none."""
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return ""
