"""What the operator is told by mail: a notice like any other, which waits until it can be sent."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.settings import Workspace

#: the fact that tells two alerts apart; it is told to nobody
CAUSE = "cause"


def alert(
    connection: Connection, workspace: Workspace, keys: Keys, what: str, facts: Mapping[str, str], now: datetime
) -> int | None:
    """Order the mail, in the transaction of what it tells; returns its number.

    None, and nothing is ordered, where nobody is to be told (operator.address), or where they were told of it before:
    `what` (model/duty.py:Alert) with the fact `cause`, or with all facts where there is none. No fact is an address or
    a name of a reader.
    """
    from newsletter.store import notices

    address = workspace.settings.operator.address
    if not address:
        return None
    told = {name: text for name, text in facts.items() if name != CAUSE}
    return notices.order(
        connection,
        kind=NoticeKind.ALERT,
        identity_hash=keys.identity_hash(identity(address)),
        address=address,
        cause=_cause(what, facts),
        now=now,
        about={"alert": what, "facts": told},
    )


def _cause(what: str, facts: Mapping[str, str]) -> str:
    same = facts.get(CAUSE) or json.dumps(dict(facts), sort_keys=True, default=str)
    return f"{NoticeKind.ALERT} {what} {hashlib.sha256(same.encode()).hexdigest()[:32]}"
