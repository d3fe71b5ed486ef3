"""Rows of `subscribers` as Subscriber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.subscriber import Subscriber
from newsletter.store.tables import subscribers

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def subscriber_from(
    number: int,
    public_id: str,
    address: str,
    first_name: str,
    last_name: str,
    language: str,
    timezone: str,
    attributes: Mapping[str, str | float | bool],
    tracking: bool,
) -> Subscriber:
    """The values of READER_COLUMNS, in their order: for many, where a mapping of each row takes most of the time."""
    return Subscriber(
        number=number,
        public_id=public_id,
        address=address,
        first_name=first_name,
        last_name=last_name,
        language=language,
        timezone=timezone,
        attributes=attributes,
        tracking=tracking,
    )


def subscriber_of(row: RowMapping) -> Subscriber:
    """A row that has READER_COLUMNS."""
    return Subscriber(**{column.name: row[column] for column in READER_COLUMNS})
