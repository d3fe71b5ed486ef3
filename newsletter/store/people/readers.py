"""Rows of `subscribers` as Subscriber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.subscriber import Subscriber
from newsletter.store.tables import subscribers

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

#: the columns that `subscriber_of` needs
READER_COLUMNS = (
    subscribers.c.number,
    subscribers.c.public_id,
    subscribers.c.address,
    subscribers.c.first_name,
    subscribers.c.last_name,
    subscribers.c.language,
    subscribers.c.timezone,
    subscribers.c.attributes,
    subscribers.c.tracking,
)


def subscriber_of(row: RowMapping) -> Subscriber:
    """A row that has READER_COLUMNS."""
    return Subscriber(**{column.name: row[column] for column in READER_COLUMNS})
