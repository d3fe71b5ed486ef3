"""Lists as requests name them, and how somebody stands with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.subscriber import ConsentAction
from newsletter.store.people import lists as stored
from newsletter.web.api.people_shapes import ListStanding
from newsletter.web.api.problems import Kind, Mistake, Problem, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.consent import Moved
    from newsletter.model.subscriber import MailingList

_ACTIONS = {
    ConsentAction.REQUESTED: "asked",
    ConsentAction.SUBSCRIBED: "joined",
    ConsentAction.UNSUBSCRIBED: "left",
}


def lists_named(connection: Connection, names: Sequence[str]) -> tuple[MailingList, ...]:
    """Each once, archived ones too.

    Raises:
        Problem: there is no list of a name.
    """
    known = {entry.name: entry for entry in stored.every(connection)}
    errors = [
        Mistake(message="There is no such list.", pointer=at("lists", place))
        for place, name in enumerate(names)
        if name not in known
    ]
    if errors:
        raise Problem(Kind.INVALID, errors=errors)
    return tuple(known[name] for name in dict.fromkeys(names))


def standing(moved: Moved) -> ListStanding:
    """After a move."""
    action = _ACTIONS[moved.move.action] if moved.move.action else "none"
    return ListStanding.model_validate({"list": moved.before.list.name, "status": moved.status, "action": action})
