"""When an address that refuses for now is given up: five mailings came back on five days within thirty.

A server that is away for a day, or one mailing that it dislikes, is no reason. More bounces never make it fewer, so the
order in which they are told does not matter.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TOO_MANY = 5
WITHIN = timedelta(days=30)


def gave_up_at(bounces: Iterable[tuple[int, datetime]]) -> datetime | None:
    """(mailing, when) of each soft bounce of one address -> the first moment at which it had too many; None if it never had."""
    in_order = sorted(bounces, key=lambda bounce: (bounce[1], bounce[0]))
    begin = 0
    for end, (_, at) in enumerate(in_order):
        while in_order[begin][1] < at - WITHIN:
            begin += 1
        window = in_order[begin : end + 1]
        mailings, days = {mailing for mailing, _ in window}, {when.date() for _, when in window}
        if min(len(mailings), len(days)) >= TOO_MANY:
            return at
    return None
